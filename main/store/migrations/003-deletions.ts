export default /* sql */ `
  -- what Firn deleted or knows to be gone: inventories go on listing it for a day or two, and old exports for ever
  CREATE TABLE deleted_archive (
    account_id TEXT NOT NULL,
    vault TEXT NOT NULL,
    archive_id TEXT NOT NULL,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, vault, archive_id)
  ) STRICT, WITHOUT ROWID;
`;
