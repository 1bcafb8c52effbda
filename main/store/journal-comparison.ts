import { AccountStore } from './accounts.ts';
import type { ArchiveJournal } from './archive-journal.ts';
import type { ArchiveRecord } from './archive-record.ts';
import { accountOf, recordOf } from './archive-recorder.ts';
import type { ArchiveRow } from './archive-row.ts';
import { type Rebuilt, rebuildCatalogue } from './catalogue-rebuild.ts';
import type { Db } from './database.ts';
import { agreement, markAgreement } from './journal-mark.ts';
import type { Unwritable } from './unwritable.ts';

export type Comparison = Rebuilt & {
  /** Archives that the journal lacked. */
  written: number;
  /** Of those, the ones that no line can tell. */
  unwritable: Unwritable[];
  /** Lines that could not be read. */
  unreadable: number;
};

const BATCH = 1000;

/**
 * Makes the journal of archives and the catalogue agree: what a crash or a full disk left in one of them alone is added
 * to the other. Reads only what was written since they agreed last, or all of both when that is in doubt. Does nothing
 * harmful when it is interrupted or done again.
 * @throws when the journal cannot be read or written; what was added to the catalogue stays.
 */
export async function compareWithJournal(db: Db, journal: ArchiveJournal): Promise<Comparison> {
  const agreed = agreement(db, journal);
  db.exec(
    `CREATE TEMP TABLE told (account_id TEXT, vault TEXT, archive_id TEXT, PRIMARY KEY (account_id, vault, archive_id)) WITHOUT ROWID`,
  );
  try {
    const reading = new Reading(db);
    const rebuilt = await rebuildCatalogue(db, reading.noting(journal.records(agreed.bytes)));
    const { written, unwritable } = writeMissing(db, journal, agreed.newestArchive);
    markAgreement(db, journal);
    return { ...rebuilt, written, unwritable, unreadable: reading.unreadable };
  } finally {
    db.exec('DROP TABLE told');
  }
}

/** Passes readable lines on, and notes which archives they tell of; in SQLite, since there may be millions. */
class Reading {
  unreadable = 0;
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  *noting(records: Iterable<ArchiveRecord | null>): Generator<ArchiveRecord> {
    const note = this.#db.prepare('INSERT OR IGNORE INTO told VALUES (?, ?, ?)');
    for (const record of records) {
      if (record === null) this.unreadable += 1;
      else {
        note.run(record.account.id, record.vault, record.archiveId);
        yield record;
      }
    }
  }
}

/** Rows go out as they come, so that a journal that was lost is written anew without holding all of them. */
function writeMissing(
  db: Db,
  journal: ArchiveJournal,
  newestAgreed: number,
): Pick<Comparison, 'written' | 'unwritable'> {
  const rows = db
    .prepare<[number], ArchiveRow>(
      `SELECT archive.* FROM archive LEFT JOIN told USING (account_id, vault, archive_id)
       WHERE id > ? AND told.archive_id IS NULL ORDER BY id`,
    )
    .iterate(newestAgreed);
  const accounts = new AccountStore(db);
  const unwritable: Unwritable[] = [];
  let written = 0;
  let batch: ArchiveRecord[] = [];
  for (const row of rows) {
    written += 1;
    if (batch.push(recordOf(db, row, accountOf(accounts, row.account_id))) < BATCH) continue;
    unwritable.push(...journal.append(batch));
    batch = [];
  }
  if (batch.length > 0 || !journal.exists()) unwritable.push(...journal.append(batch));
  return { written, unwritable };
}
