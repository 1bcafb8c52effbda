import { setTimeout } from 'node:timers/promises';

/** `late`: something did not come to its end, and is left as a crash would leave it, which the next start expects. */
export type Ending = { kind: 'closed' } | { kind: 'failed'; error: unknown } | { kind: 'late' };

/** Waits for the end of `close`, but not longer than `ms`: a dead network drive, or a thread that does not answer, may never end. */
export function closeWithin(close: () => Promise<void>, ms: number): Promise<Ending> {
  const closed = close().then(
    (): Ending => (isStuck() ? { kind: 'late' } : { kind: 'closed' }),
    (error: unknown): Ending => ({ kind: 'failed', error }),
  );
  return Promise.race([closed, setTimeout(ms, { kind: 'late' } as const, { ref: false })]);
}

/** A call to the file system that does not come back would hold up the end of the process, which waits for its threads. */
function isStuck(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}
