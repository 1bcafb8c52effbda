import { parentPort, workerData } from 'node:worker_threads';
import { PRACTICE_RULES_FAST } from './rules.ts';
import { startPracticeService } from './server.ts';

/** The practice vault in a thread of its own, so that its hashing never holds up the application. */
const { folder } = workerData as { folder: string };
const vault = await startPracticeService({ folder, rules: PRACTICE_RULES_FAST });

parentPort?.on('message', (message: unknown) => {
  if (message === 'close') void vault.close().then(() => parentPort?.close());
});
parentPort?.postMessage({ url: vault.url });
