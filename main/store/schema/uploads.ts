/** What uploads have beside their tasks. */
export const uploads = /* sql */ `
  CREATE TABLE upload (
    task_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL DEFAULT 'upload' CHECK (kind = 'upload'),
    path TEXT NOT NULL,
    -- by what the path is looked for: shared/path-key.ts
    path_key TEXT NOT NULL,
    -- what the file is on; empty when nobody can say
    drive TEXT NOT NULL,
    description TEXT NOT NULL CHECK (length(description) <= 1024),
    part_size INTEGER NOT NULL CHECK (part_size BETWEEN 1048576 AND 4294967296 AND part_size & (part_size - 1) = 0),

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
    -- the last sign of life that keeps Glacier from removing the multipart upload
    active_at INTEGER,
    FOREIGN KEY (task_id, kind, phase) REFERENCES task (id, kind, phase) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
  ) STRICT;

  CREATE INDEX upload_path ON upload (path_key);
  CREATE INDEX upload_multipart ON upload (multipart_upload_id) WHERE multipart_upload_id IS NOT NULL;
  CREATE INDEX upload_archive ON upload (archive_id) WHERE archive_id IS NOT NULL;
  CREATE INDEX upload_asked ON upload (initiate_asked_at) WHERE initiate_asked_at IS NOT NULL;
  CREATE INDEX upload_active ON upload (active_at) WHERE phase = 'uploading';

  -- bytes per second, as the line was measured last
  CREATE TABLE upload_rate (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    bytes_per_second REAL NOT NULL CHECK (bytes_per_second > 0)
  ) STRICT;
`;
