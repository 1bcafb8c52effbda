import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MiB } from '../../shared/units.ts';

/** The folder of those that are retrieved, by which they are found. */
const RETURNING = 'Zpět 💾 “ten”';

const returning = [
  'Příliš žluťoučký kůň.cr2'.normalize('NFC'),
  'Příliš žluťoučký kůň.cr2'.normalize('NFD'),
  'a blank at the end ',
  'a dot at the end.',
  'new\nline, tab\t and bell\u0007',
  'NUL.txt',
  `it's "quoted" \`$(here)\` <m><v>4<v>`,
  'č'.repeat(127),
].map((name) => join(RETURNING, name));

/** Two that take several requests each, so that there is a middle to be killed in. */
const large = [
  { path: join(RETURNING, '-rf --large 📷 👩‍👩‍👧.raw'), size: 17 * MiB + 5 },
  { path: join(RETURNING, '100% %41%2F%00.raw'), size: 18 * MiB },
] as const;

/** Files that are retrieved. */
export const RETURNING_COUNT = returning.length + large.length;
/** So many come back while a practice vault misbehaves as `HELD_UP` says. */
export const NOT_HELD_UP = returning.length;

/** Faults of a practice vault, as its command line takes them: the second half of each large file never comes. */
export const HELD_UP = JSON.stringify({
  script: large.map(({ size }) => ({
    operation: 'GetJobOutput',
    range: `${16 * MiB}-${size - 1}`,
    behaviour: { kind: 'delay', when: 'after-effect', ms: null },
  })),
});

const staying = [
  'ďábelské ódy/Ťuhýk.jpg',
  '日本語/写真.raw',
  'שלום.txt',
  'gnp.\u202ejpg.exe',
  '🏳️‍🌈',
  'e\u0301\u0327 and \u212b',
  'zero\u200bwidth\u200djoined\ufeff',
  '\ufeffbyte order mark.txt',
  'no\u00a0break',
  '𝒻ancy 𐍈.raw',
  ' a blank in front',
  'two  blanks',
  '. .',
  '...',
  '..two dots..',
  '.hidden',
  '-',
  '--help',
  '~',
  '#hash?a=1&b=2',
  'a;b|c&d>e<f*g?.txt',
  'back\\slash.raw',
  'C:\\Windows\\system32.dll',
  'con',
  'COM1.raw',
  'aux.',
  'stream:$DATA',
  'readme.txt',
  'README.TXT',
  '%s%n%x',
  '%2e%2e%2f',
  '{"json": [true]}',
  '&lt;m&gt;',
  '<\u2215m><\u2215p>',
  "'; DROP TABLE archive; --",
  'carriage\rreturn',
  '\u001b[31mred',
  'newline at the end\n',
  'a'.repeat(255),
  ['deep', ...Array.from({ length: 30 }, (_, level) => `level ${level}`), 'leaf.raw'].join('/'),
];

/** Its description cannot hold the whole path. */
export const TOO_LONG = join(...Array.from({ length: 4 }, (_, level) => `${level}`.repeat(240)), 'the end.raw');

/** Glacier has no archives of nothing. */
export const EMPTY = 'empty.raw';

/**
 * Writes 50 files with awkward names below the folder, one whose path is too long for a description, and an empty one.
 * Each has content and a date of its own; the contents by path.
 */
export function makeAwkwardFiles(folder: string): Map<string, Buffer> {
  const contents = new Map<string, Buffer>();
  const make = (name: string, content: Buffer): void => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    const time = 1_500_000_000 + contents.size * 86_400 + 0.25;
    utimesSync(path, time, time);
    contents.set(path, content);
  };
  for (const name of [...returning, ...staying, TOO_LONG]) make(name, Buffer.from(`what is in ${name}`));
  for (const { path, size } of large) make(path, Buffer.alloc(size, `${path}\n`));
  make(EMPTY, Buffer.alloc(0));
  return contents;
}

/** What finds those that are retrieved, and no other, in the catalogue. */
export const SEARCH_FOR_RETURNING = '“ten”';
