/** Accounts without their plain secrets, and settings. */
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

  CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL CHECK (json_valid(value))
  ) STRICT, WITHOUT ROWID;
`;
