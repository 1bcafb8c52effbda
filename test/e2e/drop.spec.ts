import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { launchFirn } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';

test('a folder that is dropped on the window is previewed and uploaded', async ({}, info) => {
  const app = await launchFirn({ dataFolder: info.outputPath('data') });
  const window = await FirnWindow.of(app);
  await window.tryPracticeVault();
  await window.createVault('photos');
  const folder = info.outputPath('Weddings 2025');
  mkdirSync(folder);
  for (const name of ['one.raw', 'two.raw']) writeFileSync(join(folder, name), name);

  const session = await window.page.context().newCDPSession(window.page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data });
  }
  await expect(window.page.getByRole('dialog')).toContainText(/Files\s*2/);
  await window.startUpload();
  await expect(window.row('one.raw')).toContainText('Stored');
  await expect(window.row('two.raw')).toContainText('Stored');
  await app.close();
});
