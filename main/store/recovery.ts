import { chmodSync, copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { errorText } from '../../shared/error-text.ts';
import type { Hold } from '../../shared/hold.ts';
import type { TaskId } from '../../shared/task.ts';
import type { TaskHead } from '../engine/task.ts';
import type { NoticeBody } from '../../shared/notice.ts';
import type { ArchiveJournal } from './archive-journal.ts';
import { type Log } from './backup.ts';
import { BACKUP_FOLDER, type Backup, listBackups } from './backup-files.ts';
import { CatalogueStore } from './catalogue.ts';
import { type Damage, findDamage } from './damage.ts';
import { nameForDamaged, newestDamaged, putAside } from './damaged-file.ts';
import { DatabaseDamagedError, type Db, isDatabaseDamaged, openDatabase, openForReading } from './database.ts';
import { removeDatabase, renameDurably } from './durable-files.ts';
import { compareWithJournal } from './journal-comparison.ts';
import { doubtAgreement } from './journal-mark.ts';
import { NoticeStore } from './notices.ts';
import { PRIVATE_FILE } from '../files/private.ts';
import { rescueTables } from './rescue.ts';
import { UploadStore } from './uploads.ts';
import { TaskStore } from './tasks/task-store.ts';

export type RecoveryOptions = { folder: string; file: string; journal: ArchiveJournal; now: number; log: Log };

/** What the new database is made from. */
type Base = { kind: 'tables' } | { kind: 'backup'; backup: Backup } | { kind: 'nothing' };

/**
 * Puts a whole database in the place of a damaged or missing one: its own tables when only the search index is damaged,
 * else the newest backup that is whole, else an empty one; then adds what the journal of archives tells, and a notice.
 * All of that happens in a file beside it, and the last step changes their names; a crash before it begins anew.
 * @throws DatabaseDamagedError when it cannot be done; the damaged database is then kept all the same.
 */
export async function recover(damage: Damage, options: RecoveryOptions): Promise<void> {
  const { folder, file, now, log } = options;
  const fresh = `${file}.restoring`;
  const damagedFile = keptAs(folder, file, fresh, now);
  log('database damaged', { file, damage: damage.detail, keptAs: damagedFile });
  try {
    removeDatabase(fresh);
    const base = layBase(damage, fresh, options);
    const db = openDatabase(fresh);
    try {
      const notice = await complete(db, base, { damage: damage.detail, damagedFile }, options);
      new NoticeStore(db).add(notice, now);
      log('database recovered', notice);
    } finally {
      db.close();
    }
    putAside(file, damagedFile ?? nameForDamaged(folder, now));
    renameDurably(fresh, file);
  } catch (error) {
    throw new DatabaseDamagedError(`${damage.detail}; recovery failed: ${errorText(error)}`, { cause: error });
  }
}

/** A recovery that was interrupted between its two last steps has put the damaged file aside already. */
function keptAs(folder: string, file: string, fresh: string, now: number): string | null {
  if (existsSync(file)) return nameForDamaged(folder, now);
  return existsSync(fresh) ? newestDamaged(folder) : null;
}

function layBase(damage: Damage, fresh: string, { folder, file, log }: RecoveryOptions): Base {
  if (damage.inSearchOnly && rescueTables(file, fresh)) return { kind: 'tables' };
  for (const backup of listBackups(join(folder, BACKUP_FOLDER))) {
    const problem = problemOf(backup);
    if (problem === null) {
      copyFileSync(backup.file, fresh);
      chmodSync(fresh, PRIVATE_FILE);
      return { kind: 'backup', backup };
    }
    log('backup passed over', { file: backup.file, problem });
  }
  return { kind: 'nothing' };
}

function problemOf({ file }: Backup): string | null {
  try {
    const db = openForReading(file);
    try {
      return findDamage(db, 'everything')?.detail ?? null;
    } finally {
      db.close();
    }
  } catch (error) {
    return errorText(error);
  }
}

async function complete(
  db: Db,
  base: Base,
  found: { damage: string; damagedFile: string | null },
  options: RecoveryOptions,
): Promise<NoticeBody> {
  if (base.kind === 'tables') return { kind: 'search-rebuilt', ...found };
  const told = await addFromJournal(db, options);
  if (base.kind === 'nothing') return { kind: 'records-rebuilt', ...found, archives: new CatalogueStore(db).count() };
  const { file: backupFile, at: backupAt } = base.backup;
  const uploadsPaused = told.journal === 'incomplete' ? holdUploads(db, options.now) : 0;
  const tasksPaused = holdTasks(db, options.now);
  return { kind: 'records-restored', ...found, backupFile, backupAt, ...told, uploadsPaused, tasksPaused };
}

type Told = { journal: 'whole' | 'incomplete'; archivesAdded: number; uploadsSettled: number };

/** A journal that lacks what the backup knows cannot be trusted to tell all that came after it. */
async function addFromJournal(db: Db, { journal, log }: RecoveryOptions): Promise<Told> {
  try {
    const isThere = journal.exists();
    doubtAgreement(db);
    const { added, settled, written } = await compareWithJournal(db, journal);
    const isWhole = isThere && written === 0;
    return { journal: isWhole ? 'whole' : 'incomplete', archivesAdded: added, uploadsSettled: settled };
  } catch (error) {
    if (isDatabaseDamaged(error)) throw error;
    log('journal of archives not read', { error: errorText(error) });
    return { journal: 'incomplete', archivesAdded: 0, uploadsSettled: 0 };
  }
}

/**
 * What waits in the queue may have been stored since; whether it shall be sent again is the user's to say, of each upload, and
 * in the window as on the command line. Returns how many were not paused or failed already.
 */
function holdUploads(db: Db, at: number): number {
  const uploads = new UploadStore(db, new CatalogueStore(db));
  const going = uploads.openIds().filter((id) => {
    const upload = uploads.get(id);
    return upload && upload.phase.kind !== 'aborting' && goesOn(upload.hold);
  });
  uploads.applyAll(going.map((id) => ({ id, event: { kind: 'paused', by: 'recovery', at } })));
  return going.length;
}

function goesOn(hold: Hold | null): boolean {
  return hold === null || hold.kind === 'backoff';
}

/**
 * What deletes, or costs anew, goes on only when the user says so: it may have been cancelled after the backup. Returns
 * how many were not paused or failed already.
 */
function holdTasks(db: Db, at: number): number {
  // Kinds are not needed to pause what is theirs.
  const tasks = new TaskStore(db, []);
  const goingOf = (names: readonly string[], isMeant: (task: TaskHead) => boolean): TaskId[] =>
    names
      .flatMap((name) => [...tasks.open({ name })])
      .filter((id) => {
        const task = tasks.head(id);
        return task !== null && isMeant(task) && goesOn(task.hold);
      });
  const going = goingOf(['deletion', 'emptying'], () => true);
  const unasked = goingOf(['retrieval'], ({ phase }) => phase === 'queued');
  for (const id of [...going, ...unasked]) tasks.hold(id, { kind: 'paused', by: 'recovery', at });
  return going.length + unasked.length;
}
