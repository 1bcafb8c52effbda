import type { AccountId } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';
import type { CopyState, FoundCopy } from '../../shared/catalogue-copy.ts';
import type { Imported } from '../../shared/catalogue-exchange.ts';
import type { Failure } from '../../shared/failure.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import type { Db } from './database.ts';
import { present } from './hold-columns.ts';

type Row = {
  id: number;
  account_id: AccountId;
  vault: string;
  archive_id: ArchiveId;
  made_at: number;
  size: number;
  state: CopyState['kind'];
  outcome: string | null;
};

/** The copies of the catalogue that inventories found, in SQLite. Every write is on disk when the method returns. */
export class CopyReturnStore {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Those that somebody has still to hear of, the oldest first. */
  list(): FoundCopy[] {
    return this.#db
      .prepare<[], Row>(`SELECT * FROM copy_return WHERE state <> 'settled' ORDER BY made_at, id`)
      .all()
      .map(toFoundCopy);
  }

  get(id: number): FoundCopy | null {
    return this.list().find((copy) => copy.id === id) ?? null;
  }

  /** Offers a copy, unless one of the account that is as new is known already. Returns whether it is offered now. */
  offer({ accountId, vault, archiveId, madeAt, size }: Omit<FoundCopy, 'id' | 'state'>): boolean {
    return this.#db
      .transaction(() => {
        const known = this.#db
          .prepare<[string, number]>('SELECT 1 FROM copy_return WHERE account_id = ? AND made_at >= ?')
          .get(accountId, madeAt);
        if (known !== undefined) return false;
        this.#db
          .prepare(`UPDATE copy_return SET state = 'settled' WHERE account_id = ? AND state = 'offered'`)
          .run(accountId);
        this.#db
          .prepare(
            `INSERT INTO copy_return (account_id, vault, archive_id, made_at, size, state) VALUES (?, ?, ?, ?, ?, 'offered')`,
          )
          .run(accountId, vault, archiveId, madeAt, size);
        return true;
      })
      .immediate();
  }

  setState(id: number, state: CopyState): void {
    this.#db
      .prepare('UPDATE copy_return SET state = ?, outcome = ? WHERE id = ?')
      .run(state.kind, outcomeOf(state), id);
  }

  /** Nobody hears of it any more, and it is not offered again. */
  settle(id: number): void {
    this.#db.prepare(`UPDATE copy_return SET state = 'settled', outcome = NULL WHERE id = ?`).run(id);
  }
}

function outcomeOf(state: CopyState): string | null {
  switch (state.kind) {
    case 'offered':
    case 'coming':
      return null;
    case 'back':
      return JSON.stringify(state.imported);
    case 'failed':
      return JSON.stringify(state.failure);
    default:
      return assertNever(state);
  }
}

function toFoundCopy({ id, account_id, vault, archive_id, made_at, size, ...row }: Row): FoundCopy {
  return { id, accountId: account_id, vault, archiveId: archive_id, madeAt: made_at, size, state: toState(row) };
}

function toState({ state, outcome }: Pick<Row, 'state' | 'outcome'>): CopyState {
  switch (state) {
    case 'offered':
    case 'coming':
      return { kind: state };
    case 'back':
      return { kind: state, imported: JSON.parse(present(outcome)) as Imported };
    case 'failed':
      return { kind: state, failure: JSON.parse(present(outcome)) as Failure };
    default:
      return assertNever(state);
  }
}
