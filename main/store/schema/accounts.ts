/** Accounts and logins of proxies without their plain secrets, and settings. */
export const accounts = /* sql */ `
  CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    source TEXT NOT NULL CHECK (json_valid(source)),
    region TEXT NOT NULL,
    endpoint_url TEXT,
    -- the AWS account, once an answer has told it; never another one afterwards
    number TEXT CHECK (number GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'),
    -- encrypted by the system's keyring; null when there is nothing to keep
    secret BLOB,
    added_at INTEGER NOT NULL
  ) STRICT;

  -- accounts of Firn that are the same AWS account in the same region, at the same service; each is one of its own
  CREATE VIEW same_account AS
    SELECT own.id AS account_id, other.id AS same_id FROM account AS own JOIN account AS other
      ON other.id = own.id OR (other.number = own.number AND other.region = own.region AND other.endpoint_url IS own.endpoint_url);

  CREATE TABLE proxy_login (
    -- host:port
    proxy TEXT NOT NULL PRIMARY KEY,
    -- user name and password, encrypted by the system's keyring
    secret BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL CHECK (json_valid(value))
  ) STRICT, WITHOUT ROWID;
`;
