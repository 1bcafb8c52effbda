import type { AccountId } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';
import type {
  InventoryFindings,
  InventoryId,
  InventoryOutcome,
  InventoryPhase,
  InventoryProgress,
} from '../../shared/inventory.ts';
import type { Inventory } from '../inventories/ports.ts';
import { type HoldColumns, holdColumns, present, toHold } from './hold-columns.ts';

/** The progress columns of `inventory`; the CHECKs in 006-inventories.ts guarantee which are null together. */
export type InventoryColumns = HoldColumns & {
  phase: InventoryPhase['kind'];
  requested_at: number | null;
  job_id: string | null;
  asked_at: number | null;
  size: number | null;
  received: number | null;
  inventory_at: number | null;
  archives: number | null;
  reconciled: number | null;
};

export type InventoryRow = InventoryColumns & {
  id: InventoryId;
  account_id: AccountId;
  vault: string;
  wanted_at: number;
  not_before: number | null;
  findings: string | null;
  last_outcome: InventoryOutcome['kind'] | null;
  last_ended_at: number | null;
  last_inventory_at: number | null;
  last_findings: string | null;
  last_job_id: string | null;
  newest_at: number | null;
};

const nothing = {
  requested_at: null,
  job_id: null,
  asked_at: null,
  size: null,
  received: null,
  inventory_at: null,
  archives: null,
  reconciled: null,
};

export function toInventoryColumns({ phase, hold }: InventoryProgress): InventoryColumns {
  return { ...nothing, ...phaseColumns(phase), ...holdColumns(hold) };
}

function phaseColumns(phase: InventoryPhase): Partial<InventoryColumns> & Pick<InventoryColumns, 'phase'> {
  switch (phase.kind) {
    case 'idle':
      return { phase: 'idle' };
    case 'wanted':
      return { phase: 'wanted', requested_at: phase.requestedAt };
    case 'requested':
      return { phase: 'requested', job_id: phase.jobId, asked_at: phase.askedAt };
    case 'downloading':
      return { phase: 'downloading', job_id: phase.jobId, size: phase.size, received: phase.received };
    case 'reconciling': {
      const { jobId, inventoryAt, archives, reconciled } = phase;
      return { phase: 'reconciling', job_id: jobId, inventory_at: inventoryAt, archives, reconciled };
    }
    default:
      return assertNever(phase);
  }
}

export function toInventoryProgress(row: InventoryColumns): InventoryProgress {
  return { phase: toPhase(row), hold: toHold(row) };
}

function toPhase(row: InventoryColumns): InventoryPhase {
  switch (row.phase) {
    case 'idle':
      return { kind: 'idle' };
    case 'wanted':
      return { kind: 'wanted', requestedAt: row.requested_at };
    case 'requested':
      return { kind: 'requested', jobId: present(row.job_id), askedAt: present(row.asked_at) };
    case 'downloading':
      return { kind: 'downloading', jobId: present(row.job_id), size: row.size, received: present(row.received) };
    case 'reconciling':
      return {
        kind: 'reconciling',
        jobId: present(row.job_id),
        inventoryAt: present(row.inventory_at),
        archives: present(row.archives),
        reconciled: present(row.reconciled),
      };
    default:
      return assertNever(row.phase);
  }
}

export function toInventory(row: InventoryRow): Inventory {
  return {
    ...toInventoryProgress(row),
    id: row.id,
    accountId: row.account_id,
    vault: row.vault,
    wantedAt: row.wanted_at,
    last: toLast(row),
    notBefore: row.not_before,
    lastJobId: row.last_job_id,
    newestAt: row.newest_at,
  };
}

function toLast(row: InventoryRow): Inventory['last'] {
  const endedAt = row.last_ended_at ?? 0;
  switch (row.last_outcome) {
    case null:
      return null;
    case 'none':
      return { kind: 'none', endedAt };
    case 'outdated':
      return { kind: 'outdated', inventoryAt: present(row.last_inventory_at), endedAt };
    case 'reconciled': {
      const findings = JSON.parse(present(row.last_findings)) as InventoryFindings;
      return { kind: 'reconciled', inventoryAt: present(row.last_inventory_at), findings, endedAt };
    }
    default:
      return assertNever(row.last_outcome);
  }
}
