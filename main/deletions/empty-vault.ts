import { assertNever } from '../../shared/assert.ts';
import type { Failure } from '../../shared/failure.ts';
import type { PlaceFacts } from '../places/ports/place-admin.ts';
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
  const { chores, clock, place, signal } = context;
  const vault = await place.admin.describe(place.name, signal);
  if (!vault.ok) return vault.failure;
  // Where the service keeps no counts, it is what was deleted that counts.
  const { archives: counted, listedAt } = vault.value;
  const archives = counted ?? 0;
  // Glacier itself deletes no vault that was written to since, so a vault that is to be deleted need not wait for Firn.
  const isForGlacierToSay = task.state.closes === 1 && listedAt !== null && archives === 0;
  if (!isForGlacierToSay && !isNewer(vault.value, task, context))
    return { kind: 'vault-not-yet-empty', vault: task.place.vault, openUploads: null };
  const at = clock.now();
  chores.moveEmptying(task.id, archives === 0 ? { kind: 'found-empty', at } : { kind: 'still-listed', archives, at });
  return null;
}

/** The date of an inventory stands still while nothing changes in the vault; then only the calendar tells. */
function isNewer(
  { listedAt }: PlaceFacts,
  { state: { lastDeletedAt } }: EmptyingTask,
  { place: { census, remover } }: Pick<DeletionContext, 'place'>,
): boolean {
  if (lastDeletedAt === null) return true;
  return (listedAt !== null && listedAt > lastDeletedAt) || remover.now() > lastDeletedAt + census.lagMs;
}

/** closing → done. Glacier deletes no vault that may have archives, so this is asked until it agrees. */
async function closeVault(task: EmptyingTask, context: DeletionContext): Promise<Failure | null> {
  const { chores, clock, place, signal } = context;
  const { admin, name } = place;
  const { id } = task;
  const vault = await admin.describe(name, signal);
  const isGone = !vault.ok && vault.failure.kind === 'vault-missing';
  if (!vault.ok && !isGone) return vault.failure;
  if (vault.ok && vault.value.archives !== null && vault.value.archives > 0) {
    chores.moveEmptying(id, { kind: 'still-listed', archives: vault.value.archives, at: clock.now() });
    return null;
  }
  // The answer to an earlier request may have been lost.
  const deleted = isGone ? null : await admin.remove(name, signal);
  if (deleted && !deleted.ok) {
    return deleted.failure.kind === 'rejected' ? notYet(context) : deleted.failure;
  }
  chores.moveEmptying(id, { kind: 'vault-deleted', at: clock.now() });
  return null;
}

async function notYet({ place: { admin, name }, signal }: DeletionContext): Promise<Failure> {
  const open = await admin.countOpenUploads(name, signal);
  return { kind: 'vault-not-yet-empty', vault: name, openUploads: open.ok ? open.value : null };
}
