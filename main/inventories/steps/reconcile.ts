import { setImmediate } from 'node:timers/promises';
import type { InventoryPhase } from '../../../shared/inventory.ts';
import type { InventoryContext, Outcome } from './context.ts';
import { Pace } from '../pace.ts';
import type { Inventory, InventoryEntry, Origin } from '../ports.ts';

type Reconciling = Extract<InventoryPhase, { kind: 'reconciling' }>;

/**
 * reconciling → idle. The catalogue hears a few archives at a time, each time in a transaction that also notes how far it
 * has come, and everything else gets its turn in between. Doing any of it again changes nothing.
 */
export async function reconcile(inventory: Inventory, phase: Reconciling, context: InventoryContext): Outcome {
  const { inventories, outputs, live, clock, service, account, softSignal } = context;
  const { id } = inventory;
  const head = await outputs.head(id, softSignal);
  if (!head?.ok) {
    inventories.apply(id, { kind: 'download-lost', at: clock.now() });
    return null;
  }
  try {
    const { inventoryLagMs: lagMs } = service;
    const origin = { region: account.region, location: head.value.location, lagMs };
    await takeEntries(inventory, phase, origin, context);
    await markMissing(inventory, context, lagMs);
  } finally {
    live.delete(id);
  }
  inventories.finish(id, clock.now());
  await outputs.remove(id);
  return null;
}

async function takeEntries(
  { id }: Inventory,
  { reconciled }: Reconciling,
  origin: Origin,
  { inventories, outputs, live, softSignal }: InventoryContext,
): Promise<void> {
  const pace = new Pace();
  let done = reconciled;
  let waiting: InventoryEntry[] = [];
  const take = async (entries: InventoryEntry[]): Promise<void> => {
    softSignal.throwIfAborted();
    pace.measure(entries.length, () => {
      inventories.reconcile(id, entries, origin);
    });
    done += entries.length;
    live.set(id, done);
    await setImmediate();
  };
  for await (const piece of outputs.entries(id, reconciled, softSignal)) {
    waiting = waiting.length === 0 ? [...piece] : waiting.concat(piece);
    while (waiting.length >= pace.size) await take(waiting.splice(0, pace.size));
  }
  while (waiting.length > 0) await take(waiting.splice(0, pace.size));
}

/** Looking at a row is much less than writing one. */
const LOOKED_AT_ONCE = 1000;

async function markMissing(
  { id }: Inventory,
  { inventories, softSignal }: InventoryContext,
  lagMs: number,
): Promise<void> {
  for (let after: number | null = 0; after !== null;) {
    softSignal.throwIfAborted();
    after = inventories.markMissing(id, after, LOOKED_AT_ONCE, lagMs);
    await setImmediate();
  }
}
