import { setImmediate as turnOfTheLoop, setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../../shared/units.ts';

/** What has not come to its end by then is left as after a crash. */
export const CLOSING_LIMIT_MS = 10 * SECOND;

/** `late`: something did not come to its end, and is left as a crash would leave it, which the next start expects. */
export type Ending = { kind: 'closed' } | { kind: 'failed'; error: unknown } | { kind: 'late' };

/**
 * Waits for the end of `close`, but not longer than `ms`: a dead network drive, or a thread that does not answer, may never end.
 * Keeps the process alive meanwhile. After `late` only a signal ends it: anything gentler waits for the very threads that do not
 * come back.
 */
export async function closeWithin(close: () => Promise<void>, ms = CLOSING_LIMIT_MS): Promise<Ending> {
  const waiting = new AbortController();
  const closed = close()
    .then(() => fileSystemAnswers(waiting.signal))
    .then(
      (): Ending => ({ kind: 'closed' }),
      (error: unknown): Ending => ({ kind: 'failed', error }),
    );
  const late = sleep(ms, { kind: 'late' } as const, { signal: waiting.signal });
  late.catch(() => undefined);
  return Promise.race([closed, late]).finally(() => {
    waiting.abort();
  });
}

/** Short enough that nobody notices, long enough to cost nothing. */
const LOOK_MS = 5;

/**
 * Resolves when no call to the file system is under way any more: the end of the process waits for the threads that make them.
 * Node counts a call until the turn of the loop is over in which it was answered.
 */
async function fileSystemAnswers(signal: AbortSignal): Promise<void> {
  await turnOfTheLoop();
  while (isAskingFileSystem() && !signal.aborted) await sleep(LOOK_MS);
}

function isAskingFileSystem(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}
