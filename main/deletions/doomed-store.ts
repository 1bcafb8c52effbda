import type { AccountId } from '../../shared/account.ts';
import type { ChoreId } from '../../shared/chore.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import type { ArchiveRecorder } from '../store/archive-recorder.ts';
import type { CatalogueStore } from '../store/catalogue.ts';
import { type Db, withoutSync } from '../store/database.ts';
import type { TaskStore } from '../store/tasks/task-store.ts';
import type { ArchivesToDelete, ChoreTask, DeletionOutcome, Doomed, EmptyingTask } from './ports.ts';

/** Deleting so many rows takes some milliseconds. */
const SLICE = 500;

/** What deletions and emptyings work on. */
export class DoomedArchives implements ArchivesToDelete {
  readonly #db: Db;
  readonly #tasks: TaskStore;
  readonly #catalogue: CatalogueStore;
  readonly #recorder: ArchiveRecorder;
  readonly #sql: ReturnType<typeof doomedStatements>;

  constructor(db: Db, tasks: TaskStore, catalogue: CatalogueStore, recorder: ArchiveRecorder) {
    this.#db = db;
    this.#tasks = tasks;
    this.#catalogue = catalogue;
    this.#recorder = recorder;
    this.#sql = doomedStatements(db);
  }

  toDelete(task: ChoreTask, after: string, limit: number): Doomed[] {
    const { id } = task;
    const left = this.#sql.left.all(id, limit);
    if (!('deletesUntil' in task.state) || left.length > 0) return left;
    return this.#sql.ofVault.all({ id, ...task.place, until: task.state.deletesUntil, after, limit });
  }

  settleDeletions(task: ChoreTask, outcomes: readonly DeletionOutcome[], deletedAt: number): void {
    this.#tasks.transaction(() => {
      this.#recorder.together(() => {
        for (const outcome of outcomes) this.#settle(task, outcome, deletedAt);
      });
      this.#count(task, outcomes, deletedAt);
    });
  }

  latecomers(task: EmptyingTask, inventoryAt: number | null): { count: number; newestAt: number | null } {
    const until = task.state.deletesUntil;
    return this.#sql.latecomers.get({ ...task.place, until, inventoryAt }) ?? { count: 0, newestAt: null };
  }

  lastDeletion(accountId: AccountId, vault: string): number | null {
    return this.#sql.lastDeletion.get(accountId, vault)?.at ?? null;
  }

  /** Removes what is left of chores that are over, or that never began; only some of it in one go. Returns whether there is more. */
  sweep(isGathering: (id: ChoreId) => boolean): boolean {
    for (let id = this.#sql.owner.get({ after: '' })?.id; id; id = this.#sql.owner.get({ after: id })?.id) {
      if (isGathering(id) || this.#isOpen(id)) continue;
      if (this.#drop(id, this.#sql.dropLeft)) return true;
      if (this.#tasks.head(id) === null && this.#drop(id, this.#sql.dropRefused)) return true;
    }
    return false;
  }

  #isOpen(id: ChoreId): boolean {
    return (this.#tasks.head(id)?.lane ?? null) !== null;
  }

  /** Nothing has to wait for it. */
  #drop(id: ChoreId, statement: ReturnType<typeof doomedStatements>['dropLeft']): boolean {
    let dropped = 0;
    withoutSync(this.#db, () => {
      dropped = statement.run(id, SLICE).changes;
    });
    return dropped > 0;
  }

  #settle(task: ChoreTask, { seq, archiveId, size, refusal }: DeletionOutcome, deletedAt: number): void {
    if (refusal === null) {
      const { accountId, vault } = task.place;
      this.#catalogue.remove(accountId, vault, archiveId, deletedAt);
      if (seq !== null) this.#sql.drop.run(seq);
      return;
    }
    const words = JSON.stringify(refusal);
    if (seq === null) this.#sql.keep.run(task.id, archiveId, size, words);
    else this.#sql.mark.run(words, seq);
  }

  #count({ id, kind }: ChoreTask, outcomes: readonly DeletionOutcome[], deletedAt: number): void {
    const gone = outcomes.filter(({ refusal }) => refusal === null);
    const counts = { id, deleted: gone.length, failed: outcomes.length - gone.length };
    if (kind === 'emptying') this.#sql.countEmptying.run({ ...counts, deletedAt: gone.length > 0 ? deletedAt : null });
    else this.#sql.countDeletion.run(counts);
    this.#tasks.addDone(
      { id, kind },
      gone.reduce((sum, { size }) => sum + size, 0),
    );
  }
}

type Counts = { id: ChoreId; deleted: number; failed: number };

export function doomedStatements(db: Db) {
  return {
    left: db.prepare<[string, number], Doomed>(
      `SELECT seq, archive_id AS archiveId, size FROM chore_archive
       WHERE chore_id = ? AND refusal IS NULL ORDER BY seq LIMIT ?`,
    ),
    ofVault: db.prepare<
      [{ id: string; accountId: string; vault: string; until: number; after: string; limit: number }],
      { seq: null; archiveId: ArchiveId; size: number }
    >(
      `SELECT NULL AS seq, archive_id AS archiveId, size FROM archive
       WHERE account_id = @accountId AND vault = @vault AND archive_id > @after AND stored_at <= @until AND NOT EXISTS (
         SELECT 1 FROM chore_archive AS item
         WHERE item.chore_id = @id AND item.archive_id = archive.archive_id AND item.chosen = 0
       ) ORDER BY archive_id LIMIT @limit`,
    ),
    // So few came since that their date finds them best.
    latecomers: db.prepare<
      [{ accountId: string; vault: string; until: number; inventoryAt: number | null }],
      { count: number; newestAt: number | null }
    >(
      `SELECT count(*) AS count, max(stored_at) AS newestAt FROM archive
       WHERE +account_id = @accountId AND +vault = @vault AND stored_at > @until
         AND missing_at IS NULL AND (listed_at IS NULL OR @inventoryAt IS NULL OR listed_at >= @inventoryAt)`,
    ),
    lastDeletion: db.prepare<[string, string], { at: number | null }>(
      'SELECT max(deleted_at) AS at FROM deleted_archive WHERE account_id = ? AND vault = ?',
    ),
    drop: db.prepare<[number]>('DELETE FROM chore_archive WHERE seq = ?'),
    mark: db.prepare<[string, number]>('UPDATE chore_archive SET refusal = ? WHERE seq = ?'),
    keep: db.prepare<[string, string, number, string]>(
      'INSERT INTO chore_archive (chore_id, archive_id, size, refusal, chosen) VALUES (?, ?, ?, ?, 0)',
    ),
    countDeletion: db.prepare<Counts>(
      'UPDATE deletion SET deleted = deleted + @deleted, failed = failed + @failed WHERE task_id = @id',
    ),
    countEmptying: db.prepare<Counts & { deletedAt: number | null }>(
      `UPDATE emptying SET deleted = deleted + @deleted, failed = failed + @failed,
         last_deleted_at = coalesce(@deletedAt, last_deleted_at)
       WHERE task_id = @id`,
    ),
    // The next chore that has rows: found without reading the many that each has.
    owner: db.prepare<{ after: string }, { id: ChoreId | null }>(
      `SELECT min(id) AS id FROM (
         SELECT min(chore_id) AS id FROM chore_archive WHERE refusal IS NULL AND chore_id > @after
         UNION ALL SELECT min(chore_id) FROM chore_archive WHERE refusal IS NOT NULL AND chore_id > @after
       )`,
    ),
    dropLeft: db.prepare<[string, number]>(
      `DELETE FROM chore_archive WHERE seq IN (
         SELECT seq FROM chore_archive WHERE chore_id = ? AND refusal IS NULL ORDER BY seq LIMIT ?
       )`,
    ),
    dropRefused: db.prepare<[string, number]>(
      `DELETE FROM chore_archive WHERE seq IN (
         SELECT seq FROM chore_archive WHERE chore_id = ? AND refusal IS NOT NULL ORDER BY archive_id LIMIT ?
       )`,
    ),
  };
}
