import { type ArchiveChoice, everyArchive } from '../../shared/archive.ts';
import type { App } from '../open.ts';

/** Archive IDs, or words that the archives must match; never both. */
export type NamedArchives = { ids: string[] } | { search: string };

/** The archives in the catalogue; `unknown` are IDs that it does not have. */
export function chooseArchives(
  { catalogue }: Pick<App, 'catalogue'>,
  archives: NamedArchives,
): { choice: ArchiveChoice; unknown: string[] } {
  if ('search' in archives) {
    return { choice: { kind: 'matching', ...everyArchive, text: archives.search, except: [] }, unknown: [] };
  }
  const ids: number[] = [];
  const unknown: string[] = [];
  for (const archiveId of archives.ids) {
    const rows = [...catalogue.rows({ ...everyArchive, archiveIds: [archiveId] })];
    if (rows.length === 0) unknown.push(archiveId);
    ids.push(...rows.map(({ id }) => id));
  }
  return { choice: { kind: 'ids', ids }, unknown };
}
