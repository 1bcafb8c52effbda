import type { InventoryPhase } from '../../../shared/inventory.ts';
import { HOUR, MINUTE } from '../../../shared/units.ts';
import type { InventoryContext, Outcome } from './context.ts';
import { patienceMs } from '../patience.ts';
import type { Inventory } from '../ports.ts';

type Requested = Extract<InventoryPhase, { kind: 'requested' }>;

/** Observed: inventory jobs take about as long as Standard retrievals. */
const USUAL_MS = 5 * HOUR;
const LONGEST_LOOK_MS = 15 * MINUTE;

/** requested → downloading, when Glacier is ready. */
export async function awaitInventory(inventory: Inventory, phase: Requested, context: InventoryContext): Outcome {
  const { inventories, clock, service, signal } = context;
  const { id, vault } = inventory;
  const found = await service.describeJob(vault, phase.jobId, signal);
  if (!found.ok) {
    if (found.failure.kind !== 'not-found') return found.failure;
    inventories.apply(id, { kind: 'output-gone', at: clock.now() });
    return null;
  }
  const { status, message, purpose } = found.value;
  switch (status) {
    case 'in-progress': {
      const lookInMs = patienceMs(service.now() - phase.askedAt, LONGEST_LOOK_MS);
      return { kind: 'awaiting-job', usualMs: Math.min(USUAL_MS, service.inventoryLagMs), lookInMs };
    }
    case 'failed':
      inventories.apply(id, { kind: 'output-gone', at: clock.now() });
      return { kind: 'job-failed', message };
    case 'succeeded':
      if (purpose.kind !== 'inventory') return { kind: 'answer-garbled', detail: 'the job makes no inventory' };
      inventories.apply(id, { kind: 'ready', size: purpose.size, at: clock.now() });
      return null;
  }
}
