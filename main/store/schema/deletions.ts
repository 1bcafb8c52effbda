/** Deletions of archives and emptyings of vaults. */
export const deletions = /* sql */ `
  -- progress and counts: shared/chore.ts
  CREATE TABLE chore (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('deletion', 'emptying')),
    account_id TEXT NOT NULL,
    vault TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    ended_at INTEGER CHECK ((ended_at IS NOT NULL) = (phase IN ('done', 'cancelled'))),

    phase TEXT NOT NULL CHECK (phase IN ('done', 'cancelled') OR CASE kind
      WHEN 'deletion' THEN phase = 'deleting'
      ELSE phase IN ('listing', 'deleting', 'confirming', 'closing') END),
    closes INTEGER CHECK ((closes IS NOT NULL) = (kind = 'emptying') AND closes IN (0, 1)),
    deletes_until INTEGER CHECK ((deletes_until IS NOT NULL) = (kind = 'emptying')),
    last_deleted_at INTEGER CHECK (last_deleted_at IS NULL OR kind = 'emptying'),
    inventory_after INTEGER CHECK (inventory_after IS NULL OR phase = 'listing'),
    hold TEXT CHECK (hold IS NULL OR (hold IN ('paused', 'backoff', 'failed') AND phase NOT IN ('done', 'cancelled'))),
    resume_at INTEGER CHECK ((resume_at IS NOT NULL) = (hold IS 'backoff')),
    attempt INTEGER CHECK ((attempt IS NOT NULL) = (hold IS 'backoff')),
    failure TEXT CHECK ((failure IS NOT NULL) = (hold IS 'backoff' OR hold IS 'failed')),

    total INTEGER NOT NULL DEFAULT 0,
    total_bytes INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0,
    deleted_bytes INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX chore_waiting ON chore (resume_at) WHERE resume_at IS NOT NULL;
  CREATE UNIQUE INDEX chore_one_emptying ON chore (account_id, vault) WHERE kind = 'emptying' AND phase NOT IN ('done', 'cancelled');

  -- what is left to do, and what was refused; of a deletion it is gathered before the chore itself begins, in slices; an emptying has here what the catalogue does not know, and takes the rest from it
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
  CREATE TRIGGER chore_archive_removed AFTER DELETE ON chore BEGIN
    DELETE FROM chore_archive WHERE chore_id = old.id AND refusal IS NULL;
    DELETE FROM chore_archive WHERE chore_id = old.id AND refusal IS NOT NULL;
  END;
  CREATE INDEX chore_archive_left ON chore_archive (chore_id, seq) WHERE refusal IS NULL;
  -- whether an archive is about to be deleted, asked for each row of the catalogue that is shown
  CREATE INDEX chore_archive_doomed ON chore_archive (archive_id) WHERE refusal IS NULL;
  CREATE INDEX chore_archive_refused ON chore_archive (chore_id, archive_id) WHERE refusal IS NOT NULL;
  CREATE UNIQUE INDEX chore_archive_of_vault ON chore_archive (chore_id, archive_id) WHERE chosen = 0;

  -- deletions that are being gathered: what a crash leaves of them is nobody's wish and goes at the next start
  CREATE TABLE chore_gathered (chore_id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

  -- the journal: what happened to each chore, in order
  CREATE TABLE chore_event (
    seq INTEGER PRIMARY KEY,
    chore_id TEXT NOT NULL REFERENCES chore (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    event TEXT NOT NULL CHECK (json_valid(event))
  ) STRICT;
  CREATE INDEX chore_event_chore ON chore_event (chore_id, seq);
`;
