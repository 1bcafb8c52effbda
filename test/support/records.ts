import { closeSync, cpSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { AccountStore } from '../../main/store/accounts.ts';
import { copyDatabase } from '../../main/store/backup-copy.ts';
import { makeBackup } from '../../main/store/backup.ts';
import { CatalogueStore } from '../../main/store/catalogue.ts';
import type { Db } from '../../main/store/database.ts';
import { NoticeStore } from '../../main/store/notices.ts';
import { type Records, openRecords } from '../../main/store/records.ts';
import { UploadStore } from '../../main/store/uploads.ts';
import type { Archive } from '../../shared/archive.ts';
import { DAY } from '../../shared/units.ts';
import type { ArchiveId, MultipartUploadId, UploadId } from '../../shared/upload.ts';
import { ManualClock } from './manual-clock.ts';
import { account, add, hash } from './store.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const START = Date.UTC(2026, 10, 2, 12);

export type Life = {
  records: Records;
  db: Db;
  uploads: UploadStore;
  catalogue: CatalogueStore;
  accounts: AccountStore;
  notices: NoticeStore;
};

/** A data folder, in which Firn's records are opened and closed, killed and damaged. */
export class DataFolder {
  readonly folder = temporaryFolder();
  readonly clock = new ManualClock(START);
  readonly logged: { message: string; details: Record<string, unknown> }[] = [];
  readonly file = join(this.folder, 'firn.db');
  readonly journal = join(this.folder, 'archives.jsonl');
  readonly backups = join(this.folder, 'backups');

  async open(): Promise<Life> {
    const records = await openRecords({
      folder: this.folder,
      clock: this.clock,
      copy: copyDatabase,
      log: (message, details) => this.logged.push({ message, details }),
    });
    onTestFinished(() => {
      records.db.close();
    });
    const { db, recorder } = records;
    const catalogue = new CatalogueStore(db, recorder);
    const uploads = new UploadStore(db, catalogue);
    return { records, db, catalogue, uploads, accounts: new AccountStore(db), notices: new NoticeStore(db) };
  }

  /** A first life with an account. */
  async begin(): Promise<Life> {
    const life = await this.open();
    life.accounts.put(account, new Uint8Array([1, 2, 3]), START);
    return life;
  }

  /** Adds a backup a day after the last one, whether it is due or not. */
  async backUp(): Promise<void> {
    this.clock.pass(DAY);
    const log = (message: string, details: Record<string, unknown>): unknown => this.logged.push({ message, details });
    const { file, backups: folder, clock } = this;
    const outcome = await makeBackup({ file, folder, at: clock.now(), beforeMigrationOf: null }, copyDatabase, log);
    if (outcome.kind !== 'copied') throw new Error(JSON.stringify(outcome));
  }

  /** What a kill at this moment would leave, in another folder. */
  killed(): DataFolder {
    const other = new DataFolder();
    cpSync(this.folder, other.folder, { recursive: true, filter: (path) => !path.endsWith('-shm') });
    other.clock.set(this.clock.now());
    return other;
  }

  overwrite(at: number, bytes: Uint8Array, file = this.file): void {
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, bytes, 0, bytes.length, at);
    closeSync(descriptor);
  }

  /** Overwrites pages of a table or index in the closed database with noise. */
  damage(table: string, pages = 3, file = this.file): void {
    const db = new Database(file);
    db.pragma('journal_mode = DELETE');
    const found = db
      .prepare<[string, number], { pageno: number }>('SELECT pageno FROM dbstat WHERE name = ? ORDER BY pageno LIMIT ?')
      .all(table, pages);
    const pageSize = db.pragma('page_size', { simple: true }) as number;
    db.close();
    const noise = new Uint8Array(pageSize).fill(0xa5);
    for (const { pageno } of found) this.overwrite((pageno - 1) * pageSize, noise, file);
  }

  lines(): Record<string, unknown>[] {
    return readFileSync(this.journal, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  size(): number {
    return statSync(this.file).size;
  }

  saw(message: string): boolean {
    return this.logged.some((entry) => entry.message === message);
  }
}

export function archiveIdOf(path: string): ArchiveId {
  return `id-of-${path}`.padEnd(138, '_') as ArchiveId;
}

export function beginUpload({ uploads }: Life, path: string): UploadId {
  const id = add(uploads, { path });
  uploads.apply(id, { kind: 'multipart-initiated', multipartUploadId: `m-${id}` as MultipartUploadId, at: START });
  return id;
}

/** Takes an upload that has begun to the moment before Glacier's last answer. */
export function sendAll({ uploads }: Life, id: UploadId): void {
  uploads.apply(id, { kind: 'parts-uploaded', treeHash: hash('b'), at: START + 1 });
}

export function complete({ uploads }: Life, id: UploadId): void {
  const archiveId = archiveIdOf(uploads.get(id)?.path ?? '');
  const place = { location: `/1/vaults/photos/archives/${archiveId}`, region: account.region, storedAt: START + 2 };
  uploads.apply(id, { kind: 'completed', archiveId, at: START + 2 }, place);
}

export function store(life: Life, path: string): UploadId {
  const id = beginUpload(life, path);
  sendAll(life, id);
  complete(life, id);
  return id;
}

/** The catalogue without its own numbers, in order of archive ID. */
export function catalogueOf({ catalogue }: Pick<Life, 'catalogue'>): Omit<Archive, 'id'>[] {
  return [...catalogue.all('')]
    .map(({ id, ...archive }) => archive)
    .sort((a, b) => (a.archiveId < b.archiveId ? -1 : 1));
}

export function pathsOf(life: Pick<Life, 'catalogue'>): string[] {
  return catalogueOf(life).map(({ path }) => path ?? '');
}
