import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readLedger } from '../../main/practice/ledger.ts';
import { GiB } from '../../shared/units.ts';
import { FirnCommand } from '../support/firn-command.ts';
import { type OddMode, oddFs } from '../support/odd-fs.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LONG = `${'x'.repeat(170)}.raw`;

/** Two archives retrieved onto such a drive: what is in the folder then, and what was said. */
async function retrieveOnto(modes: OddMode[]) {
  const folder = temporaryFolder();
  const target = join(folder, 'back');
  mkdirSync(target);
  const odd = oddFs(target, modes);
  if (odd === null) return null;
  const practice = await startPractice(join(folder, 'practice'));
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url));
  expect((await firn.run('vault', 'create', 'photos')).code).toBe(0);
  const files = { 'short.raw': randomBytes(1000), [LONG]: randomBytes(2000) };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  expect(
    (await firn.run('upload', '--vault', 'photos', ...Object.keys(files).map((name) => join(folder, name)))).code,
  ).toBe(0);
  const { rows } = await firn.run('catalogue', '--json');
  const ids = rows.map((row) => String(row['archiveId']));
  const done = await firn.with(odd).run('retrieve', '--to', target, '--yes', '--', ...ids);
  const names = readdirSync(join(target, folder)).sort();
  const contents = names.map((name) => readFileSync(join(target, folder, name)));
  return { ...done, names, contents, files: Object.values(files), left: readdirSync(target) };
}

test('a drive that refuses times and syncs of folders gets its files all the same', async () => {
  const done = await retrieveOnto(['utimes', 'fsyncdir']);
  if (done === null) return;
  expect(done.problems).not.toMatch(/cannot be written/);
  expect(done.code).toBe(0);
  expect(done.names).toEqual(['short.raw', LONG].sort());
  expect(done.contents.every((bytes) => done.files.some((file) => file.equals(bytes)))).toBe(true);
  expect(done.left.filter((name) => name.startsWith('.firn'))).toEqual([]);
}, 60_000);

test('names that a drive does not take are shortened with a mark, and told before anything is paid for', async () => {
  const done = await retrieveOnto(['name143']);
  if (done === null) return;
  expect(done.output + done.problems).toMatch(/1 name is too long for the drive/);
  expect(done.code).toBe(0);
  expect(done.names).toHaveLength(2);
  expect(done.names.find((name) => name !== 'short.raw')).toMatch(/^x{90,}~[0-9a-f]{8}\.raw$/);
  expect(done.contents.every((bytes) => done.files.some((file) => file.equals(bytes)))).toBe(true);
}, 60_000);

test('a file that FAT does not take is told before anything is asked for and paid', async () => {
  const folder = temporaryFolder();
  const target = join(folder, 'stick');
  mkdirSync(target);
  const odd = oddFs(target, ['fat']);
  if (odd === null) return;
  const practice = await startPractice(join(folder, 'practice'));
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url));
  expect((await firn.run('vault', 'create', 'photos')).code).toBe(0);
  const path = join(folder, 'a.raw');
  writeFileSync(path, 'content');
  expect((await firn.run('upload', '--vault', 'photos', path)).code).toBe(0);
  const list = join(folder, 'list.json');
  expect((await firn.run('catalogue', 'export', '--format', 'json', '--to', list)).code).toBe(0);
  const told = readFileSync(list, 'utf8');
  const archiveId = String((await firn.run('catalogue', '--json')).rows[0]?.['archiveId']);
  const large = `L${archiveId.slice(1)}`;
  writeFileSync(list, told.replaceAll(archiveId, large).replaceAll(/"size":\s*7\b/g, `"size":${4 * GiB}`));
  expect((await firn.run('catalogue', 'import', list)).code).toBe(0);

  const done = await firn.with(odd).run('retrieve', '--to', target, '--yes', large);
  expect(done.code).toBe(3);
  expect(done.problems).toContain('its drive takes no file of 4 GiB or more, as FAT32 drives do not');
  const asked = readLedger(practice.folder).filter(({ operation }) => operation === 'InitiateJob');
  expect(asked).toEqual([]);
}, 60_000);
