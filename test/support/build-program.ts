import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { onTestFinished } from 'vitest';

/** Where what is built finds the project's native modules. */
const local = fileURLToPath(new URL('../../.local/', import.meta.url));

/** Builds a program of this folder, to be run, and killed, as a process of its own. Its path; gone after the test. */
export async function buildProgram(name: string): Promise<string> {
  mkdirSync(local, { recursive: true });
  const folder = mkdtempSync(join(local, 'program-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: `test/support/${name}.ts`,
      outDir: folder,
      target: 'node20',
      rolldownOptions: { external: ['better-sqlite3'], output: { entryFileNames: 'program.mjs' } },
    },
    ssr: { noExternal: true },
  });
  return join(folder, 'program.mjs');
}
