import { decodeWindows1252 } from '../windows-1252.ts';
import { decodeBase64, decodeUtf8 } from './base64.ts';
import { readCompactTime } from './compact-time.ts';
import { type Described, described } from './described.ts';

/**
 * FastGlacier's descriptions. Versions 2 to 4 are `<m>` with the path in `<p>`, the time in `<lm>` and, since version 3,
 * `<ce>compressed:encrypted:MD5[:size]</ce>`; version 1 is `<ArchiveMetadata>`. Read without an XML parser: the values are
 * Base64, digits and colons, so there is nothing to expand.
 */
export function readFastGlacier(text: string): Described | null {
  const current = content(text, 'm');
  if (current !== null) return readCurrent(current);
  const first = content(text, 'ArchiveMetadata');
  return first === null ? null : readFirst(first);
}

function readCurrent(text: string): Described | null {
  return readFile(content(text, 'p'), content(text, 'lm'), content(text, 'ce'));
}

/** The other elements of version 1 are documented nowhere, but only a time looks like one. */
function readFirst(text: string): Described | null {
  const time = />\s*(\d{8}T\d{6}Z)\s*</.exec(text)?.[1];
  return readFile(content(text, 'Path'), time ?? null, null);
}

function readFile(path64: string | null, time: string | null, ce: string | null): Described | null {
  const bytes = path64 === null ? null : decodeBase64(path64);
  if (bytes === null) return null;
  // Scripts that write this format are not all careful about UTF-8.
  const path = decodeUtf8(bytes) ?? decodeWindows1252(bytes);
  const [compressed, encrypted, , size] = ce?.split(':') ?? [];
  return described({
    path,
    by: 'fast-glacier',
    modifiedAt: readCompactTime(time),
    originalSize: size !== undefined && /^\d{1,15}$/.test(size) ? Number(size) : null,
    compressed: flag(compressed),
    encrypted: flag(encrypted),
    isFolder: path.endsWith('/'),
  });
}

function flag(text: string | undefined): boolean | null {
  if (text === '1') return true;
  return text === '0' ? false : null;
}

/** What stands between the first opening tag of that name and the next closing one. */
function content(text: string, tag: string): string | null {
  const open = text.indexOf(`<${tag}>`);
  const start = open + tag.length + 2;
  const end = text.indexOf(`</${tag}>`, start);
  return open < 0 || end < 0 ? null : text.slice(start, end).trim();
}
