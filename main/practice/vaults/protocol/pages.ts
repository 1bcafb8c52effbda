import { createHash } from 'node:crypto';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import { type Rejection, rejections } from './rejections.ts';

/** How many items a listing gives at once (since 2018; older texts say more). */
const PAGE = 50;
export const VAULT_PAGE = 10;

export type Paged<T> = { items: T[]; marker: string | null };

/** What a listing is ordered by: a number, and a text that tells equals apart. */
export type Place = readonly [number, string];

/** The page that a query asks for, of items in the order of their places. */
export function page<T>(
  query: ReadonlyMap<string, string>,
  sorted: readonly T[],
  { listing, place, shortfall }: { listing: string; place: (item: T) => Place; shortfall: number },
): Result<Paged<T>, Rejection> {
  const limit = readLimit(query, PAGE);
  if (!limit.ok) return limit;
  const marker = query.get('marker') ?? '';
  const rest = placesAfter(sorted, marker, { listing, place });
  if (!rest) return fail(rejections.parameter('marker', marker));
  return ok(cut(rest, limit.value - shortfall, (item) => markerAt(listing, place(item))));
}

/** The items after a marker, which is empty for the beginning; null when it was not given out for this listing. */
export function placesAfter<T>(
  sorted: readonly T[],
  marker: string,
  { listing, place }: { listing: string; place: (item: T) => Place },
): readonly T[] | null {
  if (marker === '') return sorted;
  const after = readMarker(listing, marker);
  if (!after) return null;
  const start = sorted.findIndex((item) => keyOf(place(item)).compare(after) > 0);
  return start < 0 ? [] : sorted.slice(start);
}

export function markerAt(listing: string, place: Place): string {
  return writeMarker(listing, keyOf(place));
}

/** Documented: from 1 to the listing's maximum, which is also the default. */
export function readLimit(query: ReadonlyMap<string, string>, maximum: number): Result<number, Rejection> {
  const text = query.get('limit') ?? String(maximum);
  const limit = Number(text);
  return /^\d+$/.test(text) && limit >= 1 && limit <= maximum ? ok(limit) : fail(rejections.parameter('limit', text));
}

export function cut<T>(rest: readonly T[], length: number, markerOf: (item: T) => string): Paged<T> {
  const items = rest.slice(0, Math.max(1, length));
  const last = items.at(-1);
  return { items, marker: last !== undefined && items.length < rest.length ? markerOf(last) : null };
}

export function byPlace<T>(place: (item: T) => Place): (a: T, b: T) => number {
  return (a, b) => keyOf(place(a)).compare(keyOf(place(b)));
}

const KEY_LENGTH = 12;
const MARKER_LENGTH = 37;

/** Places as bytes that sort as the places do. */
function keyOf([number, text]: Place): Buffer {
  const key = Buffer.alloc(KEY_LENGTH);
  key.writeUIntBE(number, 0, 6);
  createHash('sha256').update(text).digest().copy(key, 6, 0, 6);
  return key;
}

/** Says where it points and proves that it was given out for this listing; 50 characters, as the real ones. */
function writeMarker(listing: string, key: Buffer): string {
  const proof = createHash('sha256').update(listing).update(key).digest();
  return Buffer.concat([key, proof]).subarray(0, MARKER_LENGTH).toString('base64url');
}

function readMarker(listing: string, marker: string): Buffer | null {
  const key = Buffer.from(marker, 'base64url').subarray(0, KEY_LENGTH);
  return key.length === KEY_LENGTH && writeMarker(listing, key) === marker ? key : null;
}
