import type { Archive, ArchiveSum } from '../../shared/archive.ts';
import type { FileCheck } from '../../shared/file-check.ts';
import type { CheckOutcome, LocalCheck } from '../../shared/local-check.ts';
import type { TaskId } from '../../shared/task.ts';
import type { ArchiveRow } from '../store/archive-row.ts';
import { toArchive } from '../store/catalogue.ts';
import { type Db, withoutSync } from '../store/database.ts';
import type { TaskStore } from '../store/tasks/task-store.ts';
import { fileCheckKind } from './file-check-kind.ts';

type Key = Pick<ArchiveRow, 'account_id' | 'vault' | 'archive_id'>;
/** What tells an archive from all others. */
type ArchiveName = Pick<Archive, 'accountId' | 'vault' | 'archiveId'>;
/** An archive that waits for its check. */
export type Waiting = Key & { id: number; size: number };

/** Deleting so many rows takes some milliseconds. */
const SLICE = 500;

/** Checks of archives against their local files: those that wait, and what the newest of each found. */
export class FileCheckStore {
  readonly #db: Db;
  readonly #tasks: TaskStore;
  readonly #sql: ReturnType<typeof fileCheckStatements>;

  constructor(db: Db, tasks: TaskStore) {
    this.#db = db;
    this.#tasks = tasks;
    this.#sql = fileCheckStatements(db);
  }

  /** Lets the archives wait for a check, in this order; those that do already stay where they are. To be called with some hundreds. */
  add(archives: readonly (Key & { size: number })[], now: number): void {
    if (archives.length === 0) return;
    this.#tasks.transaction(() => {
      const task = this.#tasks.get(fileCheckKind, this.#open() ?? this.#begin(now));
      if (!task) throw new Error('The check was not added');
      const { id, kind, doneBytes, totalBytes } = task;
      const added = archives.filter(({ account_id, vault, archive_id, size }) => {
        return this.#sql.add.run({ taskId: id, account_id, vault, archive_id, size }).changes > 0;
      });
      this.#sql.countAdded.run({ id, count: added.length });
      const bytes = added.reduce((sum, { size }) => sum + size, 0);
      this.#tasks.setBytes({ id, kind }, doneBytes, totalBytes + bytes);
    });
  }

  /** How many wait, and their sizes together. */
  waiting(): ArchiveSum {
    const id = this.#open();
    const task = id && this.#tasks.get(fileCheckKind, id);
    if (!task) return { count: 0, bytes: 0 };
    const { state, totalBytes, doneBytes } = task;
    return { count: state.total - state.checked, bytes: totalBytes - doneBytes };
  }

  isArchiveWaiting(archive: ArchiveName): boolean {
    const owner = this.#sql.ownerOf.get(keyOf(archive));
    return owner !== undefined && this.#isOpen(owner.id);
  }

  /** What comes next; null when nothing waits any more. */
  next(id: TaskId): Waiting | null {
    return this.#sql.next.get(id) ?? null;
  }

  /** The archive as the catalogue knows it now; null when it is gone. */
  archiveOf(waiting: Waiting): Archive | null {
    const row = this.#sql.archive.get(waiting);
    return row ? toArchive(row) : null;
  }

  /** Keeps what was found, null for nothing, and takes the archive off the list. */
  record(id: TaskId, waiting: Waiting, check: LocalCheck | null): void {
    this.#tasks.transaction(() => {
      // Cancelled meanwhile: what was found stays all the same.
      if (check) this.#put(waiting, check);
      if (this.#sql.remove.run(waiting.id, id).changes === 0) return;
      this.#sql.countChecked.run(id);
      this.#tasks.addDone({ id, kind: fileCheckKind.name }, waiting.size);
    });
  }

  /** Nothing is left to do: nobody needs to hear of the check itself any more. */
  end(id: TaskId, at: number): void {
    this.#tasks.transaction(() => {
      this.#tasks.apply(fileCheckKind, id, { kind: 'worked-off', at });
      this.#tasks.remove(id);
    });
  }

  /** What the newest check of the archive found; null when there was none. */
  newest(archive: ArchiveName): LocalCheck | null {
    const row = this.#sql.newest.get(keyOf(archive));
    return row ? { checkedAt: row.checked_at, outcome: JSON.parse(row.outcome) as CheckOutcome } : null;
  }

  /** Removes some of what cancelled checks have left. Returns whether there may be more. */
  sweep(): boolean {
    for (let id = this.#sql.owner.get('')?.id; id; id = this.#sql.owner.get(id)?.id) {
      if (this.#isOpen(id)) continue;
      const owner = id;
      withoutSync(this.#db, () => this.#sql.drop.run(owner, SLICE));
      return true;
    }
    return false;
  }

  /** There is one at most. */
  #open(): TaskId | null {
    for (const id of this.#tasks.open(fileCheckKind)) return id;
    return null;
  }

  #isOpen(id: TaskId): boolean {
    return (this.#tasks.head(id)?.lane ?? null) !== null;
  }

  #begin(now: number): TaskId {
    const state: FileCheck = { total: 0, checked: 0, phase: { kind: 'checking' } };
    const [id] = this.#tasks.add(fileCheckKind, [{ place: null, totalBytes: 0, state }], now);
    if (id === undefined) throw new Error('The check was not added');
    return id;
  }

  #put({ account_id, vault, archive_id }: Key, { checkedAt, outcome }: LocalCheck): void {
    const found = { checked_at: checkedAt, outcome: JSON.stringify(outcome) };
    this.#sql.put.run({ account_id, vault, archive_id, ...found });
  }
}

function keyOf({ accountId, vault, archiveId }: ArchiveName): Key {
  return { account_id: accountId, vault, archive_id: archiveId };
}

type CheckRow = { checked_at: number; outcome: string };
const ofArchive = 'account_id = @account_id AND vault = @vault AND archive_id = @archive_id';

export function fileCheckStatements(db: Db) {
  return {
    // What an earlier check has left may be asked for again.
    add: db.prepare<Key & { taskId: TaskId; size: number }>(
      `INSERT INTO file_check_archive (task_id, account_id, vault, archive_id, size)
       VALUES (@taskId, @account_id, @vault, @archive_id, @size)
       ON CONFLICT (account_id, vault, archive_id) DO UPDATE SET task_id = excluded.task_id, size = excluded.size
         WHERE task_id <> excluded.task_id`,
    ),
    countAdded: db.prepare<{ id: TaskId; count: number }>(
      'UPDATE file_check SET total = total + @count WHERE task_id = @id',
    ),
    countChecked: db.prepare<[TaskId]>('UPDATE file_check SET checked = checked + 1 WHERE task_id = ?'),
    next: db.prepare<[TaskId], Waiting>(
      'SELECT id, account_id, vault, archive_id, size FROM file_check_archive WHERE task_id = ? ORDER BY id LIMIT 1',
    ),
    ownerOf: db.prepare<Key, { id: TaskId }>(`SELECT task_id AS id FROM file_check_archive WHERE ${ofArchive}`),
    archive: db.prepare<Key, ArchiveRow>(`SELECT * FROM archive WHERE ${ofArchive}`),
    remove: db.prepare<[number, TaskId]>('DELETE FROM file_check_archive WHERE id = ? AND task_id = ?'),
    owner: db.prepare<[string], { id: TaskId | null }>(
      'SELECT min(task_id) AS id FROM file_check_archive WHERE task_id > ?',
    ),
    drop: db.prepare<[TaskId, number]>(
      `DELETE FROM file_check_archive WHERE id IN (
         SELECT id FROM file_check_archive WHERE task_id = ? ORDER BY id LIMIT ?
       )`,
    ),
    newest: db.prepare<Key, CheckRow>(`SELECT checked_at, outcome FROM local_check WHERE ${ofArchive}`),
    put: db.prepare<Key & CheckRow>(
      `INSERT OR REPLACE INTO local_check (account_id, vault, archive_id, checked_at, outcome)
       VALUES (@account_id, @vault, @archive_id, @checked_at, @outcome)`,
    ),
  };
}
