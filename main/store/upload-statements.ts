import type { RecordedPart, UploadId } from '../../shared/upload.ts';
import { LONGEST_WAIT_MS } from '../engine/backoff.ts';
import type { Left } from '../core/live.ts';
import type { Db } from './database.ts';
import type { ProgressColumns, UploadRow } from './rows.ts';

/** The statements of the queue, prepared once. */
export function uploadStatements(db: Db) {
  const dropParts = db.prepare('DELETE FROM part WHERE upload_id = ?');
  const zeroBytes = db.prepare('UPDATE upload SET uploaded_bytes = 0, active_at = NULL WHERE id = ?');
  return {
    get: db.prepare<[string], UploadRow>('SELECT * FROM upload WHERE id = ?'),
    page: db.prepare<[number, number], UploadRow>('SELECT * FROM upload WHERE position > ? ORDER BY position LIMIT ?'),
    lineRate: db.prepare('SELECT bytes_per_second FROM upload_rate').pluck() as unknown as Plucked<[], number>,
    setLineRate: db.prepare<[number]>(
      `INSERT INTO upload_rate (id, bytes_per_second) VALUES (1, ?)
       ON CONFLICT (id) DO UPDATE SET bytes_per_second = excluded.bytes_per_second`,
    ),
    due: db.prepare(dueWhere('size <= @maxSize')).pluck() as unknown as Plucked<[Due & { maxSize: number }], UploadId>,
    dueStale: db.prepare(dueWhere("phase = 'uploading' AND active_at <= @since")).pluck() as unknown as Plucked<
      [Due & { since: number }],
      UploadId
    >,
    dueAborts: db.prepare(dueWhere("phase = 'aborting'")).pluck() as unknown as Plucked<[Due], UploadId>,
    nextDue: db.prepare('SELECT min(resume_at) FROM upload WHERE resume_at > ?').pluck() as unknown as Plucked<
      [number],
      number | null
    >,
    countOpen: db
      .prepare(`SELECT count(*) FROM upload WHERE phase NOT IN ('stored', 'cancelled')`)
      .pluck() as unknown as Plucked<[], number>,
    left: db.prepare<[], Left>(
      `SELECT count(*) AS files, coalesce(sum(size - uploaded_bytes), 0) AS bytes FROM upload
       WHERE phase NOT IN ('stored', 'cancelled') AND phase IN ('queued', 'uploading') AND hold IS NOT 'paused' AND hold IS NOT 'failed'`,
    ),
    interrupted: db
      .prepare(
        // A back-off that is older than the question says nothing of how the question ended.
        `SELECT id FROM upload WHERE initiate_asked_at IS NOT NULL AND (hold IS NULL OR (hold = 'backoff' AND 'initiate-asked' =
           (SELECT event ->> 'kind' FROM upload_event WHERE upload_id = upload.id ORDER BY seq DESC LIMIT 1)))`,
      )
      .pluck() as unknown as Plucked<[], UploadId>,
    expiring: db.prepare<[{ from: number; to: number; limit: number }], { path: string; expiresAt: number }>(
      `SELECT path, active_at + @limit AS expiresAt FROM upload
       WHERE multipart_upload_id IS NOT NULL AND phase = 'uploading' AND uploaded_bytes > 0
         AND active_at + @limit BETWEEN @from AND @to
       ORDER BY active_at`,
    ),
    openIds: db
      .prepare(`SELECT id FROM upload WHERE phase NOT IN ('stored', 'cancelled') ORDER BY position`)
      .pluck() as unknown as Plucked<[], UploadId>,
    openPositions: db
      .prepare(`SELECT position FROM upload WHERE phase NOT IN ('stored', 'cancelled') ORDER BY position`)
      .pluck() as unknown as Plucked<[], number>,
    setPosition: db.prepare<[{ id: string; position: number }]>(
      'UPDATE upload SET position = @position WHERE id = @id AND position <> @position',
    ),
    setProgress: db.prepare<[ProgressColumns & { id: string }]>(
      `UPDATE upload SET phase = @phase, initiate_asked_at = @initiate_asked_at, multipart_upload_id = @multipart_upload_id,
         tree_hash = @tree_hash, completion_asked_at = @completion_asked_at, unconfirmed_since = @unconfirmed_since, archive_id = @archive_id,
         hold = @hold, resume_at = @resume_at, attempt = @attempt, failure = @failure
       WHERE id = @id`,
    ),
    journal: db.prepare<[string, number, string]>('INSERT INTO upload_event (upload_id, at, event) VALUES (?, ?, ?)'),
    /** In the place of the newest, when that was the same failure: a night without a network is one line, not thousands. */
    journalAgain: db.prepare<[{ id: string; at: number; event: string }]>(
      `UPDATE upload_event SET at = @at, event = @event
       WHERE seq = (SELECT seq FROM upload_event WHERE upload_id = @id ORDER BY seq DESC LIMIT 1)
         AND event ->> 'kind' = 'attempt-failed' AND event ->> '$.failure.kind' = @event ->> '$.failure.kind'`,
    ),
    events: db
      .prepare('SELECT event FROM upload_event WHERE upload_id = ? ORDER BY seq DESC LIMIT ?')
      .pluck() as unknown as Plucked<[string, number], string>,
    addPart: db.prepare<[string, number, number, string, number]>(
      'INSERT INTO part (upload_id, first, last, tree_hash, at) VALUES (?, ?, ?, ?, ?)',
    ),
    addBytes: db.prepare<[{ id: string; bytes: number; at: number }]>(
      'UPDATE upload SET uploaded_bytes = uploaded_bytes + @bytes, active_at = @at WHERE id = @id',
    ),
    removePart: db
      .prepare('DELETE FROM part WHERE upload_id = ? AND first = ? RETURNING last - first + 1')
      .pluck() as unknown as Plucked<[string, number], number>,
    subtractBytes: db.prepare<[number, string]>('UPDATE upload SET uploaded_bytes = uploaded_bytes - ? WHERE id = ?'),
    dropAllParts(id: string): void {
      dropParts.run(id);
      zeroBytes.run(id);
    },
    parts: db.prepare<[string], RecordedPart>(
      'SELECT first, last, tree_hash AS treeHash, at FROM part WHERE upload_id = ? ORDER BY first',
    ),
    countAllBytes: db.prepare<[string]>('UPDATE upload SET uploaded_bytes = size WHERE id = ?'),
    setActive: db.prepare<[number, string]>('UPDATE upload SET active_at = ? WHERE id = ?'),
    setIdentity: db.prepare<[string, string, string]>('UPDATE upload SET modified_ns = ?, file_id = ? WHERE id = ?'),
    setPath: db.prepare<[{ id: string; path: string; pathKey: string; description: string }]>(
      'UPDATE upload SET path = @path, path_key = @pathKey, description = @description WHERE id = @id',
    ),
    insert: db.prepare(
      `INSERT INTO upload (id, account_id, vault, path, path_key, description, part_size, position, added_at, size, modified_ns, file_id, phase)
       VALUES (@id, @accountId, @vault, @path, @pathKey, @description, @partSize, (SELECT coalesce(max(position), 0) + 1 FROM upload), @now,
         @size, @modifiedNs, @fileId, 'queued')`,
    ),
    openOf: db.prepare<[string, string, string], UploadRow>(
      `SELECT * FROM upload WHERE path_key = ? AND vault = ? AND account_id = ? AND phase NOT IN ('stored', 'cancelled', 'aborting')`,
    ),
    isPathOpen: db.prepare<[string]>(
      `SELECT 1 FROM upload WHERE path_key = ? AND phase NOT IN ('stored', 'cancelled') LIMIT 1`,
    ),
    knowsMultipart: db.prepare<[string]>('SELECT 1 FROM upload WHERE multipart_upload_id = ? LIMIT 1'),
    removeFinished: db
      .prepare(`DELETE FROM upload WHERE phase IN ('stored', 'cancelled') RETURNING id`)
      .pluck() as unknown as Plucked<[], UploadId>,
  };
}

type Due = { now: number; limit: number; waiting: string };

/** The ids of open uploads that wait for nothing any more, in queue order; `isWaitOver` says the same of one of them. */
function dueWhere(condition: string): string {
  return `SELECT id FROM upload
    WHERE phase NOT IN ('stored', 'cancelled')
      AND (hold IS NULL OR (hold = 'backoff' AND (resume_at <= @now OR resume_at > @now + ${LONGEST_WAIT_MS})))
      AND ${condition}
      AND account_id NOT IN (SELECT value FROM json_each(@waiting))
    ORDER BY position LIMIT @limit`;
}

/** A statement that gives single values; the driver's types do not know `pluck`. */
type Plucked<Parameters extends unknown[], Value> = {
  get(...parameters: Parameters): Value | undefined;
  all(...parameters: Parameters): Value[];
};
