import { randomUUID } from 'node:crypto';
import type { ChoreId } from '../../shared/chore.ts';
import type { ArchiveRow } from './archive-row.ts';
import type { ChoreStore, GatheredDeletion } from './chores.ts';
import { type Db, withoutSync } from './database.ts';

type Chosen = Pick<ArchiveRow, 'account_id' | 'vault' | 'archive_id' | 'size'>;
/** Deletions that nobody sees yet, one for each vault. */
export type Gathering = Map<string, GatheredDeletion>;

/**
 * Gathers the archives of deletions in slices, so that a million of them hold nothing up. All of the deletions begin together,
 * at the end; what a crash leaves before that is dropped at the next start.
 */
export class GatheredDeletions {
  readonly #db: Db;
  readonly #chores: ChoreStore;
  readonly #sql: ReturnType<typeof statements>;

  constructor(db: Db, chores: ChoreStore) {
    this.#db = db;
    this.#chores = chores;
    this.#sql = statements(db);
    this.#db.transaction(() => {
      this.#sql.dropAll.run();
      this.#sql.forgetAll.run();
    })();
  }

  /** Adds a slice. One commit, which nothing has to wait for. */
  add(gathering: Gathering, archives: readonly Chosen[]): void {
    withoutSync(this.#db, () => {
      this.#db.transaction(() => {
        for (const archive of archives) this.#add(this.#deletionFor(gathering, archive), archive);
      })();
    });
  }

  /** The deletions begin. */
  begin(gathering: Gathering, now: number): ChoreId[] {
    const all = [...gathering.values()];
    this.#chores.addDeletions(all, now);
    return all.map(({ id }) => id);
  }

  #deletionFor(gathering: Gathering, { account_id: accountId, vault }: Chosen): GatheredDeletion {
    const key = `${accountId} ${vault}`;
    const known = gathering.get(key);
    if (known) return known;
    const deletion = { id: randomUUID() as ChoreId, accountId, vault, count: 0, bytes: 0 };
    this.#sql.note.run(deletion.id);
    gathering.set(key, deletion);
    return deletion;
  }

  #add(deletion: GatheredDeletion, { archive_id, size }: Chosen): void {
    this.#sql.add.run(deletion.id, archive_id, size);
    deletion.count += 1;
    deletion.bytes += size;
  }
}

function statements(db: Db) {
  return {
    note: db.prepare<[string]>('INSERT INTO chore_gathered VALUES (?)'),
    add: db.prepare<[string, string, number]>(
      'INSERT INTO chore_archive (chore_id, archive_id, size, chosen) VALUES (?, ?, ?, 1)',
    ),
    dropAll: db.prepare<[]>(
      'DELETE FROM chore_archive WHERE refusal IS NULL AND chore_id IN (SELECT chore_id FROM chore_gathered)',
    ),
    forgetAll: db.prepare<[]>('DELETE FROM chore_gathered'),
  };
}
