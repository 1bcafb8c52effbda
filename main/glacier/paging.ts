import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';

/** The most that Glacier gives in one page; more is refused. */
const PAGE_LIMIT = 50;
export const VAULT_PAGE_LIMIT = 10;

/** `marker`: where the next page begins; null or empty at the end. */
export type Page<T> = { items: T[]; marker: string | null };

/** The query of a page that begins at `marker`; null for the first one. */
export function pageQuery(marker: string | null, limit = PAGE_LIMIT): Record<string, string> {
  return marker === null ? { limit: String(limit) } : { limit: String(limit), marker };
}

/** A whole list, however many pages it takes. A page may be short, or empty, and not be the last. */
export async function listAll<T, F>(
  fetchPage: (marker: string | null) => Promise<Result<Page<T>, F>>,
): Promise<Result<T[], F | Failure>> {
  const items: T[] = [];
  const seen = new Set<string>();
  for (let marker: string | null = null; ;) {
    const page: Result<Page<T>, F> = await fetchPage(marker);
    if (!page.ok) return page;
    items.push(...page.value.items);
    marker = page.value.marker;
    if (marker === null || marker === '') return ok(items);
    if (seen.has(marker))
      return fail({ kind: 'answer-garbled', detail: 'the list comes round to its beginning again' });
    seen.add(marker);
  }
}
