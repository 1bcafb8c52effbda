import type { ArchiveJournal } from '../store/archive-journal.ts';
import type { ArchiveRecord } from '../store/archive-record.ts';
import { recordOf } from '../store/archive-recorder.ts';
import type { ArchiveRow, ArchiveWitness } from '../store/catalogue.ts';
import type { Log } from '../store/backup.ts';
import { type Db, errorMessage } from '../store/database.ts';
import { doubtAgreement } from '../store/journal-mark.ts';

/** Collects what a transaction changes, since syncing the journal for each of a million archives would take hours. */
export class JournalBatch implements ArchiveWitness {
  readonly #db: Db;
  readonly #journal: ArchiveJournal;
  readonly #log: Log;
  #records: ArchiveRecord[] = [];

  constructor(db: Db, journal: ArchiveJournal, log: Log) {
    this.#db = db;
    this.#journal = journal;
    this.#log = log;
  }

  stored(row: ArchiveRow): void {
    this.#records.push(recordOf(this.#db, row));
  }

  deleted(row: ArchiveRow, at: number): void {
    this.#records.push({ ...recordOf(this.#db, row), event: 'deleted', at });
  }

  /**
   * To be called at the end of each transaction, inside it. What cannot be written follows with the next comparison of
   * journal and catalogue.
   */
  write(): void {
    const records = this.#records;
    this.#records = [];
    if (records.length === 0) return;
    try {
      this.#journal.append(records);
    } catch (error) {
      doubtAgreement(this.#db);
      this.#log('journal of archives not written', { error: errorMessage(error), lines: records.length });
    }
  }
}
