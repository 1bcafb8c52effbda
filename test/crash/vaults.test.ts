import { expect, test } from 'vitest';
import { folderThatIsKeptOnFailure } from './kept-folder.ts';
import { vaultsInWords } from './report.ts';
import { runVaults } from './vaults/marathon.ts';

const seed = process.env['FIRN_SEED'] ?? String(Math.floor(Math.random() * 1e9));
const kills = Number(process.env['FIRN_KILLS'] ?? 12);

// Windows has neither such names nor signals.
test.skipIf(process.platform === 'win32')(
  `inventories and emptyings that are killed again and again end as if nothing had been (FIRN_SEED=${seed})`,
  async () => {
    const folder = folderThatIsKeptOnFailure();
    const startedAt = Date.now();
    const options = { folder, seed, kills, vaults: 2, isShort: true, say: () => undefined };
    const report = await runVaults(options);
    expect(report.violations, `${vaultsInWords(report, Date.now() - startedAt)}\n${folder}`).toEqual([]);
    expect(report.kills).toBeGreaterThanOrEqual(kills);
    expect(report.vaults).toBe(2);
    expect(report.hits.size - report.missed.length, 'kills at named points').toBeGreaterThan(kills / 3);
  },
  240_000,
);
