/** Deletions of archives and emptyings of vaults: shared/chore.ts, one column for each field of the states. */
export const deletions = /* sql */ `
  CREATE TABLE deletion (
    task_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL DEFAULT 'deletion' CHECK (kind = 'deletion'),
    phase TEXT NOT NULL CHECK (phase IN ('deleting', 'done', 'cancelled')),
    total INTEGER NOT NULL CHECK (total >= 0),
    deleted INTEGER NOT NULL CHECK (deleted >= 0),
    failed INTEGER NOT NULL CHECK (failed >= 0),
    FOREIGN KEY (task_id, kind, phase) REFERENCES task (id, kind, phase) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
  ) STRICT;

  CREATE TABLE emptying (
    task_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL DEFAULT 'emptying' CHECK (kind = 'emptying'),
    phase TEXT NOT NULL CHECK (phase IN ('listing', 'deleting', 'confirming', 'closing', 'done', 'cancelled')),
    total INTEGER NOT NULL CHECK (total >= 0),
    deleted INTEGER NOT NULL CHECK (deleted >= 0),
    failed INTEGER NOT NULL CHECK (failed >= 0),
    closes INTEGER NOT NULL CHECK (closes IN (0, 1)),
    deletes_until INTEGER NOT NULL,
    last_deleted_at INTEGER,
    inventory_after INTEGER CHECK (inventory_after IS NULL OR phase = 'listing'),
    FOREIGN KEY (task_id, kind, phase) REFERENCES task (id, kind, phase) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
  ) STRICT;
  CREATE UNIQUE INDEX emptying_of_vault ON task (account_id, vault) WHERE kind = 'emptying' AND lane IS NOT NULL;

  -- what is left to do, and what was refused; of a deletion it is gathered before the task itself begins, in slices; an emptying has here what the catalogue does not know, and takes the rest from it;
  -- what the task of a row leaves when it is over, or never began, goes in slices
  CREATE TABLE chore_archive (
    seq INTEGER PRIMARY KEY,
    chore_id TEXT NOT NULL,
    archive_id TEXT NOT NULL,
    size INTEGER NOT NULL,
    -- 0: of an emptying, which nobody chose one by one
    chosen INTEGER NOT NULL CHECK (chosen IN (0, 1)),
    -- why Glacier refused, as JSON; null: not tried yet
    refusal TEXT CHECK (json_valid(refusal))
  ) STRICT;
  CREATE INDEX chore_archive_left ON chore_archive (chore_id, seq) WHERE refusal IS NULL;
  -- whether an archive is about to be deleted, asked for each row of the catalogue that is shown
  CREATE INDEX chore_archive_doomed ON chore_archive (archive_id) WHERE refusal IS NULL;
  CREATE INDEX chore_archive_refused ON chore_archive (chore_id, archive_id) WHERE refusal IS NOT NULL;
  CREATE UNIQUE INDEX chore_archive_of_vault ON chore_archive (chore_id, archive_id) WHERE chosen = 0;
`;
