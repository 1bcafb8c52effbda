/** Bytes of UTF-8. File systems take 255 for a name; the rest is for what a program adds to a temporary file's. */
const LONGEST_NAME = 200;
/** Bytes of UTF-8. macOS takes 1,024 for a path, and the folder it is put into needs some of them. */
const LONGEST_PATH = 700;

/**
 * The path, relative to a folder of the user's choice, under which an archive of any described path can be retrieved on
 * every system. Never leaves that folder: drives, servers and roots become folders, `..` goes. Never names a device, a
 * stream or what Windows would change: such characters become `_`. Names and paths that are too long keep their end and
 * get a mark that tells them apart; `longestName` is what a drive takes, in bytes of UTF-8. Deterministic, and a safe path
 * stays as it is. Different paths can become the same one; whoever writes files must not overwrite.
 */
export function safeRelativePath(path: string, longestName = LONGEST_NAME): string {
  const longest = Math.min(longestName, LONGEST_NAME);
  const names = namesOf(path).map((name) => shortName(name, longest));
  return names.length === 0 ? 'unnamed' : shortPath(names);
}

/** Whether such a path gets a mark because it, or a name in it, is too long. */
export function isTooLong(path: string, longestName = LONGEST_NAME): boolean {
  const names = namesOf(path);
  return (
    byteLength(names.join('/')) > LONGEST_PATH ||
    names.some((name) => byteLength(name) > Math.min(longestName, LONGEST_NAME))
  );
}

function namesOf(path: string): string[] {
  return withoutRoot(path.replaceAll('\\', '/'))
    .split('/')
    .filter((name) => name !== '' && name !== '.' && name !== '..')
    .map(safeName);
}

/** `//?/UNC/server/x` and `//server/x` → `server/x`; `//?/C:/x`, `C:/x` and `C:x` → `C/x`. */
function withoutRoot(path: string): string {
  return path
    .replace(/^\/\/[?.]\/(?:UNC\/)?/i, '')
    .replace(/^\/+/, '')
    .replace(/^([A-Za-z]):/, '$1/');
}

function safeName(name: string): string {
  return notADevice(withoutEnding(printableOnly(name)));
}

/** Neither what Windows reserves, nor control characters, nor those that make a name read backwards, nor half characters. */
function printableOnly(name: string): string {
  return name
    .replace(/[\u0000-\u001f\u007f-\u009f<>:"|?*\u2028-\u202e\u2066-\u2069\ufeff]/g, '_')
    .replace(/\p{Surrogate}/gu, '_');
}

/** Windows drops dots and blanks at the end of a name. */
function withoutEnding(name: string): string {
  return name.replace(/[. ]+$/, (end) => '_'.repeat(end.length));
}

const device = /^(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\.|$)/i;

/** For Windows `nul.txt` is the device, too. */
function notADevice(name: string): string {
  return device.test(name) ? `_${name}` : name;
}

function shortName(name: string, longest: number): string {
  if (byteLength(name) <= longest) return name;
  const [, extension = ''] = /(\.[^.]{1,16})$/u.exec(name) ?? [];
  const mark = `~${fingerprint(name)}${extension}`;
  return withoutEnding(fitting(Array.from(name), longest - byteLength(mark)).join('')) + mark;
}

function shortPath(names: string[]): string {
  const path = names.join('/');
  if (byteLength(path) <= LONGEST_PATH) return path;
  const mark = `~${fingerprint(path)}`;
  const parts = names.map((name) => `/${name}`).reverse();
  return (
    mark +
    fitting(parts, LONGEST_PATH - mark.length)
      .reverse()
      .join('')
  );
}

/** As many of the pieces, from the first on, as fit into so many bytes. */
function fitting(pieces: readonly string[], room: number): string[] {
  let length = 0;
  const end = pieces.findIndex((piece) => (length += byteLength(piece)) > room);
  return pieces.slice(0, end < 0 ? undefined : end);
}

/** FNV-1a in 32 bits: tells names apart, and guards nothing. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
