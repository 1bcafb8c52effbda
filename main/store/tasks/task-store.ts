import { type HoldEvent, holdAfter } from '../../../shared/hold.ts';
import type { TaskId } from '../../../shared/task.ts';
import { canCancel, progressAfter } from '../../engine/progress.ts';
import type { At, KindEvent, TaskEvent, TaskKind } from '../../engine/task-kind.ts';
import type { NewTask, Task, TaskHead, TaskPlace, TaskState } from '../../engine/task.ts';
import type { Db } from '../database.ts';
import { holdColumns } from '../hold-columns.ts';
import { POSITION_STEP } from './positions.ts';
import { columnNames, fromColumns, toColumns } from './state-columns.ts';
import { newTaskId } from './task-id.ts';
import { type TaskRow, scheduleColumns, toHead, toKeys } from './task-rows.ts';
import { type Sum, kindStatements, taskStatements } from './task-statements.ts';

/** Hears, after each commit, which tasks of the kind are others than before and which are gone. */
export type TaskListener = (changed: readonly TaskId[], removed: readonly TaskId[]) => void;

/** What belongs to an event beside the row, in the same transaction. `before` and `after` differ as the event makes them. */
export type Alongside<S extends TaskState, E extends KindEvent> = (
  before: Task<S>,
  event: At & (E | { kind: 'cancelled' }),
  after: Task<S>,
) => void;

type Entry = {
  kind: TaskKind;
  sql: ReturnType<typeof kindStatements>;
  alongside: Alongside<TaskState, KindEvent>;
  listeners: Set<TaskListener>;
  changed: Set<TaskId>;
  removed: Set<TaskId>;
};

const EVENTS_SHOWN = 200;

/** The tasks in SQLite: the only writer of their progress. Every write is on disk when the method returns. */
export class TaskStore {
  readonly #db: Db;
  readonly #sql: ReturnType<typeof taskStatements>;
  readonly #kinds: ReadonlyMap<string, Entry>;

  constructor(db: Db, kinds: readonly TaskKind[]) {
    this.#db = db;
    this.#sql = taskStatements(db);
    this.#kinds = new Map(kinds.map((kind) => [kind.name, entryOf(db, kind)]));
  }

  /** Lets a kind's store write what belongs to its events, whoever applies them. */
  alongside<S extends TaskState, E extends KindEvent>(kind: TaskKind<S, E>, write: Alongside<S, E>): void {
    this.#of(kind.name).alongside = write as unknown as Entry['alongside'];
  }

  onChange(kind: Pick<TaskKind, 'name'>, listener: TaskListener): () => void {
    const { listeners } = this.#of(kind.name);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** What `act` writes is committed together or not at all; listeners hear of it when it is. */
  transaction<T>(act: () => T): T {
    if (this.#db.inTransaction) return act();
    let result: T;
    try {
      result = this.#db.transaction(act).immediate();
    } catch (error) {
      this.#forgetChanges();
      throw error;
    }
    this.#announce();
    return result;
  }

  head(id: TaskId): TaskHead | null {
    const row = this.#sql.head.get({ id });
    return row ? toHead(row) : null;
  }

  get<S extends TaskState>(kind: TaskKind<S>, id: TaskId): Task<S> | null {
    const head = this.head(id);
    return head?.kind === kind.name ? this.#withState(kind, head) : null;
  }

  /** Those that are still there. */
  all<S extends TaskState>(kind: TaskKind<S>, ids: readonly TaskId[]): Task<S>[] {
    return ids.flatMap((id) => this.get(kind, id) ?? []);
  }

  /** Those behind a position, in the order of the queue. */
  page<S extends TaskState>(kind: TaskKind<S>, after: number, limit: number): Task<S>[] {
    const rows = this.#sql.page.all({ kind: kind.name, position: after, limit });
    return rows.map((row: TaskRow) => this.#withState(kind, toHead(row)));
  }

  /** All that are neither over nor gone, oldest first; read in pieces, so that none is held for long. */
  *open(kind: Pick<TaskKind, 'name'>): Iterable<TaskId> {
    const limit = 1000;
    for (let seq = 0; ;) {
      const rows = this.#sql.open.all({ kind: kind.name, seq, limit });
      for (const row of rows) yield row.id;
      if (rows.length < limit) return;
      seq = rows.at(-1)?.seq ?? seq;
    }
  }

  /** The first tasks of the place that are not over. */
  openIn(kind: Pick<TaskKind, 'name'>, place: TaskPlace, limit: number): TaskId[] {
    return this.#sql.openIn.all({ kind: kind.name, ...place, limit }).map(({ id }) => id);
  }

  /** Counts and bytes by phase and hold ('' for none), whatever the number of tasks. */
  sums(kind: Pick<TaskKind, 'name'>): Sum[] {
    return this.#sql.sums.all({ kind: kind.name });
  }

  /** The newest, the newest last. */
  events(id: TaskId, limit = EVENTS_SHOWN): (KindEvent & At)[] {
    const rows = this.#sql.events.all({ id, limit });
    return rows.map(({ event }) => JSON.parse(event) as KindEvent & At).reverse();
  }

  /** Last in the queue, in this order. Many are to be added in pieces of some hundreds. */
  add<S extends TaskState>(kind: TaskKind<S>, tasks: readonly NewTask<S>[], now: number): TaskId[] {
    return this.transaction(() => {
      const last = this.#sql.lastPosition.get({ kind: kind.name })?.position ?? 0;
      return tasks.map((task, index) => this.#insert(kind, task, last + (index + 1) * POSITION_STEP, now));
    });
  }

  /**
   * One transaction: the event, and all that follows from it. Within `transaction`, with whatever else belongs to it.
   * @throws IllegalTransition when it cannot happen in this phase; then nothing is written.
   */
  apply<S extends TaskState, E extends KindEvent>(kind: TaskKind<S, E>, id: TaskId, event: TaskEvent<E>): Task<S> {
    return this.transaction(() => {
      const task = this.get(kind, id);
      if (!task) throw new Error(`No ${kind.name} ${id}`);
      return this.#write(kind, task, event);
    });
  }

  /** Does nothing when the task is over or gone. */
  hold(id: TaskId, event: HoldEvent & At): void {
    this.transaction(() => {
      const task = this.head(id);
      if (!task || task.lane === null) return;
      this.#sql.setHold.run({ id, ...holdColumns(holdAfter(task.hold, event)) });
      this.#journal(id, event);
      this.touch(task);
    });
  }

  /** False for what is over, gone, paused already, or not to be paused now. */
  pause(id: TaskId, at: number): boolean {
    return this.transaction(() => {
      const task = this.#any(id);
      if (!task || task.lane === null || task.hold?.kind === 'paused') return false;
      if (this.#of(task.kind).kind.mayPause?.(task.state) === false) return false;
      this.hold(id, { kind: 'paused', at });
      return true;
    });
  }

  /** Whether a command about all of a kind passes it over. */
  needsOwnWord(id: TaskId): boolean {
    const task = this.#any(id);
    return task !== null && this.#of(task.kind).kind.needsOwnWord?.(task.state, task.hold) === true;
  }

  /** What the user's "resume" does to a task of any kind; false when there is nothing to resume. */
  resume(id: TaskId, at: number): boolean {
    return this.transaction(() => {
      const task = this.#any(id);
      if (!task) return false;
      const { kind } = this.#of(task.kind);
      const again = kind.resume?.(task.state, task.hold) ?? null;
      if (again) this.#write(kind, task, { ...again, at });
      if (task.hold) this.hold(id, { kind: 'resumed', at });
      return again !== null || task.hold !== null;
    });
  }

  /** Cancels a task of any kind; false when it cannot be had now. */
  cancel(id: TaskId, at: number): boolean {
    return this.transaction(() => {
      const task = this.#any(id);
      if (!task) return false;
      const { kind } = this.#of(task.kind);
      if (!canCancel(kind, task)) return false;
      this.#write(kind, task, { kind: 'cancelled', at });
      return true;
    });
  }

  /** Takes a task that is over off the list, with all that is kept of it; false when it is not over, or gone. */
  remove(id: TaskId): boolean {
    return this.transaction(() => {
      const kind = this.head(id)?.kind;
      const isGone = kind !== undefined && this.#sql.remove.run({ id }).changes > 0;
      if (isGone) this.#of(kind).removed.add(id);
      return isGone;
    });
  }

  /** Puts it elsewhere in the queue; false when it is gone. */
  place(id: TaskId, position: number): boolean {
    return this.transaction(() => {
      const task = this.head(id);
      if (!task) return false;
      this.#sql.setPosition.run({ id, position });
      this.touch(task);
      return true;
    });
  }

  /** Facts are others than before, and no event tells of it; what follows from them for the scheduler is written as well. */
  revise<S extends TaskState>(kind: TaskKind<S>, id: TaskId, facts: Partial<Omit<S, 'phase'>>): void {
    this.transaction(() => {
      const task = this.get(kind, id);
      if (!task) return;
      const state = { ...task.state, ...facts };
      const schedule = scheduleColumns(kind, task, state);
      this.#of(kind.name).sql.update.run({ ...toColumns(kind.columns, state), task_id: id, phase: schedule.phase });
      this.#sql.setProgress.run({ id, ...schedule, ...holdColumns(task.hold), ended_at: task.endedAt });
      this.touch(task);
    });
  }

  setBytes(task: Pick<TaskHead, 'id' | 'kind'>, done: number, total: number): void {
    this.transaction(() => {
      this.#sql.setBytes.run({ id: task.id, done, total });
      this.touch(task);
    });
  }

  addDone(task: Pick<TaskHead, 'id' | 'kind'>, bytes: number): void {
    this.transaction(() => {
      this.#sql.addDone.run({ id: task.id, bytes });
      this.touch(task);
    });
  }

  /** For those who write beside it in the same transaction: the task is another than before. */
  touch({ id, kind }: Pick<TaskHead, 'id' | 'kind'>): void {
    this.#kinds.get(kind)?.changed.add(id);
  }

  #any(id: TaskId): Task | null {
    const head = this.head(id);
    return head && this.#withState(this.#of(head.kind).kind, head);
  }

  #write<S extends TaskState, E extends KindEvent>(kind: TaskKind<S, E>, task: Task<S>, event: TaskEvent<E>): Task<S> {
    const { id } = task;
    const { state, hold } = progressAfter(kind, task, event);
    const { sql, alongside } = this.#of(kind.name);
    const schedule = scheduleColumns(kind, task, state);
    const endedAt = schedule.lane === null ? event.at : null;
    sql.update.run({ ...toColumns(kind.columns, state), task_id: id, phase: schedule.phase });
    this.#sql.setProgress.run({ id, ...schedule, ...holdColumns(hold), ended_at: endedAt });
    if (!kind.keepsPieces(state) && kind.keepsPieces(task.state)) this.#sql.dropPieces.run({ id });
    this.#journal(id, event);
    this.touch(task);
    const { phase, lane } = schedule;
    const after = { ...task, phase, lane, waitKeys: toKeys(schedule.wait_keys), state, hold, endedAt };
    alongside(task, event, after);
    return after;
  }

  #withState<S extends TaskState>(kind: TaskKind<S>, head: TaskHead): Task<S> {
    const row = this.#of(kind.name).sql.get.get({ id: head.id });
    if (!row) throw new Error(`The ${kind.name} ${head.id} has no row of its own`);
    return { ...head, state: fromColumns(kind.columns, head.phase, row) };
  }

  #insert<S extends TaskState>(kind: TaskKind<S>, task: NewTask<S>, position: number, now: number): TaskId {
    const id = task.id ?? newTaskId(now);
    const schedule = scheduleColumns(kind, task, task.state);
    const place = { account_id: task.place?.accountId ?? null, vault: task.place?.vault ?? null };
    this.#sql.insert.run({ ...schedule, ...place, id, kind: kind.name, position, now, total_bytes: task.totalBytes });
    const own = { ...toColumns(kind.columns, task.state), task_id: id, phase: schedule.phase };
    this.#of(kind.name).sql.insert.run(own);
    this.touch({ id, kind: kind.name });
    return id;
  }

  #of(name: string): Entry {
    const entry = this.#kinds.get(name);
    if (!entry) throw new Error(`No kind ${name}`);
    return entry;
  }

  #journal(id: TaskId, event: KindEvent & At): void {
    const row = { id, at: event.at, event: JSON.stringify(event) };
    const isRepeated = event.kind === 'attempt-failed' && this.#sql.journalAgain.run(row).changes > 0;
    if (!isRepeated) this.#sql.journal.run(row);
  }

  /** What has changed is forgotten before anybody hears of it: whoever does may write as well. */
  #announce(): void {
    const told = [...this.#kinds.values()].map(({ listeners, changed, removed }) => ({
      listeners: [...listeners],
      changed: [...changed],
      removed: [...removed],
    }));
    this.#forgetChanges();
    for (const { listeners, changed, removed } of told) {
      if (changed.length + removed.length > 0) for (const listener of listeners) listener(changed, removed);
    }
  }

  #forgetChanges(): void {
    for (const { changed, removed } of this.#kinds.values()) {
      changed.clear();
      removed.clear();
    }
  }
}

function entryOf(db: Db, kind: TaskKind): Entry {
  const sql = kindStatements(db, kind.name, columnNames(kind.columns));
  return { kind, sql, alongside: () => undefined, listeners: new Set(), changed: new Set(), removed: new Set() };
}
