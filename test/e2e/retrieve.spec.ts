import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { MiB } from '../../shared/units.ts';
import { launchFirn } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';

test('archives that are selected by the keyboard alone come back byte for byte, with their dates', async ({}, info) => {
  const photos = info.outputPath('photos');
  const back = info.outputPath('back');
  for (const folder of [photos, back]) mkdirSync(folder, { recursive: true });
  const names = ['Agátka ve školce .cr2', 'b.raw', 'c.raw'];
  const date = new Date('2019-08-07T06:05:04Z');
  for (const name of names) {
    writeFileSync(join(photos, name), randomBytes(3 * MiB + 5));
    utimesSync(join(photos, name), date, date);
  }
  const app = await launchFirn({ dataFolder: info.outputPath('data') });
  const window = await FirnWindow.of(app);
  const { page } = window;
  await window.tryPracticeVault();
  await window.createVault('photos');
  await window.addFiles(
    names.map((name) => join(photos, name)),
    { partSize: '1 MiB' },
  );
  await window.startUpload();
  for (const name of names) await expect(window.row(name)).toContainText('Stored');

  await window.goTo('Catalogue');
  const rows = page.getByRole('grid', { name: 'Archives' }).getByRole('row');
  await expect(rows).toHaveCount(3);
  await rows.first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+End');
  await expect(page.getByText('3 archives, 9.00 MiB selected')).toBeVisible();
  await window.answerFileDialog(back);
  await page.getByRole('button', { name: 'Retrieve…' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Retrieve 3 archives' });
  await expect(dialog.getByRole('button', { name: 'Choose a folder…' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(back)).toBeVisible();
  await expect(dialog.getByText('The practice vault costs nothing.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Retrieve', exact: true }).focus();
  await page.keyboard.press('Enter');

  const retrievals = page.getByRole('grid', { name: 'Retrievals' });
  for (const name of names) {
    await expect(retrievals.getByRole('row').filter({ hasText: name })).toContainText('Retrieved', { timeout: 90_000 });
    const file = join(back, photos, name);
    expect(readFileSync(file).equals(readFileSync(join(photos, name)))).toBe(true);
    expect(statSync(file).mtime).toEqual(date);
  }
  await app.close();
});
