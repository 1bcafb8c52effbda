import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { MiB } from '../../../shared/units.ts';
import { PartHasher, TreeHasher } from '../../../main/core/tree-hash.ts';
import { fastestHashers } from '../../../main/transfer/part-hashers.ts';

// A program: hashes parts of 16 MiB again and again, with some threads at the same time, and prints bytes per second of all
// together as a line of JSON.
//   rate.mjs tree|both|both-in-javascript THREADS MILLISECONDS ADDON

type Task = { what: string; ms: number; addon: string };
type Done = { bytes: number; seconds: number };

const PART = 16 * MiB;
const STEP = 1 * MiB;

function hashFor({ what, ms, addon }: Task): Done {
  const bytes = new Uint8Array(new WebAssembly.Memory({ initial: PART / (64 * 1024) }).buffer).fill(1);
  const newHasher = {
    tree: () => new TreeHasher(),
    both: fastestHashers(addon),
    'both-in-javascript': () => new PartHasher(),
  }[what];
  if (newHasher === undefined) throw new Error(`nothing is called ${what}`);
  const part = (): void => {
    const hasher = newHasher();
    for (let at = 0; at < PART; at += STEP) hasher.update(bytes.subarray(at, at + STEP));
    hasher.digest();
  };
  // Compiled, and in the caches.
  for (let warm = 0; warm < 3; warm += 1) part();
  const startedAt = performance.now();
  let parts = 0;
  for (; performance.now() - startedAt < ms; parts += 1) part();
  return { bytes: parts * PART, seconds: (performance.now() - startedAt) / 1000 };
}

if (isMainThread) {
  const [what = '', threads = '1', ms = '1000', addon = ''] = process.argv.slice(2);
  const workers = Array.from(
    { length: Number(threads) },
    () => new Worker(new URL(import.meta.url), { workerData: { what, ms: Number(ms), addon } }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const done = workers.map((worker) => once(worker, 'message') as Promise<[Done]>);
  for (const worker of workers) worker.postMessage('go');
  const rates = (await Promise.all(done)).map(([{ bytes, seconds }]) => bytes / seconds);
  console.log(JSON.stringify({ bytesPerSecond: rates.reduce((sum, rate) => sum + rate, 0) }));
} else {
  parentPort?.once('message', () => parentPort?.postMessage(hashFor(workerData as Task)));
  parentPort?.postMessage('ready');
}
