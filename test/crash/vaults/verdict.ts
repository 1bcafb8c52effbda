import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Archive, standingOf } from '../../../shared/archive.ts';
import { journalLines } from '../journal-lines.ts';
import type { Stage } from '../stage.ts';
import type { StoredArchive } from '../vault.ts';
import { problemsOfTheVault, soundDatabase } from '../verdict.ts';
import { wayBackVerdict } from '../way-back-verdict.ts';
import { type InventoryRow, type Records, recordsOf } from './records.ts';
import { KEPT, type Kept, type Stock } from './stock.ts';

type World = Pick<Stage, 'lives' | 'vault' | 'foreigner' | 'sources'> & { stock: Stock; target: string };

/** What stands in the end against the promises, looked at from the outside. Each is a sentence. */
export async function vaultsVerdict({ lives, vault, foreigner, sources, stock, target }: World): Promise<string[]> {
  const { dataFolder } = lives;
  const records = recordsOf(dataFolder);
  const there = vault.archives();
  const catalogue = ((await lives.ask('catalogue')) ?? []) as unknown as Archive[];
  return [
    ...stock.emptied.flatMap((emptied) => notEmpty(emptied, vault.vaults(), there)),
    ...stillThere(stock, there),
    ...KEPT.flatMap((name) => reconciled(name, records.inventories, there)),
    ...catalogue.flatMap((archive) => wrongRow(archive, stock, there, records)),
    ...there.flatMap((archive) => uncatalogued(archive, catalogue)),
    ...records.chores.flatMap(miscounted),
    ...journalled(records, join(dataFolder, 'archives.jsonl')),
    ...leftBehind(join(dataFolder, 'inventories')),
    ...soundDatabase(join(dataFolder, 'firn.db')),
    ...problemsOfTheVault(vault.folder),
    ...(await wayBackVerdict({ sources: sources.all, lives, foreigner, target })),
  ];
}

/** Gone, or empty but for what came late and nobody wanted to be deleted. */
function notEmpty(
  { vault, closes, late, isWidened }: Stock['emptied'][number],
  vaults: readonly string[],
  there: readonly StoredArchive[],
): string[] {
  const left = there.filter((archive) => archive.vault === vault).map(({ archiveId }) => archiveId);
  if (late !== null && !isWidened)
    return left.join() === late ? [] : [`${vault} lost what nobody wanted to be deleted`];
  if (left.length > 0) return [`${vault} was emptied, and has ${left.length} archive(s)`];
  return closes === vaults.includes(vault) ? [`${vault} ${closes ? 'is still there' : 'is gone'}`] : [];
}

/** Only what somebody wanted to be deleted is. */
function stillThere({ kept, doomed }: Stock, there: readonly StoredArchive[]): string[] {
  const ids = new Set(there.map(({ archiveId }) => archiveId));
  return kept.flatMap(({ vault, archiveId, isGone }) => {
    const isWanted = !isGone && !doomed.has(archiveId);
    if (ids.has(archiveId) === isWanted) return [];
    return [`${archiveId} in ${vault} ${isWanted ? 'is gone' : 'is still there'}`];
  });
}

/** The last inventory was taken to its end. */
function reconciled(vault: string, inventories: readonly InventoryRow[], there: readonly StoredArchive[]): string[] {
  const found = inventories.find((inventory) => inventory.vault === vault);
  if (!found?.last_findings) return [`No inventory of ${vault} was reconciled`];
  const { listed, unreadable } = JSON.parse(found.last_findings) as { listed: number; unreadable: number };
  const count = there.filter((archive) => archive.vault === vault).length;
  if (found.last_inventory_at !== found.newest_at || (listed === count && unreadable === 0)) return [];
  return [`${listed} archives of ${vault} were reconciled, ${unreadable} of them unreadable; it has ${count}`];
}

/** The catalogue says of each archive what its vault says. */
function wrongRow(archive: Archive, stock: Stock, there: readonly StoredArchive[], { inventories }: Records): string[] {
  const { vault, archiveId } = archive;
  const found = there.find((one) => one.archiveId === archiveId);
  const kept = stock.kept.find((one) => one.archiveId === archiveId);
  const name = `${archiveId} of ${vault}`;
  if (!found) return kept?.isGone ? missed(archive, kept) : [`${name} is in the catalogue and nowhere else`];
  if (found.size !== archive.size || found.treeHash !== archive.treeHash || found.description !== archive.description) {
    return [`The catalogue describes another archive than ${name}`];
  }
  if (!kept) return [];
  const standing = standingOf(archive);
  const wanted = kept.isForeign ? 'only-in-vault' : 'confirmed';
  const newest = inventories.find((inventory) => inventory.vault === vault)?.newest_at;
  if (standing === wanted && archive.listedAt === newest) return [];
  return [`${name} is ${wanted}, and not ${standing} as of ${String(archive.listedAt)}`];
}

/** What an inventory no longer lists stays in the catalogue, and is missed as soon as lag cannot explain it. */
function missed(archive: Archive, { isOld }: Kept): string[] {
  const isMissing = standingOf(archive) === 'missing';
  if (isMissing === isOld) return [];
  return [`${archive.archiveId} of ${archive.vault} is ${isMissing ? 'missed too early' : 'not missed'}`];
}

function uncatalogued({ vault, archiveId }: StoredArchive, catalogue: readonly Archive[]): string[] {
  if (!KEPT.includes(vault) || catalogue.some((archive) => archive.archiveId === archiveId)) return [];
  return [`${archiveId} of ${vault} is not in the catalogue`];
}

function miscounted({ kind, vault, phase, total, deleted, failed }: Records['chores'][number]): string[] {
  if (phase !== 'done') return [`The ${kind} in ${vault} is still ${phase}`];
  if (failed === 0 && deleted === total) return [];
  return [`The ${kind} in ${vault} counts ${deleted} deleted and ${failed} refused of ${total}`];
}

/** The journal's last word about each archive is what the database says. */
function journalled({ catalogue, tombstones }: Records, file: string): string[] {
  const told = new Map<string, string>();
  for (const row of journalLines(file)) told.set(String(row['archiveId']), String(row['event']));
  const known = new Set(catalogue.map(({ archive_id }) => archive_id));
  const lacking = [...known].filter((id) => !told.has(id)).map((id) => `The journal does not tell of ${id}`);
  const wrong = [...told].flatMap(([id, event]) => {
    if (event === 'stored' ? known.has(id) && !tombstones.has(id) : !known.has(id) && tombstones.has(id)) return [];
    return [`${id} is ${event} by the journal, and not so by the database`];
  });
  return [...lacking, ...wrong];
}

function leftBehind(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => `The output ${name} of an inventory was left behind`);
}
