import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { choreTitle, describeChore } from '../../shared/chore-words.ts';
import { explainInOneLine, printable } from '../../shared/failure.ts';
import { formatBytes } from '../../shared/units.ts';
import { describeDeadline, describeRetrieval } from '../../shared/retrieval-words.ts';
import { describeProgress } from '../../shared/words.ts';
import { startFailure } from '../app/start-failure.ts';
import { CatalogueStore } from '../store/catalogue.ts';
import { ChoreStore } from '../store/chores.ts';
import { type Db, errorCode, openForReading } from '../store/database.ts';
import { DATABASE_FILE } from '../store/records.ts';
import { RetrievalStore } from '../store/retrievals.ts';
import { UploadStore } from '../store/uploads.ts';
import type { Output } from './output.ts';

/** Lists the queue, also while another Firn works with the folder. */
export function showQueue(dataFolder: string, output: Output): Promise<void> {
  return reading(dataFolder, (db) => {
    const uploads = new UploadStore(db, new CatalogueStore(db)).list();
    for (const upload of uploads) {
      const status = describeProgress(upload, null, Date.now());
      const done = `${formatBytes(upload.uploadedBytes)} of ${formatBytes(upload.size)}`;
      output.event(
        { ...upload, status },
        `${upload.id}  ${printable(upload.path)} → ${upload.vault}\n  ${done}. ${status}`,
      );
    }
    if (uploads.length === 0 && !output.json) output.event({}, 'The queue is empty.');
  });
}

/** Lists the retrievals, also while another Firn works with the folder. */
export function showRetrievals(dataFolder: string, output: Output): Promise<void> {
  return reading(dataFolder, (db) => {
    const retrievals = new RetrievalStore(db).list();
    for (const retrieval of retrievals) {
      const status = describeRetrieval(retrieval, null, Date.now());
      const deadline = describeDeadline(retrieval, Date.now());
      const done = `${formatBytes(retrieval.receivedBytes)} of ${formatBytes(retrieval.size)}`;
      output.event(
        { ...retrieval, status },
        `${retrieval.id}  ${printable(retrieval.relativePath)} → ${printable(retrieval.folder)}\n  ${done}. ${status}${deadline ? `\n  ${deadline.words}.` : ''}`,
      );
    }
    if (retrievals.length === 0 && !output.json) output.event({}, 'Nothing is being retrieved.');
  });
}

/** Lists what is being deleted and emptied, also while another Firn works with the folder. */
export function showDeletions(dataFolder: string, output: Output): Promise<void> {
  return reading(dataFolder, (db) => {
    const chores = new ChoreStore(db).list();
    for (const chore of chores) {
      const status = describeChore(chore, Date.now());
      output.event({ ...chore, status }, `${chore.id}  ${choreTitle(chore)}\n  ${status}`);
    }
    if (chores.length === 0 && !output.json) output.event({}, 'Nothing is being deleted.');
  });
}

/** Lists the archives that match, newest first. */
export function showCatalogue(dataFolder: string, search: string, output: Output): Promise<void> {
  return reading(dataFolder, (db) => {
    let count = 0;
    for (const archive of new CatalogueStore(db).all(search)) {
      count += 1;
      const storedAt = new Date(archive.storedAt).toISOString();
      output.event(
        { ...archive, storedAt },
        `${storedAt}  ${formatBytes(archive.size)}  ${archive.vault}  ${printable(archive.path ?? archive.description)}\n  ${archive.archiveId}`,
      );
    }
    if (count === 0 && !output.json)
      output.event({}, search === '' ? 'The catalogue is empty.' : `Nothing found for "${search}".`);
  });
}

/** With a connection of its own that only reads. @throws NoData when the folder has no records, or damaged ones. */
export async function reading<T>(dataFolder: string, look: (db: Db) => T | Promise<T>): Promise<T> {
  const file = join(dataFolder, DATABASE_FILE);
  if (!existsSync(file)) {
    throw new NoData(`There is no queue and no catalogue in ${printable(dataFolder)}.`);
  }
  const db = orNoData(dataFolder, () => openForReading(file));
  try {
    return await look(db);
  } catch (error) {
    if (!errorCode(error).startsWith('SQLITE_')) throw error;
    throw noData(error, dataFolder);
  } finally {
    db.close();
  }
}

function orNoData<T>(dataFolder: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw noData(error, dataFolder);
  }
}

function noData(error: unknown, dataFolder: string): NoData {
  return new NoData(explainInOneLine(startFailure(error, dataFolder), 'request'), { cause: error });
}

export class NoData extends Error {
  override name = 'NoData';
}
