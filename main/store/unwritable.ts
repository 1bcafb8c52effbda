import type { ArchiveRecord } from './archive-record.ts';
import type { Log } from './backup.ts';
import type { Db } from './database.ts';
import { NoticeStore } from './notices.ts';

/** A record that no line of the journal can tell, and why. */
export type Unwritable = { record: ArchiveRecord; reason: string };

/** Says that archives stay out of the journal: one that cannot be written must not keep out those that can. */
export function tellUnwritable(db: Db, unwritable: readonly Unwritable[], now: number, log: Log): void {
  const [first] = unwritable;
  if (!first) return;
  const { path, archiveId } = first.record;
  log('archives left out of the journal', { archives: unwritable.length, path, archiveId, reason: first.reason });
  new NoticeStore(db).add({ kind: 'archives-unwritten', archives: unwritable.length, first: path ?? archiveId }, now);
}
