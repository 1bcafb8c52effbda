import { join } from 'node:path';
import { CatalogueStore } from '../../main/store/catalogue.ts';
import { type Db, openForReading } from '../../main/store/database.ts';
import { DATABASE_FILE } from '../../main/store/records.ts';
import { retrievalKind } from '../../main/retrievals/retrieval-kind.ts';
import { RetrievalStore } from '../../main/store/retrievals.ts';
import { TaskStore } from '../../main/store/tasks/task-store.ts';
import type { Archive } from '../../shared/archive.ts';
import { SHORTENED, readDescription } from '../../shared/description.ts';
import type { RetrievalView } from '../../shared/retrieval.ts';

/** What the catalogue of a data folder says, by path, also while Firn works with it. */
export function catalogueIn(dataFolder: string): Archive[] {
  const archives = looking(dataFolder, (db) => [...new CatalogueStore(db).all('')]);
  return archives.sort(byPath);
}

/** The archives of a catalogue as they must stand in it after a rebuild: a description tells no more. */
export function afterRebuild(archives: readonly Archive[]): ReturnType<typeof remembered>[] {
  return archives
    .map((archive) => {
      const path = readDescription(archive.description)?.path ?? null;
      return { ...remembered(archive), ...(isShortened(path) && { path }), modifiedAt: toSeconds(archive.modifiedAt) };
    })
    .sort(byPath);
}

/** What a rebuild brings back of an archive. */
export function remembered({ vault, region, archiveId, location, path, size, modifiedAt, treeHash }: Archive) {
  return { vault, region, archiveId, location, path, size, modifiedAt, treeHash };
}

export type FoundRetrieval = RetrievalView & {
  /** What is verified, as the ledger of a practice vault names it: `JOB bytes=0-1048575`. */
  verified: string[];
};

export function retrievalsIn(dataFolder: string): FoundRetrieval[] {
  return looking(dataFolder, (db) => {
    const store = new RetrievalStore(db, new TaskStore(db, [retrievalKind]));
    return store.list().map((view) => {
      const events = store.events(view.id, 1000);
      const jobId = events.flatMap((event) => (event.kind === 'requested' ? [event.jobId] : [])).at(-1) ?? '';
      return { ...view, verified: store.ranges(view.id).map(({ first, last }) => `${jobId} bytes=${first}-${last}`) };
    });
  });
}

/** Firn's descriptions of paths that are too long for them. */
function isShortened(path: string | null): boolean {
  return path?.startsWith(SHORTENED) ?? false;
}

function toSeconds(ms: number | null): number | null {
  return ms === null ? null : Math.floor(ms / 1000) * 1000;
}

function byPath(a: Pick<Archive, 'path'>, b: Pick<Archive, 'path'>): number {
  return (a.path ?? '') < (b.path ?? '') ? -1 : 1;
}

function looking<T>(dataFolder: string, look: (db: Db) => T): T {
  const db = openForReading(join(dataFolder, DATABASE_FILE));
  try {
    return look(db);
  } finally {
    db.close();
  }
}
