import type { Archive, ArchiveChoice, ArchiveSum } from '../../shared/archive.ts';
import type { CheckOutcome, LocalCheck } from '../../shared/local-check.ts';
import type { CheckQueue } from '../checks/ports.ts';
import { toArchive } from './catalogue.ts';
import type { ArchiveRow } from './archive-row.ts';
import { searchForChoice } from './catalogue-search.ts';
import type { Db } from './database.ts';

type Key = Pick<ArchiveRow, 'account_id' | 'vault' | 'archive_id'>;
type CheckRow = { checked_at: number; outcome: string };
/** What tells an archive from all others. */
type ArchiveName = Pick<Archive, 'accountId' | 'vault' | 'archiveId'>;

const ofArchive = 'account_id = @account_id AND vault = @vault AND archive_id = @archive_id';

/** Checks of archives against their local files: those that wait, and what the newest of each found. */
export class LocalCheckStore implements CheckQueue {
  readonly #db: Db;
  readonly #sql: ReturnType<typeof statements>;

  constructor(db: Db) {
    this.#db = db;
    this.#sql = statements(db);
  }

  /** Lets the archives wait for a check, newest first; those that do already stay where they are. */
  add(choice: ArchiveChoice): void {
    const { where, values } = searchForChoice(choice);
    this.#db
      .prepare(
        `INSERT OR IGNORE INTO check_task (account_id, vault, archive_id, size)
         SELECT account_id, vault, archive_id, size FROM archive ${where} ORDER BY id DESC`,
      )
      .run(...values);
  }

  due(limit: number): string[] {
    return this.#sql.due.all(limit).map(String);
  }

  /** How many wait, and their sizes together. */
  waiting(): ArchiveSum {
    return this.#sql.waiting.get() ?? { count: 0, bytes: 0 };
  }

  isWaiting(id: string): boolean {
    return this.#sql.get.get(Number(id)) !== undefined;
  }

  isArchiveWaiting(archive: ArchiveName): boolean {
    return this.#sql.taskOf.get(keyOf(archive)) !== undefined;
  }

  archiveOf(id: string): Archive | null {
    const key = this.#sql.get.get(Number(id));
    const row = key && this.#sql.archive.get(key);
    return row ? toArchive(row) : null;
  }

  record(id: string, { checkedAt, outcome }: LocalCheck): void {
    this.#db
      .transaction(() => {
        const key = this.#sql.remove.get(Number(id));
        if (key) this.#sql.put.run({ ...key, checked_at: checkedAt, outcome: JSON.stringify(outcome) });
      })
      .immediate();
  }

  drop(id: string): void {
    this.#sql.remove.get(Number(id));
  }

  /** Nothing waits any more. Returns how many did. */
  clear(): number {
    return this.#sql.clear.run().changes;
  }

  /** What the newest check of the archive found; null when there was none. */
  newest(archive: ArchiveName): LocalCheck | null {
    const row = this.#sql.newest.get(keyOf(archive));
    return row ? { checkedAt: row.checked_at, outcome: JSON.parse(row.outcome) as CheckOutcome } : null;
  }
}

function keyOf({ accountId, vault, archiveId }: ArchiveName): Key {
  return { account_id: accountId, vault, archive_id: archiveId };
}

function statements(db: Db) {
  return {
    due: db.prepare<[number], number>('SELECT id FROM check_task ORDER BY id LIMIT ?').pluck(),
    waiting: db.prepare<[], ArchiveSum>('SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes FROM check_task'),
    get: db.prepare<[number], Key>('SELECT account_id, vault, archive_id FROM check_task WHERE id = ?'),
    taskOf: db.prepare<[Key]>(`SELECT 1 FROM check_task WHERE ${ofArchive}`),
    archive: db.prepare<[Key], ArchiveRow>(`SELECT * FROM archive WHERE ${ofArchive}`),
    remove: db.prepare<[number], Key>('DELETE FROM check_task WHERE id = ? RETURNING account_id, vault, archive_id'),
    clear: db.prepare('DELETE FROM check_task'),
    newest: db.prepare<[Key], CheckRow>(`SELECT checked_at, outcome FROM local_check WHERE ${ofArchive}`),
    put: db.prepare<[Key & CheckRow]>(
      `INSERT OR REPLACE INTO local_check (account_id, vault, archive_id, checked_at, outcome)
       VALUES (@account_id, @vault, @archive_id, @checked_at, @outcome)`,
    ),
  };
}
