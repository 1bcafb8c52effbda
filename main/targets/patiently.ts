import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../../shared/units.ts';
import { errorCode } from '../store/database.ts';

/** Virus scanners and indexers look at a new file for a moment, and keep it from being renamed or removed meanwhile. */
const PATIENCE_MS = 5 * SECOND;
const LONGEST_PAUSE_MS = SECOND / 10;

/** Codes of a file that somebody else has open. Windows says EPERM or EACCES, which elsewhere last. */
const inUse: ReadonlySet<string> = new Set(
  process.platform === 'win32' ? ['EBUSY', 'EACCES', 'EPERM'] : ['EBUSY', 'ETXTBSY'],
);

/** Tries again for some seconds what fails because the file is in use, as graceful-fs does; then throws the error. */
export async function patiently<T>(act: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const giveUpAt = Date.now() + patienceMs;
  for (let pauseMs = 10; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs + 10)) {
    try {
      return await act();
    } catch (error) {
      if (!inUse.has(errorCode(error)) || Date.now() > giveUpAt) throw error;
      await sleep(pauseMs);
    }
  }
}
