import { setTimeout } from 'node:timers/promises';

/** Longer than a virus scanner takes to look at a file. */
const PATIENCE_MS = 5000;
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 200;
const neverWoken = new Int32Array(new SharedArrayBuffer(4));

/**
 * Renames or removes, and does it again for some seconds while the system says that the file is in use, as graceful-fs
 * does: on Windows whatever has just been written is looked at by others. Holds up its thread meanwhile, so it is for the
 * moments of a start, of a recovery, and for threads of their own. `act` must be harmless to repeat after it failed.
 */
export function patiently(act: () => void): void {
  for (const wait of waits()) {
    try {
      act();
      return;
    } catch (error) {
      if (!isInUse(error) || wait === null) throw error;
      Atomics.wait(neverWoken, 0, 0, wait);
    }
  }
}

/** The same, without holding up the thread. */
export async function patientlyAsync<T>(act: () => Promise<T>): Promise<T> {
  for (const wait of waits()) {
    try {
      return await act();
    } catch (error) {
      if (!isInUse(error) || wait === null) throw error;
      await setTimeout(wait);
    }
  }
  throw new Error('Waiting has no end');
}

/** How long to wait after each failure, in milliseconds; null when it is time to give up. */
function* waits(): Generator<number | null> {
  const until = Date.now() + PATIENCE_MS;
  for (let wait = FIRST_WAIT_MS; Date.now() < until; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) yield wait;
  yield null;
}

/** Elsewhere than on Windows, EACCES and EPERM are about rights, which do not come by waiting. */
function isInUse(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return (
    code === 'EBUSY' || code === 'ETXTBSY' || (process.platform === 'win32' && (code === 'EACCES' || code === 'EPERM'))
  );
}
