import { createHash } from 'node:crypto';

/** What is known of an object's name. `path`: the file's, where the key does not tell it; `mtime`: seconds since 1970, as text. */
export type NameParts = { key: string; path?: string; mtime?: string };

/** Longest key, in bytes of UTF-8 (user guide, "Naming objects"). */
const MOST_KEY_BYTES = 1024;

/** As one text: the key, and where there is more to tell, JSON. */
export function writeName(parts: NameParts): string {
  const isKeyAlone = parts.path === undefined && parts.mtime === undefined && !parts.key.startsWith('{');
  return isKeyAlone ? parts.key : JSON.stringify(parts);
}

export function readName(name: string): NameParts {
  if (!name.startsWith('{')) return { key: name };
  try {
    const { key, path, mtime } = JSON.parse(name) as Record<string, unknown>;
    if (typeof key !== 'string') return { key: name };
    return { key, ...(typeof path === 'string' && { path }), ...(typeof mtime === 'string' && { mtime }) };
  } catch {
    return { key: name };
  }
}

/** The prefix as it stands in keys. */
export function keyPrefix(prefix: string): string {
  return prefix === '' ? '' : `${prefix}/`;
}

/**
 * The key for a path below a prefix: its composed form (NFC), since two spellings of one name are two objects; without the
 * characters that lists cannot hold; and where it is too long, cut, with a digest of the path that keeps it apart from others.
 */
export function keyFor(prefix: string, path: string): string {
  const plain = path.normalize('NFC').replace(/[\u0000-\u001f\u007f\ufffe\uffff]/g, '_');
  const segments = plain.split('/').filter((segment) => segment !== '');
  const below = segments.map((segment) =>
    segment === '.' || segment === '..' ? segment.replaceAll('.', '_') : segment,
  );
  const whole = keyPrefix(prefix) + below.join('/');
  return Buffer.byteLength(whole) <= MOST_KEY_BYTES ? whole : shortened(whole, path);
}

function shortened(key: string, path: string): string {
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(key)?.[0] ?? '';
  const end = `~${createHash('sha256').update(path).digest('hex').slice(0, 16)}${extension}`;
  return startOf(key, MOST_KEY_BYTES - Buffer.byteLength(end)) + end;
}

/** As many whole characters from the beginning as fit into so many bytes. */
function startOf(text: string, bytes: number): string {
  let start = '';
  let length = 0;
  for (const char of text) {
    length += Buffer.byteLength(char);
    if (length > bytes) break;
    start += char;
  }
  return start.replace(/\/+$/, '');
}
