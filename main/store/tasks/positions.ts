import type { TaskId } from '../../../shared/task.ts';
import type { Db } from '../database.ts';

/** Between two neighbours at first: room for 24 moves to the same spot, or for 100,000 tasks moved there at once. */
export const POSITION_STEP = 2 ** 24;

/** Where moved tasks go: the n-th of `ids` gets `from + n * step`, counted from 1. */
export type Move = { ids: TaskId[]; from: number; step: number };

/** Plans to put tasks of a kind before another one, or last; moves as few others as have to make room. */
export class Positions {
  readonly #sql: ReturnType<typeof positionStatements>;

  constructor(db: Db) {
    this.#sql = positionStatements(db);
  }

  /** Null when there is nothing to put anywhere. */
  plan(ids: readonly TaskId[], before: TaskId | null): Move | null {
    const target = before === null ? undefined : this.#sql.own.get({ id: before });
    const kind = target?.kind ?? this.#kindOf(ids);
    if (kind === null || (before !== null && ids.includes(before))) return null;
    if (!target) return { ids: [...ids], from: this.#sql.last.get({ kind })?.position ?? 0, step: POSITION_STEP };
    const at = { kind, position: target.position };
    const from = this.#sql.before.get(at)?.position ?? target.position - (ids.length + 1) * POSITION_STEP;
    return this.#between(ids, from, at);
  }

  #kindOf(ids: readonly TaskId[]): string | null {
    for (const id of ids) {
      const own = this.#sql.own.get({ id });
      if (own) return own.kind;
    }
    return null;
  }

  /** When the gap is too narrow, those behind it move too, twice as many each time, until there is room for all. */
  #between(ids: readonly TaskId[], from: number, at: Spot): Move {
    const moved = new Set(ids);
    for (let neighbours = 0; ; neighbours = neighbours * 2 || 1) {
      const behind = this.#sql.from.all({ ...at, limit: neighbours + 1 });
      const others = behind.slice(0, neighbours).flatMap(({ id }) => (moved.has(id) ? [] : [id]));
      const all = [...ids, ...others];
      const next = behind[neighbours];
      const end = next ? next.position : Infinity;
      const step = Math.min(POSITION_STEP, Math.floor((end - from) / (all.length + 1)));
      if (step >= 1) return { ids: all, from, step };
    }
  }
}

type Neighbour = { id: TaskId; position: number };
type Spot = { kind: string; position: number };

export function positionStatements(db: Db) {
  return {
    own: db.prepare<{ id: TaskId }, Spot>('SELECT kind, position FROM task WHERE id = @id'),
    last: db.prepare<{ kind: string }, { position: number | null }>(
      'SELECT max(position) AS position FROM task WHERE kind = @kind',
    ),
    before: db.prepare<Spot, { position: number | null }>(
      'SELECT max(position) AS position FROM task WHERE kind = @kind AND position < @position',
    ),
    from: db.prepare<Spot & { limit: number }, Neighbour>(
      'SELECT id, position FROM task WHERE kind = @kind AND position >= @position ORDER BY position LIMIT @limit',
    ),
  };
}
