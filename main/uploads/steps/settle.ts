import type { Failure } from '../../../shared/failure.ts';
import type { Result } from '../../../shared/result.ts';
import { ok } from '../../../shared/result.ts';
import type { Phase } from '../../../shared/upload.ts';
import type { Inventory, InventoryArchive } from '../../core/ports.ts';
import type { FoundArchive, Upload } from '../../core/store-ports.ts';
import { CLOCK_TOLERANCE_MS, type StepContext } from './context.ts';

type Unconfirmed = Extract<Phase, { kind: 'unconfirmed' }>;

/** What an inventory says. `proves`: that what it does not list is not there. */
type Evidence = Inventory & { proves: boolean };

/**
 * unconfirmed → stored or queued. An archive that can only be the one of this upload settles it, whoever tells of it: the
 * catalogue, to which inventories and imports come, or an inventory of its own, of whatever date. That there is none is
 * believed only when an inventory was asked for so long after the loss that it shows what was there then: inventories lag.
 */
export async function settleUnconfirmed(
  upload: Upload,
  phase: Unconfirmed,
  context: StepContext,
): Promise<Failure | null> {
  const known = context.catalogue.newestLike(upload, phase.treeHash, madeAfter(phase));
  if (known) return store(upload, known, context);

  const evidence = await takeEvidence(upload, phase, context);
  if (!evidence.ok) return evidence.failure;
  if (evidence.value === null) return { kind: 'awaiting-inventory', vault: upload.vault };
  const found = foundIn(evidence.value, upload, context);
  if (found) return store(upload, found, context);
  if (!evidence.value.proves) return { kind: 'awaiting-inventory', vault: upload.vault };
  const { unreadable } = evidence.value;
  context.uploads.apply(upload.id, { kind: 'absent-from-inventory', unreadable, at: context.clock.now() });
  return null;
}

function store(upload: Upload, { archiveId, ...archive }: FoundArchive, { uploads, clock, region }: StepContext): null {
  uploads.apply(upload.id, { kind: 'found-in-inventory', archiveId, at: clock.now() }, { ...archive, region });
  return null;
}

/** Archives that are older were made before this upload was completed, by whomever. */
function madeAfter({ askedAt }: Unconfirmed): number {
  return askedAt - CLOCK_TOLERANCE_MS;
}

/** Whether an archive of an inventory can be the one that the upload was to become. */
export function isSameArchive(
  archive: Pick<InventoryArchive, 'treeHash' | 'size' | 'description' | 'createdAt'>,
  upload: Pick<Upload, 'size' | 'description'>,
  phase: Unconfirmed,
): boolean {
  return (
    archive.treeHash === phase.treeHash &&
    archive.size === upload.size &&
    archive.description === upload.description &&
    archive.createdAt >= madeAfter(phase)
  );
}

/** Of several the newest: the others may be those of uploads that wait as well, or were made by somebody else. */
function foundIn({ archives, location }: Inventory, upload: Upload, { catalogue }: StepContext): FoundArchive | null {
  const { accountId, vault } = upload;
  const [found] = archives
    .filter(({ archiveId }) => !catalogue.isTaken(accountId, vault, archiveId))
    .sort((a, b) => b.createdAt - a.createdAt);
  if (!found) return null;
  const { archiveId, createdAt: storedAt } = found;
  return { archiveId, storedAt, location: `${location || `/-/vaults/${vault}/archives/`}${archiveId}` };
}

/**
 * With the archives that can be the one of the upload; null while there is no new inventory. One job serves all uploads
 * that wait for the same vault, and survives restarts.
 */
async function takeEvidence(
  upload: Upload,
  phase: Unconfirmed,
  context: StepContext,
): Promise<Result<Evidence | null>> {
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
  // Its own date proves nothing: what was stored up to a day before may still be lacking.
  const proves = job.askedAt > since + destination.inventoryLagMs;
  if (!proves) jobs.remove(accountId, vault);
  return ok({ ...inventory.value, proves });
}

async function askForInventory(
  upload: Upload,
  since: number,
  { jobs, destination, signal }: StepContext,
): Promise<Result<Evidence | null>> {
  const { accountId, vault } = upload;
  const asked = await destination.requestInventory(vault, signal);
  // By the service's clock, as `since` is. Its answer has just told it.
  const askedAt = destination.now();
  if (asked.ok) jobs.put(accountId, vault, { jobId: asked.value.jobId, askedAt });
  if (asked.ok) return ok(null);
  if (asked.failure.kind !== 'not-found') return asked;
  // A vault that has an archive gets its first inventory in time; one that is empty never gets any.
  const isEmpty = askedAt > since + destination.inventoryLagMs;
  return ok(isEmpty ? { inventoryAt: askedAt, archives: [], unreadable: 0, location: '', proves: true } : null);
}
