import type { ChoreId } from '../../shared/chore.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import { LONGEST_WAIT_MS } from '../engine/backoff.ts';
import type { ChoreColumns, ChoreRow } from './chore-rows.ts';
import type { Db } from './database.ts';

const OPEN = `phase NOT IN ('done', 'cancelled')`;

export type NewChoreRow = Pick<ChoreRow, 'id' | 'kind' | 'account_id' | 'vault' | 'added_at'> &
  Pick<ChoreRow, 'phase' | 'closes' | 'deletes_until' | 'total' | 'total_bytes'>;

/** The statements of the chores themselves, prepared once. */
export function choreStatements(db: Db) {
  return {
    get: db.prepare<[string], ChoreRow>('SELECT * FROM chore WHERE id = ?'),
    list: db.prepare<[], ChoreRow>('SELECT * FROM chore ORDER BY added_at, rowid'),
    openEmptying: db
      .prepare(`SELECT id FROM chore WHERE kind = 'emptying' AND account_id = ? AND vault = ? AND ${OPEN}`)
      .pluck() as unknown as Plucked<[string, string], ChoreId>,
    /** `isWaitOver` says the same of one of them. */
    due: db
      .prepare(
        `SELECT id FROM chore WHERE kind = @kind AND ${OPEN}
           AND (hold IS NULL OR (hold = 'backoff' AND (resume_at <= @now OR resume_at > @now + ${LONGEST_WAIT_MS})))
           AND account_id NOT IN (SELECT value FROM json_each(@waiting))
         ORDER BY added_at, rowid LIMIT @limit`,
      )
      .pluck() as unknown as Plucked<[{ kind: string; now: number; limit: number; waiting: string }], ChoreId>,
    nextDue: db
      .prepare('SELECT min(resume_at) FROM chore WHERE kind = ? AND resume_at > ?')
      .pluck() as unknown as Plucked<[string, number], number | null>,
    insert: db.prepare<[NewChoreRow]>(
      `INSERT INTO chore (id, kind, account_id, vault, added_at, phase, closes, deletes_until, total, total_bytes)
       VALUES (@id, @kind, @account_id, @vault, @added_at, @phase, @closes, @deletes_until, @total, @total_bytes)`,
    ),
    gathered: db.prepare<[string]>('DELETE FROM chore_gathered WHERE chore_id = ?'),
    setProgress: db.prepare<[ChoreColumns & { id: string; endedAt: number | null }]>(
      `UPDATE chore SET phase = @phase, ended_at = @endedAt, closes = @closes, deletes_until = @deletes_until,
         last_deleted_at = @last_deleted_at, inventory_after = @inventory_after, hold = @hold, resume_at = @resume_at, attempt = @attempt, failure = @failure
       WHERE id = @id`,
    ),
    journal: db.prepare<[string, number, string]>('INSERT INTO chore_event (chore_id, at, event) VALUES (?, ?, ?)'),
    events: db
      .prepare('SELECT event FROM chore_event WHERE chore_id = ? ORDER BY seq DESC LIMIT ?')
      .pluck() as unknown as Plucked<[string, number], string>,
    removeOver: db
      .prepare(`DELETE FROM chore WHERE id IN (SELECT value FROM json_each(?)) AND NOT (${OPEN}) RETURNING id`)
      .pluck() as unknown as Plucked<[string], ChoreId>,
    dropLeft: db.prepare<[string]>('DELETE FROM chore_archive WHERE chore_id = ? AND refusal IS NULL'),
    retryRefused: db.prepare<[string]>(
      'UPDATE chore_archive SET refusal = NULL WHERE chore_id = ? AND refusal IS NOT NULL',
    ),
    noneFailed: db.prepare<[string]>('UPDATE chore SET failed = 0 WHERE id = ?'),
    /** What was deleted stays counted, and all that the catalogue has of the vault now comes to it. */
    countAnew: db.prepare<[string]>(
      `UPDATE chore SET total = deleted + ${sumOf('archives')}, total_bytes = deleted_bytes + ${sumOf('bytes')} WHERE id = ?`,
    ),
    /** What the catalogue no longer has is deleted: after a crash the journal of archives may tell it, which knows no chores. */
    countGone: db.prepare<[string]>(
      `UPDATE chore SET deleted = max(deleted, total - ${sumOf('archives')}),
         deleted_bytes = max(deleted_bytes, total_bytes - ${sumOf('bytes')})
       WHERE id = ? AND kind = 'emptying' AND failed = 0`,
    ),
    refused: db.prepare<[string, number], RefusedRow>(
      `SELECT item.archive_id, item.size, item.refusal, archive.path
       FROM chore_archive AS item JOIN chore ON chore.id = item.chore_id
       LEFT JOIN archive USING (account_id, vault, archive_id)
       WHERE item.chore_id = ? AND item.refusal IS NOT NULL ORDER BY item.archive_id LIMIT ?`,
    ),
  };
}

function sumOf(column: 'archives' | 'bytes'): string {
  return `coalesce((SELECT ${column} FROM vault_sum WHERE vault_sum.account_id = chore.account_id AND vault_sum.vault = chore.vault), 0)`;
}

export type RefusedRow = { archive_id: ArchiveId; size: number; refusal: string; path: string | null };

/** A statement that gives single values; the driver's types do not know `pluck`. */
export type Plucked<Parameters extends unknown[], Value> = {
  get(...parameters: Parameters): Value | undefined;
  all(...parameters: Parameters): Value[];
};
