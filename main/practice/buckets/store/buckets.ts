import type { Db } from './database.ts';
import type { BucketSettings } from './records.ts';

export type Bucket = { id: number; name: string; createdAt: number; settings: BucketSettings };

type Row = { id: number; name: string; created_at: number; settings: string };

/** What every new bucket has since April 2023, whether or not it was asked for. */
const newSettings: BucketSettings = {
  versioning: 'off',
  objectLock: null,
  lifecycle: null,
  publicAccessBlock: {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  },
  ownership: 'BucketOwnerEnforced',
  bucketKey: false,
};

/** The buckets of the account. */
export class Buckets {
  readonly #db: Db;
  readonly #byName;

  constructor(db: Db) {
    this.#db = db;
    this.#byName = db.prepare<[string], Row>('SELECT * FROM bucket WHERE name = ?');
  }

  find(name: string): Bucket | null {
    const row = this.#byName.get(name);
    return row ? bucketOf(row) : null;
  }

  /** In the order of their names. */
  list(): Bucket[] {
    return this.#db.prepare<[], Row>('SELECT * FROM bucket ORDER BY name').all().map(bucketOf);
  }

  create(name: string, now: number, change: Partial<BucketSettings>): void {
    const settings = JSON.stringify({ ...newSettings, ...change });
    this.#db.prepare('INSERT INTO bucket (name, created_at, settings) VALUES (?, ?, ?)').run(name, now, settings);
  }

  update({ id, settings }: Bucket, change: Partial<BucketSettings>): void {
    this.#db.prepare('UPDATE bucket SET settings = ? WHERE id = ?').run(JSON.stringify({ ...settings, ...change }), id);
  }

  /** Whether there is anything in it: an object, a version, a marker. */
  contents({ id }: Bucket): { hasCurrent: boolean; hasAny: boolean } {
    const has = (where: string): boolean =>
      this.#db.prepare(`SELECT 1 FROM version WHERE bucket = ? ${where} LIMIT 1`).get(id) !== undefined;
    return { hasCurrent: has('AND is_current = 1 AND object IS NOT NULL'), hasAny: has('') };
  }

  /** Removes an empty bucket and the uploads into it. The names of the files that their parts leave behind. */
  remove({ id }: Bucket): string[] {
    return this.#db.transaction(() => {
      const files = this.#db
        .prepare<[number], { file: string }>(
          'SELECT file FROM part WHERE upload IN (SELECT id FROM upload WHERE bucket = ?)',
        )
        .all(id);
      this.#db.prepare('DELETE FROM part WHERE upload IN (SELECT id FROM upload WHERE bucket = ?)').run(id);
      this.#db.prepare('DELETE FROM upload WHERE bucket = ?').run(id);
      this.#db.prepare('DELETE FROM bucket WHERE id = ?').run(id);
      return files.map(({ file }) => file);
    })();
  }
}

function bucketOf({ id, name, created_at, settings }: Row): Bucket {
  return { id, name, createdAt: created_at, settings: JSON.parse(settings) as BucketSettings };
}
