import type { Statement } from 'better-sqlite3';
import type { Db } from './database.ts';

/** The logins of proxies in SQLite, by host and port. They come in encrypted and go out encrypted. */
export class ProxyLoginStore {
  readonly #db: Db;
  #secret: Statement<[string]> | null = null;

  constructor(db: Db) {
    this.#db = db;
  }

  list(): string[] {
    return this.#db.prepare('SELECT proxy FROM proxy_login').pluck().all() as string[];
  }

  secret(proxy: string): Uint8Array | null {
    // Asked for with each request.
    this.#secret ??= this.#db.prepare<[string]>('SELECT secret FROM proxy_login WHERE proxy = ?').pluck();
    return (this.#secret.get(proxy) as Uint8Array | undefined) ?? null;
  }

  put(proxy: string, secret: Uint8Array): void {
    this.#db
      .prepare(
        'INSERT INTO proxy_login (proxy, secret) VALUES (?, ?) ON CONFLICT (proxy) DO UPDATE SET secret = excluded.secret',
      )
      .run(proxy, secret);
  }

  remove(proxy: string): void {
    this.#db.prepare('DELETE FROM proxy_login WHERE proxy = ?').run(proxy);
  }
}
