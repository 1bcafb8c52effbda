import { assertNever } from '../../shared/assert.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Vault } from '../../shared/vault.ts';
import { type DeletionContext, deleteArchives } from './delete-archives.ts';
import { listVault } from './list-vault.ts';
import type { EmptyingTask } from './ports.ts';

/** Takes an emptying one phase further. */
export async function emptyVault(task: EmptyingTask, context: DeletionContext): Promise<Failure | null> {
  switch (task.state.phase.kind) {
    case 'listing':
      return listVault(task, task.state.phase.inventoryAfter, context);
    case 'deleting':
      return deleteAll(task, context);
    case 'confirming':
      return confirmEmpty(task, context);
    case 'closing':
      return closeVault(task, context);
    case 'done':
    case 'cancelled':
      return null;
    default:
      return assertNever(task.state.phase);
  }
}

/** deleting → confirming. */
async function deleteAll(task: EmptyingTask, context: DeletionContext): Promise<Failure | null> {
  const { chores, archives: work, clock } = context;
  const failure = await deleteArchives(task, context);
  if (failure) return failure;
  const archives = chores.get(task.id)?.failed ?? 0;
  if (archives > 0) return { kind: 'archives-refused', vault: task.place.vault, archives };
  const lastDeletedAt = work.lastDeletion(task.place.accountId, task.place.vault);
  chores.moveEmptying(task.id, { kind: 'worked-off', lastDeletedAt, at: clock.now() });
  return null;
}

/** confirming → closing or done, or back to listing: what an inventory newer than the last deletion says. */
async function confirmEmpty(task: EmptyingTask, context: DeletionContext): Promise<Failure | null> {
  const { chores, clock, service, signal } = context;
  const vault = await service.describeVault(task.place.vault, signal);
  if (!vault.ok) return vault.failure;
  const { archives, inventoryAt } = vault.value;
  // Glacier itself deletes no vault that was written to since, so a vault that is to be deleted need not wait for Firn.
  const isForGlacierToSay = task.state.closes === 1 && inventoryAt !== null && archives === 0;
  if (!isForGlacierToSay && !isNewer(vault.value, task, context))
    return { kind: 'vault-not-yet-empty', vault: task.place.vault, openUploads: null };
  const at = clock.now();
  chores.moveEmptying(task.id, archives === 0 ? { kind: 'found-empty', at } : { kind: 'still-listed', archives, at });
  return null;
}

/** The date of an inventory stands still while nothing changes in the vault; then only the calendar tells. */
function isNewer(
  { inventoryAt }: Vault,
  { state: { lastDeletedAt } }: EmptyingTask,
  { service }: Pick<DeletionContext, 'service'>,
): boolean {
  if (lastDeletedAt === null) return true;
  return (
    (inventoryAt !== null && inventoryAt > lastDeletedAt) || service.now() > lastDeletedAt + service.inventoryLagMs
  );
}

/** closing → done. Glacier deletes no vault that may have archives, so this is asked until it agrees. */
async function closeVault(task: EmptyingTask, context: DeletionContext): Promise<Failure | null> {
  const { chores, clock, service, signal } = context;
  const { id, place } = task;
  const name = place.vault;
  const vault = await service.describeVault(name, signal);
  const isGone = !vault.ok && vault.failure.kind === 'vault-missing';
  if (!vault.ok && !isGone) return vault.failure;
  if (vault.ok && vault.value.archives > 0) {
    chores.moveEmptying(id, { kind: 'still-listed', archives: vault.value.archives, at: clock.now() });
    return null;
  }
  // The answer to an earlier request may have been lost.
  const deleted = isGone ? null : await service.deleteVault(name, signal);
  if (deleted && !deleted.ok) {
    return deleted.failure.kind === 'rejected' ? notYet(name, context) : deleted.failure;
  }
  chores.moveEmptying(id, { kind: 'vault-deleted', at: clock.now() });
  return null;
}

async function notYet(vault: string, { service, signal }: DeletionContext): Promise<Failure> {
  const open = await service.listMultipartUploads(vault, signal);
  return { kind: 'vault-not-yet-empty', vault, openUploads: open.ok ? open.value.length : null };
}
