import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { Pace } from '../../main/transfer/pace.ts';
import { KiB, MiB } from '../../shared/units.ts';

/** Time that passes only by sleeping, and oversleeping as real timers do. */
function virtualTime() {
  let now = 1_000_000_000n;
  const sleepers: { at: bigint; wake: () => void }[] = [];
  const late = [0, 3, 11, 1, 20, 7];
  let turn = 0;
  return {
    now: () => now,
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        const oversleptMs = late[turn++ % late.length] ?? 0;
        sleepers.push({ at: now + BigInt(Math.round((ms + oversleptMs) * 1e6)), wake });
      }),
    /** Lets time pass until `end`, waking each sleeper at its moment. */
    async passUntil(end: bigint): Promise<void> {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        sleepers.sort((one, other) => Number(one.at - other.at));
        const next = sleepers.shift();
        if (!next || next.at > end) return;
        now = next.at > now ? next.at : now;
        next.wake();
      }
    },
  };
}

test.each([64 * KiB, 1 * MiB, 20 * MiB])('%d bytes per second are kept within 5 percent over 10 s', async (rate) => {
  const time = virtualTime();
  const pace = new Pace(Pace.newMemory(), time);
  pace.setRate(rate);
  const start = time.now();
  let bytes = 0;
  const send = async (): Promise<never> => {
    for (;;) {
      const slice = pace.sliceSize() ?? 0;
      await pace.wait(slice);
      bytes += slice;
    }
  };
  for (let sender = 0; sender < 4; sender += 1) void send();
  await time.passUntil(start + 10n * 1_000_000_000n);
  expect(bytes).toBeGreaterThan(10 * rate * 0.95);
  expect(bytes).toBeLessThan(10 * rate * 1.05);
});

test('without a limit nothing waits, and slices may have any size', async () => {
  const never = { now: () => 0n, sleep: () => Promise.reject(new Error('it slept')) };
  const pace = new Pace(Pace.newMemory(), never);
  for (let n = 0; n < 1000; n += 1) await pace.wait(1 * MiB);
  expect(pace.sliceSize()).toBeNull();
});

test('threads share one limit, and a limit that is lifted lets everything go', async () => {
  const memory = Pace.newMemory();
  const pace = new Pace(memory);
  pace.setRate(100);
  const waiting = pace.wait(10).then(() => pace.wait(10));
  pace.setRate(null);
  await waiting;
  const other = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads');
     const cells = new BigInt64Array(workerData);
     parentPort.postMessage(Number(Atomics.load(cells, 0)));`,
    { eval: true, workerData: memory },
  );
  pace.setRate(12_345);
  const seen = await new Promise((resolve) => other.once('message', resolve));
  expect(seen).toBe(12_345);
  await other.terminate();
});
