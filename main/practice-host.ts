import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { PRACTICE_RULES_FAST } from './practice/rules.ts';

export type PracticeHost = { url: string; inventoryLagMs: number; close(): Promise<void> };

/** Starts the practice vault, whose archives live in `folder`, beside the application. */
export async function hostPracticeVault(folder: string, threadFile: string): Promise<PracticeHost> {
  const worker = new Worker(threadFile, { workerData: { folder } });
  const [ready] = (await Promise.race([once(worker, 'message'), failure(worker)])) as [{ url: string }];
  return {
    url: ready.url,
    inventoryLagMs: PRACTICE_RULES_FAST.inventoryLagMs + PRACTICE_RULES_FAST.inventoryJobMs,
    async close() {
      const exited = once(worker, 'exit');
      worker.postMessage('close');
      await exited;
    },
  };
}

async function failure(worker: Worker): Promise<never> {
  const [error] = (await once(worker, 'error')) as [Error];
  throw error;
}
