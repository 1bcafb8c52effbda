import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where a secret was found that must stand nowhere. */
export type Leak = { secret: string; form: string; place: string };

/** A secret that nothing else can look like, with characters that URLs, shells and JSON stumble over. */
export function plantedSecret(oddCharacters = ''): string {
  return `hush${randomBytes(12).toString('hex')}${oddCharacters}`;
}

/** Every place in which one of the secrets stands: raw, percent-encoded or in Base64 at any offset. Keys of both are names. */
export function leaksIn(places: ReadonlyMap<string, Buffer>, secrets: Readonly<Record<string, string>>): Leak[] {
  const leaks: Leak[] = [];
  for (const [secret, value] of Object.entries(secrets)) {
    for (const [form, text] of formsOf(value)) {
      for (const [place, bytes] of places) if (bytes.includes(text)) leaks.push({ secret, form, place });
    }
  }
  return leaks;
}

/** The bytes of all files below a folder, by path. */
export function filesBelow(folder: string): Map<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return new Map(paths.filter((path) => statSync(path).isFile()).map((path) => [path, readFileSync(path)]));
}

function formsOf(secret: string): Map<string, string> {
  // The random middle alone tells a secret, also where odd characters were written otherwise.
  const middle = /^hush[0-9a-f]{24}/.exec(secret)?.[0] ?? secret;
  return new Map([
    ['raw', middle],
    ['percent-encoded', encodeURIComponent(secret)],
    ...[0, 1, 2].map((offset): [string, string] => {
      const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(middle)]).toString('base64');
      return [`Base64 at ${offset}`, encoded.slice(4, -4)];
    }),
  ]);
}
