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
  const closed = close().then(
    async (): Promise<Ending> => {
      // The last answer of the file system may have led here at once; until the next turn it counts as still asked for.
      await new Promise((resolve) => setImmediate(resolve));
      return isStuck() ? { kind: 'late' } : { kind: 'closed' };
    },
    (error: unknown): Ending => ({ kind: 'failed', error }),
  );
  let stopWaiting: () => void = () => undefined;
  const late = new Promise<Ending>((resolve) => {
    const timer = setTimeout(resolve, ms, { kind: 'late' });
    stopWaiting = () => {
      clearTimeout(timer);
    };
  });
  return Promise.race([closed, late]).finally(stopWaiting);
}

/** A call to the file system that does not come back would hold up the end of the process, which waits for its threads. */
function isStuck(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}
