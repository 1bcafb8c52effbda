import type { RetrievalRequest } from '../../shared/retrieval-limits.ts';
import type { RetrievalId } from '../../shared/retrieval.ts';
import type { Tier } from '../../shared/tier.ts';
import type { Db } from './database.ts';
import type { JobRow } from './retrieval-rows.ts';

type Id = { id: RetrievalId };
type InPlace = { accountId: string; vault: string };

const OPEN = `retrieval.phase NOT IN ('retrieved', 'cancelled')`;
const REQUESTED = `task.kind = 'retrieval' AND task.phase = 'requested' AND task.hold IS NULL
         AND task.account_id = @accountId AND task.vault = @vault`;

/** What retrievals ask beside the tasks' own statements, prepared once. */
export function retrievalStatements(db: Db) {
  return {
    leftovers: db.prepare<[], Id>(
      `SELECT task_id AS id FROM retrieval WHERE phase = 'cancelled' AND partial_path IS NOT NULL`,
    ),
    inFolder: db.prepare<{ folder: string }, Id>('SELECT task_id AS id FROM retrieval WHERE folder = @folder'),
    aboveLimit: db.prepare<[], Id>(
      `SELECT id FROM task WHERE hold = 'failed' AND failure ->> 'kind' = 'above-retrieval-limit'`,
    ),

    jobs: db.prepare<Id, JobRow>(
      `SELECT job_id, first, last, requested_at, output_ends_at, output_tree_hash, has_ended FROM retrieval_job
       WHERE retrieval_id = @id ORDER BY seq`,
    ),
    addJob: db.prepare<Id & { jobId: string; first: number; last: number; at: number; leftBytes: number }>(
      `INSERT INTO retrieval_job (retrieval_id, job_id, first, last, requested_at, left_bytes)
       VALUES (@id, @jobId, @first, @last, @at, @leftBytes)`,
    ),
    setOutput: db.prepare<Id & { jobId: string; endsAt: number; treeHash: string | null }>(
      `UPDATE retrieval_job SET output_ends_at = @endsAt, output_tree_hash = @treeHash
       WHERE retrieval_id = @id AND job_id = @jobId`,
    ),
    endJob: db.prepare<Id & { jobId: string }>(
      'UPDATE retrieval_job SET has_ended = 1 WHERE retrieval_id = @id AND job_id = @jobId',
    ),
    removeJob: db.prepare<Id & { jobId: string }>(
      'DELETE FROM retrieval_job WHERE retrieval_id = @id AND job_id = @jobId',
    ),
    removeEndedJobs: db.prepare<Id>('DELETE FROM retrieval_job WHERE retrieval_id = @id AND has_ended = 1'),
    removeJobs: db.prepare<Id>('DELETE FROM retrieval_job WHERE retrieval_id = @id'),
    // Of a job, and of the bytes that arrived of the retrieval, counted from the archive's first byte.
    arrived: db.prepare<Id & { first: number; last: number; bytes: number }>(
      `UPDATE retrieval_job SET left_bytes = max(0, left_bytes - @bytes)
       WHERE retrieval_id = @id AND has_ended = 0 AND first <= @first AND last >= @last`,
    ),
    setModified: db.prepare<Id & { modifiedNs: string }>(
      'UPDATE retrieval SET partial_modified_ns = @modifiedNs WHERE task_id = @id',
    ),

    /** Jobs of those in a vault that wait for Glacier alone. */
    awaited: db.prepare<InPlace, Id & { jobId: string }>(
      `SELECT task.id, job_id AS jobId FROM task JOIN retrieval_job ON retrieval_id = task.id
       WHERE ${REQUESTED} AND has_ended = 0 ORDER BY task.position`,
    ),
    youngest: db.prepare<InPlace, { tier: Tier; requestedAt: number; waiting: number }>(
      `SELECT tier, max(requested_at) AS requestedAt, count(*) AS waiting FROM task JOIN retrieval ON task_id = task.id
       WHERE ${REQUESTED} GROUP BY tier`,
    ),

    // What the user paused or must mend does not keep the line busy.
    outstandingJobs: db.prepare<[], { bytes: number }>(
      `SELECT coalesce(sum(left_bytes), 0) AS bytes FROM retrieval_job JOIN task ON task.id = retrieval_id
       WHERE has_ended = 0 AND left_bytes > 0 AND task.lane IS NOT NULL AND task.hold IS NOT 'paused' AND task.hold IS NOT 'failed'`,
    ),
    outstandingAsked: db.prepare<[], { bytes: number }>(
      'SELECT coalesce(sum(asked_last - asked_first + 1), 0) AS bytes FROM retrieval WHERE asked_at IS NOT NULL',
    ),
    expectedInto: db.prepare<Id & { device: string }, { bytes: number }>(
      `SELECT coalesce(sum(total_bytes - done_bytes), 0) AS bytes FROM (
         SELECT retrieval_id AS other FROM retrieval_job WHERE has_ended = 0 AND left_bytes > 0
         UNION SELECT task_id FROM retrieval WHERE asked_at IS NOT NULL)
       JOIN task ON task.id = other JOIN retrieval ON task_id = other
       WHERE task.lane IS NOT NULL AND other <> @id AND substr(folder_id, 1, length(@device)) = @device`,
    ),

    lineRate: db.prepare<[], { rate: number }>('SELECT bytes_per_second AS rate FROM line_rate'),
    setLineRate: db.prepare<{ rate: number }>(
      `INSERT INTO line_rate (id, bytes_per_second) VALUES (1, @rate)
       ON CONFLICT (id) DO UPDATE SET bytes_per_second = excluded.bytes_per_second`,
    ),
    addMark: db.prepare<{ mark: string; folder: string; folderId: string }>(
      'INSERT INTO target_mark (mark, folder, folder_id, is_left) VALUES (@mark, @folder, @folderId, 1)',
    ),
    markOf: db.prepare<{ folder: string; folderId: string }, { mark: string }>(
      'UPDATE target_mark SET is_left = 1 WHERE folder = @folder AND folder_id = @folderId RETURNING mark',
    ),
    idleMarks: db.prepare<[], { mark: string; folder: string }>(
      `SELECT mark, folder FROM target_mark
       WHERE is_left = 1 AND NOT EXISTS (SELECT 1 FROM retrieval WHERE folder_mark = mark AND ${OPEN})`,
    ),
    forgetMark: db.prepare<{ mark: string }>('UPDATE target_mark SET is_left = 0 WHERE mark = @mark'),
    isMarkNeeded: db.prepare<{ mark: string; exceptFor: string }>(
      `SELECT 1 FROM retrieval WHERE folder_mark = @mark AND task_id <> @exceptFor AND ${OPEN} LIMIT 1`,
    ),

    addRequest: db.prepare<Id & { at: number; accountId: string; tier: string; bytes: number; costMicros: number }>(
      `INSERT INTO retrieval_request (at, account_id, retrieval_id, tier, bytes, cost_micros)
       VALUES (@at, @accountId, @id, @tier, @bytes, @costMicros)`,
    ),
    removeRequest: db.prepare<Id & { at: number }>(
      'DELETE FROM retrieval_request WHERE retrieval_id = @id AND at = @at',
    ),
    requestsSince: db.prepare<{ at: number }, RetrievalRequest>(
      'SELECT at, bytes, cost_micros / 1000000.0 AS cost FROM retrieval_request WHERE at > @at ORDER BY at',
    ),
    requestedSince: db.prepare<{ at: number }, { bytes: number; cost: number }>(
      `SELECT coalesce(sum(bytes), 0) AS bytes, coalesce(sum(cost_micros), 0) / 1000000.0 AS cost FROM retrieval_request
       WHERE at > @at`,
    ),

    isQueued: db.prepare<InPlace & { archiveId: string; folder: string; first: number; last: number }>(
      `SELECT 1 FROM retrieval JOIN task ON task.id = task_id
       WHERE archive_id = @archiveId AND account_id = @accountId AND vault = @vault
         AND folder = @folder AND first = @first AND last = @last AND ${OPEN} LIMIT 1`,
    ),
    isTargetTaken: db.prepare<{ targetKey: string }>(
      `SELECT 1 FROM retrieval WHERE target_key = @targetKey AND ${OPEN} LIMIT 1`,
    ),
  };
}
