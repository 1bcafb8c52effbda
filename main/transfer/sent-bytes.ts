/** At most ten reports a second for each part. */
const INTERVAL_MS = 100;

/** Adds up bytes as they leave and reports them now and then; `flush` reports the rest. */
export function addUp(report: (bytes: number) => void): { add: (bytes: number) => void; flush: () => void } {
  let unreported = 0;
  let reportedAt = -Infinity;
  const flush = (): void => {
    if (unreported > 0) report(unreported);
    unreported = 0;
    reportedAt = performance.now();
  };
  const add = (bytes: number): void => {
    unreported += bytes;
    if (performance.now() - reportedAt >= INTERVAL_MS) flush();
  };
  return { add, flush };
}
