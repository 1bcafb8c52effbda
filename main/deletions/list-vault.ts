import type { Failure } from '../../shared/failure.ts';
import type { InventoryFindings, InventoryView } from '../../shared/inventory.ts';
import { MINUTE } from '../../shared/units.ts';
import { patienceMs } from '../inventories/patience.ts';
import type { DeletionContext } from './delete-archives.ts';
import type { EmptyingTask } from './ports.ts';

/** Whoever waits for an inventory is woken at its end; this is for when nobody was there to do so. */
const LONGEST_LOOK_MS = 15 * MINUTE;

/**
 * listing → deleting, once an inventory that was taken since has told the catalogue of all archives. What came into the
 * vault meanwhile stops the emptying.
 */
export async function listVault(
  task: EmptyingTask,
  inventoryAfter: number | null,
  context: DeletionContext,
): Promise<Failure | null> {
  const { inventories, clock, place } = context;
  const { accountId, vault } = task.place;
  let inventory = inventories.of(accountId, vault);
  if (inventoryAfter === null) return wantInventory(task, inventory, context);
  // The times are only told apart: clocks may be set back.
  if (inventory?.phase.kind === 'idle' && (inventory.last?.endedAt ?? 0) !== inventoryAfter) {
    return beginDeleting(task, inventory, context);
  }
  if (inventory === null || inventory.phase.kind === 'idle') {
    // One that a program asked for earlier may be older than what was deleted since.
    inventories.want(accountId, vault, place.remover.now(), clock.now());
    inventory = inventories.of(accountId, vault);
  }
  return waitFor(vault, inventory, clock.now());
}

/** The intent is committed first. A vault that never had an inventory has none to wait for. */
async function wantInventory(
  task: EmptyingTask,
  inventory: InventoryView | null,
  context: DeletionContext,
): Promise<Failure | null> {
  const { chores, archives, place, clock, signal } = context;
  const vault = await place.admin.describe(place.name, signal);
  if (!vault.ok) return vault.failure;
  if (vault.value.listedAt === null) {
    const late = latecomers(task, null, context);
    if (late) return late;
    // What others have stored shows by the first inventory; a vault that is to go is looked into by Glacier itself.
    const unseen = task.state.closes === 1 ? null : task.state.deletesUntil;
    const lastDeletedAt = archives.lastDeletion(task.place.accountId, task.place.vault) ?? unseen;
    chores.moveEmptying(task.id, { kind: 'listed', archives: null, lastDeletedAt, at: clock.now() });
  } else {
    const after = inventory?.last?.endedAt ?? 0;
    chores.moveEmptying(task.id, { kind: 'inventory-wanted', after, at: clock.now() });
  }
  return null;
}

function waitFor(vault: string, inventory: InventoryView | null, now: number): Failure {
  const hold = inventory?.hold;
  if (hold && hold.kind !== 'paused') return hold.failure;
  const lookInMs = patienceMs(now - (inventory?.wantedAt ?? now), LONGEST_LOOK_MS);
  return { kind: 'inventory-under-way', vault, lookInMs };
}

function beginDeleting(task: EmptyingTask, { last }: InventoryView, context: DeletionContext): Failure | null {
  const { chores, archives, clock } = context;
  const findings = last?.kind === 'reconciled' ? last.findings : null;
  const inventoryAt = last?.kind === 'reconciled' ? last.inventoryAt : null;
  const stop = latecomers(task, inventoryAt, context) ?? unreadable(task, findings, context);
  const at = clock.now();
  if (stop) {
    chores.moveEmptying(task.id, { kind: 'inventory-unusable', at });
    return stop;
  }
  const lastDeletedAt = archives.lastDeletion(task.place.accountId, task.place.vault);
  chores.moveEmptying(task.id, { kind: 'listed', archives: findings && findings.listed, lastDeletedAt, at });
  return null;
}

function latecomers(task: EmptyingTask, inventoryAt: number | null, { archives }: DeletionContext): Failure | null {
  const { count, newestAt } = archives.latecomers(task, inventoryAt);
  return newestAt === null ? null : { kind: 'vault-in-use', vault: task.place.vault, archives: count, newestAt };
}

/** When nothing else is left, the vault would never become empty: somebody has to look at what Firn cannot read. */
function unreadable(
  task: EmptyingTask,
  findings: InventoryFindings | null,
  { archives }: DeletionContext,
): Failure | null {
  const { unreadable: count, unreadableIds = [] } = findings ?? { unreadable: 0 };
  if (count === 0 || archives.toDelete(task, '', 1).length > 0) return null;
  return { kind: 'entries-unreadable', vault: task.place.vault, count, archiveIds: unreadableIds };
}
