import Database from 'better-sqlite3';
import { migrations } from './migrations/index.ts';

export type Db = Database.Database;

export class DatabaseFromFutureError extends Error {
  override name = 'DatabaseFromFutureError';
}

export class DatabaseDamagedError extends Error {
  override name = 'DatabaseDamagedError';
}

/**
 * Opens the database and brings its schema up to date.
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
    db.pragma('foreign_keys = ON');
    checkDamage(db);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw asDamage(error);
  }
}

/** Opens an existing database to look at, beside a process that may be writing. */
export function openForReading(file: string): Db {
  const db = connect(file, { readonly: true, fileMustExist: true });
  refuseFuture(db);
  return db;
}

/** Runs the steps that the database has not seen, each in a transaction of its own. */
export function migrate(db: Db, steps = migrations): void {
  const current = schemaVersion(db);
  for (const [index, sql] of steps.entries()) {
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
    code.startsWith('SQLITE_IOERR_WRITE') ||
    code.startsWith('SQLITE_IOERR_FSYNC') ||
    code === 'ENOSPC'
  );
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function connect(file: string, options: Database.Options): Db {
  try {
    return new Database(file, options);
  } catch (error) {
    throw asDamage(error);
  }
}

function refuseFuture(db: Db): void {
  const version = schemaVersion(db);
  if (version > migrations.length) {
    throw new DatabaseFromFutureError(`The schema is version ${version}; this Firn knows up to ${migrations.length}`);
  }
}

function schemaVersion(db: Db): number {
  return db.pragma('user_version', { simple: true }) as number;
}

function checkDamage(db: Db): void {
  const found = db.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw new DatabaseDamagedError(String(found));
}

function asDamage(error: unknown): unknown {
  const code = errorCode(error);
  if (code !== 'SQLITE_NOTADB' && !code.startsWith('SQLITE_CORRUPT')) return error;
  return new DatabaseDamagedError(error instanceof Error ? error.message : code, { cause: error });
}
