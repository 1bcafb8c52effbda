import { join } from 'node:path';
import { errorTrace } from '../../shared/error-text.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { startFailure } from './start-failure.ts';
import { buildApp } from './build-app.ts';
import { systemClock } from './clock.ts';
import { makePrivateFolder } from '../files/private.ts';
import { copyInThread } from '../store/backup.ts';
import { lockFolder } from '../store/lock.ts';
import { openRecords } from '../store/records.ts';
import { tightenDataFolder } from '../store/tighten.ts';
import type { App, OpenOptions } from './app.ts';

/**
 * Builds the whole application without Electron. Nothing runs before `engine.runner.start()`. A damaged database is
 * replaced by its newest backup, and a notice tells so. Never throws: fails with `data-folder-busy`, `data-folder-unusable` or
 * `database-newer`, and then nothing was changed, with `database-damaged` when it could not be replaced, or with `unexpected`.
 */
export async function openApp(options: OpenOptions): Promise<Result<App>> {
  const { dataFolder: folder, codeFolder, log, clock = systemClock } = options;
  let unlock = (): void => undefined;
  try {
    makePrivateFolder(folder);
    tightenDataFolder(folder);
    const lock = lockFolder(folder);
    if (!lock) return fail({ kind: 'data-folder-busy', folder });
    unlock = lock.release;
    const copy = copyInThread(join(codeFolder, 'backup-thread.js'));
    return ok(await buildApp(await openRecords({ folder, clock, log, copy }), unlock, options));
  } catch (error) {
    unlock();
    const failure = startFailure(error, folder);
    if (failure.kind === 'unexpected') log('start failed', { error: errorTrace(error) });
    return fail(failure);
  }
}
