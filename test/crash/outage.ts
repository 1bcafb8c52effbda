import { setTimeout as wait } from 'node:timers/promises';
import type { SeededRandom } from './random.ts';
import type { VaultProcess } from './vault.ts';

const CHANCE = 0.08;

/** Now and then kills the vault for a moment; resolves when it runs again. */
export async function outage(vault: VaultProcess, random: SeededRandom): Promise<void> {
  if (!random.chance(CHANCE)) return;
  await wait(random.between(100, 1500));
  await vault.kill();
  await wait(random.between(10, 600));
  await vault.start();
}
