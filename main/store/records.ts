import { join } from 'node:path';
import { errorText } from '../../shared/error-text.ts';
import type { Clock } from '../core/ports.ts';
import { ArchiveJournal, JOURNAL_FILE } from './archive-journal.ts';
import { ArchiveRecorder } from './archive-recorder.ts';
import { type Log, makeBackup } from './backup.ts';
import type { CopyDatabase } from './backup-copy.ts';
import { BACKUP_FOLDER, listBackups } from './backup-files.ts';
import { BackupSchedule } from './backup-schedule.ts';
import { CheckMark } from './check-mark.ts';
import { type Db, isDatabaseDamaged, openDatabase } from './database.ts';
import { inspect } from './inspection.ts';
import { compareWithJournal } from './journal-comparison.ts';
import { steps } from './schema/index.ts';
import { recover } from './recovery.ts';
import { tellUnwritable } from './unwritable.ts';

export const DATABASE_FILE = 'firn.db';

export type RecordsOptions = { folder: string; clock: Clock; log: Log; copy: CopyDatabase };

/** Firn's records: the database of queue and catalogue, its backups, and the journal of archives. */
export class Records {
  readonly db: Db;
  readonly recorder: ArchiveRecorder;
  readonly #mark: CheckMark;
  readonly #backups: BackupSchedule;
  #onDamage: (detail: string) => void = () => undefined;

  constructor(db: Db, recorder: ArchiveRecorder, mark: CheckMark, { folder, ...options }: RecordsOptions) {
    this.db = db;
    this.recorder = recorder;
    this.#mark = mark;
    this.#backups = new BackupSchedule({
      ...options,
      file: join(folder, DATABASE_FILE),
      folder: join(folder, BACKUP_FOLDER),
      isWorthKeeping: () => isUsed(db),
      onDamage: (detail) => {
        this.seeDamage(detail);
      },
    });
  }

  /** Backups are made from now on; `onDamage` is called when the database turns out to be damaged while it is in use. */
  start(onDamage: (detail: string) => void): void {
    this.#onDamage = onDamage;
    this.#backups.start();
  }

  /** The next start checks everything and recovers. Told once. */
  seeDamage(detail: string): void {
    this.#mark.seeDamage();
    this.#onDamage(detail);
    this.#onDamage = () => undefined;
  }

  async close(): Promise<void> {
    await this.#backups.close();
    this.recorder.close();
    this.db.close();
    this.#mark.end();
  }
}

/**
 * Opens the records of a folder, which nobody else may have open. A damaged database is replaced by what the backups and
 * the journal of archives give, and a notice tells of it.
 * @throws DatabaseFromFutureError; nothing is touched.
 * @throws DatabaseDamagedError when recovery is impossible.
 */
export async function openRecords(options: RecordsOptions): Promise<Records> {
  const { folder, log } = options;
  const file = join(folder, DATABASE_FILE);
  const journal = new ArchiveJournal(join(folder, JOURNAL_FILE));
  const mark = new CheckMark(folder);
  const { db, isCompared } = await openWhole(file, journal, mark, options);
  mark.begin();
  return new Records(db, new ArchiveRecorder(db, journal, isCompared, log), mark, options);
}

/** `isCompared`: the catalogue and the journal of archives agree. */
type Opened = { db: Db; isCompared: boolean };

async function openWhole(
  file: string,
  journal: ArchiveJournal,
  mark: CheckMark,
  options: RecordsOptions,
): Promise<Opened> {
  const { folder, clock, log, copy } = options;
  const recovery = { folder, file, journal, log, now: clock.now() };
  const backups = join(folder, BACKUP_FOLDER);
  const hasTraces = journal.size() > 0 || listBackups(backups).length > 0;
  const found = inspect(file, mark.lastEnd(), hasTraces);
  if (found.kind === 'damaged') await recover(found.damage, recovery);
  else if (found.kind === 'whole' && found.version > 0 && found.version < steps.length) {
    await makeBackup({ file, folder: backups, at: recovery.now, beforeMigrationOf: found.version }, copy, log);
  }
  try {
    return await openInAgreement(file, journal, options);
  } catch (error) {
    if (found.kind === 'damaged' || !isDatabaseDamaged(error)) throw error;
    await recover({ detail: errorText(error), inSearchOnly: false }, recovery);
    return openInAgreement(file, journal, options);
  }
}

async function openInAgreement(file: string, journal: ArchiveJournal, options: RecordsOptions): Promise<Opened> {
  const db = openDatabase(file);
  try {
    return { db, isCompared: await agree(db, journal, options) };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Without a journal the queue works all the same. Returns whether the two agree. */
async function agree(db: Db, journal: ArchiveJournal, { clock, log }: RecordsOptions): Promise<boolean> {
  try {
    const { unwritable, ...counts } = await compareWithJournal(db, journal);
    if (Object.values(counts).some((count) => count > 0)) log('journal of archives compared', counts);
    tellUnwritable(db, unwritable, clock.now(), log);
    return true;
  } catch (error) {
    if (isDatabaseDamaged(error)) throw error;
    log('journal of archives not compared', { error: errorText(error) });
    return false;
  }
}

function isUsed(db: Db): boolean {
  return db.prepare('SELECT EXISTS (SELECT 1 FROM account) OR EXISTS (SELECT 1 FROM catalogue)').pluck().get() === 1;
}
