import Database from 'better-sqlite3';
import { join } from 'node:path';

export type InventoryRow = {
  vault: string;
  phase: string;
  job_id: string | null;
  /** Bytes of the output. */
  received: number | null;
  last_job_id: string | null;
  last_inventory_at: number | null;
  /** JSON. */
  last_findings: string | null;
  newest_at: number | null;
};

export type ChoreRow = {
  id: string;
  kind: 'deletion' | 'emptying';
  vault: string;
  phase: string;
  /** JSON. */
  failure: string | null;
  total: number;
  deleted: number;
  failed: number;
};

/** What Firn has written down about inventories and deletions. */
export type Records = {
  inventories: InventoryRow[];
  chores: ChoreRow[];
  /** Archive IDs that a chore has still to ask about. */
  left: ReadonlySet<string>;
  /** Archive IDs that were deleted as far as Firn knows. */
  tombstones: ReadonlySet<string>;
  catalogue: { vault: string; archive_id: string; told_by: string }[];
  /** Retrievals that are not over. */
  retrieving: number;
};

/** Reads the database beside Firn, or between two lives. */
export function recordsOf(dataFolder: string): Records {
  const db = new Database(join(dataFolder, 'firn.db'), { readonly: true });
  try {
    const all = <Row>(sql: string): Row[] => db.prepare<[], Row>(sql).all();
    const ids = (sql: string): Set<string> => new Set(db.prepare<[], string>(sql).pluck().all());
    return {
      inventories: all('SELECT task.vault, inventory.* FROM inventory JOIN task ON task.id = task_id'),
      chores: all(
        `SELECT task.id, task.kind, task.vault, task.phase, task.failure, counts.total, counts.deleted, counts.failed FROM task
         JOIN (SELECT task_id, total, deleted, failed FROM deletion UNION ALL
               SELECT task_id, total, deleted, failed FROM emptying) AS counts ON counts.task_id = task.id ORDER BY task.seq`,
      ),
      left: ids('SELECT archive_id FROM chore_archive WHERE refusal IS NULL'),
      tombstones: ids('SELECT archive_id FROM deleted_archive'),
      catalogue: all('SELECT vault, archive_id, told_by FROM archive'),
      retrieving: ids(`SELECT id FROM task WHERE kind = 'retrieval' AND lane IS NOT NULL`).size,
    };
  } finally {
    db.close();
  }
}
