import { randomUUID } from 'node:crypto';
import type { ArchiveChoice, ChoiceToken, FrozenChoice, SumOfVault } from '../../shared/archive.ts';
import type { ChoreId } from '../../shared/chore.ts';
import { HOUR } from '../../shared/units.ts';
import type { ArchiveRow } from './archive-row.ts';
import { searchForChoice } from './catalogue-search.ts';
import type { Db } from './database.ts';
import { type DeletionFacts, deletionFacts } from './deletion-facts.ts';

/** Whoever decides later than that decides on what was looked at too long ago. */
const LIFE_MS = 1 * HOUR;
/** A window has one dialog, a command line one question; more are forgotten. */
const KEPT = 8;

/** A deletion that is under way and has some of the archives of a choice still to do. */
export type Overlap = {
  id: ChoreId;
  /** Whether it goes on without anybody. */
  runs: boolean;
  /** Whether all that it has still to do is chosen. */
  isWithin: boolean;
};

type Frozen = FrozenChoice & { table: string; at: number };

/**
 * Choices of archives as they were when somebody was shown them. What is confirmed is what is done: archives that match
 * later do not come to it. Each is a temporary table of the catalogue's numbers, which are never given twice, so that a
 * million of them take no memory; nothing outlives the connection. It may only read the rest.
 */
export class FrozenChoices {
  readonly #db: Db;
  readonly #kept = new Map<ChoiceToken, Frozen>();
  #made = 0;

  constructor(db: Db) {
    this.#db = db;
  }

  /** `now` in milliseconds since 1970, as everywhere here. */
  freeze(choice: ArchiveChoice, now: number): FrozenChoice {
    this.#forgetOld();
    this.#made += 1;
    const table = `temp.frozen_${this.#made}`;
    const { where, values } = searchForChoice(choice);
    this.#db.exec(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY) STRICT`);
    this.#db.prepare(`INSERT INTO ${table} SELECT id FROM catalogue AS archive ${where} ORDER BY id`).run(...values);
    const vaults = this.#sums(table);
    const count = vaults.reduce((sum, one) => sum + one.count, 0);
    const bytes = vaults.reduce((sum, one) => sum + one.bytes, 0);
    const frozen = { token: randomUUID() as ChoiceToken, count, bytes, vaults };
    this.#kept.set(frozen.token, { ...frozen, table, at: now });
    return frozen;
  }

  /** What a token stands for; null when that is forgotten, or too old. `gone`: so many of it have left the catalogue since. */
  frozen(token: ChoiceToken, now: number): (FrozenChoice & { gone: number }) | null {
    const kept = this.#find(token, now);
    if (!kept) return null;
    const { count, bytes, vaults, table } = kept;
    return { token, count, bytes, vaults, gone: this.#count(`${table} WHERE id NOT IN (SELECT id FROM catalogue)`) };
  }

  /**
   * The next of its archives that are still there, newest first: those with numbers below `before`, but for what these
   * deletions have still to do.
   */
  frozenRows(token: ChoiceToken, before: number | null, limit: number, but: readonly ChoreId[]): ArchiveRow[] {
    return this.#db
      .prepare<unknown[], ArchiveRow>(
        `SELECT archive.* FROM ${this.#table(token)} AS frozen CROSS JOIN archive USING (id)
         WHERE frozen.id < ? AND NOT EXISTS (
           SELECT 1 FROM chore_archive AS item JOIN task ON task.id = item.chore_id
           WHERE item.archive_id = archive.archive_id AND item.refusal IS NULL AND task.account_id = archive.account_id
             AND task.vault = archive.vault AND task.id IN (SELECT value FROM json_each(?))
         ) ORDER BY frozen.id DESC LIMIT ?`,
      )
      .all(before ?? Number.MAX_SAFE_INTEGER, JSON.stringify(but), limit);
  }

  /** What there is to know before they are deleted. */
  deletionFacts(token: ChoiceToken, now: number): DeletionFacts {
    const where = `WHERE archive.id IN (SELECT id FROM ${this.#table(token)})`;
    return deletionFacts(this.#db, { where, values: [] }, now);
  }

  overlaps(token: ChoiceToken): Overlap[] {
    const chosen = `SELECT 1 FROM archive WHERE archive_id = item.archive_id AND account_id = task.account_id
      AND vault = task.vault AND id IN (SELECT id FROM ${this.#table(token)})`;
    const left = `SELECT 1 FROM chore_archive AS item WHERE item.chore_id = task.id AND item.refusal IS NULL AND`;
    return this.#db
      .prepare<[], { id: ChoreId; runs: number; isWithin: number }>(
        `SELECT id, coalesce(hold, 'backoff') = 'backoff' AS runs, NOT EXISTS (${left} NOT EXISTS (${chosen})) AS isWithin
         FROM task WHERE kind = 'deletion' AND lane IS NOT NULL AND EXISTS (${left} EXISTS (${chosen}))
         ORDER BY seq`,
      )
      .all()
      .map(({ id, runs, isWithin }) => ({ id, runs: runs === 1, isWithin: isWithin === 1 }));
  }

  #find(token: ChoiceToken, now: number): Frozen | null {
    const kept = this.#kept.get(token);
    return kept && now - kept.at < LIFE_MS ? kept : null;
  }

  #table(token: ChoiceToken): string {
    const kept = this.#kept.get(token);
    if (!kept) throw new Error('The choice is forgotten');
    // The last to be forgotten is what is in use.
    this.#kept.delete(token);
    this.#kept.set(token, kept);
    return kept.table;
  }

  #sums(table: string): SumOfVault[] {
    return this.#db
      .prepare<[], SumOfVault>(
        `SELECT account_id AS accountId, vault, count(*) AS count, sum(size) AS bytes
         FROM ${table} AS frozen CROSS JOIN archive USING (id) GROUP BY account_id, vault ORDER BY vault`,
      )
      .all();
  }

  #count(from: string): number {
    return this.#db.prepare(`SELECT count(*) FROM ${from}`).pluck().get() as number;
  }

  #forgetOld(): void {
    for (const [token, { table }] of this.#kept) {
      if (this.#kept.size < KEPT) return;
      this.#db.exec(`DROP TABLE ${table}`);
      this.#kept.delete(token);
    }
  }
}
