import type { AccountId } from '../../shared/account.ts';
import type { ChoreId, ChoreProgress, ChoreView } from '../../shared/chore.ts';
import { type HoldColumns, holdColumns, present, toHold } from './hold-columns.ts';

/** The progress columns of `chore`; the CHECKs in the schema guarantee which are null together. */
export type ChoreColumns = HoldColumns & {
  phase: ChoreProgress['phase'];
  closes: number | null;
  deletes_until: number | null;
  last_deleted_at: number | null;
  inventory_after: number | null;
};

export type ChoreRow = ChoreColumns & {
  id: ChoreId;
  kind: ChoreProgress['kind'];
  account_id: AccountId;
  vault: string;
  added_at: number;
  ended_at: number | null;
  total: number;
  total_bytes: number;
  deleted: number;
  deleted_bytes: number;
  failed: number;
};

export function toChoreColumns(chore: ChoreProgress): ChoreColumns {
  const { phase, hold } = chore;
  const emptying = chore.kind === 'emptying' ? chore : null;
  return {
    ...holdColumns(hold),
    phase,
    closes: emptying && Number(emptying.closes),
    deletes_until: emptying && emptying.deletesUntil,
    last_deleted_at: emptying && emptying.lastDeletedAt,
    inventory_after: emptying && emptying.inventoryAfter,
  };
}

export function toChore(row: ChoreRow): ChoreView {
  const { id, account_id, vault, added_at, ended_at, total, total_bytes, deleted, deleted_bytes, failed } = row;
  return {
    id,
    accountId: account_id,
    vault,
    addedAt: added_at,
    endedAt: ended_at,
    total,
    totalBytes: total_bytes,
    deleted,
    deletedBytes: deleted_bytes,
    failed,
    ...toProgress(row),
  };
}

function toProgress(row: ChoreRow): ChoreProgress {
  const hold = toHold(row);
  if (row.kind === 'deletion') return { kind: row.kind, phase: row.phase as 'deleting', hold };
  return {
    kind: row.kind,
    phase: row.phase as 'listing',
    hold,
    closes: row.closes === 1,
    deletesUntil: present(row.deletes_until),
    lastDeletedAt: row.last_deleted_at,
    inventoryAfter: row.inventory_after,
  };
}
