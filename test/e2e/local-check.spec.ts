import { writeFileSync } from 'node:fs';
import { expect, test } from 'playwright/test';
import { launchFirn } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';

test('archives are checked against the files they came from', async ({}, info) => {
  const app = await launchFirn({ dataFolder: info.outputPath('data') });
  const window = await FirnWindow.of(app);
  const { page } = window;
  await window.tryPracticeVault();
  await window.createVault('photos');
  const paths = ['kept.raw', 'changed.raw'].map((name) => info.outputPath(name));
  for (const path of paths) writeFileSync(path, 'as it was');
  await window.addFiles(paths);
  await window.startUpload();
  for (const name of ['kept.raw', 'changed.raw']) await expect(window.row(name)).toContainText('Stored');

  writeFileSync(info.outputPath('changed.raw'), 'as it is!');
  await window.goTo('Catalogue');
  await page.getByRole('button', { name: 'Select all' }).click();
  await page.getByRole('button', { name: 'Check local files' }).click();
  await expect(page.getByText('Checked 2 archives: 1 the same, 1 changed.')).toBeVisible();
  await page.getByRole('row').filter({ hasText: 'kept.raw' }).click();
  const details = page.getByRole('complementary');
  await expect(details).toContainText('The local file is the same as the archive.');
  await expect(details).toContainText('Keep the local copy until an inventory of the vault lists the archive.');
  await page.getByRole('row').filter({ hasText: 'changed.raw' }).click();
  await expect(details).toContainText('it has as many bytes, but not the same');
  await app.close();
});
