/** Checks of archives against their local files. */
export const checks = /* sql */ `
  -- archives that are to be checked against their local files, in order
  CREATE TABLE check_task (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL,
    vault TEXT NOT NULL,
    archive_id TEXT NOT NULL,
    size INTEGER NOT NULL,
    UNIQUE (account_id, vault, archive_id)
  ) STRICT;

  -- what the newest check of an archive found: CheckOutcome of shared/local-check.ts as JSON
  CREATE TABLE local_check (
    account_id TEXT NOT NULL,
    vault TEXT NOT NULL,
    archive_id TEXT NOT NULL,
    checked_at INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (json_valid(outcome)),
    PRIMARY KEY (account_id, vault, archive_id),
    CHECK (outcome ->> 'kind' IN ('same', 'changed', 'packed', 'missing', 'unreadable', 'no-path')),
    CHECK ((outcome ->> 'treeHash' IS NOT NULL AND outcome ->> '$.file.fileId' IS NOT NULL) = (outcome ->> 'kind' = 'same'))
  ) STRICT, WITHOUT ROWID;
`;
