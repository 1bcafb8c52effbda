import type { AccountId } from '../../shared/account.ts';
import type {
  ChoreDetail,
  ChoreEvent,
  ChoreId,
  ChoreProgress,
  ChoreView,
  Deletion,
  DeletionEvent,
  Emptying,
  EmptyingEvent,
  RefusedArchive,
} from '../../shared/chore.ts';
import type { Failure } from '../../shared/failure.ts';
import type { HoldEvent } from '../../shared/hold.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import { type Wait, shownHold } from '../../shared/wait.ts';
import type { At } from '../engine/task-kind.ts';
import type { PlacedTask, Task, TaskPlace, TaskState } from '../engine/task.ts';
import type { Db } from '../store/database.ts';
import type { TaskStore } from '../store/tasks/task-store.ts';
import { deletionKind } from './deletion-kind.ts';
import { emptyingKind } from './emptying-kind.ts';
import type { DeletionTask, EmptyingTask } from './ports.ts';

/** Hears, after each commit, which chores are others than before and which are no longer listed. */
export type ChoreListener = (changed: readonly ChoreId[], removed: readonly ChoreId[]) => void;

/** `count` and `bytes` of the archives that stand in `chore_archive` already. */
export type GatheredDeletion = TaskPlace & { id: ChoreId; count: number; bytes: number };

const SHOWN_REFUSED = 100;
/** Nobody has so many. */
const ALL = 10_000;
const FIRST = Number.MIN_SAFE_INTEGER;

/** The chores in SQLite: their lives, and how people see them. What they work on is with `DoomedArchives`. */
export class ChoreStore {
  readonly #tasks: TaskStore;
  readonly #sql: ReturnType<typeof choreStatements>;
  readonly #waits: () => readonly Wait[];

  constructor(db: Db, tasks: TaskStore, waits: () => readonly Wait[] = () => []) {
    this.#tasks = tasks;
    this.#sql = choreStatements(db);
    this.#waits = waits;
    tasks.alongside(deletionKind, (_, event, { id }) => {
      if (event.kind === 'tried-again') this.#sql.retryRefused.run(id);
    });
    tasks.alongside(emptyingKind, (_, event, task) => {
      this.#alongsideEmptying(event.kind, task);
    });
  }

  onChange(listener: ChoreListener): () => void {
    const stops = [deletionKind, emptyingKind].map((kind) => this.#tasks.onChange(kind, listener));
    return () => {
      for (const stop of stops) stop();
    };
  }

  get(id: ChoreId): ChoreView | null {
    const task = this.#tasks.get(deletionKind, id) ?? this.#tasks.get(emptyingKind, id);
    return task && this.#view(task);
  }

  /** The oldest first. */
  list(): ChoreView[] {
    const tasks = [...this.#tasks.page(deletionKind, FIRST, ALL), ...this.#tasks.page(emptyingKind, FIRST, ALL)];
    return tasks.map((task) => this.#view(task)).sort((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1));
  }

  views(ids: readonly ChoreId[]): ChoreView[] {
    return ids.map((id) => this.get(id)).filter((chore) => chore !== null);
  }

  deletion(id: ChoreId): DeletionTask | null {
    const task = this.#tasks.get(deletionKind, id);
    return task && placed(task);
  }

  emptying(id: ChoreId): EmptyingTask | null {
    const task = this.#tasks.get(emptyingKind, id);
    return task && placed(task);
  }

  /** The emptying of the vault that is not over; null when there is none. */
  emptyingOf(accountId: AccountId, vault: string): ChoreId | null {
    return this.#tasks.openIn(emptyingKind, { accountId, vault }, 1)[0] ?? null;
  }

  moveDeletion(id: ChoreId, event: DeletionEvent & At): void {
    this.#tasks.apply(deletionKind, id, event);
  }

  moveEmptying(id: ChoreId, event: EmptyingEvent & At): void {
    this.#tasks.apply(emptyingKind, id, event);
  }

  hold(id: ChoreId, event: HoldEvent & At): void {
    this.#tasks.hold(id, event);
  }

  /** Lets an emptying go on that stopped for what came since, and delete that as well. */
  widen(id: ChoreId, until: number, at: number): void {
    this.#tasks.transaction(() => {
      this.#tasks.apply(emptyingKind, id, { kind: 'widened', until, at });
      this.#tasks.hold(id, { kind: 'resumed', at });
    });
  }

  /** Deletions whose archives are gathered: all of them begin, or none. */
  addDeletions(deletions: readonly GatheredDeletion[], now: number): void {
    const news = deletions.map(({ id, count, bytes, accountId, vault }) => {
      const state: Deletion = { total: count, deleted: 0, failed: 0, phase: { kind: 'deleting' } };
      return { id, place: { accountId, vault }, totalBytes: bytes, state };
    });
    this.#tasks.add(deletionKind, news, now);
  }

  /** @throws when the vault is being emptied already. */
  addEmptying(place: TaskPlace, closes: boolean, deletesUntil: number, now: number): ChoreId {
    const counts = { total: 0, deleted: 0, failed: 0 };
    const phase = { kind: 'listing', inventoryAfter: null } as const;
    const state: Emptying = { ...counts, closes: closes ? 1 : 0, deletesUntil, lastDeletedAt: null, phase };
    const { accountId, vault } = place;
    const [id] = this.#tasks.add(emptyingKind, [{ place: { accountId, vault }, totalBytes: 0, state }], now);
    if (id === undefined) throw new Error('The emptying was not added');
    return id;
  }

  detail(id: ChoreId): ChoreDetail | null {
    const chore = this.get(id);
    if (!chore) return null;
    const { accountId, vault } = chore;
    const refused = this.#sql.refused.all({ id, accountId, vault, limit: SHOWN_REFUSED }).map(toRefused);
    return { chore, refused, events: this.#tasks.events(id) as ChoreEvent[] };
  }

  #alongsideEmptying(event: EmptyingEvent['kind'] | 'cancelled', task: Task<Emptying>): void {
    const { id } = task;
    if (event === 'listed' || event === 'tried-again') this.#sql.retryRefused.run(id);
    if (event !== 'listed' && event !== 'worked-off') return;
    const { accountId, vault } = placeOf(task);
    const known = this.#sql.catalogued.get(accountId, vault) ?? { archives: 0, bytes: 0 };
    const { total, deleted } = task.state;
    if (event === 'listed') {
      // What was deleted stays counted, and all that the catalogue has of the vault now comes to it.
      this.#count(task, { total: deleted + known.archives, deleted }, task.doneBytes, task.doneBytes + known.bytes);
    } else if (task.state.failed === 0) {
      // What the catalogue no longer has is deleted: after a crash the journal of archives may tell it, which knows no chores.
      const gone = Math.max(deleted, total - known.archives);
      const goneBytes = Math.max(task.doneBytes, task.totalBytes - known.bytes);
      this.#count(task, { total, deleted: gone }, goneBytes, task.totalBytes);
    }
  }

  #count(task: Task<Emptying>, counts: { total: number; deleted: number }, done: number, total: number): void {
    this.#sql.count.run({ id: task.id, ...counts });
    this.#tasks.setBytes(task, done, total);
  }

  #view(task: Task<Deletion> | Task<Emptying>): ChoreView {
    const { id, addedAt, endedAt, totalBytes, doneBytes: deletedBytes, state } = task;
    const { total, deleted, failed } = state;
    const counts = { total, totalBytes, deleted, deletedBytes, failed };
    const hold = shownHold(task, this.#waits());
    return { id, ...placeOf(task), addedAt, endedAt, ...counts, ...progressOf(state), hold };
  }
}

/** The kinds of `Omit` over a union, one by one. */
type WithoutHold = ChoreProgress extends infer P ? (P extends ChoreProgress ? Omit<P, 'hold'> : never) : never;

function progressOf(state: Deletion | Emptying): WithoutHold {
  if (!('closes' in state)) return { kind: 'deletion', phase: state.phase.kind };
  const { phase, closes, deletesUntil } = state;
  return { kind: 'emptying', phase: phase.kind, closes: closes === 1, deletesUntil };
}

function placed<S extends TaskState>(task: Task<S>): PlacedTask<S> {
  return { ...task, place: placeOf(task) };
}

function placeOf({ id, place }: Pick<Task, 'id' | 'place'>): TaskPlace {
  if (!place) throw new Error(`The chore ${id} has no vault`);
  return place;
}

type RefusedRow = { archive_id: ArchiveId; size: number; refusal: string; path: string | null };

function toRefused({ archive_id, path, size, refusal }: RefusedRow): RefusedArchive {
  return { archiveId: archive_id, path, size, failure: JSON.parse(refusal) as Failure };
}

export function choreStatements(db: Db) {
  return {
    retryRefused: db.prepare<[ChoreId]>(
      'UPDATE chore_archive SET refusal = NULL WHERE chore_id = ? AND refusal IS NOT NULL',
    ),
    catalogued: db.prepare<[string, string], { archives: number; bytes: number }>(
      'SELECT archives, bytes FROM vault_sum WHERE account_id = ? AND vault = ?',
    ),
    count: db.prepare<{ id: ChoreId; total: number; deleted: number }>(
      'UPDATE emptying SET total = @total, deleted = @deleted WHERE task_id = @id',
    ),
    refused: db.prepare<{ id: ChoreId; accountId: string; vault: string; limit: number }, RefusedRow>(
      // Not a join: the view of the catalogue would be made whole for it.
      `SELECT archive_id, size, refusal, (
         SELECT path FROM archive WHERE archive_id = item.archive_id AND account_id = @accountId AND vault = @vault
       ) AS path
       FROM chore_archive AS item WHERE chore_id = @id AND refusal IS NOT NULL ORDER BY archive_id LIMIT @limit`,
    ),
  };
}
