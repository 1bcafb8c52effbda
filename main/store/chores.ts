import { randomUUID } from 'node:crypto';
import type { AccountId } from '../../shared/account.ts';
import type { ArchiveChoice } from '../../shared/archive.ts';
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
import type { Chores } from '../core/chores/ports.ts';
import { searchForChoice } from './catalogue-search.ts';
import { toChore, toChoreColumns } from './chore-rows.ts';
import { type NewChoreRow, type RefusedRow, choreStatements } from './chore-statements.ts';
import type { Db } from './database.ts';
import { type SumOfVault, sumsByVault } from './sums-by-vault.ts';

/** Hears, after each commit, which chores are others than before and which are no longer listed. */
export type ChoreListener = (changed: readonly ChoreId[], removed: readonly ChoreId[]) => void;

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

  /** The deletions, not over, that have any of these archives still to do. */
  deletionsOf(choice: ArchiveChoice): ChoreId[] {
    const { where, values } = searchForChoice(choice);
    return this.#db
      .prepare<unknown[], ChoreId>(
        `SELECT id FROM chore WHERE kind = 'deletion' AND phase = 'deleting' AND EXISTS (
           SELECT 1 FROM chore_archive AS item WHERE item.chore_id = chore.id AND item.refusal IS NULL
             AND item.archive_id IN (SELECT archive_id FROM archive ${where})
         ) ORDER BY added_at, rowid`,
      )
      .pluck()
      .all(...values);
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

  /**
   * A deletion for each vault that the chosen archives are in, with their archive IDs; all or none. Null, and nothing is
   * added, when they are not as many as `count`.
   */
  addDeletions(choice: ArchiveChoice, count: number, now: number): ChoreId[] | null {
    const ids = this.#db
      .transaction(() => {
        const vaults = sumsByVault(this.#db, choice);
        if (vaults.reduce((sum, one) => sum + one.count, 0) !== count) return null;
        return vaults.map((vault) => this.#insertDeletion(choice, vault, now));
      })
      .immediate();
    if (ids) this.announce(ids);
    return ids;
  }

  /** @throws when the vault is being emptied already. */
  addEmptying(place: { accountId: AccountId; vault: string }, closes: boolean, until: number, now: number): ChoreId {
    const emptying = { kind: 'emptying', phase: 'listing', account_id: place.accountId, vault: place.vault } as const;
    const row = { ...emptying, closes: Number(closes), deletes_until: until, total: 0, total_bytes: 0 };
    return this.#added(() => this.#insert(row, now));
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

  #added(insert: () => ChoreId): ChoreId {
    const id = this.#db.transaction(insert).immediate();
    this.announce([id]);
    return id;
  }

  #insertDeletion(choice: ArchiveChoice, { accountId, vault, count, bytes }: SumOfVault, now: number): ChoreId {
    const deletion = { kind: 'deletion', phase: 'deleting', closes: null, deletes_until: null } as const;
    const row = { ...deletion, account_id: accountId, vault, total: count, total_bytes: bytes };
    const id = this.#insert(row, now);
    this.#fill(id, choice, accountId, vault);
    return id;
  }

  #insert(row: Omit<NewChoreRow, 'id' | 'added_at'>, now: number): ChoreId {
    const id = randomUUID() as ChoreId;
    this.#sql.insert.run({ ...row, id, added_at: now });
    return id;
  }

  #fill(id: ChoreId, choice: ArchiveChoice, accountId: AccountId, vault: string): void {
    const { where, values } = searchForChoice(choice);
    this.#db
      .prepare(
        `INSERT INTO chore_archive (chore_id, archive_id, size, chosen) SELECT ?, archive_id, size, 1 FROM archive
         ${where === '' ? 'WHERE' : `${where} AND`} archive.account_id = ? AND archive.vault = ? ORDER BY archive_id`,
      )
      .run(id, ...values, accountId, vault);
  }
}

function toRefused({ archive_id, path, size, refusal }: RefusedRow): RefusedArchive {
  return { archiveId: archive_id, path, size, failure: JSON.parse(refusal) as Failure };
}
