import type { ChoreId } from '../../shared/chore.ts';
import type { Clock } from '../engine/clock.ts';
import type { ArchiveRow } from '../store/archive-row.ts';
import { type Db, withoutSync } from '../store/database.ts';
import { Sweeper } from '../store/tasks/sweeper.ts';
import { newTaskId } from '../store/tasks/task-id.ts';
import type { ChoreStore, GatheredDeletion } from './chore-store.ts';
import type { DoomedArchives } from './doomed-store.ts';

type Chosen = Pick<ArchiveRow, 'account_id' | 'vault' | 'archive_id' | 'size'>;
/** Deletions that nobody sees yet, one for each vault. */
export type Gathering = Map<string, GatheredDeletion>;

/**
 * Gathers the archives of deletions in slices, so that a million of them hold nothing up. All of the deletions begin together,
 * at the end; what a crash leaves before that is nobody's wish, and is swept away as slowly as what a cancelled one leaves.
 */
export class GatheredDeletions {
  readonly #db: Db;
  readonly #chores: ChoreStore;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #sql: ReturnType<typeof statements>;
  readonly #gathering = new Set<ChoreId>();
  readonly #sweeper: Sweeper;

  /** `guard` takes care of what a sweep throws. */
  constructor(
    db: Db,
    chores: ChoreStore,
    doomed: Pick<DoomedArchives, 'sweep'>,
    clock: Pick<Clock, 'now' | 'after'>,
    guard: (act: () => void) => void,
  ) {
    this.#db = db;
    this.#chores = chores;
    this.#clock = clock;
    this.#sweeper = new Sweeper(() => doomed.sweep((id) => this.#gathering.has(id)), clock, guard);
    this.#sweeper.begin();
    this.#sql = statements(db);
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
    for (const { id } of all) this.#gathering.delete(id);
    return all.map(({ id }) => id);
  }

  /** To be called whenever a chore is over or gone. */
  sweep(): void {
    this.#sweeper.begin();
  }

  close(): void {
    this.#sweeper.close();
  }

  #deletionFor(gathering: Gathering, { account_id: accountId, vault }: Chosen): GatheredDeletion {
    const key = `${accountId} ${vault}`;
    const known = gathering.get(key);
    if (known) return known;
    const deletion = { id: newTaskId(this.#clock.now()), accountId, vault, count: 0, bytes: 0 };
    this.#gathering.add(deletion.id);
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
    add: db.prepare<[string, string, number]>(
      'INSERT INTO chore_archive (chore_id, archive_id, size, chosen) VALUES (?, ?, ?, 1)',
    ),
  };
}
