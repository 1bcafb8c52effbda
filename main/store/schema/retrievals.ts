/** Retrievals, and what was asked and paid for. The ranges that arrived are pieces of the task. */
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
    task_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL DEFAULT 'retrieval' CHECK (kind = 'retrieval'),
    region TEXT NOT NULL,

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

    -- main/retrievals/retrieval-state.ts, one column per field of the union
    phase TEXT NOT NULL CHECK (phase IN ('queued', 'requested', 'downloading', 'finishing', 'retrieved', 'cancelled')),
    asked_at INTEGER CHECK (asked_at IS NULL OR phase = 'queued'),
    asked_first INTEGER CHECK ((asked_first IS NOT NULL) = (asked_at IS NOT NULL)),
    asked_last INTEGER CHECK ((asked_last IS NOT NULL) = (asked_at IS NOT NULL) AND (asked_last IS NULL OR asked_last >= asked_first)),
    has_begun INTEGER CHECK ((has_begun IS NOT NULL) = (phase = 'queued') AND has_begun IN (0, 1)),
    requested_at INTEGER CHECK ((requested_at IS NOT NULL) = (phase = 'requested')),
    output_ends_at INTEGER CHECK ((output_ends_at IS NOT NULL) = (phase = 'downloading')),
    target_path TEXT CHECK (CASE phase WHEN 'retrieved' THEN target_path IS NOT NULL WHEN 'finishing' THEN 1 ELSE target_path IS NULL END),

    -- the temporary file, written down before its first byte
    partial_path TEXT,
    partial_file_id TEXT CHECK ((partial_file_id IS NOT NULL) = (partial_path IS NOT NULL)),
    partial_modified_ns TEXT CHECK (partial_modified_ns IS NULL OR partial_path IS NOT NULL),
    partial_is_sparse INTEGER CHECK ((partial_is_sparse IS NOT NULL) = (partial_path IS NOT NULL) AND partial_is_sparse IN (0, 1)),
    FOREIGN KEY (task_id, kind, phase) REFERENCES task (id, kind, phase) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
  ) STRICT;
  CREATE INDEX retrieval_mark ON retrieval (folder_mark) WHERE phase NOT IN ('retrieved', 'cancelled');
  CREATE INDEX retrieval_folder ON retrieval (folder);
  CREATE INDEX retrieval_target ON retrieval (target_key) WHERE phase NOT IN ('retrieved', 'cancelled');
  CREATE INDEX retrieval_archive ON retrieval (archive_id) WHERE phase NOT IN ('retrieved', 'cancelled');
  CREATE INDEX retrieval_asked ON retrieval (task_id) WHERE asked_at IS NOT NULL;
  CREATE INDEX retrieval_leftover ON retrieval (task_id) WHERE phase = 'cancelled' AND partial_path IS NOT NULL;
  CREATE INDEX retrieval_requested ON task (account_id, vault) WHERE kind = 'retrieval' AND phase = 'requested' AND hold IS NULL;
  CREATE INDEX retrieval_above_limit ON task (seq) WHERE hold = 'failed' AND failure ->> 'kind' = 'above-retrieval-limit';

  -- what Glacier was asked for: bytes of the archive; a row goes when the retrieval is over, or its bytes may be asked for anew
  CREATE TABLE retrieval_job (
    seq INTEGER PRIMARY KEY,
    retrieval_id TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
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
