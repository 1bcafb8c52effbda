import type { AccountId } from '../../../shared/account.ts';
import type { TaskId } from '../../../shared/task.ts';
import type { TaskKind } from '../../engine/task-kind.ts';
import type { TaskHead, TaskState } from '../../engine/task.ts';
import { type WaitKey, accountKey } from '../../../shared/wait.ts';
import { type HoldColumns, present, toHold } from '../hold-columns.ts';

/** A row of `task`. */
export type TaskRow = HoldColumns & {
  id: TaskId;
  kind: string;
  account_id: AccountId | null;
  vault: string | null;
  position: number;
  added_at: number;
  ended_at: number | null;
  phase: string;
  lane: string | null;
  wait_keys: string;
  done_bytes: number;
  total_bytes: number;
};

export function toHead(row: TaskRow): TaskHead {
  return {
    id: row.id,
    kind: row.kind,
    place: row.account_id === null ? null : { accountId: row.account_id, vault: present(row.vault) },
    position: row.position,
    addedAt: row.added_at,
    endedAt: row.ended_at,
    phase: row.phase,
    lane: row.lane,
    waitKeys: toKeys(row.wait_keys),
    hold: toHold(row),
    doneBytes: row.done_bytes,
    totalBytes: row.total_bytes,
  };
}

export function toKeys(json: string): WaitKey[] {
  return JSON.parse(json) as WaitKey[];
}

/** The columns of `task` that follow from the state, so that the scheduler needs no kind to read them. */
export function scheduleColumns<S extends TaskState>(kind: TaskKind<S>, { place }: Pick<TaskHead, 'place'>, state: S) {
  const lane = kind.lane(state);
  const keys: WaitKey[] = lane === null ? [] : [...kind.waitKeys(state, { place })];
  if (lane !== null && place !== null) keys.unshift(accountKey(place.accountId));
  return {
    phase: state.phase.kind,
    lane,
    wait_keys: JSON.stringify(keys),
    urgent_at: lane === null ? null : kind.urgentAt(state),
  };
}
