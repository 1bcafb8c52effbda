import { encodeBase64 } from './base64.ts';
import { writeCompactTime } from './compact-time.ts';
import { MAX_DESCRIPTION_LENGTH } from './described.ts';

/** Stands in a description for the beginning of a path that is too long for it. */
export const SHORTENED = '…/';

/**
 * The description of an archive in FastGlacier's format, version 4, which other tools and Amazon's transfer solution read:
 * the path as Base64 of UTF-8, and the time of last change, exact to the second. A path too long for it keeps its end, cut
 * at a folder where possible, after `…/`; the whole path stays in the catalogue.
 */
export function writeDescription({ path, modifiedAt }: { path: string; modifiedAt: number }): string {
  const wrap = (text: string): string =>
    `<m><v>4</v><p>${encodeBase64(text)}</p><lm>${writeCompactTime(modifiedAt)}</lm></m>`;
  const slashed = withSlashes(path);
  const whole = wrap(slashed);
  return whole.length <= MAX_DESCRIPTION_LENGTH
    ? whole
    : wrap(shorten(slashed, MAX_DESCRIPTION_LENGTH - wrap('').length));
}

/** As descriptions have them: the separators of Windows become slashes. In other names a backslash is a character like any. */
export function withSlashes(path: string): string {
  return path.startsWith('/') ? path : path.replaceAll('\\', '/');
}

function shorten(path: string, base64Room: number): string {
  const room = Math.floor(base64Room / 4) * 3;
  let tail = '';
  let length = byteLength(SHORTENED);
  for (const char of Array.from(path).reverse()) {
    length += byteLength(char);
    if (length > room) break;
    tail = char + tail;
  }
  const slash = tail.indexOf('/');
  return SHORTENED + (slash >= 0 && slash < tail.length - 1 ? tail.slice(slash + 1) : tail);
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
