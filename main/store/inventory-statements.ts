import type { InventoryId } from '../../shared/inventory.ts';
import { LONGEST_WAIT_MS } from '../engine/backoff.ts';
import type { Db } from './database.ts';
import type { InventoryColumns, InventoryRow } from './inventory-rows.ts';

/** The statements of the inventories, prepared once. */
export function inventoryStatements(db: Db) {
  return {
    get: db.prepare<[string], InventoryRow>('SELECT * FROM inventory WHERE id = ?'),
    of: db.prepare<[string, string], InventoryRow>('SELECT * FROM inventory WHERE account_id = ? AND vault = ?'),
    list: db.prepare<[], InventoryRow>('SELECT * FROM inventory ORDER BY vault, account_id'),
    due: {
      asking: db.prepare(dueIn(`'wanted', 'requested'`)).pluck() as unknown as Plucked<[Due], InventoryId>,
      fetching: db.prepare(dueIn(`'downloading', 'reconciling'`)).pluck() as unknown as Plucked<[Due], InventoryId>,
    },
    nextDue: db.prepare('SELECT min(resume_at) FROM inventory WHERE resume_at > ?').pluck() as unknown as Plucked<
      [number],
      number | null
    >,
    insert: db.prepare<[{ id: string; accountId: string; vault: string; now: number }]>(
      `INSERT INTO inventory (id, account_id, vault, wanted_at, phase) VALUES (@id, @accountId, @vault, @now, 'idle')`,
    ),
    setWanted: db.prepare<[{ id: string; now: number; notBefore: number | null }]>(
      'UPDATE inventory SET wanted_at = @now, not_before = @notBefore WHERE id = @id',
    ),
    setProgress: db.prepare<[InventoryColumns & { id: string; findings: string | null }]>(
      `UPDATE inventory SET phase = @phase, requested_at = @requested_at, job_id = @job_id, asked_at = @asked_at, size = @size,
         received = @received, inventory_at = @inventory_at, archives = @archives, reconciled = @reconciled,
         findings = @findings, hold = @hold, resume_at = @resume_at, attempt = @attempt, failure = @failure
       WHERE id = @id`,
    ),
    setLast: db.prepare<
      [
        {
          id: string;
          outcome: string;
          at: number;
          inventoryAt: number | null;
          findings: string | null;
          jobId: string | null;
        },
      ]
    >(
      `UPDATE inventory SET last_outcome = @outcome, last_ended_at = @at, last_inventory_at = @inventoryAt,
         last_findings = @findings, last_job_id = coalesce(@jobId, last_job_id),
         newest_at = CASE @outcome WHEN 'reconciled' THEN max(coalesce(newest_at, @inventoryAt), @inventoryAt) ELSE newest_at END
       WHERE id = @id`,
    ),
    hasArchiveSince: db.prepare<[string, string, number]>(
      'SELECT 1 FROM archive WHERE account_id = ? AND vault = ? AND stored_at > ? LIMIT 1',
    ),
    lastOfBatch: db
      .prepare('SELECT max(id) FROM (SELECT id FROM archive WHERE id > ? ORDER BY id LIMIT ?)')
      .pluck() as unknown as Plucked<[number, number], number | null>,
    markMissing: db.prepare<
      [{ after: number; last: number; accountId: string; vault: string; inventoryAt: number; lagMs: number }]
    >(
      `UPDATE archive SET missing_at = @inventoryAt
       WHERE id > @after AND id <= @last AND account_id = @accountId AND vault = @vault AND missing_at IS NULL
         AND (listed_at IS NULL OR listed_at < @inventoryAt) AND stored_at + @lagMs < @inventoryAt`,
    ),
    countMissingSince: db
      .prepare('SELECT count(*) FROM archive WHERE account_id = ? AND vault = ? AND missing_at = ?')
      .pluck() as unknown as Plucked<[string, string, number], number>,
    countMissing: db
      .prepare('SELECT count(*) FROM archive WHERE account_id = ? AND vault = ? AND missing_at IS NOT NULL')
      .pluck() as unknown as Plucked<[string, string], number>,
  };
}

type Due = { now: number; limit: number; waiting: string };

/** The ids of those in some phases that wait for nothing any more, in order; `isWaitOver` says the same of one. */
function dueIn(phases: string): string {
  return `SELECT id FROM inventory
    WHERE phase <> 'idle' AND phase IN (${phases})
      AND (hold IS NULL OR (hold = 'backoff' AND (resume_at <= @now OR resume_at > @now + ${LONGEST_WAIT_MS})))
      AND account_id NOT IN (SELECT value FROM json_each(@waiting))
    ORDER BY wanted_at LIMIT @limit`;
}

/** A statement that gives single values; the driver's types do not know `pluck`. */
type Plucked<Parameters extends unknown[], Value> = {
  get(...parameters: Parameters): Value | undefined;
  all(...parameters: Parameters): Value[];
};
