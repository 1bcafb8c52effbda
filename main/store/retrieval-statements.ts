import type { RetrievalId } from '../../shared/retrieval.ts';
import type { RetrievalRequest } from '../../shared/retrieval-limits.ts';
import { LONGEST_WAIT_MS } from '../engine/backoff.ts';
import type { Left } from '../core/live.ts';
import type { Db } from './database.ts';
import type { JobRow, RetrievalColumns, RetrievalRow } from './retrieval-rows.ts';

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
    firstOpen: db.prepare(`SELECT 1 FROM retrieval WHERE ${OPEN} LIMIT 1`).pluck() as unknown as Plucked<[], number>,
    leftovers: db.prepare<[], RetrievalRow>(
      `SELECT * FROM retrieval WHERE phase = 'cancelled' AND partial_path IS NOT NULL ORDER BY position`,
    ),
    due: {
      asking: db.prepare(dueIn(`phase IN ('queued', 'requested')`)).pluck() as unknown as Plucked<[Due], RetrievalId>,
      // What was asked for already is seen to in any case.
      begun: db
        .prepare(dueIn(`(phase = 'requested' OR (phase = 'queued' AND asked_at IS NOT NULL))`))
        .pluck() as unknown as Plucked<[Due], RetrievalId>,
      // What ends first comes first.
      fetching: db
        .prepare(dueIn(`phase IN ('downloading', 'finishing')`, 'output_ends_at, position'))
        .pluck() as unknown as Plucked<[Due], RetrievalId>,
    },
    nextDue: db.prepare('SELECT min(resume_at) FROM retrieval WHERE resume_at > ?').pluck() as unknown as Plucked<
      [number],
      number | null
    >,
    left: db.prepare<[], Left>(
      `SELECT count(*) AS files, coalesce(sum(last - first + 1 - received_bytes), 0) AS bytes FROM retrieval
       WHERE phase = 'downloading' AND hold IS NOT 'paused' AND hold IS NOT 'failed'`,
    ),
    setProgress: db.prepare<[RetrievalColumns & { id: string }]>(
      `UPDATE retrieval SET phase = @phase, asked_at = @asked_at, asked_first = @asked_first, asked_last = @asked_last,
         requested_at = @requested_at, output_ends_at = @output_ends_at, target_path = @target_path,
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
    setPartial: db.prepare<[PartialColumns & { id: string }]>(
      `UPDATE retrieval SET partial_path = @path, partial_file_id = @fileId, partial_modified_ns = @modifiedNs,
         partial_is_sparse = @isSparse
       WHERE id = @id`,
    ),
    setModified: db.prepare<[{ id: string; modifiedNs: string; bytes: number }]>(
      `UPDATE retrieval SET partial_modified_ns = @modifiedNs, received_bytes = received_bytes + @bytes WHERE id = @id`,
    ),
    addRange: db.prepare<[RangeRow & { id: string }]>(
      `INSERT INTO retrieved_range (retrieval_id, first, last, tree_hash, confirmed, at)
       VALUES (@id, @first, @last, @tree_hash, @confirmed, @at)`,
    ),
    jobs: db.prepare<[string], JobRow>(
      `SELECT job_id, first, last, requested_at, output_ends_at, output_tree_hash, has_ended FROM retrieval_job
       WHERE retrieval_id = ? ORDER BY seq`,
    ),
    addJob: db.prepare<[{ id: string; jobId: string; first: number; last: number; at: number; leftBytes: number }]>(
      `INSERT INTO retrieval_job (retrieval_id, job_id, first, last, requested_at, left_bytes)
       VALUES (@id, @jobId, @first, @last, @at, @leftBytes)`,
    ),
    setOutput: db.prepare<[{ id: string; jobId: string; endsAt: number; treeHash: string | null }]>(
      `UPDATE retrieval_job SET output_ends_at = @endsAt, output_tree_hash = @treeHash
       WHERE retrieval_id = @id AND job_id = @jobId`,
    ),
    endJob: db.prepare<[string, string]>(
      'UPDATE retrieval_job SET has_ended = 1 WHERE retrieval_id = ? AND job_id = ?',
    ),
    removeJob: db.prepare<[string, string]>('DELETE FROM retrieval_job WHERE retrieval_id = ? AND job_id = ?'),
    removeEndedJobs: db.prepare<[string]>('DELETE FROM retrieval_job WHERE retrieval_id = ? AND has_ended = 1'),
    removeJobs: db.prepare<[string]>('DELETE FROM retrieval_job WHERE retrieval_id = ?'),
    // Of a job, and of the bytes that arrived of the retrieval, counted from the archive's first byte.
    arrived: db.prepare<[{ id: string; first: number; last: number; bytes: number }]>(
      `UPDATE retrieval_job SET left_bytes = max(0, left_bytes - @bytes)
       WHERE retrieval_id = @id AND has_ended = 0 AND first <= @first AND last >= @last`,
    ),
    /** What the user paused or must mend does not keep the line busy. */
    outstanding: db
      .prepare(
        `SELECT coalesce((SELECT sum(left_bytes) FROM retrieval_job JOIN retrieval ON retrieval.id = retrieval_id
             WHERE has_ended = 0 AND left_bytes > 0 AND ${OPEN} AND hold IS NOT 'paused' AND hold IS NOT 'failed'), 0)
           + coalesce((SELECT sum(asked_last - asked_first + 1) FROM retrieval WHERE ${OPEN} AND asked_at IS NOT NULL), 0)`,
      )
      .pluck() as unknown as Plucked<[], number>,
    expectedInto: db
      .prepare(
        `SELECT coalesce(sum(last - first + 1 - received_bytes), 0) FROM retrieval
         WHERE ${OPEN} AND id <> @id AND substr(folder_id, 1, instr(folder_id, ':')) = substr(@folderId, 1, instr(@folderId, ':'))
           AND (asked_at IS NOT NULL OR EXISTS
             (SELECT 1 FROM retrieval_job WHERE retrieval_id = retrieval.id AND has_ended = 0 AND left_bytes > 0))`,
      )
      .pluck() as unknown as Plucked<[{ id: string; folderId: string }], number>,
    lineRate: db.prepare('SELECT bytes_per_second FROM line_rate').pluck() as unknown as Plucked<[], number>,
    setLineRate: db.prepare<[number]>(
      `INSERT INTO line_rate (id, bytes_per_second) VALUES (1, ?)
       ON CONFLICT (id) DO UPDATE SET bytes_per_second = excluded.bytes_per_second`,
    ),
    addMark: db.prepare<[{ mark: string; folder: string; folderId: string }]>(
      'INSERT INTO target_mark (mark, folder, folder_id, is_left) VALUES (@mark, @folder, @folderId, 1)',
    ),
    markOf: db
      .prepare('UPDATE target_mark SET is_left = 1 WHERE folder = ? AND folder_id = ? RETURNING mark')
      .pluck() as unknown as Plucked<[string, string], string>,
    relocate: db.prepare<[Relocation]>(
      `UPDATE retrieval SET folder = @path, folder_id = @folderId, folder_mark = @mark, partial_path = @partial,
         target_key = @targetKey
       WHERE id = @id`,
    ),
    idleMarks: db.prepare<[], { mark: string; folder: string }>(
      `SELECT mark, folder FROM target_mark
       WHERE is_left = 1 AND NOT EXISTS (SELECT 1 FROM retrieval WHERE folder_mark = mark AND ${OPEN})`,
    ),
    forgetMark: db.prepare<[string]>('UPDATE target_mark SET is_left = 0 WHERE mark = ?'),
    isMarkNeeded: db
      .prepare(`SELECT 1 FROM retrieval WHERE folder_mark = ? AND id <> ? AND ${OPEN} LIMIT 1`)
      .pluck() as unknown as Plucked<[string, string], number>,
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
         path, modified_ns, first, last, range_size, tier, folder, folder_id, folder_mark, relative_path, target_key, on_existing, phase)
       VALUES (@id, @accountId, @region, @vault, (SELECT coalesce(max(position), 0) + 1 FROM retrieval), @now, @archiveId,
         @archiveSize, @treeHash, @path, @modifiedNs, @first, @last, @rangeSize, @tier, @folder, @folderId, @folderMark, @relativePath,
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

type Relocation = {
  id: string;
  path: string;
  folderId: string;
  mark: string;
  partial: string | null;
  targetKey: string;
};

type PartialColumns = {
  path: string | null;
  fileId: string | null;
  modifiedNs: string | null;
  isSparse: number | null;
};

type Due = { now: number; limit: number; waiting: string };

/** The ids of open retrievals in some phases that wait for nothing any more, in order; `isWaitOver` says the same of one. */
function dueIn(isMeant: string, order = 'position'): string {
  return `SELECT id FROM retrieval
    WHERE ${OPEN} AND ${isMeant}
      AND (hold IS NULL OR (hold = 'backoff' AND (resume_at <= @now OR resume_at > @now + ${LONGEST_WAIT_MS})))
      AND account_id NOT IN (SELECT value FROM json_each(@waiting))
    ORDER BY ${order} LIMIT @limit`;
}

/** A statement that gives single values; the driver's types do not know `pluck`. */
type Plucked<Parameters extends unknown[], Value> = {
  get(...parameters: Parameters): Value | undefined;
  all(...parameters: Parameters): Value[];
};
