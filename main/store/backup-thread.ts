import { parentPort, workerData } from 'node:worker_threads';
import { copyDatabase } from './backup-copy.ts';

/** The thread that makes one backup, so that neither copying nor checking holds up the application. */
const { from, to } = workerData as { from: string; to: string };
parentPort?.postMessage(await copyDatabase(from, to));
