import { GlacierClient, ListVaultsCommand } from '@aws-sdk/client-glacier';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { PRACTICE_CREDENTIALS } from '../../main/practice/credentials.ts';
import { readLedger } from '../../main/practice/ledger.ts';
import { launchFirn } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';
import { startPractice } from '../support/practice-process.ts';

test('two archives, then all others and their vault are deleted by the keyboard alone, and are gone for others, too', async ({}, info) => {
  const dataFolder = info.outputPath('data');
  const practiceFolder = join(dataFolder, 'practice');
  const photos = info.outputPath('photos');
  mkdirSync(photos, { recursive: true });
  const paths = ['a', 'b', 'c', 'd', 'e'].map((name) => join(photos, `${name}.raw`));
  for (const path of paths) writeFileSync(path, `content of ${path}`);
  const app = await launchFirn({ dataFolder });
  const window = await FirnWindow.of(app);
  const { page } = window;
  await window.tryPracticeVault();
  await window.createVault('kept');
  await window.createVault('photos');
  await window.addFiles(paths);
  await page.getByLabel('Vault', { exact: true }).selectOption({ label: 'photos' });
  await window.startUpload();
  for (const name of ['a', 'b', 'c', 'd', 'e']) await expect(window.row(`${name}.raw`)).toContainText('Stored');

  rmSync(photos, { recursive: true });
  await window.goTo('Catalogue');
  const rows = page.getByRole('grid', { name: 'Archives' }).getByRole('row');
  await expect(rows).toHaveCount(5);
  await rows.first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText('2 archives, ')).toBeVisible();
  await page.keyboard.press('Delete');
  const question = page.getByRole('alertdialog', { name: 'Delete 2 archives' });
  await expect(question).toContainText('2 archives may be the only copy as far as Firn knows');
  await expect(question.getByLabel('Type the number of archives to confirm: 2')).toBeFocused();
  await expect(question.getByRole('button', { name: 'Delete for good' })).toBeDisabled();
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(3);
  expect(deletedFrom(practiceFolder)).toHaveLength(2);

  await window.goTo('Vaults');
  await page.getByRole('button', { name: 'Empty and delete photos' }).focus();
  await page.keyboard.press('Enter');
  const warning = page.getByRole('alertdialog', { name: 'Empty and delete the vault photos?' });
  await expect(warning.getByLabel('Type the vault’s name to confirm: photos')).toBeFocused();
  await page.keyboard.type('photos');
  await page.keyboard.press('Enter');
  const vaults = page.getByRole('table', { name: 'Vaults' });
  await expect(vaults.getByText('Being emptied and deleted')).toBeVisible();
  await expect(vaults.getByText('photos', { exact: true })).toBeHidden({ timeout: 120_000 });
  await expect(vaults.getByText('kept', { exact: true })).toBeVisible();
  await window.goTo('Deletions');
  const list = page.getByRole('grid', { name: 'Deletions' });
  await expect(
    list.getByRole('row', { name: /^Emptied and deleted photos, 3 archives.*the vault is deleted/ }),
  ).toBeVisible();
  await expect(list.getByRole('row', { name: /^Deleted 2 archives from photos, 2 archives.*deleted/ })).toBeVisible();
  await window.goTo('Catalogue');
  await expect(page.getByText('The catalogue is empty')).toBeVisible();
  await app.close();

  expect(new Set(deletedFrom(practiceFolder)).size).toBe(5);
  expect(await vaultsOf(practiceFolder)).toEqual(['kept']);
});

/** The archives that the practice vault deleted, once for each time that it did. */
function deletedFrom(practiceFolder: string): string[] {
  return readLedger(practiceFolder)
    .filter((entry) => entry.operation === 'DeleteArchive' && entry.committed)
    .map((entry) => entry.archiveId ?? '');
}

/** As Amazon's own client sees them, which knows nothing of Firn. */
async function vaultsOf(practiceFolder: string): Promise<(string | undefined)[]> {
  const practice = await startPractice(practiceFolder);
  const { accessKeyId, secretAccessKey } = PRACTICE_CREDENTIALS;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new GlacierClient({ endpoint: practice.url, region: 'us-east-1', credentials });
  try {
    const { VaultList } = await client.send(new ListVaultsCommand({ accountId: '-' }));
    return (VaultList ?? []).map(({ VaultName }) => VaultName);
  } finally {
    client.destroy();
    practice.kill();
  }
}
