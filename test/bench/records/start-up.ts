import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { launchFirn } from '../../support/electron-app.ts';

/**
 * Starts the real application on a data folder. Milliseconds from there until its window can be used: until the first row of
 * the queue stands in it, or the first choice of somebody who has nothing yet. Waits for a backup at most `patienceMs`.
 */
export async function usableAfter(
  dataFolder: string,
  expected: 'a queue' | 'nothing',
  patienceMs: number,
): Promise<number> {
  const startedAt = performance.now();
  const app = await launchFirn({ dataFolder });
  try {
    const page = await app.firstWindow();
    await firstThing(page, expected).waitFor({ state: 'visible' });
    const ms = performance.now() - startedAt;
    for (let waited = 0; waited < patienceMs && !hasBackup(dataFolder); waited += 100) await sleep(100);
    return ms;
  } finally {
    await app.close();
  }
}

function firstThing(page: Page, expected: 'a queue' | 'nothing') {
  return expected === 'nothing'
    ? page.getByRole('button', { name: 'Try the practice vault' })
    : page.getByRole('grid', { name: 'Uploads' }).getByRole('row').nth(1);
}

function hasBackup(dataFolder: string): boolean {
  const folder = join(dataFolder, 'backups');
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.db'));
}
