import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder } from '../../../files/private.ts';
import { Buckets } from './buckets.ts';
import { type Db, openDatabase } from './database.ts';
import { DataFiles } from './files.ts';
import { Uploads } from './uploads.ts';
import { Versions } from './versions.ts';

const RECORDS = 'buckets.db';

/**
 * The buckets of one account in one region:
 *
 *     buckets.db     their records
 *     objects/       the bytes that the records name
 *
 * Each request changes the records in one transaction, once the bytes that it brought are durable. So a process that dies
 * at any moment leaves the state before or after it, and at most files that no record names.
 */
export class BucketStore {
  readonly buckets: Buckets;
  readonly versions: Versions;
  readonly uploads: Uploads;
  readonly files: DataFiles;
  readonly #db: Db;

  constructor(folder: string) {
    makePrivateFolder(folder);
    this.#db = openDatabase(join(folder, RECORDS));
    this.files = new DataFiles(join(folder, 'objects'));
    this.buckets = new Buckets(this.#db);
    this.versions = new Versions(this.#db);
    this.uploads = new Uploads(this.#db);
  }

  static isIn(folder: string): boolean {
    return existsSync(join(folder, RECORDS));
  }

  /** What `act` changes is durable, all of it, when this returns. Nothing in it may wait. */
  change<T>(act: () => T): T {
    return this.#db.transaction(act).immediate();
  }

  isNamed(file: string): boolean {
    return this.#db.prepare('SELECT 1 FROM part WHERE file = ?').get(file) !== undefined;
  }

  /** Frees the room of what a crash left behind. */
  sweepFiles(): Promise<void> {
    return this.files.sweep((name) => this.isNamed(name));
  }

  close(): void {
    this.#db.close();
  }
}
