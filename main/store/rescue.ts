import { pathToFileURL } from 'node:url';
import { isSearchTable, tablesOf } from './damage.ts';
import { type Db, isDatabaseDamaged, openDatabase, schemaVersion } from './database.ts';
import { removeDatabase } from './durable-files.ts';

/**
 * Copies every table out of a database whose search index alone is damaged, and builds the index anew. False, with
 * nothing left behind, when the tables turn out not to be whole either.
 */
export function rescueTables(from: string, to: string): boolean {
  const db = openDatabase(to);
  try {
    db.prepare('ATTACH DATABASE ? AS damaged').run(`${pathToFileURL(from).href}?mode=ro`);
    if (schemaVersion(db) === db.pragma('damaged.user_version', { simple: true })) {
      db.transaction(copyAll)(db);
      db.close();
      return true;
    }
  } catch (error) {
    if (!isDatabaseDamaged(error)) throw error;
  }
  db.close();
  removeDatabase(to);
  return false;
}

/**
 * Tables in the order in which they were made, so that each row finds the rows it refers to. To index all archives at once
 * takes a fifth of the time that the trigger would need, one by one.
 */
function copyAll(db: Db): void {
  const trigger = db.prepare(`SELECT sql FROM main.sqlite_schema WHERE name = 'archive_added'`).pluck().get() as string;
  db.exec('DROP TRIGGER main.archive_added');
  for (const table of tablesOf(db)) {
    if (!isSearchTable(table)) db.exec(`INSERT INTO main.${table} SELECT * FROM damaged.${table}`);
  }
  db.exec(`INSERT INTO archive_text (archive_text) VALUES ('rebuild')`);
  db.exec(trigger);
}
