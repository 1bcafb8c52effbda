import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { openForReading } from '../../main/store/database.ts';
import { launchFirn } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';

const strange = [
  'with  two blanks.jpg',
  'räksmörgås.raw',
  '📷 emoji 👩‍👩‍👧.heic',
  "it's $(here) `there` & “quoted”.txt",
  '-leading-minus',
  '..two dots..',
  'tab\tand\nnewline',
  '<script>alert(1)<script>.html',
  'שלום.txt',
  'a'.repeat(200),
];
const names = Array.from({ length: 50 }, (_, index) => `${index} ${strange[index % strange.length] ?? ''}`);

test('the catalogue stands again, equal to the old one, when all that is left is the vault', async ({}, info) => {
  const practice = await startPractice(info.outputPath('practice'));
  const dataFolder = info.outputPath('data');
  const photos = info.outputPath('photos');
  mkdirSync(photos, { recursive: true });
  for (const [index, name] of names.entries()) {
    writeFileSync(join(photos, name), `content of ${index}`);
    utimesSync(join(photos, name), 1_700_000_000 + index, 1_700_000_000.5 + index);
  }
  try {
    const first = await launchFirn({ dataFolder });
    const window = await FirnWindow.of(first);
    await connect(window, practice.url);
    await window.createVault('photos');
    await window.addFiles([photos]);
    await window.startUpload();
    await window.goTo('Catalogue');
    await expect(window.page.getByText(/^50 archives · /)).toBeVisible({ timeout: 120_000 });
    await first.close();
    const before = catalogueIn(dataFolder);
    expect(before).toHaveLength(50);

    rmSync(dataFolder, { recursive: true });
    const second = await launchFirn({ dataFolder });
    const again = await FirnWindow.of(second);
    await connect(again, practice.url);
    await again.goTo('Catalogue');
    await again.page.getByRole('button', { name: 'Restore my catalogue…' }).click();
    await again.page.getByRole('button', { name: 'Ask for 1 inventory' }).click();
    await expect(again.page.getByText('0 confirmed, 50 new, 0 missing, 0 differing')).toBeVisible({ timeout: 120_000 });
    await again.goTo('Catalogue');
    await expect(again.page.getByRole('row').filter({ hasText: 'Only in the vault' }).first()).toBeVisible();
    await second.close();
    expect(catalogueIn(dataFolder)).toEqual(before);
  } finally {
    practice.kill();
  }
});

async function connect({ page }: FirnWindow, url: string): Promise<void> {
  const keys = environmentFor(url);
  await page.getByRole('button', { name: 'Connect an account' }).click();
  await page.getByLabel('Access key ID').fill(keys['AWS_ACCESS_KEY_ID'] ?? '');
  await page.getByLabel('Secret access key', { exact: true }).fill(keys['AWS_SECRET_ACCESS_KEY'] ?? '');
  await page.getByLabel('Region').selectOption('us-east-1');
  await page.getByLabel('Endpoint').fill(url);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();
}

/** What must come back; times to the second, as descriptions keep them. */
function catalogueIn(dataFolder: string): unknown[] {
  const db = openForReading(join(dataFolder, 'firn.db'));
  try {
    return db
      .prepare(
        `SELECT vault, path, size, tree_hash, archive_id, location, description,
           substr(modified_ns, 1, length(modified_ns) - 9) AS modified_s FROM archive ORDER BY path`,
      )
      .all();
  } finally {
    db.close();
  }
}
