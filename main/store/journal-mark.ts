import type { ArchiveJournal } from './archive-journal.ts';
import type { Db } from './database.ts';

/** Up to this byte of the journal and this archive of the catalogue, the two agree. */
export type Agreement = { bytes: number; newestArchive: number };

/** Longer than the id at the end of each line, so that no other journal ends alike. */
const ENDING_LENGTH = 64;
const nothing: Agreement = { bytes: 0, newestArchive: 0 };

/** What was found to agree when it was compared last; nothing when the journal is not the one of then, or in doubt. */
export function agreement(db: Db, journal: ArchiveJournal): Agreement {
  const mark = db
    .prepare<[], Agreement & { ending: Buffer }>(
      'SELECT bytes, ending, newest_archive AS newestArchive FROM journal_mark',
    )
    .get();
  if (!mark || journal.size() < mark.bytes) return nothing;
  return journal.before(mark.bytes, ENDING_LENGTH).equals(mark.ending) ? mark : nothing;
}

/** The journal and the catalogue agree as they are now. */
export function markAgreement(db: Db, journal: ArchiveJournal): void {
  const bytes = journal.size();
  db.prepare(
    `INSERT OR REPLACE INTO journal_mark (only, bytes, ending, newest_archive)
     VALUES (1, ?, ?, (SELECT coalesce(max(id), 0) FROM catalogue))`,
  ).run(bytes, journal.before(bytes, ENDING_LENGTH));
}

/** The two are to be compared from the beginning at the next start. */
export function doubtAgreement(db: Db): void {
  db.prepare('DELETE FROM journal_mark').run();
}
