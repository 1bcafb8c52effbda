import type { Failure } from '../../shared/failure.ts';
import { type Result, ok } from '../../shared/result.ts';
import { garbled } from './garbled.ts';

/** `next`: where the next page begins; null at the end. */
export type Page<T, M> = { items: T[]; next: M | null };

/** A whole list, however many pages it takes. A page may be short, or empty, and not be the last. */
export async function listAll<T, M, F>(
  fetchPage: (marker: M | null) => Promise<Result<Page<T, M>, F>>,
): Promise<Result<T[], F | Failure>> {
  const items: T[] = [];
  const seen = new Set<string>();
  for (let marker: M | null = null; ;) {
    const page: Result<Page<T, M>, F> = await fetchPage(marker);
    if (!page.ok) return page;
    items.push(...page.value.items);
    marker = page.value.next;
    if (marker === null) return ok(items);
    const key = JSON.stringify(marker);
    if (seen.has(key)) return garbled('the list comes round to its beginning again');
    seen.add(key);
  }
}
