/** Retrievals, the ranges that arrived, and what was asked and paid for. */
export const retrievals = /* sql */ `
  -- the file in each target folder that tells it from another one; goes with the last retrieval into it
  CREATE TABLE target_mark (
    mark TEXT NOT NULL PRIMARY KEY,
    folder TEXT NOT NULL,
    folder_id TEXT NOT NULL,
    -- whether the file may be there
    is_left INTEGER NOT NULL CHECK (is_left IN (0, 1))
  ) STRICT;

  CREATE TABLE retrieval (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    region TEXT NOT NULL,
    vault TEXT NOT NULL,
    position INTEGER NOT NULL,
    added_at INTEGER NOT NULL,

    -- the archive as the catalogue told it when this was added
    archive_id TEXT NOT NULL,
    archive_size INTEGER NOT NULL CHECK (archive_size > 0),
    archive_tree_hash TEXT NOT NULL CHECK (length(archive_tree_hash) = 64),
    path TEXT,
    modified_ns TEXT,

    -- its bytes: from a MiB's border to a MiB's border or the end
    first INTEGER NOT NULL CHECK (first >= 0 AND first % 1048576 = 0),
    last INTEGER NOT NULL CHECK (last BETWEEN first AND archive_size - 1 AND (last = archive_size - 1 OR (last + 1) % 1048576 = 0)),
    range_size INTEGER NOT NULL CHECK (range_size >= 1048576 AND range_size & (range_size - 1) = 0),
    tier TEXT NOT NULL CHECK (tier IN ('Expedited', 'Standard', 'Bulk')),

    -- where the file goes; target_key is the same for names that a file system may take for the same
    folder TEXT NOT NULL,
    folder_id TEXT NOT NULL,
    folder_mark TEXT NOT NULL REFERENCES target_mark (mark),
    relative_path TEXT NOT NULL,
    target_key TEXT NOT NULL,
    on_existing TEXT NOT NULL CHECK (on_existing IN ('ask', 'keep-both', 'replace')),

    -- progress: shared/retrieval.ts, one column per field of the union
    phase TEXT NOT NULL CHECK (phase IN ('queued', 'requested', 'downloading', 'finishing', 'retrieved', 'cancelled')),
    asked_at INTEGER CHECK (asked_at IS NULL OR phase = 'queued'),
    asked_first INTEGER CHECK ((asked_first IS NOT NULL) = (asked_at IS NOT NULL)),
    asked_last INTEGER CHECK ((asked_last IS NOT NULL) = (asked_at IS NOT NULL) AND (asked_last IS NULL OR asked_last >= asked_first)),
    requested_at INTEGER CHECK ((requested_at IS NOT NULL) = (phase = 'requested')),
    output_ends_at INTEGER CHECK ((output_ends_at IS NOT NULL) = (phase = 'downloading')),
    target_path TEXT CHECK (CASE phase WHEN 'retrieved' THEN target_path IS NOT NULL WHEN 'finishing' THEN 1 ELSE target_path IS NULL END),
    hold TEXT CHECK (hold IS NULL OR (hold IN ('paused', 'backoff', 'failed') AND phase NOT IN ('retrieved', 'cancelled'))),
    resume_at INTEGER CHECK ((resume_at IS NOT NULL) = (hold IS 'backoff')),
    attempt INTEGER CHECK ((attempt IS NOT NULL) = (hold IS 'backoff')),
    failure TEXT CHECK ((failure IS NOT NULL) = (hold IS 'backoff' OR hold IS 'failed')),

    -- the temporary file, written down before its first byte
    partial_path TEXT,
    partial_file_id TEXT CHECK ((partial_file_id IS NOT NULL) = (partial_path IS NOT NULL)),
    partial_modified_ns TEXT CHECK (partial_modified_ns IS NULL OR partial_path IS NOT NULL),
    partial_is_sparse INTEGER CHECK ((partial_is_sparse IS NOT NULL) = (partial_path IS NOT NULL) AND partial_is_sparse IN (0, 1)),
    -- sum over the range rows, so that a long list lists quickly
    received_bytes INTEGER NOT NULL DEFAULT 0 CHECK (received_bytes BETWEEN 0 AND last - first + 1)
  ) STRICT;
  CREATE INDEX retrieval_position ON retrieval (position);
  CREATE INDEX retrieval_open ON retrieval (position) WHERE phase NOT IN ('retrieved', 'cancelled');
  CREATE INDEX retrieval_fetching ON retrieval (output_ends_at, position) WHERE phase IN ('downloading', 'finishing');
  CREATE INDEX retrieval_mark ON retrieval (folder_mark);
  CREATE INDEX retrieval_waiting ON retrieval (resume_at) WHERE resume_at IS NOT NULL;
  CREATE INDEX retrieval_target ON retrieval (target_key) WHERE phase NOT IN ('retrieved', 'cancelled');
  CREATE INDEX retrieval_archive ON retrieval (archive_id) WHERE phase NOT IN ('retrieved', 'cancelled');

  -- what Glacier was asked for: bytes of the archive; a row goes when the retrieval is over, or its bytes may be asked for anew
  CREATE TABLE retrieval_job (
    seq INTEGER PRIMARY KEY,
    retrieval_id TEXT NOT NULL REFERENCES retrieval (id) ON DELETE CASCADE,
    job_id TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last >= first),
    requested_at INTEGER NOT NULL,
    output_ends_at INTEGER,
    output_tree_hash TEXT CHECK (output_tree_hash IS NULL OR (output_ends_at IS NOT NULL AND length(output_tree_hash) = 64)),
    has_ended INTEGER NOT NULL DEFAULT 0 CHECK (has_ended IN (0, 1)),
    -- bytes that it is to bring and has not brought yet, so that all of them add up quickly
    left_bytes INTEGER NOT NULL CHECK (left_bytes >= 0),
    UNIQUE (retrieval_id, job_id)
  ) STRICT;
  CREATE INDEX retrieval_job_left ON retrieval_job (retrieval_id, left_bytes) WHERE has_ended = 0 AND left_bytes > 0;

  -- bytes per second, as the line was measured last
  CREATE TABLE line_rate (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    bytes_per_second REAL NOT NULL CHECK (bytes_per_second > 0)
  ) STRICT;

  -- a row exists once the bytes are on disk and their tree hash is right; first and last count from the range's own first byte
  CREATE TABLE retrieved_range (
    retrieval_id TEXT NOT NULL REFERENCES retrieval (id) ON DELETE CASCADE,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last >= first),
    tree_hash TEXT NOT NULL CHECK (length(tree_hash) = 64),
    -- whether Glacier told the same hash; else the whole decides
    confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
    at INTEGER NOT NULL,
    PRIMARY KEY (retrieval_id, first)
  ) STRICT, WITHOUT ROWID;

  -- the journal: what happened to each retrieval, in order
  CREATE TABLE retrieval_event (
    seq INTEGER PRIMARY KEY,
    retrieval_id TEXT NOT NULL REFERENCES retrieval (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    event TEXT NOT NULL CHECK (json_valid(event))
  ) STRICT;
  CREATE INDEX retrieval_event_retrieval ON retrieval_event (retrieval_id, seq);

  -- what was asked of Glacier, for the limits; outlives the retrievals, because Amazon's bill does, too
  CREATE TABLE retrieval_request (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    account_id TEXT NOT NULL,
    retrieval_id TEXT NOT NULL,
    tier TEXT NOT NULL,
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    -- millionths of a US dollar, by the price table of that day
    cost_micros INTEGER NOT NULL CHECK (cost_micros >= 0)
  ) STRICT;
  CREATE INDEX retrieval_request_at ON retrieval_request (at);
`;
