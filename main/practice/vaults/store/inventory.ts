import { KiB } from '../../../../shared/units.ts';
import type { ArchiveRecord } from './records.ts';
import type { Vault } from './store.ts';

/** Documented: what Glacier adds to each archive for its index, and counts in a vault's size. */
const ARCHIVE_OVERHEAD = 32 * KiB;

/** `takenAt` moves only when archives came or went. Archives by age, oldest first. */
export type InventorySnapshot = { takenAt: number; archives: ArchiveRecord[] };

/**
 * The last inventory of a vault; null before the first that had anything to tell. It follows from the archives, the
 * deleted ones included, and the clock alone: inventories are taken every `lagMs` since the vault was created, and each
 * knows what happened before it.
 */
export function lastInventory(vault: Vault, now: number, lagMs: number): InventorySnapshot | null {
  const runAt = lastRun(vault.record.createdAt, now, lagMs);
  const changedAt = lastChange(vault, runAt);
  if (changedAt === null) return null;
  return { takenAt: firstRun(vault.record.createdAt, changedAt, lagMs), archives: archivesBefore(vault, runAt) };
}

/** Documented for DeleteVault: no archive in the last inventory, and nothing written since. */
export function isKnownEmpty(vault: Vault, now: number, lagMs: number): boolean {
  const runAt = lastRun(vault.record.createdAt, now, lagMs);
  const unseen = (lastChange(vault, Infinity) ?? -Infinity) >= runAt;
  return !unseen && archivesBefore(vault, runAt).length === 0;
}

export function inventorySize(archives: readonly ArchiveRecord[]): number {
  return archives.reduce((sum, { size }) => sum + size + ARCHIVE_OVERHEAD, 0);
}

/** Whether inventories have told of everything that happened up to `at`. */
export function isInventoried(vault: Vault, at: number, now: number, lagMs: number): boolean {
  return at < lastRun(vault.record.createdAt, now, lagMs);
}

function archivesBefore(vault: Vault, at: number): ArchiveRecord[] {
  return [...vault.archives.values()]
    .map(({ record }) => record)
    .filter(({ createdAt, deletedAt }) => createdAt < at && (deletedAt === null || deletedAt >= at))
    .sort((a, b) => a.createdAt - b.createdAt || (a.archiveId < b.archiveId ? -1 : 1));
}

function lastChange(vault: Vault, before: number): number | null {
  let changedAt = vault.record.forgottenChangeAt;
  for (const { record } of vault.archives.values()) {
    for (const at of [record.createdAt, record.deletedAt]) {
      if (at !== null && at < before && at > (changedAt ?? -Infinity)) changedAt = at;
    }
  }
  return changedAt;
}

/** Without a lag every change is known at once. */
function lastRun(createdAt: number, now: number, lagMs: number): number {
  return lagMs === 0 ? Infinity : createdAt + Math.floor((now - createdAt) / lagMs) * lagMs;
}

/** The first that knows of a change. */
function firstRun(createdAt: number, changedAt: number, lagMs: number): number {
  return lagMs === 0 ? changedAt : createdAt + (Math.floor((changedAt - createdAt) / lagMs) + 1) * lagMs;
}
