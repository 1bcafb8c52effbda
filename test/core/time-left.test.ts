import { expect, test } from 'vitest';
import { Live } from '../../main/core/live.ts';
import { lookAtUploads } from '../../main/app/ticker.ts';
import { KiB, MiB, SECOND } from '../../shared/units.ts';
import type { UploadId } from '../../shared/upload.ts';

const TICK_MS = 250;
/** As the store would, but for what the ticker does not ask. */
type Row = { size: number; uploadedBytes: number; isDone: boolean };

/** Uploads at a line that takes `msPerFile` for each file and moves so many bytes in each second; `parallel` at once. */
function uploading(
  sizes: readonly number[],
  { msPerFile, bytesPerSecond, parallel }: Record<'msPerFile' | 'bytesPerSecond' | 'parallel', number>,
) {
  const rows: Row[] = sizes.map((size) => ({ size, uploadedBytes: 0, isDone: false }));
  const live = new Live<UploadId>();
  const running = new Map<number, { endsAt: number }>();
  const lanes = bytesPerSecond / parallel;
  let next = 0;
  const step = (now: number): void => {
    for (const [index, { endsAt }] of running) {
      const row = rows[index];
      if (!row || endsAt > now) continue;
      live.moved(String(index) as UploadId, 0, row.size);
      live.partEnded(String(index) as UploadId, 0);
      Object.assign(row, { uploadedBytes: row.size, isDone: true });
      live.end(String(index) as UploadId, true);
      running.delete(index);
    }
    for (; running.size < parallel && next < rows.length; next += 1) {
      running.set(next, { endsAt: now + msPerFile + ((rows[next]?.size ?? 0) / lanes) * SECOND });
      live.begin(String(next) as UploadId);
    }
  };
  const store = {
    get: (id: UploadId) => rows[Number(id)] as never,
    left: () => {
      const left = rows.filter(({ isDone }) => !isDone);
      return { files: left.length, bytes: left.reduce((sum, { size }) => sum + size, 0) };
    },
  };
  const look = (now: number) =>
    lookAtUploads({ live, parallelism: { isLowered: () => false } as never }, store, { now: () => now }).progress;
  return { step, look, isOver: () => rows.every(({ isDone }) => isDone) };
}

/** What is shown ten seconds after the start, and how long it really takes from then on. */
function afterTenSeconds(sizes: readonly number[], line: Parameters<typeof uploading>[1]) {
  const { step, look, isOver } = uploading(sizes, line);
  let shown: number | null = null;
  for (let now = 0; ; now += 50) {
    step(now);
    if (isOver()) return { shown: shown ?? Number.NaN, truth: now - 10 * SECOND };
    if (now % TICK_MS !== 0) continue;
    const { remainingMs } = look(now);
    if (now === 10 * SECOND) shown = remainingMs;
  }
}

test.each([
  [
    '2,000 files of 100 KB, which wait for answers most of the time',
    Array<number>(2000).fill(100 * KiB),
    { msPerFile: 240, bytesPerSecond: 40 * MiB, parallel: 3 },
  ],
  [
    '2,000 files of 1 to 50 KB',
    Array.from({ length: 2000 }, (_, n) => (1 + ((n * 7919) % 50)) * KiB),
    { msPerFile: 90, bytesPerSecond: 5 * MiB, parallel: 3 },
  ],
  [
    '1,500 files that the line itself takes its time for',
    Array<number>(1500).fill(MiB),
    { msPerFile: 20, bytesPerSecond: 8 * MiB, parallel: 3 },
  ],
])('the time left of %s is right within 30 per cent after ten seconds', (_, sizes, line) => {
  const { shown, truth } = afterTenSeconds(sizes, line);
  expect(Math.abs(shown - truth) / truth).toBeLessThan(0.3);
});
