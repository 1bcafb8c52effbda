import type { Statement } from 'better-sqlite3';
import type { Account, AccountId, CredentialSource } from '../../shared/account.ts';
import type { Db } from './database.ts';

type AccountRow = {
  id: AccountId;
  name: string;
  source: string;
  region: string;
  endpoint_url: string | null;
  number: string | null;
};

/** The accounts in SQLite. Secrets come in encrypted and go out encrypted. */
export class AccountStore {
  readonly #db: Db;
  #get: Statement<[string], AccountRow> | null = null;

  constructor(db: Db) {
    this.#db = db;
  }

  list(): Account[] {
    return this.#db.prepare<[], AccountRow>('SELECT * FROM account ORDER BY added_at, name').all().map(toAccount);
  }

  get(id: AccountId): Account | null {
    this.#get ??= this.#db.prepare<[string], AccountRow>('SELECT * FROM account WHERE id = ?');
    const row = this.#get.get(id);
    return row ? toAccount(row) : null;
  }

  /** Adds the account, or replaces all of it but its uploads and archives. */
  put(account: Account, secret: Uint8Array | null, now: number): void {
    this.#db
      .prepare(
        `INSERT INTO account (id, name, source, region, endpoint_url, number, secret, added_at)
         VALUES (@id, @name, @source, @region, @endpointUrl, @number, @secret, @now)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, source = excluded.source, region = excluded.region,
           endpoint_url = excluded.endpoint_url, number = coalesce(number, excluded.number), secret = excluded.secret`,
      )
      .run({ ...account, source: JSON.stringify(account.source), secret, now });
  }

  /** Name, credentials' source and endpoint as they are now. The kept secret and the number stay. */
  change({ id, name, source, endpointUrl }: Account): void {
    this.#db
      .prepare('UPDATE account SET name = ?, source = ?, endpoint_url = ? WHERE id = ?')
      .run(name, JSON.stringify(source), endpointUrl, id);
  }

  /**
   * Under which id the catalogue knows archives of this AWS account already, from an account that was removed, or that an
   * import told of and nobody has confirmed; null when there is none.
   */
  formerId(number: string, region: string): AccountId | null {
    const found = this.#db
      .prepare<[string, string, string, string], { id: AccountId }>(
        `SELECT id FROM account WHERE number = ? AND region = ? AND source ->> 'kind' = 'imported'
         UNION ALL
         SELECT former.account_id FROM (SELECT DISTINCT account_id FROM vault_sum) AS former
         WHERE former.account_id NOT IN (SELECT id FROM account) AND EXISTS (
           SELECT 1 FROM archive WHERE archive.account_id = former.account_id AND region = ? AND location LIKE ?)
         LIMIT 1`,
      )
      .get(number, region, region, `/${number}/%`);
    return found?.id ?? null;
  }

  /** An answer told whose the account is. What is known already stays. */
  learnNumber(id: AccountId, number: string): void {
    this.#db.prepare('UPDATE account SET number = ? WHERE id = ? AND number IS NULL').run(number, id);
  }

  secret(id: AccountId): Uint8Array | null {
    return (
      (this.#db.prepare('SELECT secret FROM account WHERE id = ?').pluck().get(id) as Uint8Array | null | undefined) ??
      null
    );
  }

  /** Removes the account and what is over of it; its archives stay in the catalogue. False while uploads, retrievals, inventories or other tasks are open. */
  remove(id: AccountId): boolean {
    return this.#db
      .transaction(() => {
        const open = this.#db
          .prepare(`SELECT 1 FROM task WHERE account_id = @id AND lane IS NOT NULL LIMIT 1`)
          .get({ id });
        if (open !== undefined) return false;
        this.#db.prepare('DELETE FROM task WHERE account_id = ?').run(id);
        this.#db.prepare('DELETE FROM account WHERE id = ?').run(id);
        return true;
      })
      .immediate();
  }
}

function toAccount({ id, name, source, region, endpoint_url, number }: AccountRow): Account {
  return { id, name, source: JSON.parse(source) as CredentialSource, region, endpointUrl: endpoint_url, number };
}
