import type { UploadId } from '../../shared/upload.ts';
import type { Db } from './database.ts';

/** What is asked of uploads beside what is asked of all tasks. Two look-ups by key are quicker than a join with bound values. */
export function uploadStatements(db: Db) {
  return {
    lineRate: db.prepare('SELECT bytes_per_second FROM upload_rate').pluck() as unknown as Plucked<[], number>,
    setLineRate: db.prepare<[number]>(
      `INSERT INTO upload_rate (id, bytes_per_second) VALUES (1, ?)
       ON CONFLICT (id) DO UPDATE SET bytes_per_second = excluded.bytes_per_second`,
    ),
    setActive: db.prepare<[number, string]>('UPDATE upload SET active_at = ? WHERE task_id = ?'),
    asked: db.prepare('SELECT task_id FROM upload WHERE initiate_asked_at IS NOT NULL').pluck() as unknown as Plucked<
      [],
      UploadId
    >,
    activeBetween: db.prepare<[{ from: number; to: number }], { id: UploadId; path: string; activeAt: number }>(
      `SELECT task_id AS id, path, active_at AS activeAt FROM upload
       WHERE phase = 'uploading' AND active_at BETWEEN @from AND @to ORDER BY active_at`,
    ),
    openIds: db
      .prepare(`SELECT id FROM task WHERE kind = 'upload' AND lane IS NOT NULL ORDER BY position`)
      .pluck() as unknown as Plucked<[], UploadId>,
    openOf: db
      .prepare(`SELECT task_id FROM upload WHERE path_key = ? AND phase NOT IN ('stored', 'cancelled', 'aborting')`)
      .pluck() as unknown as Plucked<[string], UploadId>,
    isPathOpen: db.prepare<[string]>(
      `SELECT 1 FROM upload WHERE path_key = ? AND phase NOT IN ('stored', 'cancelled') LIMIT 1`,
    ),
    knowsMultipart: db.prepare<[string]>('SELECT 1 FROM upload WHERE multipart_upload_id = ? LIMIT 1'),
  };
}

/** A statement that gives single values; the driver's types do not know `pluck`. */
type Plucked<Parameters extends unknown[], Value> = {
  get(...parameters: Parameters): Value | undefined;
  all(...parameters: Parameters): Value[];
};
