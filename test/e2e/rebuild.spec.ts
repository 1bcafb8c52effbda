import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import {
  HELD_UP,
  NOT_HELD_UP,
  RETURNING_COUNT,
  SEARCH_FOR_RETURNING,
  makeAwkwardFiles,
} from '../support/awkward-files.ts';
import { afterRebuild, catalogueIn, remembered } from '../support/data-folder.ts';
import { killHard, launchFirn } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import {
  type KilledLife,
  differences,
  fetchedAgain,
  isHalfWay,
  outputsAsked,
  verifiedIn,
} from '../support/returned-files.ts';

/** A little more than the practice service takes where it is fast. */
const INVENTORY_LAG_MS = 7000;

test('when all that is left is the vault, the catalogue stands again and the files come back, through two kills', async ({}, info) => {
  let practice = await startPractice(info.outputPath('practice'), ['--faults', HELD_UP]);
  const dataFolder = info.outputPath('data');
  const photos = info.outputPath('photos');
  const target = info.outputPath('back');
  mkdirSync(target, { recursive: true });
  const contents = makeAwkwardFiles(photos);
  const env = profileIn(info.outputPath());
  try {
    const first = await launchFirn({ dataFolder, env });
    const window = await FirnWindow.of(first);
    await connect(window, practice.url);
    await window.createVault('photos');
    await window.addFiles([photos]);
    await expect(window.page.getByRole('dialog')).toContainText('The file is empty');
    await window.startUpload();
    await window.goTo('Catalogue');
    await expect(window.page.getByText(/^51 archives · /)).toBeVisible({ timeout: 120_000 });
    await first.close();
    const before = catalogueIn(dataFolder);
    // The vault's inventory knows an archive some seconds after it was stored, as Amazon's does after a day.
    await new Promise((resolve) => setTimeout(resolve, INVENTORY_LAG_MS));

    rmSync(dataFolder, { recursive: true });
    const second = await launchFirn({ dataFolder, env });
    const again = await FirnWindow.of(second);
    await connect(again, practice.url);
    await again.goTo('Catalogue');
    await again.page.getByRole('button', { name: 'Restore my catalogue…' }).click();
    await again.page.getByRole('button', { name: 'Ask for 1 inventory' }).click();
    await expect(again.page.getByText('0 confirmed, 51 new, 0 missing, 0 differing')).toBeVisible({ timeout: 120_000 });
    expect(catalogueIn(dataFolder).map(remembered)).toEqual(afterRebuild(before));

    await retrieveThoseOf(again, target);
    const lives: KilledLife[] = [];
    const kill = async (app: typeof first, retrieved: number): Promise<void> => {
      await expect.poll(() => isHalfWay(dataFolder, retrieved), { intervals: [10], timeout: 60_000 }).toBe(true);
      await killHard(app);
      lives.push({ verified: verifiedIn(dataFolder), asked: outputsAsked(practice.folder).length });
    };
    await kill(second, 3);
    await kill(await launchFirn({ dataFolder, env }), NOT_HELD_UP);
    practice = await practice.again();
    const last = await launchFirn({ dataFolder, env });
    const retrievals = await FirnWindow.of(last);
    await retrievals.goTo('Retrievals');
    await expect
      .poll(() => differences(dataFolder, target, contents), { intervals: [200], timeout: 60_000 })
      .toEqual([]);
    await last.close();
    expect(fetchedAgain(lives, outputsAsked(practice.folder)), 'fetched again').toEqual([]);
  } finally {
    practice.kill();
  }
});

/** A profile's keys are there also after a kill; those that are typed in are kept only where there is a keyring. */
function profileIn(folder: string): Record<string, string> {
  const keys = environmentFor('');
  const [credentials, config] = [join(folder, 'credentials'), join(folder, 'config')];
  writeFileSync(config, '');
  writeFileSync(
    credentials,
    `[practice]\naws_access_key_id = ${keys['AWS_ACCESS_KEY_ID'] ?? ''}\naws_secret_access_key = ${keys['AWS_SECRET_ACCESS_KEY'] ?? ''}\n`,
  );
  return { AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_CONFIG_FILE: config };
}

async function connect({ page }: FirnWindow, url: string): Promise<void> {
  await page.getByRole('button', { name: 'Connect an account' }).click();
  await page.getByText('AWS profile', { exact: true }).click();
  await page.getByLabel('Profile', { exact: true }).selectOption('practice');
  await page.getByLabel('Region').selectOption('us-east-1');
  await page.getByLabel('Endpoint').fill(url);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();
}

async function retrieveThoseOf(window: FirnWindow, target: string): Promise<void> {
  const { page } = window;
  await window.goTo('Catalogue');
  await page.getByPlaceholder('Words of the name or folder').fill(SEARCH_FOR_RETURNING);
  await expect(page.getByText(`${RETURNING_COUNT} archives found`)).toBeVisible();
  await page.getByRole('button', { name: 'Select all' }).click();
  await window.answerFileDialog(target);
  await page.getByRole('button', { name: 'Retrieve…' }).click();
  const dialog = page.getByRole('dialog', { name: `Retrieve ${RETURNING_COUNT} archives` });
  await dialog.getByRole('button', { name: 'Choose a folder…' }).click();
  await dialog.getByRole('button', { name: 'Retrieve', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Retrievals', level: 1 })).toBeVisible();
}
