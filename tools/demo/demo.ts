import { basename, relative } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { expect as playwrightExpect } from 'playwright/test';
import { MiB, formatBytes } from '../../shared/units.ts';
import { launchFirn } from '../../test/support/electron-app.ts';
import { FirnWindow } from '../../test/support/firn-window.ts';
import { treeHashByDefinition } from '../../test/support/tree-hash-by-definition.ts';
import { inRoot } from '../set-up/project.mjs';
import { type Interruption, killInTheMiddleOfAPart } from './interruption.ts';
import { acknowledgedRanges, completedArchives } from './practice-folder.ts';
import { photograph, say, setStage, stage } from './stage.ts';

/** A machine may be too fast for the first size. */
const FILE_SIZES = [40 * MiB, 160 * MiB, 640 * MiB];
const PART_SIZE = 1 * MiB;
const VAULT = 'photographs';
/** Also on a machine that has much else to do. */
const expect = playwrightExpect.configure({ timeout: 60_000 });
const name = basename(stage.file);

/**
 * Drives Firn from its first run to a stored archive, with a kill on the way. Everything is read off the window, and
 * checked against the practice vault's ledger and a tree hash computed apart from the product. Throws when anything is
 * not as it must be. Answers with the application, which still runs.
 */
export async function demonstrate(): Promise<ElectronApplication> {
  for (const size of FILE_SIZES) {
    const bytes = setStage(size);
    const interruption = await uploadAndKill(size);
    if (interruption) return carryOn(bytes, interruption);
    say(`the upload of ${formatBytes(size)} was over before it could be interrupted; once more with a larger file`);
  }
  throw new Error('No upload could be interrupted.');
}

/** From the first run to the kill. */
async function uploadAndKill(size: number): Promise<Interruption | null> {
  const app = await launchFirn({ dataFolder: stage.dataFolder });
  const window = await FirnWindow.of(app);
  say('first run: try the practice vault');
  await window.tryPracticeVault();
  say(`create the vault "${VAULT}"`);
  await window.createVault(VAULT);
  await goSlowly(window);
  say(`add "${name}", ${formatBytes(size)} in parts of ${formatBytes(PART_SIZE)}`);
  await window.addFiles([stage.file], { partSize: formatBytes(PART_SIZE) });
  await photograph(window, '1-preview');
  await window.startUpload();
  await window
    .row(name)
    .getByText(/^\d.* of \d/)
    .waitFor();
  await photograph(window, '2-queue-before-the-kill');
  const interruption = await killInTheMiddleOfAPart(app, stage.practiceFolder, PART_SIZE);
  if (!interruption) await app.close();
  return interruption;
}

/** One part at a time is the slowest that Firn goes, which leaves the time to look at it. */
async function goSlowly(window: FirnWindow): Promise<void> {
  await window.goTo('Settings');
  const field = window.page.getByLabel('Parts at the same time');
  await field.fill('1');
  await field.press('Tab');
}

/** From the next start to the archive in the catalogue. */
async function carryOn(bytes: Buffer, { acknowledged, arrivedBytes }: Interruption): Promise<ElectronApplication> {
  say(`kill -9 with ${acknowledged.length} of ${bytes.length / PART_SIZE} parts acknowledged`);
  say(`  and ${formatBytes(arrivedBytes)} of another part on the other side`);
  const app = await launchFirn({ dataFolder: stage.dataFolder });
  const window = await FirnWindow.of(app);
  say('start again: it goes on by itself');
  await expect(window.row(name)).toBeVisible();
  await photograph(window, '3-queue-after-the-restart');
  await expect(window.row(name)).toContainText('Stored');
  say(`stored; ${countSentSince(acknowledged)} parts were sent after the restart, none of them a second time`);
  await findInCatalogue(window, bytes);
  return app;
}

function countSentSince(acknowledged: readonly string[]): number {
  const all = acknowledgedRanges(stage.practiceFolder);
  const again = all.filter((range, index) => all.indexOf(range) !== index);
  if (again.length > 0) throw new Error(`Ranges were sent again although they were acknowledged: ${again.join(', ')}`);
  return all.length - acknowledged.length;
}

async function findInCatalogue(window: FirnWindow, bytes: Buffer): Promise<void> {
  const archiveIds = completedArchives(stage.practiceFolder);
  const [archiveId] = archiveIds;
  if (archiveId === undefined || archiveIds.length > 1) throw new Error(`${archiveIds.length} archives instead of one`);
  const treeHash = treeHashByDefinition(bytes);
  await window.goTo('Catalogue');
  await window.page.getByRole('row').filter({ hasText: name }).click();
  await expect(window.page.getByText(archiveId, { exact: true })).toBeVisible();
  await expect(window.page.getByText(treeHash, { exact: true })).toBeVisible();
  await photograph(window, '4-catalogue');
  say('in the catalogue, with the archive ID that the practice vault gave, and with the tree hash that');
  say('  was computed from the file a second time, apart from Firn:');
  say(`archive ID  ${archiveId}`);
  say(`tree hash   ${treeHash}`);
  say(`screenshots are in ${relative(inRoot(), stage.screenshots)}/`);
}
