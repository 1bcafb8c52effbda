import type { ArchiveChoice, ArchiveFilter, Standing } from '../../shared/archive.ts';

/** The archives that somebody means: `FROM catalogue AS archive ${where}`, or `FROM archive`. */
export type Search = {
  where: string;
  values: unknown[];
  /** The same, where the order is by the archive's number: what matches a text need neither be gathered nor sorted then. */
  ordered: { from: string; id: string; where: string; values: unknown[] };
};

type Condition = { sql: string; values: unknown[] };

/** The query's archives: every word must occur, wherever, in path, description or vault, or in archive ID or tree hash. */
export function searchFor(filter: ArchiveFilter, ...more: readonly Condition[]): Search {
  const { accountIds, region, vault, archiveIds, standing } = filter;
  const words = filter.text.split(/\s+/).filter((word) => word !== '');
  const indexed = words.filter((word) => isIndexed(word) && !isArchiveId(word) && !mayBePiece(word));
  const others = words.filter((word) => !indexed.includes(word)).map(wordCondition);
  if (accountIds !== null || region !== null || vault !== null) others.push(inPlaces({ accountIds, region, vault }));
  if (archiveIds !== null) others.push({ sql: `archive.id IN (${namedArchives})`, values: [json(archiveIds)] });
  if (standing !== null) others.push({ sql: standingConditions[standing], values: [] });
  return searchOf(indexed.map(quoted).join(' '), [...others, ...more]);
}

/** Places are few, so they are found first. */
function inPlaces({ accountIds, region, vault }: Pick<ArchiveFilter, 'accountIds' | 'region' | 'vault'>): Condition {
  const parts: Condition[] = [];
  if (accountIds !== null)
    parts.push({ sql: 'account_id IN (SELECT value FROM json_each(?))', values: [json(accountIds)] });
  if (region !== null) parts.push({ sql: 'region = ?', values: [region] });
  if (vault !== null) parts.push({ sql: 'called = ?', values: [vault] });
  const { where, values } = together(parts);
  return { sql: `archive.place_id IN (SELECT id FROM place ${where})`, values };
}

function searchOf(match: string, conditions: readonly Condition[]): Search {
  if (match === '') {
    const all = together(conditions);
    return { ...all, ordered: { from: 'catalogue AS archive', id: 'archive.id', ...all } };
  }
  const byText = { sql: 'archive.id IN (SELECT rowid FROM archive_text WHERE archive_text MATCH ?)', values: [match] };
  // CROSS JOIN: the text comes first, whatever SQLite makes of the other conditions.
  const from = 'archive_text CROSS JOIN catalogue AS archive ON archive.id = archive_text.rowid';
  const inOrder = together([{ sql: 'archive_text MATCH ?', values: [match] }, ...conditions]);
  return { ...together([byText, ...conditions]), ordered: { from, id: 'archive_text.rowid', ...inOrder } };
}

function together(conditions: readonly Condition[]): { where: string; values: unknown[] } {
  const where = conditions.map(({ sql }) => sql).join(' AND ');
  return { where: where === '' ? '' : `WHERE ${where}`, values: conditions.flatMap(({ values }) => values) };
}

/** `standingOf` in SQL. */
const standingConditions: Readonly<Record<Standing, string>> = {
  missing: 'missing_at IS NOT NULL',
  differs: 'missing_at IS NULL AND differs IS NOT NULL',
  'awaiting-inventory': 'missing_at IS NULL AND listed_at IS NULL',
  'only-in-vault': `missing_at IS NULL AND differs IS NULL AND listed_at IS NOT NULL AND told_by = 'inventory'`,
  confirmed: `missing_at IS NULL AND differs IS NULL AND listed_at IS NOT NULL AND told_by <> 'inventory'`,
};

/** The archives of a choice; numbers travel as one JSON text, because SQLite binds no more than 32,766 values. */
export function searchForChoice(choice: ArchiveChoice): Search {
  if (choice.kind === 'ids')
    return searchOf('', [{ sql: 'archive.id IN (SELECT value FROM json_each(?))', values: [json(choice.ids)] }]);
  if (choice.except.length === 0) return searchFor(choice);
  const except = { sql: 'archive.id NOT IN (SELECT value FROM json_each(?))', values: [json(choice.except)] };
  return searchFor(choice, except);
}

function json(ids: readonly (number | string)[]): string {
  return JSON.stringify(ids);
}

/** Looked for in each place, because the index begins with those. */
const namedArchives = `SELECT named.id FROM place_sum CROSS JOIN catalogue AS named USING (place_id)
  WHERE named.archive_id IN (SELECT value FROM json_each(?))`;

/** The trigram index finds pieces of three characters and more, of which accents are none. */
function isIndexed(word: string): boolean {
  return Array.from(word.normalize('NFD').replace(/\p{M}+/gu, '')).length >= 3;
}

/** Glacier's have 138 characters. */
function isArchiveId(word: string): boolean {
  return /^[\w-]{138}$/.test(word);
}

/** Of an archive ID or a tree hash; few words of people have a digit and none but these characters. */
function mayBePiece(word: string): boolean {
  return /^[\w-]{6,}$/.test(word) && /\d/.test(word);
}

const byText = 'SELECT rowid FROM archive_text WHERE archive_text MATCH ?';

/**
 * Short words are compared one by one, and so are pieces of archive IDs and tree hashes, which would make the index several
 * times as large; a whole archive ID is looked for in each place, because the index begins with those.
 */
function wordCondition(word: string): Condition {
  if (!isIndexed(word)) {
    const sql =
      'has_piece(?, archive.path, archive.description, (SELECT called FROM place WHERE id = archive.place_id))';
    return { sql, values: [word] };
  }
  if (isArchiveId(word)) {
    const byArchiveId =
      'SELECT named.id FROM place_sum CROSS JOIN catalogue AS named USING (place_id) WHERE named.archive_id = ?';
    return { sql: `archive.id IN (${byText} UNION ALL ${byArchiveId})`, values: [quoted(word), word] };
  }
  const byPiece = 'SELECT id FROM catalogue WHERE instr(archive_id, ?) > 0 OR instr(tree_hash, lower(?)) > 0';
  return { sql: `archive.id IN (${byText} UNION ALL ${byPiece})`, values: [quoted(word), word, word] };
}

function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
