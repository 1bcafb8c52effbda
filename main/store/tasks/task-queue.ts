import type { TaskId } from '../../../shared/task.ts';
import type { Admits, TaskQueue } from '../../engine/store-ports.ts';
import type { WaitKey } from '../../../shared/wait.ts';
import type { Db } from '../database.ts';
import { toKeys } from './task-rows.ts';
import { type DueRow, queueStatements } from './task-statements.ts';
import type { TaskStore } from './task-store.ts';

/**
 * What may run. Tasks that need the same things make one group of a lane; there are few groups however many tasks, so a
 * group whose key is closed is passed over in one step.
 */
export class SqliteTaskQueue implements TaskQueue {
  readonly #sql: ReturnType<typeof queueStatements>;
  readonly head: TaskQueue['head'];
  readonly hold: TaskQueue['hold'];

  constructor(db: Db, tasks: TaskStore) {
    this.#sql = queueStatements(db);
    this.head = (id) => tasks.head(id);
    this.hold = (id, event) => {
      tasks.hold(id, event);
    };
  }

  due(lanes: readonly string[], now: number, limit: number, admits: Admits): TaskId[] {
    const open = (keys: string): boolean => admits(toKeys(keys));
    const ofLane = (lane: string): DueRow[] => [
      ...this.#readyGroups(lane)
        .filter(open)
        .flatMap((keys) => this.#sql.ready.all({ lane, keys, limit })),
      ...this.#retrying(lane, now, limit, open),
    ];
    return inOrder(limit, lanes.flatMap(ofLane));
  }

  /** Without a time, of all that has one: a lane that is ordered by it; then those whose wait is over come first. */
  urgent(lanes: readonly string[], now: number, limit: number, admits: Admits, until?: number): TaskId[] {
    const open = (keys: string): boolean => admits(toKeys(keys));
    const found = lanes.flatMap((lane) => this.#urgent(lane, limit, open, until ?? Number.MAX_SAFE_INTEGER));
    if (until !== undefined)
      return inOrder(limit, [...found, ...lanes.flatMap((lane) => this.#urgentAgain(lane, now, limit, open, until))]);
    const retrying = lanes.flatMap((lane) => this.#retrying(lane, now, limit, open)).map(({ id }) => id);
    return [...retrying, ...inOrder(limit, found)].slice(0, limit);
  }

  nextDue(now: number): number | null {
    const times = [this.#sql.nextResume.get({ now })?.at, this.#sql.nextUrgent.get({ now })?.at];
    const next = Math.min(...times.map((at) => at ?? Infinity));
    return next === Infinity ? null : next;
  }

  hasWaiting(): boolean {
    const lanes = [this.#sql.readyLane.get({ after: '' })?.lane, this.#sql.retryLane.get({ after: '' })?.lane];
    return lanes.some((lane) => lane !== null && lane !== undefined);
  }

  isNeeded(key: WaitKey): boolean {
    return this.#groups().some((keys) => toKeys(keys).includes(key));
  }

  #urgent(lane: string, limit: number, open: (keys: string) => boolean, until: number): DueRow[] {
    return walk((after) => this.#sql.urgentGroup.get({ lane, after })?.keys)
      .filter(open)
      .flatMap((keys) => this.#sql.urgent.all({ lane, keys, limit, until }));
  }

  /** Those whose wait is over. */
  #urgentAgain(lane: string, now: number, limit: number, open: (keys: string) => boolean, until: number): DueRow[] {
    return this.#retryGroups(lane)
      .filter(open)
      .flatMap((keys) => this.#sql.urgentAgain.all({ lane, keys, limit, now, until }));
  }

  #retrying(lane: string, now: number, limit: number, open: (keys: string) => boolean): DueRow[] {
    const due = (keys: string): DueRow[] => [
      ...this.#sql.retry.all({ lane, keys, now, limit }),
      ...this.#sql.strange.all({ lane, keys, now, limit }),
    ];
    return this.#retryGroups(lane).filter(open).flatMap(due);
  }

  #groups(): string[] {
    const readyLanes = walk((after) => this.#sql.readyLane.get({ after })?.lane);
    const retryLanes = walk((after) => this.#sql.retryLane.get({ after })?.lane);
    return [
      ...readyLanes.flatMap((lane) => this.#readyGroups(lane)),
      ...retryLanes.flatMap((lane) => this.#retryGroups(lane)),
    ];
  }

  #readyGroups(lane: string): string[] {
    return walk((after) => this.#sql.readyGroup.get({ lane, after })?.keys);
  }

  #retryGroups(lane: string): string[] {
    return walk((after) => this.#sql.retryGroup.get({ lane, after })?.keys);
  }
}

/** All values that `next` finds one after the other, each greater than the one before. */
function walk(next: (after: string) => string | null | undefined): string[] {
  const found: string[] = [];
  for (let value = next(''); value !== null && value !== undefined; value = next(value)) found.push(value);
  return found;
}

function inOrder(limit: number, rows: readonly DueRow[]): TaskId[] {
  return [...rows]
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ id }) => id);
}
