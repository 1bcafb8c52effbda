import type { Failure } from '../../shared/failure.ts';
import type { InventoryFindings, InventoryView } from '../../shared/inventory.ts';
import { MINUTE } from '../../shared/units.ts';
import { patienceMs } from '../inventories/patience.ts';
import type { DeletionContext } from './delete-archives.ts';
import type { EmptyingChore } from './ports.ts';

/** Whoever waits for an inventory is woken at its end; this is for when nobody was there to do so. */
const LONGEST_LOOK_MS = 15 * MINUTE;

/**
 * listing → deleting, once an inventory that was taken since has told the catalogue of all archives. What came into the
 * vault meanwhile stops the emptying.
 */
export async function listVault(chore: EmptyingChore, context: DeletionContext): Promise<Failure | null> {
  const { inventories, clock, service } = context;
  const { accountId, vault, inventoryAfter } = chore;
  let inventory = inventories.of(accountId, vault);
  if (inventoryAfter === null) return wantInventory(chore, inventory, context);
  // The times are only told apart: clocks may be set back.
  if (inventory?.phase.kind === 'idle' && (inventory.last?.endedAt ?? 0) !== inventoryAfter) {
    return beginDeleting(chore, inventory, context);
  }
  if (inventory === null || inventory.phase.kind === 'idle') {
    // One that a program asked for earlier may be older than what was deleted since.
    inventories.want(accountId, vault, service.now(), clock.now());
    inventory = inventories.of(accountId, vault);
  }
  return waitFor(vault, inventory, clock.now());
}

/** The intent is committed first. A vault that never had an inventory has none to wait for. */
async function wantInventory(
  chore: EmptyingChore,
  inventory: InventoryView | null,
  context: DeletionContext,
): Promise<Failure | null> {
  const { chores, archives, service, clock, signal } = context;
  const vault = await service.describeVault(chore.vault, signal);
  if (!vault.ok) return vault.failure;
  if (vault.value.inventoryAt === null) {
    const late = latecomers(chore, null, context);
    if (late) return late;
    // What others have stored shows by the first inventory; a vault that is to go is looked into by Glacier itself.
    const unseen = chore.closes ? null : chore.deletesUntil;
    const lastDeletedAt = archives.lastDeletion(chore.accountId, chore.vault) ?? unseen;
    chores.apply(chore.id, { kind: 'listed', archives: null, lastDeletedAt, at: clock.now() });
  } else {
    const after = inventory?.last?.endedAt ?? 0;
    chores.apply(chore.id, { kind: 'inventory-wanted', after, at: clock.now() });
  }
  return null;
}

function waitFor(vault: string, inventory: InventoryView | null, now: number): Failure {
  const hold = inventory?.hold;
  if (hold && hold.kind !== 'paused') return hold.failure;
  const lookInMs = patienceMs(now - (inventory?.wantedAt ?? now), LONGEST_LOOK_MS);
  return { kind: 'inventory-under-way', vault, lookInMs };
}

function beginDeleting(chore: EmptyingChore, { last }: InventoryView, context: DeletionContext): Failure | null {
  const { chores, archives, clock } = context;
  const findings = last?.kind === 'reconciled' ? last.findings : null;
  const inventoryAt = last?.kind === 'reconciled' ? last.inventoryAt : null;
  const stop = latecomers(chore, inventoryAt, context) ?? unreadable(chore, findings, context);
  const at = clock.now();
  if (stop) {
    chores.apply(chore.id, { kind: 'inventory-unusable', at });
    return stop;
  }
  const lastDeletedAt = archives.lastDeletion(chore.accountId, chore.vault);
  chores.apply(chore.id, { kind: 'listed', archives: findings && findings.listed, lastDeletedAt, at });
  return null;
}

function latecomers(chore: EmptyingChore, inventoryAt: number | null, { archives }: DeletionContext): Failure | null {
  const { count, newestAt } = archives.latecomers(chore, inventoryAt);
  return newestAt === null ? null : { kind: 'vault-in-use', vault: chore.vault, archives: count, newestAt };
}

/** When nothing else is left, the vault would never become empty: somebody has to look at what Firn cannot read. */
function unreadable(
  chore: EmptyingChore,
  findings: InventoryFindings | null,
  { archives }: DeletionContext,
): Failure | null {
  const { unreadable: count, unreadableIds = [] } = findings ?? { unreadable: 0 };
  if (count === 0 || archives.toDelete(chore, '', 1).length > 0) return null;
  return { kind: 'entries-unreadable', vault: chore.vault, count, archiveIds: unreadableIds };
}
