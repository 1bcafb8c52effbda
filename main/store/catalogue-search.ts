import type { ArchiveChoice, ArchiveFilter, Standing } from '../../shared/archive.ts';

export type Search = { where: string; values: unknown[] };

/** The condition for a query: every word must occur, wherever, in path, description or vault, or be the archive ID. */
export function searchFor({ text, accountId, vault, standing }: ArchiveFilter): Search {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const found: Search = { where: '', values: [] };
  for (const word of words) demand(found, ...wordCondition(word));
  if (accountId !== null) demand(found, 'account_id = ?', [accountId]);
  if (vault !== null) demand(found, 'vault = ?', [vault]);
  if (standing !== null) demand(found, standingConditions[standing], []);
  return found;
}

/** `standingOf` in SQL. */
const standingConditions: Readonly<Record<Standing, string>> = {
  missing: 'missing_at IS NOT NULL',
  differs: 'missing_at IS NULL AND differs IS NOT NULL',
  'awaiting-inventory': 'missing_at IS NULL AND listed_at IS NULL',
  'only-in-vault': `missing_at IS NULL AND differs IS NULL AND listed_at IS NOT NULL AND told_by = 'inventory'`,
  confirmed: `missing_at IS NULL AND differs IS NULL AND listed_at IS NOT NULL AND told_by <> 'inventory'`,
};

/** The condition for a choice; numbers travel as one JSON text, because SQLite binds no more than 32,766 values. */
export function searchForChoice(choice: ArchiveChoice): Search {
  if (choice.kind === 'ids')
    return { where: 'WHERE id IN (SELECT value FROM json_each(?))', values: [json(choice.ids)] };
  const found = searchFor(choice);
  if (choice.except.length > 0) demand(found, 'id NOT IN (SELECT value FROM json_each(?))', [json(choice.except)]);
  return found;
}

function json(ids: readonly number[]): string {
  return JSON.stringify(ids);
}

export function demand(found: Search, condition: string, values: unknown[]): void {
  found.where += `${found.where === '' ? 'WHERE' : ' AND'} ${condition}`;
  found.values.push(...values);
}

/** The trigram index finds pieces of three characters and more; shorter words are compared one by one. */
function wordCondition(word: string): [string, unknown[]] {
  if (Array.from(word).length < 3) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    return [
      `(path LIKE ? ESCAPE '\\' OR description LIKE ? ESCAPE '\\' OR vault LIKE ? ESCAPE '\\')`,
      [pattern, pattern, pattern],
    ];
  }
  const quoted = `"${word.replaceAll('"', '""')}"`;
  return ['(id IN (SELECT rowid FROM archive_text WHERE archive_text MATCH ?) OR archive_id = ?)', [quoted, word]];
}
