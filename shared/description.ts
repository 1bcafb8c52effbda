/** Glacier's limit for an archive description, in bytes of printable ASCII. */
export const MAX_DESCRIPTION_LENGTH = 1024;

/** What an archive description says of its file. `modifiedAt` in milliseconds since 1970, exact to the second. */
export type Described = { path: string; modifiedAt: number };

/**
 * The description of an archive in FastGlacier's format, version 4, which other tools and Amazon's transfer solution read:
 * the path as Base64 of UTF-8, and the time of last change. A path too long for it keeps its end, cut at a folder where
 * possible, after `…/`; the whole path stays in the catalogue.
 */
export function writeDescription({ path, modifiedAt }: Described): string {
  const wrap = (text: string): string => `<m><v>4</v><p>${base64(text)}</p><lm>${compactTime(modifiedAt)}</lm></m>`;
  const slashed = path.replaceAll('\\', '/');
  const whole = wrap(slashed);
  return whole.length <= MAX_DESCRIPTION_LENGTH
    ? whole
    : wrap(shorten(slashed, MAX_DESCRIPTION_LENGTH - wrap('').length));
}

const ours =
  /^<m><v>4<\/v><p>((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)<\/p><lm>(\d{8}T\d{6}Z)<\/lm>/;

/** Reads what `writeDescription` writes; null for any other description. The path is whatever somebody wrote: untrusted. */
export function readDescription(description: string): Described | null {
  const match = ours.exec(description);
  if (!match?.[1] || !match[2]) return null;
  const modifiedAt = parseCompactTime(match[2]);
  if (Number.isNaN(modifiedAt)) return null;
  return { path: new TextDecoder().decode(Uint8Array.from(atob(match[1]), (char) => char.charCodeAt(0))), modifiedAt };
}

function shorten(path: string, base64Room: number): string {
  const room = Math.floor(base64Room / 4) * 3;
  const mark = '…/';
  let tail = '';
  let length = byteLength(mark);
  for (const char of Array.from(path).reverse()) {
    length += byteLength(char);
    if (length > room) break;
    tail = char + tail;
  }
  const slash = tail.indexOf('/');
  return mark + (slash >= 0 && slash < tail.length - 1 ? tail.slice(slash + 1) : tail);
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** The format's years have four digits, while file systems know stranger ones. */
const EARLIEST = Date.parse('0000-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59Z');

function compactTime(ms: number): string {
  return new Date(Math.min(LATEST, Math.max(EARLIEST, ms))).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
}

function parseCompactTime(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
