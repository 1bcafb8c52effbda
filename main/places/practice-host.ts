import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { VaultTimes } from '../glacier/ports/vault-times.ts';
import { PRACTICE_TIMES } from './traits.ts';

export type PracticeHost = {
  url: string;
  times: VaultTimes;
  /** Never waits for long, also when the thread has ended by itself or does not answer. */
  close(): Promise<void>;
};

/** The change that is under way becomes durable within that time, or is made undone at the next start. */
const CLOSING_MS = 3000;

/**
 * Starts the practice vault, whose archives live in `folder`, beside the application. `onEnd` is told when it ends by itself
 * later. @throws when it does not start.
 */
export async function hostPracticeVault(
  folder: string,
  threadFile: string,
  onEnd: (error: Error) => void,
): Promise<PracticeHost> {
  const worker = new Worker(threadFile, { workerData: { folder } });
  let problem = new Error('its thread ended');
  worker.on('error', (error: Error) => (problem = error));
  const ended = new Promise<null>((resolve) => {
    worker.once('exit', () => {
      resolve(null);
    });
  });
  const ready = await Promise.race([ended, once(worker, 'message') as Promise<[{ url: string }]>]);
  if (ready === null) throw problem;
  let isClosing = false;
  void ended.then(() => {
    if (!isClosing) onEnd(problem);
  });
  return {
    url: ready[0].url,
    times: PRACTICE_TIMES,
    async close() {
      isClosing = true;
      worker.postMessage('close');
      await Promise.race([ended, setTimeout(CLOSING_MS, null, { ref: false })]);
      void worker.terminate();
    },
  };
}
