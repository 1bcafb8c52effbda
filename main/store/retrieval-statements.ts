import type { RetrievalId } from '../../shared/retrieval.ts';
import type { RetrievalRequest } from '../../shared/retrieval-limits.ts';
import { LONGEST_WAIT_MS } from '../core/backoff.ts';
import type { Db } from './database.ts';
import type { RetrievalColumns, RetrievalRow } from './retrieval-rows.ts';

export type RangeRow = { first: number; last: number; tree_hash: string; confirmed: number; at: number };

const OPEN = `phase NOT IN ('retrieved', 'cancelled')`;

/** The statements of the retrievals, prepared once. */
export function retrievalStatements(db: Db) {
  return {
    get: db.prepare<[string], RetrievalRow>('SELECT * FROM retrieval WHERE id = ?'),
    page: db.prepare<[number, number], RetrievalRow>(
      'SELECT * FROM retrieval WHERE position > ? ORDER BY position LIMIT ?',
    ),
    openIds: db.prepare(`SELECT id FROM retrieval WHERE ${OPEN} ORDER BY position`).pluck() as unknown as Plucked<
      [],
      RetrievalId
    >,
    leftovers: db.prepare<[], RetrievalRow>(
      `SELECT * FROM retrieval WHERE phase = 'cancelled' AND partial_path IS NOT NULL ORDER BY position`,
    ),
    due: {
      asking: db.prepare(dueIn(`'queued', 'requested'`)).pluck() as unknown as Plucked<[Due], RetrievalId>,
      fetching: db.prepare(dueIn(`'downloading', 'finishing'`)).pluck() as unknown as Plucked<[Due], RetrievalId>,
    },
    nextDue: db.prepare('SELECT min(resume_at) FROM retrieval WHERE resume_at > ?').pluck() as unknown as Plucked<
      [number],
      number | null
    >,
    bytesLeft: db
      .prepare(
        `SELECT coalesce(sum(last - first + 1 - received_bytes), 0) FROM retrieval
         WHERE phase = 'downloading' AND hold IS NOT 'paused' AND hold IS NOT 'failed'`,
      )
      .pluck() as unknown as Plucked<[], number>,
    setProgress: db.prepare<[RetrievalColumns & { id: string }]>(
      `UPDATE retrieval SET phase = @phase, asked_at = @asked_at, job_id = @job_id, requested_at = @requested_at,
         output_ends_at = @output_ends_at, output_tree_hash = @output_tree_hash, target_path = @target_path,
         hold = @hold, resume_at = @resume_at, attempt = @attempt, failure = @failure
       WHERE id = @id`,
    ),
    journal: db.prepare<[string, number, string]>(
      'INSERT INTO retrieval_event (retrieval_id, at, event) VALUES (?, ?, ?)',
    ),
    events: db
      .prepare('SELECT event FROM retrieval_event WHERE retrieval_id = ? ORDER BY seq DESC LIMIT ?')
      .pluck() as unknown as Plucked<[string, number], string>,
    setOnExisting: db.prepare<[string, string]>('UPDATE retrieval SET on_existing = ? WHERE id = ?'),
    setPartial: db.prepare<[{ id: string; path: string | null; fileId: string | null; modifiedNs: string | null }]>(
      `UPDATE retrieval SET partial_path = @path, partial_file_id = @fileId, partial_modified_ns = @modifiedNs
       WHERE id = @id`,
    ),
    setModified: db.prepare<[{ id: string; modifiedNs: string; bytes: number }]>(
      `UPDATE retrieval SET partial_modified_ns = @modifiedNs, received_bytes = received_bytes + @bytes WHERE id = @id`,
    ),
    addRange: db.prepare<[RangeRow & { id: string }]>(
      `INSERT INTO retrieved_range (retrieval_id, first, last, tree_hash, confirmed, at)
       VALUES (@id, @first, @last, @tree_hash, @confirmed, @at)`,
    ),
    removeRange: db
      .prepare('DELETE FROM retrieved_range WHERE retrieval_id = ? AND first = ? RETURNING last - first + 1')
      .pluck() as unknown as Plucked<[string, number], number>,
    subtractBytes: db.prepare<[number, string]>(
      'UPDATE retrieval SET received_bytes = received_bytes - ? WHERE id = ?',
    ),
    ranges: db.prepare<[string], RangeRow>(
      'SELECT first, last, tree_hash, confirmed, at FROM retrieved_range WHERE retrieval_id = ? ORDER BY first',
    ),
    dropRanges: db.prepare<[string]>('DELETE FROM retrieved_range WHERE retrieval_id = ?'),
    zeroBytes: db.prepare<[string]>('UPDATE retrieval SET received_bytes = 0 WHERE id = ?'),
    addRequest: db.prepare(
      `INSERT INTO retrieval_request (at, account_id, retrieval_id, tier, bytes, cost_micros)
       VALUES (@at, @accountId, @id, @tier, @bytes, @costMicros)`,
    ),
    removeRequest: db.prepare<[string, number]>('DELETE FROM retrieval_request WHERE retrieval_id = ? AND at = ?'),
    requestsSince: db.prepare<[number], RetrievalRequest>(
      'SELECT at, bytes, cost_micros / 1000000.0 AS cost FROM retrieval_request WHERE at > ? ORDER BY at',
    ),
    limitBefore: db
      .prepare(
        `SELECT failure FROM retrieval WHERE position < ? AND phase = 'queued' AND hold = 'backoff'
           AND failure ->> 'kind' = 'retrieval-limit' ORDER BY position LIMIT 1`,
      )
      .pluck() as unknown as Plucked<[number], string>,
    countRequested: db
      .prepare(`SELECT count(*) FROM retrieval WHERE account_id = ? AND vault = ? AND phase = 'requested'`)
      .pluck() as unknown as Plucked<[string, string], number>,
    insert: db.prepare(
      `INSERT INTO retrieval (id, account_id, region, vault, position, added_at, archive_id, archive_size, archive_tree_hash,
         path, modified_ns, first, last, range_size, tier, folder, folder_id, relative_path, target_key, on_existing, phase)
       VALUES (@id, @accountId, @region, @vault, (SELECT coalesce(max(position), 0) + 1 FROM retrieval), @now, @archiveId,
         @archiveSize, @treeHash, @path, @modifiedNs, @first, @last, @rangeSize, @tier, @folder, @folderId, @relativePath,
         @targetKey, @onExisting, 'queued')`,
    ),
    isQueued: db.prepare<
      [{ accountId: string; vault: string; archiveId: string; folder: string; first: number; last: number }]
    >(
      `SELECT 1 FROM retrieval WHERE archive_id = @archiveId AND account_id = @accountId AND vault = @vault
         AND folder = @folder AND first = @first AND last = @last AND ${OPEN} LIMIT 1`,
    ),
    isTargetTaken: db.prepare<[string]>(`SELECT 1 FROM retrieval WHERE target_key = ? AND ${OPEN} LIMIT 1`),
    inFolder: db.prepare<[string], RetrievalRow>('SELECT * FROM retrieval WHERE folder = ? ORDER BY position'),
    removeOne: db.prepare<[string]>(`DELETE FROM retrieval WHERE id = ? AND phase IN ('retrieved', 'cancelled')`),
    removeFinished: db
      .prepare(`DELETE FROM retrieval WHERE phase IN ('retrieved', 'cancelled') RETURNING id`)
      .pluck() as unknown as Plucked<[], RetrievalId>,
  };
}

type Due = { now: number; limit: number; waiting: string };

/** The ids of open retrievals in some phases that wait for nothing any more, in order; `isWaitOver` says the same of one. */
function dueIn(phases: string): string {
  return `SELECT id FROM retrieval
    WHERE ${OPEN} AND phase IN (${phases})
      AND (hold IS NULL OR (hold = 'backoff' AND (resume_at <= @now OR resume_at > @now + ${LONGEST_WAIT_MS})))
      AND account_id NOT IN (SELECT value FROM json_each(@waiting))
    ORDER BY position LIMIT @limit`;
}

/** A statement that gives single values; the driver's types do not know `pluck`. */
type Plucked<Parameters extends unknown[], Value> = {
  get(...parameters: Parameters): Value | undefined;
  all(...parameters: Parameters): Value[];
};
