import { type InventoryEvent, type InventoryState, inventoryTransition } from '../../shared/inventory.ts';
import type { TaskKind } from '../engine/task-kind.ts';

/** Asking is quick and must not wait until others have been downloaded. */
export const INVENTORY_LANES = { asking: 'inventory-asking', fetching: 'inventory-fetching' } as const;

/** The inventories of a vault, one after the other: one task, which is over while nobody wants one. */
export const inventoryKind: TaskKind<InventoryState, InventoryEvent> = {
  name: 'inventory',
  columns: {
    facts: {
      wantedAt: 'wanted_at',
      notBefore: 'not_before',
      findings: 'findings',
      lastOutcome: 'last_outcome',
      lastEndedAt: 'last_ended_at',
      lastInventoryAt: 'last_inventory_at',
      lastFindings: 'last_findings',
      lastAskedAt: 'last_asked_at',
      lastJobId: 'last_job_id',
      newestAt: 'newest_at',
    },
    phases: {
      idle: {},
      wanted: { requestedAt: 'requested_at' },
      requested: { jobId: 'job_id', askedAt: 'asked_at' },
      downloading: { jobId: 'job_id', askedAt: 'asked_at', size: 'size', received: 'received' },
      reconciling: {
        jobId: 'job_id',
        askedAt: 'asked_at',
        inventoryAt: 'inventory_at',
        archives: 'archives',
        reconciled: 'reconciled',
      },
    },
  },
  transition: inventoryTransition,
  /** Glacier's job goes on; nobody waits for it any more. What was reconciled stays. */
  cancel: (state) => ({ ...state, phase: { kind: 'idle' }, findings: null }),
  lane({ phase }) {
    if (phase.kind === 'idle') return null;
    return phase.kind === 'wanted' || phase.kind === 'requested' ? INVENTORY_LANES.asking : INVENTORY_LANES.fetching;
  },
  waitKeys: () => [],
  urgentAt: () => null,
  keepsPieces: () => false,
};
