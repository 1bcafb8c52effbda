import { SECOND } from '../../shared/units.ts';
import type { NameParts } from './object-name.ts';

/** Metadata of an object: names in lower case, without `x-amz-meta-`. */
export type Metadata = Readonly<Record<string, string>>;

const PREFIX = 'x-amz-meta-';

/** S3 takes 2 KB for names and values together; the rest of what Firn writes is less than 700 bytes. */
const MOST_PATH_BYTES = 1300;

export type ToNote = {
  name: NameParts;
  /** Of the upload: tells its object from others of the same name. */
  token: string;
  /** Null for what was not sent in parts. */
  partSize: number | null;
};

/**
 * What Firn keeps beside an object, as headers. `mtime` is rclone's, which Cyberduck and s3fs read as well. It is written once:
 * the metadata of an archived object cannot be changed.
 */
export function metadataHeaders({ name, token, partSize }: ToNote): Record<string, string> {
  const noted = {
    ...(name.mtime !== undefined && { mtime: name.mtime }),
    'firn-v': '1',
    'firn-upload': token,
    ...(partSize !== null && { 'firn-part-size': String(partSize) }),
    ...(name.path !== undefined && { 'firn-path': writePath(name.path) }),
  };
  return Object.fromEntries(Object.entries(noted).map(([key, value]) => [PREFIX + key, value]));
}

export function metadataIn(headers: Readonly<Record<string, string>>): Metadata {
  const own = Object.entries(headers).filter(([name]) => name.startsWith(PREFIX));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(PREFIX.length), value]));
}

/** The time of a file, milliseconds since 1970, as Firn and other tools note it; null when none did. */
export function timeIn({ mtime, 's3cmd-attrs': attributes }: Metadata): number | null {
  return timeOf(mtime ?? /(?:^|\/)mtime:([\d.]+)/.exec(attributes ?? '')?.[1] ?? '');
}

/** Seconds since 1970 with or without a fraction; a number that would be thousands of years is milliseconds. */
export function timeOf(text: string): number | null {
  if (!/^-?\d{1,15}(\.\d{1,12})?$/.test(text)) return null;
  const value = Number(text);
  return Math.round(Math.abs(value) > 1e11 ? value : value * SECOND);
}

/** As rclone writes it. */
export function mtimeOf(ms: number): string {
  const [whole, rest] = [Math.trunc(ms / SECOND), Math.abs(Math.trunc(ms) % SECOND)];
  const sign = ms < 0 && whole === 0 ? '-' : '';
  return `${sign}${whole}${rest === 0 ? '' : `.${String(rest).padStart(3, '0')}`}`;
}

/** Null when it was not noted, or cannot be read. */
export function pathIn({ 'firn-path': path }: Metadata): string | null {
  if (path === undefined) return null;
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** The upload that stored it, where that was Firn's. */
export function tokenIn({ 'firn-upload': token }: Metadata): string | null {
  return token ?? null;
}

/** Headers hold ASCII alone, and runs of blanks break signatures. A path that is too long keeps its end. */
function writePath(path: string): string {
  const characters = Array.from(path, (char) =>
    /^[!-$&-~]$/.test(char) ? char : encodeURIComponent(char.toWellFormed()),
  );
  let length = 0;
  const kept = characters.reverse().filter((char) => (length += char.length) <= MOST_PATH_BYTES);
  return kept.length === characters.length
    ? kept.reverse().join('')
    : `${encodeURIComponent('…')}/${kept.reverse().join('')}`;
}
