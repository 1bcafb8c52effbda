import Database from 'better-sqlite3';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readLedger } from '../../main/practice/ledger.ts';
import { SECOND } from '../../shared/units.ts';
import type { Foreigner, InventoryRow } from './foreigner.ts';
import { journalLines } from './journal-lines.ts';
import type { Lives, Row } from './lives.ts';
import type { Source } from './sources.ts';
import { type StoredArchive, VAULT, type VaultProcess } from './vault.ts';

type World = { sources: readonly Source[]; lives: Lives; vault: VaultProcess; foreigner: Foreigner };

/** What stands in the end against the promises, looked at from the outside. Each is a sentence. */
export async function verdict({ sources, lives, vault, foreigner }: World): Promise<string[]> {
  const catalogue = (await lives.ask('catalogue')) ?? [];
  const queue = (await lives.ask('queue')) ?? [];
  const archives = vault.archives();
  return [
    ...exactlyOnce(sources, archives),
    ...catalogued(sources, archives, catalogue),
    ...restful(queue),
    ...(await foreigner.openMultipartUploads()).map((id) => `The multipart upload ${id} was left open`),
    ...inventoried(archives, await settledInventory(foreigner, archives.length)),
    ...journalled(archives, join(lives.dataFolder, 'archives.jsonl')),
    ...soundDatabase(join(lives.dataFolder, 'firn.db')),
    ...problemsOfTheVault(vault.folder),
  ];
}

/** Each file is in the vault once, byte for byte. Files with the same bytes are as many archives. */
function exactlyOnce(sources: readonly Source[], archives: readonly StoredArchive[]): string[] {
  const treeHashes = new Set([...sources, ...archives].map(({ treeHash }) => treeHash));
  return [...treeHashes].flatMap((treeHash) => {
    const wanted = sources.filter((source) => source.treeHash === treeHash);
    const found = archives.filter((archive) => archive.treeHash === treeHash).length;
    if (wanted.length === found) return [];
    const paths = wanted.map(({ path }) => JSON.stringify(path)).join(', ');
    return [`${paths || 'No file'} with tree hash ${treeHash} is ${found} archive(s) instead of ${wanted.length}`];
  });
}

/** Every archive is in the catalogue with its ID, every file is there with its archive, and nothing else is. */
function catalogued(
  sources: readonly Source[],
  archives: readonly StoredArchive[],
  catalogue: readonly Row[],
): string[] {
  const rows = new Map(catalogue.map((row) => [row['archiveId'], row]));
  const files = new Map(sources.map((source) => [source.path, source]));
  const problems = archives.flatMap(({ archiveId, treeHash, size, description }) => {
    const row = rows.get(archiveId);
    if (!row) return [`The archive ${archiveId} is in the vault and not in the catalogue`];
    if (row['treeHash'] !== treeHash || row['size'] !== size || row['description'] !== description) {
      return [`The catalogue describes another archive than ${archiveId}`];
    }
    const file = files.get(String(row['path']));
    if (file?.treeHash !== treeHash) return [`${String(row['path'])} in the catalogue is not the file that was stored`];
    files.delete(file.path);
    return [];
  });
  const missing = [...files.keys()].map((path) => `${JSON.stringify(path)} is not in the catalogue`);
  const surplus = catalogue.length - archives.length;
  return [
    ...problems,
    ...missing,
    ...(surplus === 0 ? [] : [`The catalogue has ${surplus} archive(s) that are nowhere`]),
  ];
}

function restful(queue: readonly Row[]): string[] {
  return queue.flatMap((row) => {
    const { kind } = row['phase'] as { kind: string };
    return kind === 'stored' || kind === 'cancelled' ? [] : [`${JSON.stringify(row['path'])} is still ${kind}`];
  });
}

/** The vault's own list, when it has come to know of the last archive. */
async function settledInventory(foreigner: Foreigner, count: number): Promise<InventoryRow[]> {
  const deadline = Date.now() + 60 * SECOND;
  for (;;) {
    const { ArchiveList: inventory = [] } = (await foreigner.inventory(VAULT).catch(() => null)) ?? {};
    if (inventory.length === count || Date.now() > deadline) return inventory;
    await wait(1 * SECOND);
  }
}

function inventoried(archives: readonly StoredArchive[], inventory: readonly InventoryRow[]): string[] {
  const listed = new Map(inventory.map((row) => [row.ArchiveId, row]));
  const wrong = archives.filter(({ archiveId, treeHash, size }) => {
    const row = listed.get(archiveId);
    return row?.SHA256TreeHash !== treeHash || row.Size !== size;
  });
  const problems = wrong.map(
    ({ archiveId }) => `The vault's inventory does not have the archive ${archiveId} as it is`,
  );
  const equal = inventory.length === archives.length;
  return equal
    ? problems
    : [...problems, `The inventory lists ${inventory.length} archives, the vault has ${archives.length}`];
}

/** The journal of archives tells of each archive and of no other. */
function journalled(archives: readonly StoredArchive[], file: string): string[] {
  const told = new Map<string, string>();
  for (const row of journalLines(file)) {
    if (row['event'] === 'stored') told.set(String(row['archiveId']), String(row['treeHash']));
  }
  const missing = archives.filter(({ archiveId, treeHash }) => told.get(archiveId) !== treeHash);
  const problems = missing.map(({ archiveId }) => `The journal of archives does not tell of ${archiveId} as it is`);
  const surplus = told.size - archives.length + missing.length;
  return surplus > 0 ? [...problems, `The journal tells of ${surplus} archive(s) that are nowhere`] : problems;
}

export function soundDatabase(file: string): string[] {
  const db = new Database(file, { readonly: true });
  try {
    const integrity = db.pragma('integrity_check', { simple: true });
    const dangling = db.pragma('foreign_key_check') as unknown[];
    return [
      ...(integrity === 'ok' ? [] : [`integrity_check says: ${String(integrity)}`]),
      ...(dangling.length === 0 ? [] : [`foreign_key_check finds ${dangling.length} row(s)`]),
    ];
  } finally {
    db.close();
  }
}

export function problemsOfTheVault(folder: string): string[] {
  return readLedger(folder).flatMap(({ operation, problem }) =>
    problem === null ? [] : [`The practice vault failed at ${String(operation)}: ${problem}`],
  );
}
