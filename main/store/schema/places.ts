/** Where archives go: vaults, and what lies below a prefix of a bucket. */
export const places = /* sql */ `
  -- rows outlive accounts, as the catalogue does, and no id is ever given twice
  CREATE TABLE place (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL,
    -- the AWS account, once an answer has told it
    account_number TEXT CHECK (account_number GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'),
    service TEXT NOT NULL CHECK (service IN ('glacier', 's3')),
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL DEFAULT '' CHECK (service = 's3' OR prefix = ''),
    -- how lists of an account's places call it: a vault by its name alone, which has no colon
    called TEXT NOT NULL AS (CASE service WHEN 's3' THEN 's3://' || name || iif(prefix = '', '', '/' || prefix) ELSE name END),
    -- what new archives get where their upload does not say
    storage_class TEXT CHECK (storage_class IN ('DEEP_ARCHIVE', 'GLACIER', 'GLACIER_IR')),
    CHECK ((storage_class IS NOT NULL) = (service = 's3'))
  ) STRICT;

  -- an account has one region, and names of buckets are nobody else's anywhere
  CREATE UNIQUE INDEX place_called ON place (account_id, called);

  -- what refers to a place must never come to mean another one
  CREATE TRIGGER place_stays BEFORE UPDATE OF id, account_id, service, region, name, prefix ON place BEGIN
    SELECT RAISE(ABORT, 'A place never becomes another one');
  END;
  CREATE TRIGGER place_number_stays BEFORE UPDATE OF account_number ON place
    WHEN old.account_number IS NOT NULL AND new.account_number IS NOT old.account_number BEGIN
    SELECT RAISE(ABORT, 'A place never comes to another AWS account');
  END;
  CREATE TRIGGER place_number_learned AFTER UPDATE OF number ON account WHEN new.number IS NOT NULL BEGIN
    UPDATE place SET account_number = new.number WHERE account_id = new.id AND account_number IS NULL;
  END;
`;
