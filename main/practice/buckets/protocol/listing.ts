import { type Result, fail, ok } from '../../../../shared/result.ts';
import { type Refusal, refusals } from './refusals.ts';

/** Documented: of keys, versions, uploads and parts alike. */
const PAGE = 1000;

export type Query = ReadonlyMap<string, string>;

/** What part of a bucket a listing tells of. */
export type Wanted = {
  prefix: string;
  delimiter: string;
  limit: number;
  encode: (text: string) => string;
  encodingType: string | null;
};

export function readWanted(query: Query, limitName: string): Result<Wanted, Refusal> {
  const limit = readLimit(query, limitName);
  if (!limit.ok) return limit;
  const encodingType = query.get('encoding-type') ?? null;
  if (encodingType !== null && encodingType !== 'url') {
    return fail(refusals.argument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType));
  }
  return ok({
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    limit: limit.value,
    encode: encodingType === null ? (text) => text : urlEncode,
    encodingType,
  });
}

/** Absent or empty means as many as a page has. */
export function readLimit(query: Query, name: string): Result<number, Refusal> {
  const text = query.get(name) ?? '';
  if (text === '') return ok(PAGE);
  const isNumber = /^\d{1,10}$/.test(text) && Number(text) < 2 ** 31;
  if (!isNumber) return fail(refusals.argument(`Provided ${name} not an integer or within integer range`, name, text));
  return ok(Math.min(Number(text), PAGE));
}

/** As forms encode, but for slashes. */
function urlEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/');
}

export type Entry<T> = { kind: 'item'; item: T } | { kind: 'prefix'; prefix: string };
export type Page<T> = { entries: Entry<T>[]; isTruncated: boolean };

/**
 * A page of what has a key, in the order of the bytes of the keys. What has the delimiter in its key after the prefix is
 * told by its common prefix alone, and all that shares it is skipped. `from` gives the items whose key is `key` or more,
 * or, to begin with, those after the caller's own place.
 */
export function pageOf<T>(
  wanted: Wanted,
  from: (key: string | null) => Iterable<T>,
  keyOf: (item: T) => string,
): Page<T> {
  const entries: Entry<T>[] = [];
  if (wanted.limit === 0) return { entries, isTruncated: false };
  for (let start: string | null = null; ;) {
    const next = takeUntilPrefix(wanted, from(start), keyOf, entries);
    if (next === 'full') return { entries, isTruncated: true };
    if (next === 'end') return { entries, isTruncated: false };
    start = afterAllOf(next.prefix);
    if (start === null) return { entries, isTruncated: false };
  }
}

/** Adds entries up to a common prefix, whose other items need not be looked at. */
function takeUntilPrefix<T>(
  { prefix, delimiter, limit }: Wanted,
  items: Iterable<T>,
  keyOf: (item: T) => string,
  entries: Entry<T>[],
): 'full' | 'end' | { prefix: string } {
  for (const item of items) {
    if (entries.length === limit) return 'full';
    const common = commonPrefix(keyOf(item), prefix, delimiter);
    if (common === null) entries.push({ kind: 'item', item });
    else {
      entries.push({ kind: 'prefix', prefix: common });
      return { prefix: common };
    }
  }
  return 'end';
}

/** `photos/2024/` of `photos/2024/a.jpg`, where the prefix is `photos/`; null when nothing is to be put together. */
export function commonPrefix(key: string, prefix: string, delimiter: string): string | null {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? null : key.slice(0, at + delimiter.length);
}

/** The first text after all that begin with the prefix, in the order of their bytes; null when there is none. */
export function afterAllOf(prefix: string): string | null {
  const chars = Array.from(prefix);
  while (chars.length > 0) {
    const code = chars.pop()?.codePointAt(0) ?? 0;
    // The numbers in between belong to no character.
    const next = code === 0xd7ff ? 0xe000 : code + 1;
    if (next <= 0x10_ff_ff) return chars.join('') + String.fromCodePoint(next);
  }
  return null;
}
