import { errorText } from '../../shared/error-text.ts';
import type { AccountId } from '../../shared/account.ts';
import type { UploadId } from '../../shared/upload.ts';
import { AccountStore } from './accounts.ts';
import type { ArchiveJournal } from './archive-journal.ts';
import type { ArchiveRecord, RecordedAccount } from './archive-record.ts';
import type { Log } from './backup.ts';
import type { ArchiveWitness } from './catalogue.ts';
import type { ArchiveRow } from './archive-row.ts';
import type { Db } from './database.ts';
import { doubtAgreement, markAgreement } from './journal-mark.ts';
import { tellUnwritable } from './unwritable.ts';

/** Writes each archive into the journal, from inside the transaction that changes the catalogue. */
export class ArchiveRecorder implements ArchiveWitness {
  readonly #db: Db;
  readonly #journal: ArchiveJournal;
  readonly #log: Log;
  readonly #accounts: AccountStore;
  readonly #isCompared: boolean;
  #pending: ArchiveRecord[] = [];
  #isTogether = false;

  /** `isCompared`: the journal and the catalogue were found to agree, or made to. */
  constructor(db: Db, journal: ArchiveJournal, isCompared: boolean, log: Log) {
    this.#db = db;
    this.#journal = journal;
    this.#isCompared = isCompared;
    this.#log = log;
    this.#accounts = new AccountStore(db);
  }

  stored(row: ArchiveRow, uploadId: UploadId | null): void {
    this.#write({ ...this.#recordOf(row), uploadId });
  }

  deleted(row: ArchiveRow, at: number): void {
    this.#write({ ...this.#recordOf(row), event: 'deleted', at });
  }

  /**
   * Writes at the end what `work` has changed, since syncing the journal for each of a million archives would take hours.
   * To be called inside the transaction; when `work` throws, nothing of it is written.
   */
  together(work: () => void): void {
    const before = this.#pending.length;
    this.#isTogether = true;
    try {
      work();
    } catch (error) {
      this.#pending.length = before;
      throw error;
    } finally {
      this.#isTogether = false;
    }
    if (this.#pending.length > before) this.#writePending();
  }

  /**
   * To be called before the database is closed: then the next start need not compare what this one wrote. Where the start
   * could not compare the two, there may be more to compare, and the next start does.
   */
  close(): void {
    try {
      if (this.#pending.length > 0) this.#append();
      if (this.#isCompared) markAgreement(this.#db, this.#journal);
    } catch (error) {
      this.#log('journal of archives not written', { error: errorText(error), lines: this.#pending.length });
    }
  }

  #recordOf(row: ArchiveRow): ArchiveRecord {
    return recordOf(this.#db, row, accountOf(this.#accounts, row.account_id));
  }

  #write(record: ArchiveRecord): void {
    this.#pending.push(record);
    if (!this.#isTogether) this.#writePending();
  }

  /** Never throws for the journal's sake: the archives' rows are committed with or without their lines. */
  #writePending(): void {
    try {
      this.#append();
    } catch (error) {
      // A deletion is not doubted: compared with all of the journal, the archive would come back.
      if (this.#pending.some(({ event }) => event === 'stored')) doubtAgreement(this.#db);
      this.#log('journal of archives not written', { error: errorText(error), lines: this.#pending.length });
    }
  }

  #append(): void {
    const unwritable = this.#journal.append(this.#pending);
    this.#pending = [];
    tellUnwritable(this.#db, unwritable, Date.now(), this.#log);
  }
}

/** The row as the journal tells it. Whoever has many of one account looks it up once. */
export function recordOf(
  db: Db,
  row: Omit<ArchiveRow, 'place_id'>,
  account = accountOf(new AccountStore(db), row.account_id),
): ArchiveRecord {
  return {
    at: row.stored_at,
    event: 'stored',
    vault: row.vault,
    path: row.path,
    size: row.size,
    modifiedNs: row.modified_ns,
    archiveId: row.archive_id,
    treeHash: row.tree_hash,
    location: row.location,
    description: row.description,
    region: row.region,
    account,
    uploadId: null,
    toldBy: row.told_by,
  };
}

/** The account, or what is left of it. */
export function accountOf(accounts: AccountStore, id: AccountId): RecordedAccount {
  const account = accounts.get(id);
  return account ?? { id, name: null, source: null, endpointUrl: null };
}
