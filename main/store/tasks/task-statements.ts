import type { TaskId } from '../../../shared/task.ts';
import { LONGEST_WAIT_MS } from '../../engine/backoff.ts';
import type { Db } from '../database.ts';
import type { HoldColumns } from '../hold-columns.ts';
import type { Columns } from './state-columns.ts';
import type { TaskRow } from './task-rows.ts';

export type Sum = { kind: string; phase: string; hold: string; tasks: number; doneBytes: number; totalBytes: number };
type Scheduled = { phase: string; lane: string | null; wait_keys: string; urgent_at: number | null };
type NewRow = Scheduled & {
  id: TaskId;
  kind: string;
  account_id: string | null;
  vault: string | null;
  position: number;
  now: number;
  total_bytes: number;
};

/** The statements of the tasks' lives, whatever their kind, prepared once. */
export function taskStatements(db: Db) {
  return {
    head: db.prepare<{ id: TaskId }, TaskRow>('SELECT * FROM task WHERE id = @id'),
    page: db.prepare<{ kind: string; position: number; limit: number }, TaskRow>(
      'SELECT * FROM task WHERE kind = @kind AND position > @position ORDER BY position LIMIT @limit',
    ),
    open: db.prepare<{ kind: string; seq: number; limit: number }, { id: TaskId; seq: number }>(
      'SELECT id, seq FROM task WHERE kind = @kind AND lane IS NOT NULL AND seq > @seq ORDER BY seq LIMIT @limit',
    ),
    openIn: db.prepare<{ kind: string; accountId: string; vault: string; limit: number }, { id: TaskId }>(
      `SELECT id FROM task WHERE kind = @kind AND account_id = @accountId AND vault = @vault AND lane IS NOT NULL LIMIT @limit`,
    ),
    lastPosition: db.prepare<{ kind: string }, { position: number | null }>(
      'SELECT max(position) AS position FROM task WHERE kind = @kind',
    ),
    sums: db.prepare<{ kind: string }, Sum>(
      `SELECT kind, phase, hold, tasks, done_bytes AS doneBytes, total_bytes AS totalBytes FROM task_sum
       WHERE kind = @kind AND tasks > 0`,
    ),

    insert: db.prepare<NewRow>(
      `INSERT INTO task (id, kind, account_id, vault, position, added_at, phase, lane, wait_keys, urgent_at, total_bytes)
       VALUES (@id, @kind, @account_id, @vault, @position, @now, @phase, @lane, @wait_keys, @urgent_at, @total_bytes)`,
    ),
    setHold: db.prepare<HoldColumns & { id: TaskId }>(
      'UPDATE task SET hold = @hold, resume_at = @resume_at, attempt = @attempt, failure = @failure WHERE id = @id',
    ),
    setProgress: db.prepare<Scheduled & HoldColumns & { id: TaskId; ended_at: number | null }>(
      `UPDATE task SET phase = @phase, lane = @lane, wait_keys = @wait_keys, urgent_at = @urgent_at, ended_at = @ended_at,
         hold = @hold, resume_at = @resume_at, attempt = @attempt, failure = @failure
       WHERE id = @id`,
    ),
    setPosition: db.prepare<{ id: TaskId; position: number }>('UPDATE task SET position = @position WHERE id = @id'),
    setBytes: db.prepare<{ id: TaskId; done: number; total: number }>(
      'UPDATE task SET done_bytes = @done, total_bytes = @total WHERE id = @id',
    ),
    addDone: db.prepare<{ id: TaskId; bytes: number }>(
      'UPDATE task SET done_bytes = done_bytes + @bytes WHERE id = @id',
    ),
    setUrgent: db.prepare<{ id: TaskId; at: number | null }>('UPDATE task SET urgent_at = @at WHERE id = @id'),
    remove: db.prepare<{ id: TaskId }>('DELETE FROM task WHERE id = @id AND ended_at IS NOT NULL'),

    journal: db.prepare<{ id: TaskId; at: number; event: string }>(
      'INSERT INTO task_event (task_id, at, event) VALUES (@id, @at, @event)',
    ),
    // In the place of the newest, when that was the same failure: a night without a network is one line, not thousands.
    journalAgain: db.prepare<{ id: TaskId; at: number; event: string }>(
      `UPDATE task_event SET at = @at, event = @event
       WHERE seq = (SELECT max(seq) FROM task_event WHERE task_id = @id)
         AND event ->> 'kind' = 'attempt-failed' AND event ->> '$.failure.kind' = @event ->> '$.failure.kind'`,
    ),
    events: db.prepare<{ id: TaskId; limit: number }, { event: string }>(
      'SELECT event FROM task_event WHERE task_id = @id ORDER BY seq DESC LIMIT @limit',
    ),
    dropPieces: db.prepare<{ id: TaskId }>('DELETE FROM piece WHERE task_id = @id'),
  };
}

type Group = { lane: string; after: string };
type Due = { lane: string; keys: string; limit: number };
/** `rank`: by what the lane is ordered. */
export type DueRow = { id: TaskId; rank: number };

const ready = 'lane = @lane AND hold IS NULL';
const retrying = `lane = @lane AND hold = 'backoff'`;
const urgent = 'lane = @lane AND hold IS NULL AND urgent_at IS NOT NULL';

/** The statements of the scheduler. Groups are tasks of a lane with equal wait keys: few, however many tasks there are. */
export function queueStatements(db: Db) {
  const groups = (where: string) =>
    db.prepare<Group, { keys: string | null }>(
      `SELECT min(wait_keys) AS keys FROM task WHERE ${where} AND wait_keys > @after`,
    );
  const lanes = (where: string) =>
    db.prepare<{ after: string }, { lane: string | null }>(
      `SELECT min(lane) AS lane FROM task WHERE ${where} AND lane > @after`,
    );
  return {
    readyGroup: groups(ready),
    retryGroup: groups(retrying),
    urgentGroup: groups(urgent),
    readyLane: lanes('hold IS NULL'),
    retryLane: lanes(`hold = 'backoff'`),
    ready: db.prepare<Due, DueRow>(
      `SELECT id, position AS rank FROM task WHERE ${ready} AND wait_keys = @keys ORDER BY position LIMIT @limit`,
    ),
    retry: db.prepare<Due & { now: number }, DueRow>(
      `SELECT id, position AS rank FROM task WHERE ${retrying} AND wait_keys = @keys AND resume_at <= @now
       ORDER BY resume_at LIMIT @limit`,
    ),
    // A wait that is longer than any was begun by a clock that has been set back since; `isWaitOver` says the same of one.
    strange: db.prepare<Due & { now: number }, DueRow>(
      `SELECT id, position AS rank FROM task WHERE ${retrying} AND wait_keys = @keys AND resume_at > @now + ${LONGEST_WAIT_MS}
       ORDER BY resume_at LIMIT @limit`,
    ),
    urgent: db.prepare<Due & { until: number }, DueRow>(
      `SELECT id, urgent_at AS rank FROM task WHERE ${urgent} AND wait_keys = @keys AND urgent_at <= @until
       ORDER BY urgent_at LIMIT @limit`,
    ),
    urgentAgain: db.prepare<Due & { now: number; until: number }, DueRow>(
      `SELECT id, urgent_at AS rank FROM task WHERE ${retrying} AND wait_keys = @keys AND urgent_at IS NOT NULL AND urgent_at <= @until
         AND resume_at <= @now
       ORDER BY urgent_at LIMIT @limit`,
    ),
    nextResume: db.prepare<{ now: number }, { at: number | null }>(
      `SELECT min(resume_at) AS at FROM task WHERE hold = 'backoff' AND resume_at > @now`,
    ),
    nextUrgent: db.prepare<{ now: number }, { at: number | null }>(
      'SELECT min(urgent_at) AS at FROM task WHERE hold IS NULL AND urgent_at > @now',
    ),
  };
}

/** The statements about a kind's own table, made from the names of its columns. */
export function kindStatements(db: Db, name: string, columns: readonly string[]) {
  const listed = ['task_id', 'phase', ...columns];
  const named = listed.map((column) => `@${column}`).join(', ');
  const assigned = listed.slice(1).map((column) => `${column} = @${column}`);
  return {
    get: db.prepare<{ id: TaskId }, Columns>(`SELECT * FROM ${name} WHERE task_id = @id`),
    insert: db.prepare<Columns>(`INSERT INTO ${name} (${listed.join(', ')}) VALUES (${named})`),
    update: db.prepare<Columns>(`UPDATE ${name} SET ${assigned.join(', ')} WHERE task_id = @task_id`),
  };
}
