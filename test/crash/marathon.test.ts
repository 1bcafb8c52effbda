import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { runMarathon } from './marathon.ts';
import { inWords } from './report.ts';

/** Below the project, because the programs that are killed find their native library from there. */
function folderThatIsKeptOnFailure(): string {
  const parent = fileURLToPath(new URL('../../.local/crash', import.meta.url));
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'test-'));
  onTestFinished(({ task }) => {
    if (task.result?.state === 'pass') rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

// Windows has neither such names nor signals.
test.skipIf(process.platform === 'win32')(
  'an upload that is killed again and again ends with each file in the vault once, and in the catalogue',
  async () => {
    const seed = process.env['FIRN_SEED'] ?? String(Math.floor(Math.random() * 1e9));
    const kills = Number(process.env['FIRN_KILLS'] ?? 24);
    console.log(`seed ${seed}; FIRN_SEED repeats it`);
    const folder = folderThatIsKeptOnFailure();
    const startedAt = Date.now();
    const report = await runMarathon({ folder, seed, kills, archives: 8, electron: false, say: () => undefined });
    expect(report.violations, `${inWords(report, Date.now() - startedAt)}\nseed ${seed}, ${folder}`).toEqual([]);
    expect(report.kills).toBeGreaterThanOrEqual(kills);
    expect(report.hits.size - report.missed.length, 'kills at named points').toBeGreaterThan(kills / 3);
  },
  240_000,
);
