import { type ArchiveChoice, type ArchiveFilter, everyArchive } from '../../shared/archive.ts';
import { printable } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { type TypedFilter, resolveFilter } from './filter.ts';
import { type KnownStores, knownAccounts } from './known-accounts.ts';

export type Chosen = {
  choice: Extract<ArchiveChoice, { kind: 'matching' }>;
  /** IDs that the catalogue has nowhere. */
  unknown: string[];
};

/** The archives that are meant. An ID that others of the filters leave out is a failure: one of both is a mistake. */
export function chooseArchives(app: KnownStores, typed: TypedFilter): Result<Chosen, string> {
  const filter = resolveFilter(typed, knownAccounts(app));
  if (!filter.ok) return filter;
  const there = idsIn(app, { ...everyArchive, archiveIds: filter.value.archiveIds });
  const meant = idsIn(app, filter.value);
  const missed = typed.ids.find((id) => there.has(id) && !meant.has(id));
  if (missed !== undefined) return fail(`${printable(missed)} is not among the archives that are meant otherwise.`);
  const unknown = typed.ids.filter((id) => !there.has(id));
  return ok({ choice: { kind: 'matching', ...filter.value, except: [] }, unknown });
}

function idsIn({ catalogue }: KnownStores, filter: ArchiveFilter): Set<string> {
  if (filter.archiveIds === null) return new Set();
  return new Set([...catalogue.rows(filter)].map(({ archive_id }) => archive_id));
}

/** What is said when nothing is meant. */
export function nothingFound({ search }: TypedFilter): string {
  return search === null ? 'Nothing found.' : `Nothing found for "${printable(search)}".`;
}
