import Database from 'better-sqlite3';
import { makePrivateFile } from '../../../files/private.ts';

export type Db = Database.Database;

/** Of the schema below. There is no way from another one: a practice folder holds nothing that matters. */
const VERSION = 1;

/** Times in milliseconds since 1970, sizes in bytes. */
const schema = `
CREATE TABLE bucket (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  -- JSON: what is set for the bucket
  settings TEXT NOT NULL
) STRICT;

-- A version of an object, or a marker that says that it was deleted. The newest of a key has the largest id.
CREATE TABLE version (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  bucket INTEGER NOT NULL REFERENCES bucket(id),
  key TEXT NOT NULL,
  version_id TEXT NOT NULL,
  is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
  created_at INTEGER NOT NULL,
  -- JSON: all else that an object is; null for a marker
  object TEXT
) STRICT;
CREATE UNIQUE INDEX version_id ON version(bucket, key, version_id);
CREATE INDEX version_order ON version(bucket, key, id);
CREATE UNIQUE INDEX current_version ON version(bucket, key) WHERE is_current = 1;

CREATE TABLE upload (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  upload_id TEXT NOT NULL UNIQUE,
  bucket INTEGER NOT NULL REFERENCES bucket(id),
  key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- whether the key was written or deleted since
  key_changed INTEGER NOT NULL DEFAULT 0 CHECK (key_changed IN (0, 1)),
  -- JSON: what the object is to be, and the checksums of its parts
  draft TEXT NOT NULL
) STRICT;
CREATE INDEX upload_key ON upload(bucket, key, id);

-- The bytes of a version or of an upload, which lie in a file.
CREATE TABLE part (
  version INTEGER REFERENCES version(id),
  upload INTEGER REFERENCES upload(id),
  number INTEGER NOT NULL,
  file TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  md5 TEXT NOT NULL,
  checksum TEXT NOT NULL,
  CHECK ((version IS NULL) <> (upload IS NULL))
) STRICT;
CREATE UNIQUE INDEX part_of_version ON part(version, number) WHERE version IS NOT NULL;
CREATE UNIQUE INDEX part_of_upload ON part(upload, number) WHERE upload IS NOT NULL;

-- Uploads that were completed, for as long as the same question gets the same answer.
CREATE TABLE completion (
  upload_id TEXT PRIMARY KEY,
  bucket TEXT NOT NULL,
  key TEXT NOT NULL,
  completed_at INTEGER NOT NULL,
  -- JSON: what was asked and what was answered
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX completion_time ON completion(completed_at);
`;

/** Opens the records of the buckets, or makes them. @throws when another version of Firn, or somebody else, wrote them. */
export function openDatabase(file: string): Db {
  makePrivateFile(file);
  const db = new Database(file);
  try {
    db.pragma('journal_mode = WAL');
    // What was acknowledged has to survive a power cut.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    const version = db.pragma('user_version', { simple: true });
    if (version === 0) {
      db.transaction(() => {
        db.exec(schema);
        db.pragma(`user_version = ${VERSION}`);
      })();
    } else if (version !== VERSION) {
      throw new Error(`${file} is of another version of the practice service: ${String(version)}`);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
