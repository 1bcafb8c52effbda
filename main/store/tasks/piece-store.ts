import type { TaskId } from '../../../shared/task.ts';
import type { TaskHead } from '../../engine/task.ts';
import type { Db } from '../database.ts';
import { taskStatements } from './task-statements.ts';
import type { TaskStore } from './task-store.ts';

/**
 * Bytes `first` to `last`, both included, that have reached their end, with the checksum that Firn computed from the very
 * bytes. `receipt`: what the service gave for them and wants to see again; '' for nothing. `at`: milliseconds since 1970.
 */
export type Piece = { first: number; last: number; checksum: string; receipt: string; at: number };

/** Parts of an upload, ranges of a retrieval. */
export class PieceStore {
  readonly #tasks: TaskStore;
  readonly #sql: ReturnType<typeof pieceStatements>;
  readonly #taskSql: Pick<ReturnType<typeof taskStatements>, 'addDone' | 'setUrgent'>;

  constructor(db: Db, tasks: TaskStore) {
    this.#tasks = tasks;
    this.#sql = pieceStatements(db);
    this.#taskSql = taskStatements(db);
  }

  /** In order of range. */
  all(id: TaskId): Piece[] {
    return this.#sql.all.all({ id });
  }

  /** Its row, and the sum that lists show, in one transaction. `urgentAt`: from when on the task may overtake now. */
  add(task: Pick<TaskHead, 'id' | 'kind'>, piece: Piece, urgentAt: number | null): void {
    const { id } = task;
    this.#tasks.transaction(() => {
      this.#sql.add.run({ ...piece, id });
      this.#taskSql.addDone.run({ id, bytes: lengthOf(piece) });
      this.#taskSql.setUrgent.run({ id, at: urgentAt });
      this.#tasks.touch(task);
    });
  }

  /** Those that begin at these bytes. */
  remove(task: Pick<TaskHead, 'id' | 'kind'>, firsts: readonly number[]): void {
    const { id } = task;
    this.#tasks.transaction(() => {
      for (const first of firsts) {
        const piece = this.#sql.remove.get({ id, first });
        if (piece) this.#taskSql.addDone.run({ id, bytes: -lengthOf(piece) });
      }
      this.#tasks.touch(task);
    });
  }
}

function lengthOf({ first, last }: Pick<Piece, 'first' | 'last'>): number {
  return last - first + 1;
}

export function pieceStatements(db: Db) {
  return {
    all: db.prepare<{ id: TaskId }, Piece>(
      'SELECT first, last, checksum, receipt, at FROM piece WHERE task_id = @id ORDER BY first',
    ),
    add: db.prepare<Piece & { id: TaskId }>(
      `INSERT INTO piece (task_id, first, last, checksum, receipt, at)
       VALUES (@id, @first, @last, @checksum, @receipt, @at)`,
    ),
    remove: db.prepare<{ id: TaskId; first: number }, Pick<Piece, 'first' | 'last'>>(
      'DELETE FROM piece WHERE task_id = @id AND first = @first RETURNING first, last',
    ),
  };
}
