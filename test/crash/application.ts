import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PRACTICE_PROGRAM } from '../support/practice-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The built programs, copied, so that a long run does not notice when the project is built again. */
export type Application = { folder: string; cli: string; practice: string; killPoints: string };

/** `folder` has to be below the project, where the native library is found. */
export function copyApplication(folder: string): Application {
  mkdirSync(folder, { recursive: true });
  copyBuilt(join(folder, 'out'));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, main: 'armed.mjs' }));
  const practice = join(folder, 'practice.mjs');
  copyFileSync(join(root, PRACTICE_PROGRAM), practice);
  const killPoints = join(folder, 'kill-points.mjs');
  copyFileSync(new URL('./kill-points.mjs', import.meta.url), killPoints);
  // Electron has no `--import` for its main process.
  writeFileSync(join(folder, 'armed.mjs'), `import './kill-points.mjs';\nimport './out/main/index.js';\n`);
  const built = (name: string): string => join(folder, 'out', 'main', name);
  return { folder, cli: built('cli.js'), practice, killPoints };
}

/** Copies what one build made, also while another one is being made. */
function copyBuilt(target: string): void {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const before = stamp();
    if (before !== null) {
      rmSync(target, { recursive: true, force: true });
      cpSync(join(root, 'out'), target, { recursive: true });
      if (stamp() === before) return;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  }
  throw new Error('Nothing is built. "npm run build" does it.');
}

/** Which build is in out/; null while there is none. */
function stamp(): string | null {
  const file = join(root, 'out', 'inputs.sha256');
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
