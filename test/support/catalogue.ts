import { everyArchive } from '../../shared/archive.ts';
import { join } from 'node:path';
import { CatalogueStore, type NewArchiveRow } from '../../main/store/catalogue.ts';
import type { ArchiveRow } from '../../main/store/archive-row.ts';
import { ArchiveJournal, JOURNAL_FILE } from '../../main/store/archive-journal.ts';
import { ArchiveRecorder } from '../../main/store/archive-recorder.ts';
import type { Db } from '../../main/store/database.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import { account, hash, openStores } from './store.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** All archives there are. */
export const everything = { kind: 'matching', ...everyArchive, except: [] } as const;

/** A catalogue with a journal in a folder of its own. */
export function openCatalogue() {
  const folder = temporaryFolder();
  const stores = openStores();
  const journal = new ArchiveJournal(join(folder, JOURNAL_FILE));
  const log: string[] = [];
  const recorder = new ArchiveRecorder(stores.db, journal, true, (message) => log.push(message));
  return { ...stores, folder, journal, recorder, log };
}

/** An archive ID as Glacier makes them: of this length, and perhaps with a minus in front. */
export function archiveId(name: string): ArchiveId {
  return name.padEnd(138, 'x') as ArchiveId;
}

export function archiveRow(changes: Partial<ArchiveRow> = {}): NewArchiveRow {
  const id = archiveId('a');
  return {
    account_id: account.id,
    region: account.region,
    vault: 'photos',
    archive_id: id,
    location: `/123456789012/vaults/photos/archives/${changes.archive_id ?? id}`,
    path: '/photos/a.raw',
    size: 5,
    modified_ns: '1700000000123456789',
    tree_hash: hash('b'),
    description: 'a.raw',
    stored_at: 1_700_000_100_000,
    told_by: 'import',
    ...changes,
  };
}

export function rowsOf(db: Db): ArchiveRow[] {
  return [...new CatalogueStore(db).rows(everyArchive)];
}
