import { pathKey } from '../../shared/path-key.ts';
import type { UploadId } from '../../shared/upload.ts';
import type { Db } from './database.ts';

/** Uploads and archives by the folders that their files are below. */
export class FilePlaceStore {
  readonly #sql: ReturnType<typeof statements>;

  constructor(db: Db) {
    this.#sql = statements(db);
  }

  /** Uploads that are not over, of this path or below it. */
  uploadsBelow(path: string): UploadId[] {
    return this.#sql.uploads.all(range(path));
  }

  /** Archives, by the catalogue's numbers, of this path or below it. */
  archivesBelow(path: string): number[] {
    return this.#sql.archives.all(range(path));
  }
}

/** Keys of what is below a folder stand between the two: "0" comes after "/". */
function range(path: string): { key: string; first: string; end: string } {
  const key = pathKey(path).replace(/\/+$/, '');
  return { key, first: `${key}/`, end: `${key}0` };
}

function statements(db: Db) {
  const isBelow = '(path_key = @key OR (path_key >= @first AND path_key < @end))';
  type Range = ReturnType<typeof range>;
  return {
    uploads: db
      .prepare<[Range], UploadId>(
        `SELECT task.id FROM upload JOIN task ON task.id = upload.task_id
         WHERE ${isBelow} AND upload.phase NOT IN ('stored', 'cancelled', 'aborting') ORDER BY task.position`,
      )
      .pluck(),
    archives: db.prepare<[Range], number>(`SELECT id FROM catalogue WHERE ${isBelow} ORDER BY id`).pluck(),
  };
}
