/** The queue: uploads, the parts that Glacier acknowledged, and the journal of what happened. */
export const uploads = /* sql */ `
  CREATE TABLE upload (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    vault TEXT NOT NULL,
    path TEXT NOT NULL,
    -- by what the path is looked for: shared/path-key.ts
    path_key TEXT NOT NULL,
    description TEXT NOT NULL CHECK (length(description) <= 1024),
    part_size INTEGER NOT NULL CHECK (part_size BETWEEN 1048576 AND 4294967296 AND part_size & (part_size - 1) = 0),
    position INTEGER NOT NULL,
    added_at INTEGER NOT NULL,

    -- the file's identity; nanoseconds as text, because they do not fit a double
    size INTEGER NOT NULL CHECK (size BETWEEN 1 AND part_size * 10000),
    modified_ns TEXT NOT NULL,
    file_id TEXT NOT NULL,

    -- progress: shared/upload.ts, one column per field of the union
    phase TEXT NOT NULL CHECK (phase IN ('queued', 'uploading', 'completing', 'unconfirmed', 'stored', 'aborting', 'cancelled')),
    initiate_asked_at INTEGER CHECK (initiate_asked_at IS NULL OR phase = 'queued'),
    multipart_upload_id TEXT CHECK ((multipart_upload_id IS NOT NULL) = (phase IN ('uploading', 'completing', 'aborting'))),
    tree_hash TEXT CHECK ((tree_hash IS NOT NULL) = (phase IN ('completing', 'unconfirmed', 'stored')) AND length(tree_hash) = 64),
    completion_asked_at INTEGER CHECK ((completion_asked_at IS NOT NULL) = (phase IN ('completing', 'unconfirmed'))),
    unconfirmed_since INTEGER CHECK ((unconfirmed_since IS NOT NULL) = (phase = 'unconfirmed')),
    archive_id TEXT CHECK ((archive_id IS NOT NULL) = (phase = 'stored')),
    hold TEXT CHECK (hold IS NULL OR (hold IN ('paused', 'backoff', 'failed') AND phase NOT IN ('stored', 'cancelled'))),
    resume_at INTEGER CHECK ((resume_at IS NOT NULL) = (hold IS 'backoff')),
    attempt INTEGER CHECK ((attempt IS NOT NULL) = (hold IS 'backoff')),
    failure TEXT CHECK ((failure IS NOT NULL) = (hold IS 'backoff' OR hold IS 'failed')),

    -- sums over the part rows, so that a long queue lists quickly
    uploaded_bytes INTEGER NOT NULL DEFAULT 0 CHECK (uploaded_bytes BETWEEN 0 AND size),
    -- the last sign of life that keeps Glacier from removing the multipart upload
    active_at INTEGER
  ) STRICT;

  CREATE INDEX upload_position ON upload (position);
  CREATE INDEX upload_open ON upload (position) WHERE phase NOT IN ('stored', 'cancelled');
  CREATE INDEX upload_waiting ON upload (resume_at) WHERE resume_at IS NOT NULL;
  CREATE INDEX upload_path ON upload (path_key, vault);
  CREATE INDEX upload_multipart ON upload (multipart_upload_id) WHERE multipart_upload_id IS NOT NULL;

  -- a row exists once Glacier acknowledged the range with the tree hash of the bytes that were sent
  CREATE TABLE part (
    upload_id TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last >= first),
    tree_hash TEXT NOT NULL CHECK (length(tree_hash) = 64),
    at INTEGER NOT NULL,
    PRIMARY KEY (upload_id, first)
  ) STRICT, WITHOUT ROWID;

  -- the journal: what happened to each upload, in order
  CREATE TABLE upload_event (
    seq INTEGER PRIMARY KEY,
    upload_id TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    event TEXT NOT NULL CHECK (json_valid(event))
  ) STRICT;
  CREATE INDEX upload_event_upload ON upload_event (upload_id, seq);

  -- bytes per second, as the line was measured last
  CREATE TABLE upload_rate (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    bytes_per_second REAL NOT NULL CHECK (bytes_per_second > 0)
  ) STRICT;
`;
