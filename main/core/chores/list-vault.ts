import type { Failure } from '../../../shared/failure.ts';
import { type Result, ok } from '../../../shared/result.ts';
import { HOUR } from '../../../shared/units.ts';
import type { Inventory, InventoryArchive } from '../ports.ts';
import { patienceMs } from '../retrieval/patience.ts';
import type { TaskContext } from '../task-runner.ts';
import type { ArchivesToDelete, Chores, EmptyingChore } from './ports.ts';

type EmptyingContext = TaskContext & { chores: Chores; archives: ArchivesToDelete };

/** Small enough that other work gets its turn in between. */
const BATCH = 1000;
/** As users report of inventory jobs. */
const USUAL_WAIT_MS = 5 * HOUR;

/** listing → deleting, with all archives that an inventory lists; stops when there are some that came since. */
export async function listVault(chore: EmptyingChore, context: EmptyingContext): Promise<Failure | null> {
  const { chores, clock } = context;
  const inventory = await takeInventory(chore, context);
  if (!inventory.ok) return inventory.failure;
  if (inventory.value === 'asked anew') return null;
  const { archives: listed, inventoryAt } = inventory.value ?? { archives: [], inventoryAt: 0 };
  const late = latecomers(chore, listed, context);
  if (late) return late;
  for (let first = 0; first < listed.length; first += BATCH) {
    context.archives.addListed(chore, inventoryAt, listed.slice(first, first + BATCH));
    await new Promise((resolve) => setImmediate(resolve));
    context.softSignal.throwIfAborted();
  }
  const lastDeletedAt = context.archives.lastDeletion(chore.accountId, chore.vault);
  chores.apply(chore.id, {
    kind: 'listed',
    archives: inventory.value && listed.length,
    lastDeletedAt,
    at: clock.now(),
  });
  return null;
}

/** Null when the vault never had one. The job is asked for once, whatever happens to Firn meanwhile. */
async function takeInventory(
  chore: EmptyingChore,
  context: EmptyingContext,
): Promise<Result<Inventory | 'asked anew' | null>> {
  const { vault, jobId } = chore;
  const { chores, service, clock, signal, softSignal } = context;
  if (jobId === null) {
    const asked = await service.requestInventory(vault, signal);
    if (!asked.ok) return asked.failure.kind === 'not-found' ? ok(null) : asked;
    chores.apply(chore.id, { kind: 'inventory-asked', jobId: asked.value.jobId, at: clock.now() });
    return ok('asked anew');
  }
  const job = await service.describeJob(vault, jobId, signal);
  const isLost = job.ok ? job.value.status === 'failed' : job.failure.kind === 'not-found';
  if (isLost) {
    chores.apply(chore.id, { kind: 'inventory-lost', at: clock.now() });
    return ok('asked anew');
  }
  if (!job.ok) return job;
  if (job.value.status === 'succeeded') return service.inventory(vault, jobId, softSignal);
  const lookInMs = patienceMs('Standard', Math.max(0, service.now() - job.value.createdAt), service.inventoryLagMs);
  return { ok: false, failure: { kind: 'awaiting-job', usualMs: USUAL_WAIT_MS, lookInMs } };
}

function latecomers(
  chore: EmptyingChore,
  listed: readonly InventoryArchive[],
  { archives }: EmptyingContext,
): Failure | null {
  const { accountId, vault, deletesUntil } = chore;
  let { count, newestAt } = archives.latecomers(chore);
  for (const { archiveId, createdAt } of listed) {
    if (createdAt <= deletesUntil || archives.isCatalogued(accountId, vault, archiveId)) continue;
    count += 1;
    newestAt = Math.max(newestAt ?? 0, createdAt);
  }
  return newestAt === null ? null : { kind: 'vault-in-use', vault, archives: count, newestAt };
}
