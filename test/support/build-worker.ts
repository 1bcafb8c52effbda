import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

/** Builds the worker that sends parts into a folder of its own, as the application's build does. `remove` deletes it. */
export async function buildPartWorker(): Promise<{ workerFile: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'firn-worker-'));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: 'main/transfer/worker.ts',
      outDir: folder,
      target: 'node20',
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'worker.mjs' } },
    },
  });
  return { workerFile: join(folder, 'worker.mjs'), remove: () => rm(folder, { recursive: true }) };
}
