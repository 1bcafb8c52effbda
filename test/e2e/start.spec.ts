import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { expect, test } from 'playwright/test';
import { launchFirn, startAlone, startAndWait } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';

function exitOf(app: ElectronApplication): Promise<unknown[]> {
  const main = app.process();
  return main.exitCode !== null || main.signalCode !== null ? Promise.resolve([main.exitCode]) : once(main, 'exit');
}

async function quitFrom(page: Page, app: ElectronApplication): Promise<number | null> {
  const exited = exitOf(app);
  // The page may be gone before the click is acknowledged.
  void page
    .getByRole('button', { name: 'Quit' })
    .click()
    .catch(() => undefined);
  const [code] = await exited;
  return code as number | null;
}

function logOf(dataFolder: string): string {
  const file = join(dataFolder, 'firn.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

for (const [what, place] of [
  ['a file', 'file'],
  ['below a file', join('file', 'below')],
] as const) {
  test(`a start fails in words, with an exit code, where the data folder is ${what}`, async ({}, info) => {
    writeFileSync(info.outputPath('file'), '');
    const dataFolder = info.outputPath(place);
    const app = await launchFirn({ dataFolder });
    const page = await app.firstWindow();
    await expect(page.getByRole('heading', { name: 'Firn cannot open its records' })).toBeVisible();
    const told = page.getByRole('alert');
    await expect(told).toContainText(`Firn cannot keep its records in ${dataFolder}`);
    await expect(told).toContainText('Nothing was changed');
    expect(await quitFrom(page, app)).toBe(1);
  });
}

test('a start fails in words where the records cannot be opened, and a second start shows them', async ({}, info) => {
  const dataFolder = info.outputPath('data');
  mkdirSync(join(dataFolder, 'firn.db'), { recursive: true });
  const app = await launchFirn({ dataFolder });
  const page = await app.firstWindow();
  await expect(page.getByRole('alert')).toContainText(dataFolder);
  await app.evaluate(({ BrowserWindow }) => {
    const [only] = BrowserWindow.getAllWindows();
    if (only) only.focus = () => Object.assign(globalThis, { broughtToFront: true });
  });
  expect(await startAndWait({ dataFolder })).toBe(0);
  await expect
    .poll(() => app.evaluate(() => (globalThis as unknown as { broughtToFront?: boolean }).broughtToFront ?? false))
    .toBe(true);
  expect(await quitFrom(page, app)).toBe(1);
  expect(logOf(dataFolder)).toContain('start failed');

  rmSync(join(dataFolder, 'firn.db'), { recursive: true });
  const again = await launchFirn({ dataFolder });
  await (await FirnWindow.of(again)).tryPracticeVault();
  await again.close();
});

test('a full disk is told, and Firn starts as soon as there is room', async ({}, info) => {
  const disk = info.outputPath('disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    test.skip();
  }
  try {
    const ballast = join(disk, 'ballast');
    expect(() => {
      writeFileSync(ballast, Buffer.alloc(64 * 1024 * 1024));
    }).toThrow('ENOSPC');
    const app = await launchFirn({ dataFolder: join(disk, 'data') });
    const page = await app.firstWindow();
    await expect(page.getByRole('alert')).toContainText('There is no room left on the disk');
    expect(await quitFrom(page, app)).toBe(1);
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
});

test('a damaged practice vault is the trouble of its account, and the window opens', async ({}, info) => {
  const dataFolder = info.outputPath('data');
  const first = await launchFirn({ dataFolder });
  const window = await FirnWindow.of(first);
  await window.tryPracticeVault();
  await window.createVault('photos');
  await first.close();
  const vaults = join(dataFolder, 'practice', 'us-east-1', 'vaults');
  for (const vault of readdirSync(vaults)) writeFileSync(join(vaults, vault, 'vault.json'), '{');
  const second = await launchFirn({ dataFolder });
  const page = await second.firstWindow();
  await expect(page.getByText('The practice vault does not run')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();
  await second.close();
});

test('a lock that another computer left behind keeps nobody out', async ({}, info) => {
  const dataFolder = info.outputPath('data');
  mkdirSync(dataFolder);
  symlinkSync('another-computer-4242', join(dataFolder, 'SingletonLock'));
  const app = await launchFirn({ dataFolder });
  await (await FirnWindow.of(app)).tryPracticeVault();
  await app.close();
});

test('a window that crashes is loaded anew, and one that keeps crashing asks', async ({}, info) => {
  test.skip(process.platform !== 'linux', 'finds the process of the window as Linux tells it');
  const dataFolder = info.outputPath('data');
  const firn = await startAlone({ dataFolder });
  try {
    for (let crash = 0; crash < 3; crash += 1) {
      await expect.poll(() => firn.headings()).toContain('Welcome to Firn');
      firn.killWindow();
      await expect.poll(() => logOf(dataFolder).split('the window has crashed')).toHaveLength(crash + 2);
    }
    await expect.poll(() => firn.headings()).toContain('Welcome to Firn');
    expect(logOf(dataFolder)).not.toContain('the user is asked');
    firn.killWindow();
    await expect.poll(() => logOf(dataFolder)).toContain('the user is asked');
  } finally {
    await firn.kill();
  }
});

test('quitting says that it is finishing, and does not wait for what never ends', async ({}, info) => {
  const dataFolder = info.outputPath('data');
  const app = await launchFirn({ dataFolder });
  const window = await FirnWindow.of(app);
  await window.tryPracticeVault();
  // A pipe that nobody writes into is opened as a file on a dead network drive is: for ever.
  const pipe = info.outputPath('pipe');
  execFileSync('mkfifo', [pipe]);
  await app.evaluate((_, path) => {
    for (let thread = 0; thread < 4; thread += 1) process.getBuiltinModule('fs').open(path, () => undefined);
  }, pipe);
  const exited = exitOf(app);
  const from = Date.now();
  void app.evaluate(({ app: electron }) => {
    electron.quit();
  });
  await expect(window.page.getByText('Finishing…')).toBeVisible();
  await exited;
  expect(Date.now() - from).toBeLessThan(60_000);
  const next = await launchFirn({ dataFolder });
  await expect((await next.firstWindow()).getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();
  await next.close();
});
