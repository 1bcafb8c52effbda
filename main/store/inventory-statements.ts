import type { AccountId } from '../../shared/account.ts';
import type { InventoryId } from '../../shared/inventory.ts';
import type { Db } from './database.ts';

type InPlace = { accountId: AccountId; vault: string };

/** What inventories ask beside the tasks' own statements, prepared once. */
export function inventoryStatements(db: Db) {
  return {
    of: db.prepare<InPlace, { id: InventoryId }>(
      `SELECT id FROM task WHERE kind = 'inventory' AND account_id = @accountId AND vault = @vault`,
    ),
    list: db.prepare<[], { id: InventoryId }>(
      `SELECT id FROM task WHERE kind = 'inventory' ORDER BY vault, account_id`,
    ),
    setCursor: db.prepare<{ id: InventoryId; reconciled: number; findings: string }>(
      'UPDATE inventory SET reconciled = @reconciled, findings = @findings WHERE task_id = @id',
    ),
    hasArchiveSince: db.prepare<InPlace & { at: number }>(
      'SELECT 1 FROM archive WHERE account_id = @accountId AND vault = @vault AND stored_at > @at LIMIT 1',
    ),
    lastOfBatch: db.prepare<{ after: number; limit: number }, { id: number | null }>(
      'SELECT max(id) AS id FROM (SELECT id FROM catalogue WHERE id > @after ORDER BY id LIMIT @limit)',
    ),
    markMissing: db.prepare<InPlace & { after: number; last: number; inventoryAt: number; lagMs: number }>(
      `UPDATE catalogue SET missing_at = @inventoryAt
       WHERE id > @after AND id <= @last AND missing_at IS NULL
         AND place_id = (SELECT id FROM place WHERE account_id = @accountId AND called = @vault)
         AND (listed_at IS NULL OR listed_at < @inventoryAt) AND stored_at + @lagMs < @inventoryAt`,
    ),
    countMissingSince: db.prepare<InPlace & { inventoryAt: number }, { count: number }>(
      `SELECT count(*) AS count FROM archive
       WHERE account_id = @accountId AND vault = @vault AND missing_at = @inventoryAt`,
    ),
    countMissing: db.prepare<InPlace, { count: number }>(
      `SELECT count(*) AS count FROM archive
       WHERE account_id = @accountId AND vault = @vault AND missing_at IS NOT NULL`,
    ),
  };
}
