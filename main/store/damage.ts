import { errorText } from '../../shared/error-text.ts';
import { type Db, isDatabaseDamaged } from './database.ts';

/** What was found; `inSearchOnly`: all that the user cannot have again is whole. */
export type Damage = { detail: string; inSearchOnly: boolean };

/**
 * Looks for damage; null when none was found.
 * - `tables`: each table and its indexes, page by page and row by row. Half a GB takes about a second.
 * - `everything`: also the pages between them, and the search index against itself. Several times as long.
 */
export function findDamage(db: Db, depth: 'tables' | 'everything'): Damage | null {
  const damaged = tablesOf(db).flatMap((table) => {
    const detail = check(db, table);
    return detail === null ? [] : [{ detail, inSearchOnly: isSearchTable(table) }];
  });
  const worst = damaged.find(({ inSearchOnly }) => !inSearchOnly) ?? damaged[0];
  if (worst || depth === 'tables') return worst ?? null;
  const detail = check(db, '1');
  return detail === null ? null : { detail, inSearchOnly: /fts5/i.test(detail) };
}

/** The tables that have pages of their own, in the order in which they were made; the search index is several of them. */
export function tablesOf(db: Db): string[] {
  return db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY rowid`)
    .pluck()
    .all() as string[];
}

export function isSearchTable(name: string): boolean {
  return name.startsWith('archive_text');
}

function check(db: Db, what: string): string | null {
  try {
    const found = db.pragma(`quick_check(${what})`, { simple: true });
    return found === 'ok' ? null : withoutHeading(String(found));
  } catch (error) {
    if (isDatabaseDamaged(error)) return errorText(error);
    throw error;
  }
}

/** SQLite puts a line above, `*** in database main ***`. */
function withoutHeading(found: string): string {
  return found.slice(found.lastIndexOf('\n') + 1);
}
