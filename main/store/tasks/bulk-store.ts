import { assertNever } from '../../../shared/assert.ts';
import type { TaskId } from '../../../shared/task.ts';
import type { BulkCommand, BulkId, BulkOutcome, BulkQueue } from '../../engine/store-ports.ts';
import { type Db, withoutSync } from '../database.ts';
import { type Move, Positions } from './positions.ts';
import type { TaskStore } from './task-store.ts';

const CHUNK = 200;

/** As it stands in its row; a move has been planned, so that a second start puts nothing elsewhere. */
type Planned = Exclude<BulkCommand, { kind: 'move' }> | { kind: 'move'; command: BulkCommand; move: Move };
type Work = { planned: Planned; lastSeq: number };

/** Commands about many tasks, in slices of one short transaction each. */
export class BulkStore implements BulkQueue {
  readonly #db: Db;
  readonly #tasks: TaskStore;
  readonly #positions: Positions;
  readonly #sql: ReturnType<typeof bulkStatements>;
  readonly #works = new Map<BulkId, Work>();

  constructor(db: Db, tasks: TaskStore) {
    this.#db = db;
    this.#tasks = tasks;
    this.#positions = new Positions(db);
    this.#sql = bulkStatements(db);
  }

  begin(command: BulkCommand, now: number): BulkId {
    return this.#tasks.transaction(() => {
      const planned = this.#planned(command);
      const lastSeq = this.#sql.lastSeq.get()?.seq ?? 0;
      const row = { command: JSON.stringify(planned), now, lastSeq };
      const id = Number(this.#sql.begin.run(row).lastInsertRowid) as BulkId;
      this.#works.set(id, { planned, lastSeq });
      return id;
    });
  }

  unfinished(): { id: BulkId; command: BulkCommand }[] {
    return this.#sql.unfinished.all().map(({ id }) => {
      const { planned } = this.#work(id);
      return { id, command: planned.kind === 'move' ? planned.command : planned };
    });
  }

  /** Waits for no disk: whatever a power cut takes of it is done again, since the intent is on the disk. */
  slice(id: BulkId, now: number, budgetMs: number): { done: boolean } & BulkOutcome {
    return withoutSync(this.#db, () => this.#slice(id, now, budgetMs));
  }

  #slice(id: BulkId, now: number, budgetMs: number): { done: boolean } & BulkOutcome {
    const endsAt = performance.now() + budgetMs;
    return this.#tasks.transaction(() => {
      const work = this.#work(id);
      const outcome = { taken: 0, refused: [] as TaskId[] };
      let cursor = this.#sql.cursor.get({ id })?.cursor ?? 0;
      do {
        const chunk = this.#next(work, cursor);
        if (chunk.length === 0) {
          this.#end(id);
          return { done: true, ...outcome };
        }
        for (const { task, next } of chunk) {
          if (this.#act(work.planned, task, next, now)) outcome.taken += 1;
          else outcome.refused.push(task);
          cursor = next;
          if (performance.now() >= endsAt) break;
        }
      } while (performance.now() < endsAt);
      this.#sql.advance.run({ id, cursor });
      return { done: false, ...outcome };
    });
  }

  #planned(command: BulkCommand): Planned {
    if (command.kind !== 'move') return command;
    const nothing: Move = { ids: [], from: 0, step: 1 };
    return { kind: 'move', command, move: this.#positions.plan(command.ids, command.before) ?? nothing };
  }

  #work(id: BulkId): Work {
    const known = this.#works.get(id);
    if (known) return known;
    const row = this.#sql.get.get({ id });
    if (!row) throw new Error(`No command ${id}`);
    const work = { planned: JSON.parse(row.command) as Planned, lastSeq: row.lastSeq };
    this.#works.set(id, work);
    return work;
  }

  #end(id: BulkId): void {
    this.#sql.end.run({ id });
    this.#works.delete(id);
  }

  /** The next tasks, each with the cursor behind it: an index into a list, or a row number. */
  #next({ planned, lastSeq }: Work, cursor: number): { task: TaskId; next: number }[] {
    if (planned.kind === 'move') return fromList(planned.move.ids, cursor);
    const { selection } = planned;
    if (selection.kind === 'tasks') return fromList(selection.ids, cursor);
    const statement = planned.kind === 'clear' ? this.#sql.ended : this.#sql.open;
    const rows = statement.all({ kind: selection.of, cursor, lastSeq, limit: CHUNK });
    return rows.map(({ id, seq }) => ({ task: id, next: seq }));
  }

  /** Whether the task took it. One that is gone, or that cannot take the command now, is passed over. */
  #act(planned: Planned, id: TaskId, next: number, at: number): boolean {
    switch (planned.kind) {
      case 'pause':
        return this.#isMeant(planned, id) && this.#tasks.pause(id, at);
      case 'resume':
        return this.#isMeant(planned, id) && this.#tasks.resume(id, at);
      case 'cancel':
        return this.#tasks.cancel(id, at);
      case 'clear':
        return this.#tasks.remove(id);
      case 'move':
        return this.#tasks.place(id, planned.move.from + next * planned.move.step);
      default:
        return assertNever(planned);
    }
  }

  #isMeant({ selection }: Extract<BulkCommand, { selection: unknown }>, id: TaskId): boolean {
    return selection.kind === 'tasks' || !this.#tasks.needsOwnWord(id);
  }
}

function fromList(ids: readonly TaskId[], cursor: number): { task: TaskId; next: number }[] {
  return ids.slice(cursor, cursor + CHUNK).map((task, index) => ({ task, next: cursor + index + 1 }));
}

type Rest = { kind: string; cursor: number; lastSeq: number; limit: number };

export function bulkStatements(db: Db) {
  const rest = (condition: string) =>
    db.prepare<Rest, { id: TaskId; seq: number }>(
      `SELECT id, seq FROM task WHERE kind = @kind AND ${condition} AND seq > @cursor AND seq <= @lastSeq
       ORDER BY seq LIMIT @limit`,
    );
  return {
    open: rest('lane IS NOT NULL'),
    ended: rest('ended_at IS NOT NULL'),
    lastSeq: db.prepare<[], { seq: number | null }>('SELECT max(seq) AS seq FROM task'),
    begin: db.prepare<{ command: string; now: number; lastSeq: number }>(
      'INSERT INTO task_command (command, begun_at, last_seq) VALUES (@command, @now, @lastSeq)',
    ),
    get: db.prepare<{ id: BulkId }, { command: string; lastSeq: number }>(
      'SELECT command, last_seq AS lastSeq FROM task_command WHERE id = @id',
    ),
    cursor: db.prepare<{ id: BulkId }, { cursor: number }>('SELECT cursor FROM task_command WHERE id = @id'),
    unfinished: db.prepare<[], { id: BulkId }>('SELECT id FROM task_command ORDER BY id'),
    advance: db.prepare<{ id: BulkId; cursor: number }>('UPDATE task_command SET cursor = @cursor WHERE id = @id'),
    end: db.prepare<{ id: BulkId }>('DELETE FROM task_command WHERE id = @id'),
  };
}
