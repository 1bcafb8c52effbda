import type { Bucket } from './buckets.ts';
import type { Db } from './database.ts';
import { NULL_VERSION, type ObjectRecord, type Part, type Version } from './records.ts';

type Row = {
  id: number;
  key: string;
  version_id: string;
  is_current: number;
  created_at: number;
  object: string | null;
};

/** Where a listing begins: after or at a key; in a list of versions also after a version of it. */
export type Cursor = { key: string; isIncluded: boolean; afterId?: number };

/** The versions of the objects of all buckets. Changes are to be made in a transaction of the caller's. */
export class Versions {
  readonly #db: Db;
  readonly #current;
  readonly #one;
  readonly #insert;
  readonly #insertPart;

  constructor(db: Db) {
    this.#db = db;
    this.#current = db.prepare<[number, string], Row>(
      'SELECT * FROM version WHERE bucket = ? AND key = ? AND is_current = 1',
    );
    this.#one = db.prepare<[number, string, string], Row>(
      'SELECT * FROM version WHERE bucket = ? AND key = ? AND version_id = ?',
    );
    this.#insert = db.prepare<[number, string, string, number, string | null]>(
      'INSERT INTO version (bucket, key, version_id, is_current, created_at, object) VALUES (?, ?, ?, 1, ?, ?)',
    );
    this.#insertPart = db.prepare(
      'INSERT INTO part (version, number, file, size, created_at, md5, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
  }

  /** The newest version, which may be a marker; null when there is none. */
  current(bucket: Bucket, key: string): Version | null {
    return versionOf(this.#current.get(bucket.id, key));
  }

  find(bucket: Bucket, key: string, versionId: string): Version | null {
    return versionOf(this.#one.get(bucket.id, key, versionId));
  }

  /** Adds a version, or a marker, in front of those that there are. */
  add(bucket: Bucket, key: string, versionId: string, now: number, object: ObjectRecord | null): number {
    this.#db
      .prepare('UPDATE version SET is_current = 0 WHERE bucket = ? AND key = ? AND is_current = 1')
      .run(bucket.id, key);
    const text = object && JSON.stringify(object);
    return Number(this.#insert.run(bucket.id, key, versionId, now, text).lastInsertRowid);
  }

  addPart(versionId: number, { number, file, size, createdAt, md5, checksum }: Part): void {
    this.#insertPart.run(versionId, number, file, size, createdAt, md5, checksum);
  }

  /** Takes a version away; the one before it becomes the newest. The names of the files that it leaves behind. */
  remove(bucket: Bucket, { id, key, isCurrent }: Version): string[] {
    const files = this.#db.prepare<[number], { file: string }>('SELECT file FROM part WHERE version = ?').all(id);
    this.#db.prepare('DELETE FROM part WHERE version = ?').run(id);
    this.#db.prepare('DELETE FROM version WHERE id = ?').run(id);
    if (isCurrent) {
      this.#db
        .prepare(
          'UPDATE version SET is_current = 1 WHERE id = (SELECT max(id) FROM version WHERE bucket = ? AND key = ?)',
        )
        .run(bucket.id, key);
    }
    return files.map(({ file }) => file);
  }

  /** Takes away what came while no versions were kept, since it has no more than one place. */
  removeNull(bucket: Bucket, key: string): string[] {
    const version = this.find(bucket, key, NULL_VERSION);
    return version ? this.remove(bucket, version) : [];
  }

  update({ id }: Version, object: ObjectRecord): void {
    this.#db.prepare('UPDATE version SET object = ? WHERE id = ?').run(JSON.stringify(object), id);
  }

  /** In the order of their numbers. */
  parts({ id }: Version, after = 0, limit = -1): Part[] {
    return this.#db
      .prepare<[number, number, number], Part>(
        'SELECT number, file, size, created_at AS createdAt, md5, checksum FROM part WHERE version = ? AND number > ? ORDER BY number LIMIT ?',
      )
      .all(id, after, limit);
  }

  /** Objects in the order of the bytes of their keys, as many as the caller takes. `end`: the first key that is too far. */
  *objectsFrom(bucket: Bucket, { key, isIncluded }: Cursor, end: string | null): Iterable<Version> {
    const statement = this.#db.prepare<[number, string, string | null, string | null], Row>(
      `SELECT * FROM version WHERE bucket = ? AND key ${isIncluded ? '>=' : '>'} ? AND (? IS NULL OR key < ?)
       AND is_current = 1 AND object IS NOT NULL ORDER BY key`,
    );
    for (const row of statement.iterate(bucket.id, key, end, end)) yield valueOf(row);
  }

  /** All versions, by key and then from the newest to the oldest. */
  *versionsFrom(bucket: Bucket, cursor: Cursor, end: string | null): Iterable<Version> {
    const { key, isIncluded, afterId = null } = cursor;
    if (afterId !== null) {
      const rest = this.#db.prepare<[number, string, number], Row>(
        'SELECT * FROM version WHERE bucket = ? AND key = ? AND id < ? ORDER BY id DESC',
      );
      for (const row of rest.iterate(bucket.id, key, afterId)) yield valueOf(row);
    }
    const statement = this.#db.prepare<[number, string, string | null, string | null], Row>(
      `SELECT * FROM version WHERE bucket = ? AND key ${isIncluded ? '>=' : '>'} ? AND (? IS NULL OR key < ?)
       ORDER BY key, id DESC`,
    );
    for (const row of statement.iterate(bucket.id, key, end, end)) yield valueOf(row);
  }
}

function versionOf(row: Row | undefined): Version | null {
  return row ? valueOf(row) : null;
}

function valueOf({ id, key, version_id, is_current, created_at, object }: Row): Version {
  const version = { id, key, versionId: version_id, isCurrent: is_current === 1, createdAt: created_at };
  return object === null
    ? { ...version, kind: 'delete-marker' }
    : { ...version, kind: 'object', object: JSON.parse(object) as ObjectRecord };
}
