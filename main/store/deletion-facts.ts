import type { AccountId } from '../../shared/account.ts';
import type { ArchiveSum } from '../../shared/archive.ts';
import type { DeletionPreview, EmptyingPreview } from '../../shared/deletion-preview.ts';
import { DAY } from '../../shared/units.ts';
import { type Search, searchForChoice } from './catalogue-search.ts';
import type { Db } from './database.ts';

/** Amazon bills each archive for this long at least (pricing page, "early deletion"). */
const BILLED_MS = 90 * DAY;

/** The archives that are meant: `FROM archive ${where}`. */
type Found = Pick<Search, 'where' | 'values'>;

export type DeletionFacts = Pick<DeletionPreview, 'young' | 'uploads' | 'retrievals'>;

/** What the records know of archives that somebody wants to delete. */
export function deletionFacts(db: Db, found: Found, now: number): DeletionFacts {
  return {
    young: youngOnes(db, found, now),
    uploads: countOf(
      db,
      `SELECT count(*) FROM task JOIN upload ON upload.task_id = task.id
       WHERE task.kind = 'upload' AND task.lane IS NOT NULL AND EXISTS (
         SELECT 1 FROM archive ${and(found)} archive.path = upload.path AND archive.vault = task.vault
           AND +archive.account_id = task.account_id
       )`,
      found.values,
    ),
    retrievals: countOf(
      db,
      `SELECT count(*) FROM task JOIN retrieval ON task_id = task.id WHERE task.kind = 'retrieval' AND lane IS NOT NULL AND EXISTS (
         SELECT 1 FROM archive ${and(found)} archive.account_id = task.account_id
           AND archive.vault = task.vault AND archive.archive_id = retrieval.archive_id
       )`,
      found.values,
    ),
  };
}

/** The same of a vault: what the catalogue has, what is young, what the queue is about to put into it, and what is on its way back. */
export function vaultFacts(
  db: Db,
  { accountId, vault }: { accountId: AccountId; vault: string },
  now: number,
): Pick<EmptyingPreview, 'catalogued' | 'young' | 'queued' | 'retrievals'> {
  const found = { where: 'WHERE account_id = ? AND vault = ?', values: [accountId, vault] };
  const catalogued = db
    .prepare<unknown[], ArchiveSum>(`SELECT archives AS count, bytes FROM vault_sum ${found.where}`)
    .get(...found.values);
  const queued = `SELECT count(*) FROM task ${found.where} AND kind = 'upload' AND lane IS NOT NULL`;
  return {
    catalogued: catalogued ?? { count: 0, bytes: 0 },
    young: youngOnes(db, found, now),
    queued: countOf(db, queued, found.values),
    retrievals: countOf(
      db,
      `SELECT count(*) FROM task ${found.where} AND kind = 'retrieval' AND lane IS NOT NULL`,
      found.values,
    ),
  };
}

/** Which of these archives, by the catalogue's numbers, a deletion or an emptying that is not over will delete. */
export function doomedOf(db: Db, ids: readonly number[]): number[] {
  const { where, values } = searchForChoice({ kind: 'ids', ids });
  return db
    .prepare<unknown[], number>(
      `SELECT id FROM archive ${where} AND (
         EXISTS (
           SELECT 1 FROM chore_archive JOIN task ON task.id = chore_id AND task.lane IS NOT NULL
           WHERE refusal IS NULL AND chore_archive.archive_id = archive.archive_id
             AND task.account_id = archive.account_id AND task.vault = archive.vault
         ) OR EXISTS (
           SELECT 1 FROM task JOIN emptying ON emptying.task_id = task.id
           WHERE task.kind = 'emptying' AND task.lane IS NOT NULL
             AND task.account_id = archive.account_id AND task.vault = archive.vault AND deletes_until >= stored_at
         )
       )`,
    )
    .pluck()
    .all(...values);
}

function youngOnes(db: Db, { where, values }: Found, now: number): DeletionPreview['young'] {
  const row = db
    .prepare<unknown[], ArchiveSum & { newest: number | null }>(
      `SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes, max(stored_at) AS newest FROM archive
       ${and({ where })} stored_at > ?`,
    )
    .get(...values, now - BILLED_MS);
  return row?.newest ? { count: row.count, bytes: row.bytes, until: row.newest + BILLED_MS } : null;
}

/** Where one more condition follows. */
function and({ where }: Pick<Search, 'where'>): string {
  return where === '' ? 'WHERE' : `${where} AND`;
}

function countOf(db: Db, sql: string, values: unknown[]): number {
  return db
    .prepare(sql)
    .pluck()
    .get(...values) as number;
}
