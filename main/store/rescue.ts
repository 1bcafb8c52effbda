import { isSearchTable, tablesOf } from './damage.ts';
import { type Db, isDatabaseDamaged, openDatabase, openForReading, schemaVersion } from './database.ts';
import { removeDatabase } from './durable-files.ts';

/** SQLite's own table of the highest number that each table ever gave, so that none is given twice. */
const NUMBERS = 'sqlite_sequence';

/**
 * Copies every table out of a database whose search index alone is damaged, and builds the index anew. False, with
 * nothing left behind, when the tables turn out not to be whole either. Changes nothing in the damaged database.
 */
export function rescueTables(from: string, to: string): boolean {
  const damaged = openForReading(from);
  const fresh = openDatabase(to);
  let isRescued = false;
  try {
    isRescued = schemaVersion(damaged) === schemaVersion(fresh);
    if (isRescued) fresh.transaction(copyAll)(damaged, fresh);
  } catch (error) {
    if (!isDatabaseDamaged(error)) throw error;
    isRescued = false;
  } finally {
    damaged.close();
    fresh.close();
  }
  if (!isRescued) removeDatabase(to);
  return isRescued;
}

/**
 * Tables in the order in which they were made, so that each row finds the rows it refers to; what triggers keep beside them is
 * copied like the rest. To index all archives at once takes a fifth of the time that the trigger would need, one by one.
 */
function copyAll(from: Db, to: Db): void {
  const triggers = to
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all();
  for (const { name } of triggers) to.exec(`DROP TRIGGER ${name}`);
  for (const table of tablesOf(to)) if (!isSearchTable(table) && table !== NUMBERS) copyTable(from, to, table);
  // Copying rows has begun it already.
  to.exec(`DELETE FROM ${NUMBERS}`);
  copyTable(from, to, NUMBERS);
  to.exec(`INSERT INTO archive_text (archive_text) VALUES ('rebuild')`);
  for (const { sql } of triggers) to.exec(sql);
}

function copyTable(from: Db, to: Db, table: string): void {
  // Not those that are worked out from others.
  const columns = to.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
  const rows = from
    .prepare<[], unknown[]>(`SELECT ${columns.join(', ')} FROM ${table}`)
    .raw()
    .safeIntegers();
  const insert = to.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  for (const row of rows.iterate()) insert.run(row);
}
