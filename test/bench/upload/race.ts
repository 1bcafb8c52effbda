import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GiB, SECOND } from '../../../shared/units.ts';
import { type Measured } from '../measured.ts';
import { startUploadSink } from '../sink/start.ts';
import type { Client } from './clients.ts';
import type { Contest } from './results.ts';

/** One upload as the sink and the system saw it, from the request that begins it to the one that completes it. */
export type Run = {
  megabytesPerSecond: number;
  /** Of the client with its children. */
  cpuSecondsPerGiB: number | null;
  sinkCpuSecondsPerGiB: number;
  peakMemory: number | null;
  /** How late the event loop of the main thread was, in milliseconds. */
  loop: { p99: number; max: number } | null;
};

/** A client gets this long for one upload. */
const PATIENCE_MS = 300 * SECOND;

/** Uploads a file once. Throws what the client said when it gives up. */
export async function upload(
  client: Client,
  { size, partSize, tls }: Contest,
  file: string,
  scratch: string,
): Promise<Run> {
  const folder = mkdtempSync(join(scratch, 'run-'));
  const watchFile = join(folder, 'loop.json');
  const sink = startUploadSink(tls);
  const { url } = await sink.line('url');
  const process = client.start({ url: String(url), file, partSize, folder }, watchFile);
  try {
    return await Promise.race([
      watch(process, sink, size, client.isWatched ? watchFile : null),
      givesUp(process, client),
    ]);
  } finally {
    await process.kill();
    await sink.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function watch(process: Measured, sink: Measured, size: number, watchFile: string | null): Promise<Run> {
  const begun = await sink.event('initiated');
  const cpuBefore = process.cpuSeconds();
  if (watchFile !== null) process.signal('SIGUSR2');
  sink.write('\n');
  const completed = await sink.event('completed');
  const cpuAfter = process.cpuSeconds();
  const peakMemory = process.peakMemory();
  if (completed['bytes'] !== size) throw new Error(`the sink got ${String(completed['bytes'])} of ${size} bytes`);
  const loop = watchFile === null ? null : await loopDelay(process, watchFile);
  sink.write('\n');
  await process.ended();
  if (process.exitCode !== 0) throw new Error(`it ended with ${String(process.exitCode)}: ${process.problems}`);
  const gib = size / GiB;
  return {
    megabytesPerSecond: size / 1e6 / (Number(completed['at']) - Number(begun['at'])),
    cpuSecondsPerGiB: cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / gib,
    sinkCpuSecondsPerGiB: (Number(completed['cpuSeconds']) - Number(begun['cpuSeconds'])) / gib,
    peakMemory,
    loop,
  };
}

async function loopDelay(process: Measured, watchFile: string): Promise<Run['loop']> {
  process.signal('SIGUSR2');
  for (let waited = 0; waited < 5 * SECOND && !existsSync(watchFile); waited += 10) await sleep(10);
  return existsSync(watchFile) ? (JSON.parse(readFileSync(watchFile, 'utf8')) as Run['loop']) : null;
}

async function givesUp(process: Measured, { name }: Client): Promise<never> {
  const patience = new AbortController();
  const timer = sleep(PATIENCE_MS, 'was too slow', { signal: patience.signal, ref: false });
  const ended = process.ended().then(async () => {
    // What came last at the sink may still be on its way to us.
    await sleep(1 * SECOND);
    return `ended: ${process.problems}`;
  });
  const why = await Promise.race([timer, ended]);
  throw new Error(`${name} ${why}`);
}
