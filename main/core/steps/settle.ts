import type { Failure } from '../../../shared/failure.ts';
import type { Result } from '../../../shared/result.ts';
import { ok } from '../../../shared/result.ts';
import type { Phase } from '../../../shared/upload.ts';
import type { Inventory, InventoryArchive } from '../ports.ts';
import type { Upload } from '../store-ports.ts';
import type { StepContext } from './context.ts';

type Unconfirmed = Extract<Phase, { kind: 'unconfirmed' }>;

/** unconfirmed → stored or queued: what an inventory newer than the lost answer says. Until then the upload waits. */
export async function settleByInventory(
  upload: Upload,
  phase: Unconfirmed,
  context: StepContext,
): Promise<Failure | null> {
  const { uploads, catalogue, clock, region } = context;
  const inventory = await newerInventory(upload, phase, context);
  if (!inventory.ok) return inventory.failure;
  if (inventory.value === null) return { kind: 'awaiting-inventory', vault: upload.vault };

  // Somebody else may have stored the same file before: the newest is the one of this upload.
  const [found] = inventory.value.archives
    .filter(({ archiveId }) => !catalogue.isTaken(upload.accountId, upload.vault, archiveId))
    .sort((a, b) => b.createdAt - a.createdAt);
  if (found) {
    const { archiveId } = found;
    const location = `/-/vaults/${upload.vault}/archives/${archiveId}`;
    uploads.apply(upload.id, { kind: 'found-in-inventory', archiveId, at: clock.now() }, { location, region });
  } else {
    uploads.apply(upload.id, { kind: 'absent-from-inventory', at: clock.now() });
  }
  return null;
}

/** Whether an archive of an inventory can be the one that the upload was to become. */
export function isSameArchive(
  archive: Pick<InventoryArchive, 'treeHash' | 'size' | 'description'>,
  upload: Pick<Upload, 'size' | 'description'>,
  { treeHash }: Pick<Unconfirmed, 'treeHash'>,
): boolean {
  return archive.treeHash === treeHash && archive.size === upload.size && archive.description === upload.description;
}

/**
 * With the archives that can be the one of the upload; null while there is none yet. One job serves all uploads that wait
 * for the same vault, and survives restarts.
 */
async function newerInventory(
  upload: Upload,
  phase: Unconfirmed,
  context: StepContext,
): Promise<Result<Inventory | null>> {
  const { since } = phase;
  const { jobs, destination, signal } = context;
  const { accountId, vault } = upload;
  const job = jobs.get(accountId, vault);
  if (!job || job.askedAt <= since) return askForInventory(upload, since, context);

  const state = await destination.describeJob(vault, job.jobId, signal);
  if (!state.ok && state.failure.kind !== 'not-found') return state;
  if (state.ok && state.value.status === 'in-progress') return ok(null);
  if (!state.ok || state.value.status === 'failed') {
    jobs.remove(accountId, vault);
    return ok(null);
  }
  const inventory = await destination.inventory(vault, job.jobId, signal, (archive) =>
    isSameArchive(archive, upload, phase),
  );
  if (!inventory.ok) return inventory;
  // The date of an inventory stands still while nothing changes in the vault; then only the calendar tells.
  const isNewer = inventory.value.inventoryAt > since || job.askedAt > since + destination.inventoryLagMs;
  if (!isNewer) jobs.remove(accountId, vault);
  return ok(isNewer ? inventory.value : null);
}

async function askForInventory(
  upload: Upload,
  since: number,
  { jobs, destination, signal }: StepContext,
): Promise<Result<Inventory | null>> {
  const { accountId, vault } = upload;
  const asked = await destination.requestInventory(vault, signal);
  // By the service's clock, as `since` is. Its answer has just told it.
  const askedAt = destination.now();
  if (asked.ok) jobs.put(accountId, vault, { jobId: asked.value.jobId, askedAt });
  if (asked.ok) return ok(null);
  if (asked.failure.kind !== 'not-found') return asked;
  // A vault that has an archive gets its first inventory in time; one that is empty never gets any.
  const isEmpty = askedAt > since + destination.inventoryLagMs;
  return ok(isEmpty ? { inventoryAt: askedAt, archives: [] } : null);
}
