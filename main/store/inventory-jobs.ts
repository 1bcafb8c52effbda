import type { AccountId } from '../../shared/account.ts';
import type { InventoryJobs } from '../core/store-ports.ts';
import type { Db } from './database.ts';

type Job = { jobId: string; askedAt: number };

export class InventoryJobStore implements InventoryJobs {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  get(accountId: AccountId, vault: string): Job | null {
    const job = this.#db
      .prepare<[string, string], Job>(
        'SELECT job_id AS jobId, asked_at AS askedAt FROM inventory_job WHERE account_id = ? AND vault = ?',
      )
      .get(accountId, vault);
    return job ?? null;
  }

  put(accountId: AccountId, vault: string, { jobId, askedAt }: Job): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO inventory_job (account_id, vault, job_id, asked_at) VALUES (?, ?, ?, ?)')
      .run(accountId, vault, jobId, askedAt);
  }

  remove(accountId: AccountId, vault: string): void {
    this.#db.prepare('DELETE FROM inventory_job WHERE account_id = ? AND vault = ?').run(accountId, vault);
  }
}
