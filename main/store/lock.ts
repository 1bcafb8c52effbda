import { join } from 'node:path';
import Database from 'better-sqlite3';
import { errorCode } from './database.ts';
import { makePrivateFile } from '../files/private.ts';

/**
 * Makes this process the only one that works in the folder, until `release` or its end, however it ends: the lock is the
 * operating system's, held by SQLite. Null when another process holds it.
 */
export function lockFolder(folder: string): { release: () => void } | null {
  const file = join(folder, 'lock');
  makePrivateFile(file);
  const db = new Database(file, { timeout: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    return { release: () => db.close() };
  } catch (error) {
    db.close();
    if (errorCode(error).startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
}
