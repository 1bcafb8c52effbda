import type { ArchiveQuery } from '../../shared/archive.ts';

export type Search = { where: string; values: unknown[] };

/** The condition for a query: every word must occur, wherever, in path, description or vault, or be the archive ID. */
export function searchFor({ text, accountId, vault }: Pick<ArchiveQuery, 'text' | 'accountId' | 'vault'>): Search {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const found: Search = { where: '', values: [] };
  for (const word of words) demand(found, ...wordCondition(word));
  if (accountId !== null) demand(found, 'account_id = ?', [accountId]);
  if (vault !== null) demand(found, 'vault = ?', [vault]);
  return found;
}

function demand(found: Search, condition: string, values: unknown[]): void {
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
