import type { AccountId } from '../../shared/account.ts';
import type { ChoreView } from '../../shared/chore.ts';
import type { ArchivesToDelete, DeletionOutcome, Doomed, EmptyingChore } from '../deletions/ports.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import type { ArchiveRecorder } from './archive-recorder.ts';
import type { CatalogueStore } from './catalogue.ts';
import type { ChoreStore } from './chores.ts';
import type { Db } from './database.ts';

/** What deletions and emptyings work on. */
export class DeletionWork implements ArchivesToDelete {
  readonly #db: Db;
  readonly #chores: ChoreStore;
  readonly #catalogue: CatalogueStore;
  readonly #recorder: ArchiveRecorder;
  readonly #sql: ReturnType<typeof statements>;

  constructor(db: Db, chores: ChoreStore, catalogue: CatalogueStore, recorder: ArchiveRecorder) {
    this.#db = db;
    this.#chores = chores;
    this.#catalogue = catalogue;
    this.#recorder = recorder;
    this.#sql = statements(db);
  }

  toDelete(chore: ChoreView, after: string, limit: number): Doomed[] {
    const left = this.#sql.left.all(chore.id, limit);
    if (chore.kind === 'deletion' || left.length > 0) return left;
    const { id, accountId, vault, deletesUntil: until } = chore;
    return this.#sql.ofVault.all({ id, accountId, vault, until, after, limit });
  }

  settleDeletions(chore: ChoreView, outcomes: readonly DeletionOutcome[], deletedAt: number): void {
    this.#db
      .transaction(() => {
        this.#recorder.together(() => {
          for (const outcome of outcomes) this.#settle(chore, outcome, deletedAt);
        });
        this.#count(chore, outcomes, deletedAt);
      })
      .immediate();
    this.#chores.announce([chore.id]);
  }

  latecomers(
    { accountId, vault, deletesUntil: until }: EmptyingChore,
    inventoryAt: number | null,
  ): { count: number; newestAt: number | null } {
    return this.#sql.latecomers.get({ accountId, vault, until, inventoryAt }) ?? { count: 0, newestAt: null };
  }

  lastDeletion(accountId: AccountId, vault: string): number | null {
    return this.#sql.lastDeletion.get(accountId, vault)?.at ?? null;
  }

  #settle({ id, accountId, vault }: ChoreView, outcome: DeletionOutcome, deletedAt: number): void {
    const { seq, archiveId, size, refusal } = outcome;
    if (refusal === null) {
      this.#catalogue.remove(accountId, vault, archiveId, deletedAt);
      if (seq !== null) this.#sql.drop.run(seq);
      return;
    }
    const words = JSON.stringify(refusal);
    if (seq === null) this.#sql.keep.run(id, archiveId, size, words);
    else this.#sql.mark.run(words, seq);
  }

  #count({ id }: ChoreView, outcomes: readonly DeletionOutcome[], deletedAt: number): void {
    const deleted = outcomes.filter(({ refusal }) => refusal === null);
    const bytes = deleted.reduce((sum, { size }) => sum + size, 0);
    const failed = outcomes.length - deleted.length;
    this.#sql.count.run({ id, deleted: deleted.length, bytes, failed });
    if (deleted.length > 0) this.#sql.setDeletedAt.run(deletedAt, id);
  }
}

function statements(db: Db) {
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
    count: db.prepare<[{ id: string; deleted: number; bytes: number; failed: number }]>(
      `UPDATE chore SET deleted = deleted + @deleted, deleted_bytes = deleted_bytes + @bytes, failed = failed + @failed
       WHERE id = @id`,
    ),
    setDeletedAt: db.prepare<[number, string]>(
      `UPDATE chore SET last_deleted_at = ? WHERE id = ? AND kind = 'emptying'`,
    ),
  };
}
