import { parentPort } from 'node:worker_threads';
import type { FromHashThread, ToHashThread } from './hashing-thread.ts';
import { hashRange } from './read.ts';

// The entry of the thread that reads and hashes files for comparison. It ends with the process that started it.

const underWay = new Map<number, AbortController>();

parentPort?.on('message', (message: ToHashThread) => {
  if (message.type === 'stop') underWay.get(message.id)?.abort();
  else void answer(message);
});

async function answer({ id, path, range }: Extract<ToHashThread, { type: 'hash' }>): Promise<void> {
  const controller = new AbortController();
  underWay.set(id, controller);
  const hash = await hashRange(path, range, controller.signal).catch(() => null);
  underWay.delete(id);
  parentPort?.postMessage({ id, hash } satisfies FromHashThread);
}
