import type { Statement } from 'better-sqlite3';
import { setImmediate } from 'node:timers/promises';
import { accountNumberIn } from '../../shared/account.ts';
import type { ToldBy } from '../../shared/archive.ts';
import { pathKey } from '../../shared/path-key.ts';
import { type UploadId, isFinal } from '../../shared/upload.ts';
import { AccountStore } from './accounts.ts';
import type { ArchiveRecord } from './archive-record.ts';
import { CatalogueStore } from './catalogue.ts';
import type { Db } from './database.ts';
import { UploadStore } from './uploads.ts';

export type Rebuilt = {
  /** Archives that the catalogue has now and did not have before. */
  added: number;
  /** Archives that it had before and has no longer. */
  removed: number;
  /** Uploads that still waited or ran, and had been stored all the time. */
  settled: number;
};

/** Small enough that other work gets its turn in between, large enough that commits cost little. */
const BATCH = 200;

/**
 * Brings into the catalogue what the journal tells, line after line: archives with their accounts (without secrets), and
 * deletions. An upload of the queue that has become one of these archives is marked as stored, so that a queue from a
 * backup sends nothing a second time. Doing it again, or going on after a crash, changes nothing.
 */
export async function rebuildCatalogue(db: Db, records: Iterable<ArchiveRecord>): Promise<Rebuilt> {
  const rebuilding = new Rebuilding(db);
  let batch: ArchiveRecord[] = [];
  for (const record of records) {
    if (batch.push(record) < BATCH) continue;
    rebuilding.take(batch);
    batch = [];
    await setImmediate();
  }
  rebuilding.end(batch);
  return rebuilding.sum;
}

class Rebuilding {
  readonly sum: Rebuilt = { added: 0, removed: 0, settled: 0 };
  readonly #db: Db;
  readonly #accounts: AccountStore;
  /** Without a witness: what comes from the journal need not be written there again. */
  readonly #catalogue: CatalogueStore;
  readonly #uploads: UploadStore;
  readonly #newestBefore: number;
  /** Prepared once: a million prepared statements are gigabytes until they are collected. */
  readonly #findSame: Statement;
  /** Uploads that seem to have become these archives, until a later line tells that those were deleted. */
  readonly #sameFiles = new Map<UploadId, ArchiveRecord>();

  constructor(db: Db) {
    this.#db = db;
    this.#accounts = new AccountStore(db);
    this.#catalogue = new CatalogueStore(db);
    this.#uploads = new UploadStore(db, this.#catalogue);
    this.#findSame = db
      .prepare(
        `SELECT task.id FROM upload JOIN task ON task.id = upload.task_id
         WHERE task.account_id = ? AND task.vault = ? AND path_key = ? AND path = ? AND size = ? AND modified_ns = ?
           AND upload.phase NOT IN ('stored', 'cancelled', 'aborting') ORDER BY task.position`,
      )
      .pluck();
    this.#newestBefore = db.prepare('SELECT coalesce(max(id), 0) FROM catalogue').pluck().get() as number;
  }

  take(records: readonly ArchiveRecord[]): void {
    this.#db
      .transaction(() => {
        this.#takeAll(records);
      })
      .immediate();
  }

  /** Takes the last ones. */
  end(records: readonly ArchiveRecord[]): void {
    this.#db
      .transaction(() => {
        this.#takeAll(records);
        for (const [upload, record] of this.#sameFiles) this.#settle(upload, record);
      })
      .immediate();
  }

  #takeAll(records: readonly ArchiveRecord[]): void {
    for (const record of records) {
      if (record.event === 'stored') this.#store(record);
      else this.#delete(record);
    }
  }

  #store(record: ArchiveRecord): void {
    const { account, vault, archiveId } = record;
    const known = this.#catalogue.find(account.id, vault, archiveId);
    const own = record.uploadId === null ? null : this.#uploads.get(record.uploadId);
    if (!known) {
      this.sum.added += 1;
      this.#restoreAccount(record);
    }
    if (own && !isFinal(own.phase)) {
      this.#sameFiles.delete(own.id);
      this.#settle(own.id, record);
      return;
    }
    if (!own && !known) this.#noteSameFile(record);
    // A later line may know more, when an import has told it.
    if (known) this.#catalogue.fillIn(known, { ...record, modified_ns: record.modifiedNs, told_by: toldBy(record) });
    else this.#insert(record);
  }

  #settle(upload: UploadId, { archiveId, treeHash, location, region, at }: ArchiveRecord): void {
    this.sum.settled += 1;
    this.#uploads.apply(
      upload,
      { kind: 'found-in-journal', archiveId, treeHash, at },
      { location, region, storedAt: at },
    );
  }

  #delete({ account, vault, archiveId, at, region }: ArchiveRecord): void {
    for (const [upload, record] of this.#sameFiles) {
      const isGone = record.archiveId === archiveId && record.vault === vault && record.account.id === account.id;
      if (isGone) this.#sameFiles.delete(upload);
    }
    const id = this.#catalogue.remove(account.id, vault, archiveId, at, region);
    if (id === null) return;
    if (id > this.#newestBefore) this.sum.added -= 1;
    else this.sum.removed += 1;
  }

  #restoreAccount({ account: { id, name, source, endpointUrl }, region, location, at }: ArchiveRecord): void {
    if (name === null || source === null || this.#accounts.get(id)) return;
    this.#accounts.put({ id, name, source, region, endpointUrl, number: accountNumberIn(location) }, null, at);
  }

  /**
   * Neither queue nor catalogue knows of upload and archive, but an upload of the very same state of the file into the
   * same vault waits: then the user had added it anew, unless because the archive was deleted.
   */
  #noteSameFile(record: ArchiveRecord): void {
    const { account, vault, archiveId, path, size, modifiedNs } = record;
    if (path === null || this.#catalogue.deletedAt(account.id, vault, archiveId) !== null) return;
    const found = this.#findSame.all(account.id, vault, pathKey(path), path, size, modifiedNs) as UploadId[];
    const upload = found.find((id) => !this.#sameFiles.has(id));
    if (upload !== undefined) this.#sameFiles.set(upload, record);
  }

  #insert({ account, region, vault, archiveId, location, ...record }: ArchiveRecord): void {
    const { path, size, modifiedNs: modified_ns, treeHash: tree_hash, description, uploadId } = record;
    const file = { path, size, modified_ns, tree_hash, description };
    const place = { account_id: account.id, region, vault, archive_id: archiveId, location };
    this.#catalogue.insert(
      { ...place, ...file, stored_at: record.at, told_by: toldBy({ ...record, uploadId }) },
      uploadId,
    );
  }
}

function toldBy(record: Pick<ArchiveRecord, 'toldBy' | 'uploadId'>): ToldBy {
  return record.toldBy ?? (record.uploadId === null ? 'import' : 'upload');
}
