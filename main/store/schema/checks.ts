/** Checks of archives against their local files. */
export const checks = /* sql */ `
  -- shared/file-check.ts
  CREATE TABLE file_check (
    task_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL DEFAULT 'file_check' CHECK (kind = 'file_check'),
    phase TEXT NOT NULL CHECK (phase IN ('checking', 'done', 'cancelled')),
    total INTEGER NOT NULL CHECK (total >= 0),
    checked INTEGER NOT NULL CHECK (checked BETWEEN 0 AND total),
    FOREIGN KEY (task_id, kind, phase) REFERENCES task (id, kind, phase) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
  ) STRICT;

  -- archives that wait for their check, in order; what a cancelled one leaves goes in slices
  CREATE TABLE file_check_archive (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    vault TEXT NOT NULL,
    archive_id TEXT NOT NULL,
    size INTEGER NOT NULL,
    UNIQUE (account_id, vault, archive_id)
  ) STRICT;
  CREATE INDEX file_check_archive_left ON file_check_archive (task_id, id);

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
