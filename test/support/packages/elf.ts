import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a program or library for Linux wants from the system that loads it, as binutils' readelf tells. */
export type Wants = {
  /** The libraries, by the names under which the loader looks for them. */
  libraries: string[];
  /** Newest version of each sort of symbols, as `{ GLIBC: '2.34' }`. */
  versions: Record<string, string>;
  /** Functions that the program which loads the library has to bring. */
  undefined: string[];
};

export function wantsOf(file: string): Wants {
  const dynamic = readelf('--dynamic', file);
  const symbols = readelf('--dyn-syms', file);
  return {
    libraries: all(/\(NEEDED\).*\[([^\]]+)\]/g, dynamic),
    versions: newest(all(/Name: (\w+_\d[\d.]*)/g, readelf('--version-info', file))),
    undefined: all(/ UND ([^\s@]+)/g, symbols),
  };
}

/** Whether a file is one of Linux at all. */
export function isElf(file: string): boolean {
  return readFileSync(file).subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'));
}

/** The version of Node-API that an addon says it was made for: the number that one function of it returns. */
export function nodeApiOf(file: string): number {
  const name = 'node_api_module_get_api_version_v1';
  const line = readelf('--dyn-syms', file)
    .split('\n')
    .find((one) => one.endsWith(` ${name}`));
  const address = Number.parseInt(line?.trim().split(/\s+/)[1] ?? '', 16);
  const code = readFileSync(file).subarray(address, address + 16);
  // x64: `mov eax, number`, perhaps behind the mark of a place that may be jumped to; arm64: `mov w0, number`.
  const at = code.readUInt32BE(0) === 0xf30f1efa ? 4 : 0;
  if (code[at] === 0xb8) return code.readUInt32LE(at + 1);
  const word = code.readUInt32LE(code.readUInt32LE(0) === 0xd503245f ? 4 : 0);
  if ((word & 0xffe0001f) >>> 0 === 0x52800000) return (word >>> 5) & 0xffff;
  throw new Error(`${file} tells its version in instructions that are not known here`);
}

export function isNotAbove(version: string, limit: string): boolean {
  const [a, b] = [version, limit].map((one) => one.split('.').map(Number)) as [number[], number[]];
  const differing = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0));
  return differing === undefined || (a[differing] ?? 0) < (b[differing] ?? 0);
}

function newest(tags: readonly string[]): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const tag of tags) {
    const [, kind = '', version = ''] = /^(\w+?)_(\d[\d.]*)$/.exec(tag) ?? [];
    if (isNotAbove(versions[kind] ?? '0', version)) versions[kind] = version;
  }
  return versions;
}

function readelf(what: string, file: string): string {
  return execFileSync('readelf', [what, '--wide', file], { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: 'pipe' });
}

function all(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found);
}
