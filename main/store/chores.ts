import { randomUUID } from 'node:crypto';
import type { AccountId } from '../../shared/account.ts';
import {
  type ChoreDetail,
  type ChoreEvent,
  type ChoreId,
  type ChoreProgress,
  type ChoreView,
  type RefusedArchive,
  choreAfter,
  isOver,
} from '../../shared/chore.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Chores } from '../deletions/ports.ts';
import { toChore, toChoreColumns } from './chore-rows.ts';
import { type RefusedRow, choreStatements } from './chore-statements.ts';
import type { Db } from './database.ts';

/** Hears, after each commit, which chores are others than before and which are no longer listed. */
export type ChoreListener = (changed: readonly ChoreId[], removed: readonly ChoreId[]) => void;

/** `count` and `bytes` of the archives that stand in `chore_archive` already. */
export type GatheredDeletion = { id: ChoreId; accountId: AccountId; vault: string; count: number; bytes: number };

const SHOWN_EVENTS = 200;
const SHOWN_REFUSED = 100;

/** The chores in SQLite: their lives. What they work on is with `DeletionWork`. */
export class ChoreStore implements Chores {
  readonly #db: Db;
  readonly #sql: ReturnType<typeof choreStatements>;
  readonly #listeners = new Set<ChoreListener>();

  constructor(db: Db) {
    this.#db = db;
    this.#sql = choreStatements(db);
  }

  onChange(listener: ChoreListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get(id: ChoreId): ChoreView | null {
    const row = this.#sql.get.get(id);
    return row ? toChore(row) : null;
  }

  list(): ChoreView[] {
    return this.#sql.list.all().map(toChore);
  }

  views(ids: readonly ChoreId[]): ChoreView[] {
    return ids.map((id) => this.get(id)).filter((chore) => chore !== null);
  }

  /** The emptying of the vault that is not over; null when there is none. */
  emptyingOf(accountId: AccountId, vault: string): ChoreId | null {
    return this.#sql.openEmptying.get(accountId, vault) ?? null;
  }

  /** What may run at `now`, in order; accounts in `waiting` are passed over. */
  due(kind: ChoreProgress['kind'], now: number, limit: number, waiting: readonly AccountId[]): ChoreId[] {
    return this.#sql.due.all({ kind, now, limit, waiting: JSON.stringify(waiting) });
  }

  nextDue(kind: ChoreProgress['kind'], now: number): number | null {
    return this.#sql.nextDue.get(kind, now) ?? null;
  }

  apply(id: ChoreId, event: ChoreEvent): ChoreProgress {
    const next = this.#db.transaction(() => this.#move(id, event)).immediate();
    this.announce([id]);
    return next;
  }

  /** Deletions whose archives are gathered: all of them begin, or none. */
  addDeletions(deletions: readonly GatheredDeletion[], now: number): void {
    this.#db
      .transaction(() => {
        for (const deletion of deletions) this.#insertDeletion(deletion, now);
      })
      .immediate();
    this.announce(deletions.map(({ id }) => id));
  }

  /** @throws when the vault is being emptied already. */
  addEmptying(place: { accountId: AccountId; vault: string }, closes: boolean, until: number, now: number): ChoreId {
    const emptying = { kind: 'emptying', phase: 'listing', account_id: place.accountId, vault: place.vault } as const;
    const row = { ...emptying, closes: Number(closes), deletes_until: until, total: 0, total_bytes: 0 };
    const id = randomUUID() as ChoreId;
    this.#db.transaction(() => this.#sql.insert.run({ ...row, id, added_at: now })).immediate();
    this.announce([id]);
    return id;
  }

  detail(id: ChoreId): ChoreDetail | null {
    const chore = this.get(id);
    if (!chore) return null;
    const events = this.#sql.events.all(id, SHOWN_EVENTS).map((json) => JSON.parse(json) as ChoreEvent);
    return { chore, refused: this.#sql.refused.all(id, SHOWN_REFUSED).map(toRefused), events: events.reverse() };
  }

  /** Takes those that are over off the list. */
  clear(ids: readonly ChoreId[]): void {
    this.announce([], this.#sql.removeOver.all(JSON.stringify(ids)));
  }

  /** To be called after a commit that changed these. */
  announce(changed: readonly ChoreId[], removed: readonly ChoreId[] = []): void {
    for (const listener of this.#listeners) listener(changed, removed);
  }

  #move(id: ChoreId, event: ChoreEvent): ChoreProgress {
    const row = this.#sql.get.get(id);
    if (!row) throw new Error(`No chore ${id}`);
    const next = choreAfter(toChore(row), event);
    this.#sql.setProgress.run({ id, ...toChoreColumns(next), endedAt: isOver(next) ? event.at : null });
    this.#sql.journal.run(id, event.at, JSON.stringify(event));
    if (event.kind === 'cancelled') this.#sql.dropLeft.run(id);
    if (event.kind === 'listed' || event.kind === 'tried-again') {
      this.#sql.retryRefused.run(id);
      this.#sql.noneFailed.run(id);
    }
    if (event.kind === 'listed') this.#sql.countAnew.run(id);
    if (event.kind === 'worked-off') this.#sql.countGone.run(id);
    return next;
  }

  #insertDeletion({ id, accountId, vault, count, bytes }: GatheredDeletion, now: number): void {
    const deletion = { kind: 'deletion', phase: 'deleting', closes: null, deletes_until: null } as const;
    const sums = { total: count, total_bytes: bytes };
    this.#sql.insert.run({ ...deletion, ...sums, id, account_id: accountId, vault, added_at: now });
    this.#sql.gathered.run(id);
  }
}

function toRefused({ archive_id, path, size, refusal }: RefusedRow): RefusedArchive {
  return { archiveId: archive_id, path, size, failure: JSON.parse(refusal) as Failure };
}
