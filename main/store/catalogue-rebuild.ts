import type { Statement } from 'better-sqlite3';
import { setImmediate } from 'node:timers/promises';
import type { ToldBy } from '../../shared/archive.ts';
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
  rebuilding.take(batch);
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

  constructor(db: Db) {
    this.#db = db;
    this.#accounts = new AccountStore(db);
    this.#catalogue = new CatalogueStore(db);
    this.#uploads = new UploadStore(db, this.#catalogue);
    this.#findSame = db
      .prepare(
        `SELECT id FROM upload WHERE account_id = ? AND vault = ? AND path = ? AND size = ? AND modified_ns = ?
           AND phase NOT IN ('stored', 'cancelled', 'aborting') ORDER BY position LIMIT 1`,
      )
      .pluck();
    this.#newestBefore = db.prepare('SELECT coalesce(max(id), 0) FROM archive').pluck().get() as number;
  }

  take(records: readonly ArchiveRecord[]): void {
    this.#db
      .transaction(() => {
        for (const record of records) {
          if (record.event === 'stored') this.#store(record);
          else this.#delete(record);
        }
      })
      .immediate();
  }

  #store(record: ArchiveRecord): void {
    const { account, vault, archiveId } = record;
    const known = this.#catalogue.find(account.id, vault, archiveId);
    const upload = this.#openUpload(record, known !== null);
    if (!known) {
      this.sum.added += 1;
      this.#restoreAccount(record);
    }
    if (upload !== null) this.#settle(upload, record);
    // A later line may know more, when an import has told it.
    else if (known)
      this.#catalogue.fillIn(known, { ...record, modified_ns: record.modifiedNs, told_by: toldBy(record) });
    else this.#insert(record);
  }

  #settle(upload: UploadId, { archiveId, treeHash, location, region, at }: ArchiveRecord): void {
    this.sum.settled += 1;
    this.#uploads.apply(upload, { kind: 'found-in-journal', archiveId, treeHash, at }, { location, region });
  }

  #delete({ account, vault, archiveId, at }: ArchiveRecord): void {
    const id = this.#catalogue.remove(account.id, vault, archiveId, at);
    if (id === null) return;
    if (id > this.#newestBefore) this.sum.added -= 1;
    else this.sum.removed += 1;
  }

  #restoreAccount({ account: { id, name, source, endpointUrl }, region, at }: ArchiveRecord): void {
    if (name === null || source === null || this.#accounts.get(id)) return;
    this.#accounts.put({ id, name, source, region, endpointUrl }, null, at);
  }

  /**
   * The upload that has become this archive, or, when neither queue nor catalogue knows of the two, an upload of the very
   * same state of the file into the same vault: then the user had added it anew.
   */
  #openUpload(record: ArchiveRecord, isKnown: boolean): UploadId | null {
    const own = record.uploadId === null ? null : this.#uploads.get(record.uploadId);
    if (own) return isFinal(own.phase) ? null : own.id;
    return isKnown ? null : this.#uploadOfSameFile(record);
  }

  #uploadOfSameFile({ account, vault, path, size, modifiedNs }: ArchiveRecord): UploadId | null {
    const found = this.#findSame.get(account.id, vault, path, size, modifiedNs);
    return (found as UploadId | undefined) ?? null;
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
