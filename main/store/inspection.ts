import { existsSync, statSync } from 'node:fs';
import { errorText } from '../../shared/error-text.ts';
import { type Damage, findDamage } from './damage.ts';
import type { LastEnd } from './check-mark.ts';
import { errorCode, isDatabaseDamaged, openForReading, schemaVersion } from './database.ts';
import { steps } from './schema/index.ts';

export type Inspection =
  /** There is no database, and nothing says that there ever was one. */
  { kind: 'new' } | { kind: 'whole'; version: number } | { kind: 'damaged'; damage: Damage };

/**
 * Looks at the database before it is opened for writing, and changes nothing. Header, size and list of tables are always
 * looked at, which takes no time; everything else only when the last run did not close it.
 * @throws DatabaseFromFutureError
 */
export function inspect(file: string, lastEnd: LastEnd, hasTraces: boolean): Inspection {
  const size = sizeOf(file);
  if (size === 0) {
    // SQLite would begin a new database without a word.
    if (!hasTraces && sizeOf(`${file}-wal`) === 0) return { kind: 'new' };
    return damaged(existsSync(file) ? 'the file is empty' : 'the file is missing');
  }
  const isUnclean = lastEnd !== 'clean' || sizeOf(`${file}-wal`) > 0;
  try {
    const db = openForReading(file);
    try {
      const damage = isUnclean ? findDamage(db, lastEnd === 'damage-seen' ? 'everything' : 'tables') : null;
      return damage ? { kind: 'damaged', damage } : { kind: 'whole', version: schemaVersion(db) };
    } finally {
      db.close();
    }
  } catch (error) {
    if (isDatabaseDamaged(error)) return damaged(errorText(error));
    if (needsWriting(errorCode(error))) return { kind: 'whole', version: steps.length };
    throw error;
  }
}

/** A rollback is left over from the very first moments of the database: whoever opens it for writing does it. */
function needsWriting(code: string): boolean {
  return code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN');
}

function damaged(detail: string): Inspection {
  return { kind: 'damaged', damage: { detail, inSearchOnly: false } };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
