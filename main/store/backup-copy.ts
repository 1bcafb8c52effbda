import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { errorText } from '../../shared/error-text.ts';
import { MiB } from '../../shared/units.ts';
import { PARTIAL_SUFFIX } from './backup-files.ts';
import { findDamage } from './damage.ts';
import type { Db } from './database.ts';
import { removeDatabase, renameDurably } from './durable-files.ts';
import { makePrivateFile } from '../files/private.ts';

export type CopyOutcome =
  | { kind: 'copied' }
  /** The database itself is damaged, so no copy of it can be whole. */
  | { kind: 'source-damaged'; detail: string }
  | { kind: 'failed'; detail: string };

/** Makes a verified copy of a database that may be in use. Never throws. */
export type CopyDatabase = (from: string, to: string) => Promise<CopyOutcome>;

/** A backup must not be what fills the disk and stops the queue. */
const RESERVE = 256 * MiB;
/** All at once: one read transaction gives one consistent state, and in WAL mode it keeps no writer waiting. */
const ALL_PAGES = 0x7fffffff;

/**
 * The copy has its name only when it is whole, on disk, and was read back without finding damage. Takes seconds for a
 * large database, without a pause, so it belongs into a thread of its own.
 */
export async function copyDatabase(from: string, to: string): Promise<CopyOutcome> {
  const partial = to + PARTIAL_SUFFIX;
  try {
    const source = new Database(from, { readonly: true, fileMustExist: true });
    try {
      if (!hasRoom(source, dirname(to))) return { kind: 'failed', detail: 'there is too little room on the disk' };
      makePrivateFile(partial);
      await source.backup(partial, { progress: () => ALL_PAGES });
      const damage = damageOfCopy(partial);
      if (damage !== null) return blame(source, damage);
    } finally {
      source.close();
    }
    renameDurably(partial, to);
    return { kind: 'copied' };
  } catch (error) {
    return { kind: 'failed', detail: errorText(error) };
  } finally {
    if (existsSync(partial)) removeDatabase(partial);
  }
}

function hasRoom(source: Db, folder: string): boolean {
  const pages = source.pragma('page_count', { simple: true }) as number;
  const pageSize = source.pragma('page_size', { simple: true }) as number;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= pages * pageSize + RESERVE;
}

/** Leaves WAL mode, so that the backup is one file, and reading it writes nothing. */
function damageOfCopy(file: string): string | null {
  const copy = new Database(file, { fileMustExist: true });
  try {
    copy.pragma('journal_mode = DELETE');
    return findDamage(copy, 'everything')?.detail ?? null;
  } finally {
    copy.close();
  }
}

/** Either the copy went wrong, or it is a true copy of something damaged. */
function blame(source: Db, damageOfCopy: string): CopyOutcome {
  const damage = findDamage(source, 'everything');
  return damage
    ? { kind: 'source-damaged', detail: damage.detail }
    : { kind: 'failed', detail: `the copy is damaged (${damageOfCopy})` };
}
