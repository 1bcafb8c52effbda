import Database from 'better-sqlite3';
import { errorText } from '../../shared/error-text.ts';
import { makePrivateFile } from '../files/private.ts';
import { hasPiece } from './plain-text.ts';
import { steps } from './schema/index.ts';

export type Db = Database.Database;

export class DatabaseFromFutureError extends Error {
  override name = 'DatabaseFromFutureError';
}

export class DatabaseDamagedError extends Error {
  override name = 'DatabaseDamagedError';
}

/**
 * Opens the database and brings its schema up to date. Looks at no more than that needs; `findDamage` looks further.
 * @throws DatabaseFromFutureError when a newer Firn wrote it; the file is left untouched.
 * @throws DatabaseDamagedError when SQLite finds it damaged.
 */
export function openDatabase(file: string): Db {
  const db = connect(file, {});
  try {
    refuseFuture(db);
    db.pragma('journal_mode = WAL');
    // In WAL mode only FULL syncs each commit; NORMAL may lose the last ones when the power fails.
    db.pragma('synchronous = FULL');
    // On macOS a sync that is not full leaves data in the drive's own memory; elsewhere these do nothing.
    db.pragma('fullfsync = ON');
    db.pragma('checkpoint_fullfsync = ON');
    db.pragma('foreign_keys = ON');
    // Triggers keep what one statement may have to undo; in a file, that doubles what a write costs.
    db.pragma('temp_store = MEMORY');
    migrate(db);
    readSchema(db);
    return db;
  } catch (error) {
    db.close();
    throw asDamage(error);
  }
}

/** Opens an existing database to look at, beside a process that may be writing. */
export function openForReading(file: string): Db {
  const db = connect(file, { readonly: true, fileMustExist: true });
  try {
    refuseFuture(db);
    readSchema(db);
    return db;
  } catch (error) {
    db.close();
    throw asDamage(error);
  }
}

/** Commits what `act` does without waiting for the disk. In WAL mode a crash of Firn loses nothing of it, and a power cut only
 * what no later commit has waited for. */
export function withoutSync<T>(db: Db, act: () => T): T {
  db.pragma('synchronous = NORMAL');
  try {
    return act();
  } finally {
    db.pragma('synchronous = FULL');
  }
}

/** Runs the steps that the database has not seen, each in a transaction of its own. */
export function migrate(db: Db, wanted = steps): void {
  const current = schemaVersion(db);
  for (const [index, sql] of wanted.entries()) {
    if (index < current) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  }
}

/** Whether the error says that the disk is full or refused a write: nothing was lost, and it may pass. */
export function isDiskFull(error: unknown): boolean {
  const code = errorCode(error);
  return (
    code === 'SQLITE_FULL' ||
    code === 'SQLITE_IOERR_SHMSIZE' ||
    code.startsWith('SQLITE_IOERR_WRITE') ||
    code.startsWith('SQLITE_IOERR_FSYNC') ||
    code === 'ENOSPC'
  );
}

/**
 * Whether the error says that the database can be neither read nor written for now, although it need not be damaged: the
 * drive does not answer, another program holds it, rights have changed. A mistake in our own SQL is none of these.
 */
export function isUnusable(error: unknown): boolean {
  return /^SQLITE_(?:IOERR|BUSY|LOCKED|CANTOPEN|READONLY|NOMEM|PROTOCOL|PERM|NOLFS)/.test(errorCode(error));
}

/** Whether the error says that the database itself is damaged: what is read of it cannot be trusted any more. */
export function isDatabaseDamaged(error: unknown): boolean {
  const code = errorCode(error);
  return error instanceof DatabaseDamagedError || code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT');
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function connect(file: string, options: Database.Options): Db {
  try {
    if (options.readonly !== true && file !== ':memory:') makePrivateFile(file);
    const db = new Database(file, options);
    db.function('has_piece', { deterministic: true, varargs: true }, hasPiece);
    return db;
  } catch (error) {
    throw asDamage(error);
  }
}

function refuseFuture(db: Db): void {
  const version = schemaVersion(db);
  if (version > steps.length) {
    throw new DatabaseFromFutureError(`The schema is version ${version}; this Firn knows up to ${steps.length}`);
  }
}

export function schemaVersion(db: Db): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/** Fails when the list of tables cannot be read, or the file is shorter than it says. */
function readSchema(db: Db): void {
  db.prepare('SELECT count(*) FROM sqlite_schema').get();
}

function asDamage(error: unknown): unknown {
  if (error instanceof DatabaseDamagedError || !isDatabaseDamaged(error)) return error;
  return new DatabaseDamagedError(errorText(error), { cause: error });
}
