import { HOUR, MINUTE, SECOND } from '../../../shared/units.ts';
import type { Job } from '../../places/ports/archive-service.ts';
import { mayHaveHappened } from '../../uploads/steps/context.ts';
import type { InventoryContext, Outcome } from './context.ts';
import { patienceMs } from '../patience.ts';
import type { Inventory } from '../ports.ts';

/** Glacier keeps the output of a job for at least so long; one that ends sooner is not worth beginning with. */
const OUTPUT_LIFE_MS = 24 * HOUR;
const WORTH_IT_MS = 1 * HOUR;
/** A request whose answer was lost may still arrive, and be listed, for this long. */
const AFTERLIFE_MS = 60 * SECOND;
const LONGEST_LOOK_MS = 60 * MINUTE;

/** wanted → requested. The intent is committed first, because each request is a job of its own. */
export async function askForInventory(
  inventory: Inventory,
  requestedAt: number | null,
  context: InventoryContext,
): Outcome {
  const { vault } = inventory;
  const listed = await context.service.listJobs(vault, {}, context.signal);
  // Who may ask for jobs but not list them asks for one each time.
  const jobs = listed.ok ? listed.value : [];
  if (!listed.ok && (listed.failure.kind !== 'access-denied' || requestedAt !== null)) return listed.failure;
  return requestedAt === null
    ? adoptOrRequest(inventory, jobs, context)
    : settle(inventory, requestedAt, jobs, context);
}

/** A job that is there already, whoever asked for it, is as good as one of ours, and sooner ready. */
async function adoptOrRequest(inventory: Inventory, jobs: readonly Job[], context: InventoryContext): Outcome {
  const now = context.service.now();
  const last = jobs.find(({ jobId }) => jobId === inventory.lastJobId);
  const after = Math.max(inventory.notBefore ?? 0, last?.createdAt ?? 0);
  const useful = jobs.filter((job) => isUseful(job, after, now)).sort((a, b) => b.createdAt - a.createdAt);
  const found = useful.find(({ status }) => status === 'succeeded') ?? useful[0];
  if (!found) return request(inventory, context);
  begin(inventory, found, context);
  return null;
}

/** `after`: what was asked for earlier, or is the job that served last, has nothing new to tell. */
function isUseful({ purpose, status, createdAt, completedAt }: Job, after: number, now: number): boolean {
  if (purpose.kind !== 'inventory' || purpose.format !== 'JSON' || !purpose.isWhole) return false;
  if (createdAt <= after) return false;
  if (status === 'in-progress') return true;
  return status === 'succeeded' && (completedAt ?? 0) + OUTPUT_LIFE_MS - now > WORTH_IT_MS;
}

async function request(inventory: Inventory, context: InventoryContext): Outcome {
  const { inventories, clock, service, signal } = context;
  const { id, vault } = inventory;
  const askedAt = clock.now();
  inventories.apply(id, { kind: 'asked', at: askedAt });
  const description = jobDescription(inventory, askedAt);
  const answer = await service.requestInventoryJob({ vault, format: 'JSON', description }, signal);
  if (answer.ok) {
    begin(inventory, { jobId: answer.value.jobId, createdAt: service.now() }, context);
    return null;
  }
  if (!mayHaveHappened(answer.failure)) inventories.apply(id, { kind: 'request-settled', at: clock.now() });
  return answer.failure.kind === 'not-found' ? withoutInventory(inventory, context) : answer.failure;
}

/**
 * The first inventory of a vault comes a day or two after its first archive. Whether one is on its way shows by what the
 * catalogue has, or by the vault's age; any other vault has none.
 */
async function withoutInventory(inventory: Inventory, context: InventoryContext): Outcome {
  const { inventories, clock, service, signal } = context;
  const { id, accountId, vault, wantedAt } = inventory;
  const found = await service.describeVault(vault, signal);
  if (!found.ok && found.failure.kind !== 'access-denied') return found.failure;
  // What the service dates is compared with the service's time.
  const recently = service.now() - service.inventoryLagMs;
  const isYoung = found.ok && found.value.createdAt > recently;
  const now = clock.now();
  if (isYoung || inventories.hasArchiveSince(accountId, vault, recently)) {
    return { kind: 'no-inventory-yet', vault, lookInMs: patienceMs(now - wantedAt, LONGEST_LOOK_MS) };
  }
  inventories.apply(id, { kind: 'none', askedAt: service.now(), at: now });
  return null;
}

/** Finds out whether the unanswered request has made a job: its description names it and the moment. */
function settle(inventory: Inventory, requestedAt: number, jobs: readonly Job[], context: InventoryContext): Outcome {
  const { inventories, clock } = context;
  const description = jobDescription(inventory, requestedAt);
  const job = jobs.find((one) => one.description === description);
  if (job) {
    begin(inventory, job, context);
    return Promise.resolve(null);
  }
  const age = clock.now() - requestedAt;
  if (age >= 0 && age < AFTERLIFE_MS) {
    return Promise.resolve({ kind: 'request-unanswered', lookInMs: AFTERLIFE_MS - age });
  }
  inventories.apply(inventory.id, { kind: 'request-settled', at: clock.now() });
  return Promise.resolve(null);
}

function begin(
  { id }: Inventory,
  { jobId, createdAt }: Pick<Job, 'jobId' | 'createdAt'>,
  { inventories, clock }: InventoryContext,
): void {
  inventories.apply(id, { kind: 'requested', jobId, askedAt: createdAt, at: clock.now() });
}

function jobDescription({ id }: Inventory, requestedAt: number): string {
  return `Firn inventory ${id} ${requestedAt}`;
}
