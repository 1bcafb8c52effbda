import { expect, test } from 'vitest';
import { folderThatIsKeptOnFailure } from './kept-folder.ts';
import { runMarathon } from './marathon.ts';
import { inWords } from './report.ts';

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
