import type { Notice, NoticeBody } from '../../shared/notice.ts';
import type { Db } from './database.ts';

/** What the user is to be told, kept until it is dismissed. */
export class NoticeStore {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** The oldest first. */
  list(): Notice[] {
    return this.#db
      .prepare<[], { id: number; at: number; notice: string }>('SELECT * FROM notice ORDER BY id')
      .all()
      .map(({ id, at, notice }) => ({ ...(JSON.parse(notice) as NoticeBody), id, at }));
  }

  add(notice: NoticeBody, now: number): void {
    this.#db.prepare('INSERT INTO notice (at, notice) VALUES (?, ?)').run(now, JSON.stringify(notice));
  }

  /** Instead of what an earlier inventory of the vault said. */
  addMissing(notice: Extract<NoticeBody, { kind: 'archives-missing' }>, now: number): void {
    this.#db
      .prepare(
        `DELETE FROM notice WHERE notice ->> 'kind' = 'archives-missing' AND notice ->> 'accountId' = ? AND notice ->> 'vault' = ?`,
      )
      .run(notice.accountId, notice.vault);
    this.add(notice, now);
  }

  dismiss(id: number): void {
    this.#db.prepare('DELETE FROM notice WHERE id = ?').run(id);
  }
}
