import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { isNotAbove, nodeApiOf, wantsOf } from '../support/packages/elf.ts';

/** Node-API of the Node inside the Electron that is shipped (`electron` in package.json): that of Node 22.14 and later. */
const SHIPPED_NODE_API = 10;

const require = createRequire(import.meta.url);
const { symbols } = require('node-api-headers') as { symbols: Record<string, Record<string, string[]>> };
const known = new Set(Object.values(symbols).flatMap((kinds) => Object.values(kinds).flat()));
const hasReadelf = spawnSync('readelf', ['--version']).status === 0;
const settings = readFileSync('electron-builder.yml', 'utf8');

/** What is declared to be needed, as `libc6 (>= 2.34)`. */
function declared(pattern: RegExp): string {
  return pattern.exec(settings)?.[1] ?? 'nothing';
}

const binaries = ['x64', 'arm64'].flatMap((arch) => [
  ['better-sqlite3', arch, `node_modules/better-sqlite3/prebuilds/linux-${arch}.node`] as const,
  ['part-hash', arch, `out/main/part-hash-linux-${arch}.node`] as const,
]);
const present = binaries.filter(([, , file]) => existsSync(file));

describe.skipIf(!hasReadelf)('native files of the packages for Linux', () => {
  test('come with better-sqlite3 for both kinds of processors', () => {
    expect(present.filter(([name]) => name === 'better-sqlite3').map(([, arch]) => arch)).toEqual(['x64', 'arm64']);
  });

  test.each(present)('%s for %s calls only functions of Node-API that Electron has', (name, _arch, file) => {
    const wanted = wantsOf(file).undefined.filter((symbol) => /^(?:napi|node_api)_/.test(symbol));
    expect(wanted.length).toBeGreaterThan(5);
    expect(wanted.filter((symbol) => !known.has(symbol))).toEqual([]);
    if (name === 'better-sqlite3') expect(nodeApiOf(file)).toBeLessThanOrEqual(SHIPPED_NODE_API);
  });

  test.each(present)('%s for %s loads on the oldest system that the packages declare', (_name, _arch, file) => {
    const { versions, libraries } = wantsOf(file);
    expect(isNotAbove(versions['GLIBC'] ?? '0', declared(/- libc6 \(>= ([\d.]+)\)/))).toBe(true);
    expect(isNotAbove(versions['GLIBC'] ?? '0', declared(/- libc\.so\.6\(GLIBC_([\d.]+)\)/))).toBe(true);
    // GLIBCXX_3.4.29 came with libstdc++ 11.
    expect(isNotAbove(versions['GLIBCXX'] ?? '0', '3.4.29')).toBe(true);
    expect(declared(/- libstdc\+\+6 \(>= (\d+)\)/)).toBe('11');
    const usual = ['libc.so.6', 'libm.so.6', 'libstdc++.so.6', 'ld-linux-x86-64.so.2', 'ld-linux-aarch64.so.1'];
    expect(libraries.filter((library) => !usual.includes(library))).toEqual([]);
  });
});

test('Electron is one whose Node has the Node-API that better-sqlite3 was made for', () => {
  const { dependencies } = require('electron/package.json') as { dependencies: Record<string, string> };
  const [, major = '0'] = /(\d+)/.exec(dependencies['@types/node'] ?? '') ?? [];
  expect(Number(major)).toBeGreaterThanOrEqual(24);
});
