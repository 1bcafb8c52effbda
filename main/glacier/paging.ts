/** The most that Glacier gives in one page; more is refused. */
const PAGE_LIMIT = 50;
export const VAULT_PAGE_LIMIT = 10;

/** The query of a page that begins at `marker`; null for the first one. */
export function pageQuery(marker: string | null, limit = PAGE_LIMIT): Record<string, string> {
  return marker === null ? { limit: String(limit) } : { limit: String(limit), marker };
}

/** Where the next page begins: Glacier writes the end of a list as null or as nothing. */
export function nextOf(marker: string | null): string | null {
  return marker === '' ? null : marker;
}
