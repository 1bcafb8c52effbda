import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundledIn, shippedAlone, writeSbom } from '../../tools/release/sbom.mjs';
import { changelogFor, metainfoFor, notesOf, stamped, withVersion } from '../../tools/release/stamp.mjs';
import { writeSums } from '../../tools/release/sums.mjs';
import { temporaryFolder } from '../support/temporary-folder.ts';

const changelog = '# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.9.0 (2026-01-01)\n\n- Old.\n';

test('a release takes what the changelog says is new, once', () => {
  const released = changelogFor(changelog, '1.0.0', '2026-12-01');
  expect(released).toContain('## 1.0.0 (2026-12-01)\n\n- New.');
  expect(notesOf(released, '1.0.0')).toBe('- New.');
  expect(notesOf(released, '0.9.0')).toBe('- Old.');
  expect(() => changelogFor(released, '1.0.1', '2026-12-02')).toThrow(/no part for what is new/);
  expect(() => changelogFor(changelog, '0.9.0', '2026-12-01')).toThrow(/0\.9\.0 as released already/);
});

test('every place that names the version is stamped, and nothing else is changed', () => {
  const files = stamped('4.5.6', '2026-12-01');
  expect([...files.keys()]).toEqual(expect.arrayContaining(['package.json', 'package-lock.json', 'CHANGELOG.md']));
  for (const [file, text] of files) {
    const before = readFileSync(file, 'utf8').split('\n');
    const added = text.split('\n').filter((line) => !before.includes(line));
    expect(added.length, file).toBeGreaterThan(0);
    for (const line of added) expect(line, file).toMatch(/4\.5\.6|<\/?releases>/);
  }
  expect(withVersion('{\n  "name": "firn",\n  "version": "0.1.0",\n  "zod": "0.1.0"\n}', '1.0.0')).toContain(
    '"zod": "0.1.0"',
  );
});

test.each(['1.0', 'v1.0.0', '1.0.0 ', '', '1.0.0-', '01'])('"%s" is no version', (version) => {
  expect(() => stamped(version, '2026-12-01')).toThrow(/is no version/);
});

test('software centres learn of releases, the newest first', () => {
  const first = metainfoFor(readFileSync('assets/linux/org.firnapp.firn.metainfo.xml', 'utf8'), '1.0.0', '2026-12-01');
  const second = metainfoFor(first, '1.1.0', '2026-12-24');
  expect([...second.matchAll(/<release version="([^"]+)"/g)].map(([, version]) => version)).toEqual(['1.1.0', '1.0.0']);
});

test('checksums are what sha256sum checks', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'Firn 1.deb'), 'one');
  writeFileSync(join(folder, 'Firn.zip'), 'two');
  await writeSums(folder, ['Firn.zip', 'Firn 1.deb']);
  const checked = execFileSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' });
  expect(checked).toBe('Firn 1.deb: OK\nFirn.zip: OK\n');
});

test('the list of what is shipped has every bundled library and Electron, and no tool', async () => {
  const file = join(temporaryFolder(), 'sbom.json');
  await writeSbom(file);
  const sbom = JSON.parse(readFileSync(file, 'utf8')) as {
    bomFormat: string;
    metadata: { component: { name: string } };
    components: { name: string; scope: string; licenses?: unknown[] }[];
    dependencies: { ref: string; dependsOn: string[] }[];
  };
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'firn' } } });
  const names = sbom.components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['better-sqlite3', 'electron', 'zod', 'svelte', 'commander']));
  expect(names).not.toEqual(expect.arrayContaining(['vitest']));
  expect(names).not.toContain('typescript');
  expect(new Set(sbom.components.map(({ scope }) => scope))).toEqual(new Set(['required']));
  const refs = new Set(sbom.dependencies.map(({ ref }) => ref));
  expect(sbom.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([]);
});

test('what was bundled and is in no lockfile stops the list', () => {
  const empty = {
    metadata: { component: { 'bom-ref': 'firn', name: 'firn', version: '1' } },
    components: [],
    dependencies: [],
  };
  expect(() => shippedAlone(empty, bundledIn(['## stray - 1.0.0 (MIT)\n']))).toThrow(/stray@1\.0\.0/);
});
