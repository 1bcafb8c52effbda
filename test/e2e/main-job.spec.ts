import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { readLedger } from '../../main/practice/ledger.ts';
import { MiB } from '../../shared/units.ts';
import { killHard, launchFirn } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';

test('a file reaches the vault through a kill in the middle of its parts, and stands in the catalogue', async ({}, info) => {
  const dataFolder = info.outputPath('data');
  const practiceFolder = join(dataFolder, 'practice');
  const bytes = randomBytes(40 * MiB);
  const file = join(info.outputPath('photos'), 'Agátka ve školce .cr2');
  mkdirSync(info.outputPath('photos'), { recursive: true });
  writeFileSync(file, bytes);

  const first = await launchFirn({ dataFolder });
  const window = await FirnWindow.of(first);
  await window.tryPracticeVault();
  await window.createVault('photos');
  await window.addFiles([file], { partSize: '1 MiB' });
  await expect(window.page.getByRole('dialog')).toContainText(/Requests\s*42/);
  await window.startUpload();
  await expect(window.row('Agátka ve školce .cr2')).toBeVisible();

  // A random moment while parts are in flight: some are acknowledged, some are not.
  const acknowledgedBefore = 1 + Math.floor(Math.random() * 30);
  await expect
    .poll(() => acknowledged(practiceFolder).length, { intervals: [5] })
    .toBeGreaterThanOrEqual(acknowledgedBefore);
  await killHard(first);
  const atKill = acknowledged(practiceFolder);
  expect(atKill.length).toBeLessThan(40);

  const second = await launchFirn({ dataFolder });
  const again = await FirnWindow.of(second);
  await expect(again.row('Agátka ve školce .cr2')).toContainText('Stored');

  const ledger = readLedger(practiceFolder);
  const ranges = acknowledged(practiceFolder);
  expect(new Set(ranges).size, 'no acknowledged range was sent a second time').toBe(ranges.length);
  // The kill hits the practice vault, too: of what was on the wire (4 parts) the ledger may lack the last lines.
  expect(ranges.length).toBeGreaterThanOrEqual(40 - 4);
  const completed = ledger.filter((entry) => entry.operation === 'CompleteMultipartUpload' && entry.committed);
  expect(completed).toHaveLength(1);

  const treeHash = treeHashByDefinition(bytes);
  await again.goTo('Catalogue');
  await again.page.getByRole('row').filter({ hasText: 'Agátka ve školce .cr2' }).click();
  await expect(again.page.getByText(treeHash)).toBeVisible();
  await expect(again.page.getByText(completed[0]?.archiveId ?? 'no archive ID', { exact: true })).toBeVisible();
  await second.close();
});

/** The ranges of parts that the practice vault acknowledged, once for each acknowledgement. */
function acknowledged(practiceFolder: string): string[] {
  return readLedger(practiceFolder)
    .filter((entry) => entry.operation === 'UploadMultipartPart' && entry.committed)
    .map((entry) => entry.range ?? '');
}
