import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { launchFirn } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';

test('Firn backs its records up by itself, and goes back to them when they are damaged', async ({}, info) => {
  const dataFolder = info.outputPath('data');
  const files = (folder: string): string[] => {
    try {
      return readdirSync(join(dataFolder, folder)).filter((name) => name.endsWith('.db'));
    } catch {
      return [];
    }
  };
  const first = await launchFirn({ dataFolder });
  await (await FirnWindow.of(first)).tryPracticeVault();
  await first.close();

  const second = await launchFirn({ dataFolder });
  await expect.poll(() => files('backups')).toHaveLength(1);
  await second.close();

  writeFileSync(join(dataFolder, 'firn.db'), 'This was a database once.');
  const third = await launchFirn({ dataFolder });
  const window = await FirnWindow.of(third);
  const told = window.page.getByRole('alert').filter({ hasText: 'went back to its backup' });
  await expect(told).toContainText('The damaged file is kept');
  await expect(window.page.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();
  expect(files('.').filter((name) => name.startsWith('firn.damaged-'))).toHaveLength(1);
  await told.getByRole('button', { name: 'Dismiss' }).click();
  await expect(told).toBeHidden();
  await third.close();
});
