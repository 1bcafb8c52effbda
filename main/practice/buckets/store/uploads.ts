import type { Bucket } from './buckets.ts';
import type { Db } from './database.ts';
import type { Part, Upload, UploadDraft } from './records.ts';

type Row = { id: number; upload_id: string; key: string; created_at: number; key_changed: number; draft: string };

/** A completed upload, remembered so that the same question gets the same answer. */
export type Completion = { uploadId: string; bucket: string; key: string; completedAt: number; record: string };

/** The multipart uploads into all buckets. Changes are to be made in a transaction of the caller's. */
export class Uploads {
  readonly #db: Db;
  readonly #byId;

  constructor(db: Db) {
    this.#db = db;
    this.#byId = db.prepare<[string, number, string], Row>(
      'SELECT * FROM upload WHERE upload_id = ? AND bucket = ? AND key = ?',
    );
  }

  find(bucket: Bucket, key: string, uploadId: string): Upload | null {
    const row = this.#byId.get(uploadId, bucket.id, key);
    return row ? uploadOf(row) : null;
  }

  create(bucket: Bucket, key: string, uploadId: string, now: number, draft: UploadDraft): void {
    this.#db
      .prepare('INSERT INTO upload (upload_id, bucket, key, created_at, draft) VALUES (?, ?, ?, ?, ?)')
      .run(uploadId, bucket.id, key, now, JSON.stringify(draft));
  }

  /** Puts a part in the place of the older one of its number. The names of the files that this leaves behind. */
  addPart({ id }: Upload, { number, file, size, createdAt, md5, checksum }: Part): string[] {
    const older = this.#db
      .prepare<[number, number], { file: string }>('DELETE FROM part WHERE upload = ? AND number = ? RETURNING file')
      .all(id, number);
    this.#db
      .prepare('INSERT INTO part (upload, number, file, size, created_at, md5, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(id, number, file, size, createdAt, md5, checksum);
    return older.map(({ file }) => file);
  }

  /** In the order of their numbers. */
  parts({ id }: Upload, after = 0, limit = -1): Part[] {
    return this.#db
      .prepare<[number, number, number], Part>(
        'SELECT number, file, size, created_at AS createdAt, md5, checksum FROM part WHERE upload = ? AND number > ? ORDER BY number LIMIT ?',
      )
      .all(id, after, limit);
  }

  /** Forgets an acknowledged part; the names of the files that it leaves behind. */
  removePart({ id }: Upload, number: number): string[] {
    return this.#db
      .prepare<[number, number], { file: string }>('DELETE FROM part WHERE upload = ? AND number = ? RETURNING file')
      .all(id, number)
      .map(({ file }) => file);
  }

  /** Gives the named parts to a version, where they are counted from 1. */
  handOver({ id }: Upload, version: number, numbers: readonly number[]): void {
    const give = this.#db.prepare<[number, number, number, number]>(
      'UPDATE part SET version = ?, upload = NULL, number = ? WHERE upload = ? AND number = ?',
    );
    for (const [index, number] of numbers.entries()) give.run(version, index + 1, id, number);
  }

  /** The upload with the parts that it still has. The names of the files that they leave behind. */
  remove({ id }: Upload): string[] {
    const files = this.#db
      .prepare<[number], { file: string }>('DELETE FROM part WHERE upload = ? RETURNING file')
      .all(id);
    this.#db.prepare('DELETE FROM upload WHERE id = ?').run(id);
    return files.map(({ file }) => file);
  }

  noteChange(bucket: Bucket, key: string): void {
    this.#db.prepare('UPDATE upload SET key_changed = 1 WHERE bucket = ? AND key = ?').run(bucket.id, key);
  }

  /** By key and then by age, as many as the caller takes. */
  *from(
    bucket: Bucket,
    { key, isIncluded, afterId = null }: { key: string; isIncluded: boolean; afterId?: number | null },
    end: string | null,
  ): Iterable<Upload> {
    if (afterId !== null) {
      const rest = this.#db.prepare<[number, string, number], Row>(
        'SELECT * FROM upload WHERE bucket = ? AND key = ? AND id > ? ORDER BY id',
      );
      for (const row of rest.iterate(bucket.id, key, afterId)) yield uploadOf(row);
    }
    const statement = this.#db.prepare<[number, string, string | null, string | null], Row>(
      `SELECT * FROM upload WHERE bucket = ? AND key ${isIncluded ? '>=' : '>'} ? AND (? IS NULL OR key < ?) ORDER BY key, id`,
    );
    for (const row of statement.iterate(bucket.id, key, end, end)) yield uploadOf(row);
  }

  remember({ uploadId, bucket, key, completedAt, record }: Completion): void {
    this.#db.prepare('INSERT INTO completion VALUES (?, ?, ?, ?, ?)').run(uploadId, bucket, key, completedAt, record);
  }

  remembered(uploadId: string): Completion | null {
    const row = this.#db
      .prepare<[string], Completion>(
        'SELECT upload_id AS uploadId, bucket, key, completed_at AS completedAt, record FROM completion WHERE upload_id = ?',
      )
      .get(uploadId);
    return row ?? null;
  }

  forgetBefore(time: number): void {
    this.#db.prepare('DELETE FROM completion WHERE completed_at <= ?').run(time);
  }
}

function uploadOf({ id, upload_id, key, created_at, key_changed, draft }: Row): Upload {
  return {
    id,
    uploadId: upload_id,
    key,
    createdAt: created_at,
    keyChanged: key_changed === 1,
    draft: JSON.parse(draft) as UploadDraft,
  };
}
