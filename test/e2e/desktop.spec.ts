import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { expect, test } from 'playwright/test';
import { readLedger } from '../../main/practice/ledger.ts';
import { MiB } from '../../shared/units.ts';
import { launchFirn, startAndWait } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';
import { answerMessageBox, asked } from '../support/message-box.ts';

/** Firn with an upload that would go on for minutes. */
async function uploadingSlowly(dataFolder: string, file: string): Promise<FirnWindow> {
  const window = await FirnWindow.of(await launchFirn({ dataFolder }));
  await window.tryPracticeVault();
  await window.createVault('photos');
  await window.goTo('Settings');
  await window.page.getByRole('switch', { name: 'Limit the upload rate' }).click();
  writeFileSync(file, randomBytes(24 * MiB));
  await window.addFiles([file], { partSize: '1 MiB' });
  await window.startUpload();
  await expect.poll(() => acknowledged(dataFolder)).toBeGreaterThan(0);
  return window;
}

function acknowledged(dataFolder: string): number {
  const ledger = readLedger(join(dataFolder, 'practice'));
  return ledger.filter(({ operation, committed }) => operation === 'UploadMultipartPart' && committed).length;
}

function listings(dataFolder: string): number {
  return readLedger(join(dataFolder, 'practice')).filter(({ operation }) => operation === 'ListParts').length;
}

const closeWindow = (app: ElectronApplication): Promise<void> =>
  app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.close();
  });

test('closing the window while something is uploaded is asked about, and quitting goes on at the next start', async ({}, info) => {
  const dataFolder = info.outputPath('data');
  const { app, page } = await uploadingSlowly(dataFolder, info.outputPath('a.raw'));
  await answerMessageBox(app, 1);
  await closeWindow(app);
  await expect
    .poll(() => asked(app))
    .toMatchObject({
      message: '1 upload is not finished',
      detail: expect.stringMatching(/goes on where it is now.*Unless that is within (?:1 d|23 h).*a\.raw starts over/),
      buttons: ['Quit', 'Keep uploading'],
    });
  await expect(page.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();

  await answerMessageBox(app, 0, true);
  const quit = new Promise<void>((resolve) => {
    app.once('close', () => {
      resolve();
    });
  });
  await closeWindow(app);
  await quit;

  const again = await FirnWindow.of(await launchFirn({ dataFolder }));
  await again.goTo('Settings');
  await expect(again.page.getByRole('switch', { name: 'Ask before quitting' })).not.toBeChecked();
  await again.page.getByRole('switch', { name: 'Limit the upload rate' }).click();
  await again.goTo('Queue');
  await expect(again.row('a.raw')).toContainText('Stored');
  expect(acknowledged(dataFolder)).toBe(24);
  await again.app.close();
});

test('parts stop when the computer goes to sleep, and go on when it wakes', async ({}, info) => {
  const dataFolder = info.outputPath('data');
  const window = await uploadingSlowly(dataFolder, info.outputPath('a.raw'));
  const { app } = window;
  await app.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'));
  await expect(window.row('a.raw')).toContainText('About to go on');
  const before = acknowledged(dataFolder);
  expect(listings(dataFolder)).toBe(0);

  await app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
  await expect.poll(() => acknowledged(dataFolder)).toBeGreaterThan(before);
  expect(listings(dataFolder)).toBe(1);
  await answerMessageBox(app, 0);
  await app.close();
});

test('the computer stays awake while something is uploaded, when the user wants that', async ({}, info) => {
  const window = await uploadingSlowly(info.outputPath('data'), info.outputPath('a.raw'));
  const { app } = window;
  const isKeptAwake = (): Promise<boolean> => app.evaluate(({ powerSaveBlocker }) => powerSaveBlocker.isStarted(0));
  expect(await isKeptAwake()).toBe(false);
  await window.goTo('Settings');
  await window.page.getByRole('switch', { name: 'Keep the computer awake' }).click();
  await expect.poll(isKeptAwake).toBe(true);
  await window.goTo('Queue');
  await window.page.getByRole('button', { name: 'Pause all' }).click();
  await expect.poll(isKeptAwake).toBe(false);
  await app.close();
});

test('a second start brings the first window to the front and ends', async ({}, info) => {
  const dataFolder = info.outputPath('data');
  const app = await launchFirn({ dataFolder });
  const window = await FirnWindow.of(app);
  await app.evaluate(({ BrowserWindow }) => {
    const [only] = BrowserWindow.getAllWindows();
    if (only) only.focus = () => Object.assign(globalThis, { broughtToFront: true });
  });
  expect(await startAndWait({ dataFolder })).toBe(0);
  const isInFront = (): Promise<unknown> =>
    app.evaluate(() => (globalThis as unknown as { broughtToFront?: boolean }).broughtToFront ?? false);
  await expect.poll(isInFront).toBe(true);
  await window.tryPracticeVault();
  await app.close();
});

test('whoever has nothing yet can quit, and start again', async ({}, info) => {
  const dataFolder = info.outputPath('data');
  for (let start = 0; start < 2; start += 1) {
    const app = await launchFirn({ dataFolder });
    const page = await app.firstWindow();
    await page.getByRole('button', { name: 'Try the practice vault' }).waitFor();
    await app.close();
  }
});
