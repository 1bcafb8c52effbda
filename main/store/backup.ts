import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { errorText } from '../../shared/error-text.ts';
import type { CopyDatabase, CopyOutcome } from './backup-copy.ts';
import { backupName, listBackups, listPartial, superseded } from './backup-files.ts';
import { removeDatabase } from './durable-files.ts';
import { makePrivateFolder } from '../files/private.ts';

export type Log = (message: string, details: Record<string, unknown>) => void;

/**
 * Adds a backup of `file` to `folder`, and deletes those that are no longer needed once it counts. When it fails, the log
 * tells, and all that was there is still there.
 */
export async function makeBackup(
  {
    file,
    folder,
    at,
    beforeMigrationOf,
  }: { file: string; folder: string; at: number; beforeMigrationOf: number | null },
  copy: CopyDatabase,
  log: Log,
): Promise<CopyOutcome> {
  try {
    makePrivateFolder(folder);
    for (const partial of listPartial(folder)) removeDatabase(partial);
    const number = (listBackups(folder)[0]?.number ?? 0) + 1;
    const outcome = await copy(file, join(folder, backupName({ number, at, beforeMigrationOf })));
    if (outcome.kind === 'copied') for (const old of superseded(listBackups(folder))) removeDatabase(old.file);
    else log('backup failed', { file, reason: outcome.kind, detail: outcome.detail });
    return outcome;
  } catch (error) {
    log('backup failed', { file, reason: 'failed', detail: errorText(error) });
    return { kind: 'failed', detail: errorText(error) };
  }
}

/** Copies in a thread of its own; `threadFile` is the built `backup-thread.ts`. */
export function copyInThread(threadFile: string): CopyDatabase {
  return async (from, to) => {
    try {
      const worker = new Worker(threadFile, { workerData: { from, to } });
      const ended = once(worker, 'exit').then(() => [{ kind: 'failed', detail: 'the thread ended early' }]);
      const [outcome] = (await Promise.race([once(worker, 'message'), ended])) as [CopyOutcome];
      return outcome;
    } catch (error) {
      return { kind: 'failed', detail: errorText(error) };
    }
  };
}
