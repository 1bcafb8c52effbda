import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { catalogueIn, remembered } from '../support/data-folder.ts';
import { FirnCommand, finish } from '../support/firn-command.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const awkward = [
  'plain.raw',
  'with blank and  two.jpg',
  'räksmörgås 📷.cr2',
  "it's; $(rm -rf) `x` & y.txt",
  '-minus',
  '..dots..',
  'tab\there',
];

async function open() {
  const folder = temporaryFolder();
  const practice = await startPractice(join(folder, 'practice'));
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url));
  const files = join(folder, 'files');
  mkdirSync(files);
  for (const [index, name] of awkward.entries()) writeFileSync(join(files, name), `content ${index}`);
  return { folder, firn, files };
}

/** What must be the same after a rebuild; times to the second. */
function facts(rows: Record<string, unknown>[]) {
  return rows
    .map(({ path, size, treeHash, archiveId, location, vault, modifiedAt }) => {
      const seconds = Math.floor(Number(modifiedAt) / 1000);
      return { path, size, treeHash, archiveId, location, vault, seconds };
    })
    .sort((a, b) => (String(a.path) < String(b.path) ? -1 : 1));
}

test('the catalogue stands again from nothing but the vault, also when the rebuild is killed and repeated', async () => {
  const { firn, files } = await open();
  await firn.run('vault', 'create', 'photos');
  expect((await firn.run('upload', '--vault', 'photos', files)).code).toBe(0);
  const before = facts((await firn.run('--json', 'catalogue')).rows);
  expect(before).toHaveLength(awkward.length);
  rmSync(firn.dataFolder, { recursive: true });
  const first = firn.start('--json', 'catalogue', 'rebuild');
  const killed = finish(first);
  first.stdout.once('data', () => first.kill('SIGKILL'));
  await killed;
  const again = await firn.run('--json', 'catalogue', 'rebuild', 'photos');
  expect(again.code, again.problems).toBe(0);
  const outcome = again.rows.find(({ event }) => event === 'inventory');
  expect(outcome).toMatchObject({ vault: 'photos', outcome: 'reconciled', findings: { added: awkward.length } });
  expect(again.rows.at(-1)).toMatchObject({ event: 'rebuilt', archives: awkward.length });
  expect(facts((await firn.run('--json', 'catalogue')).rows)).toEqual(before);
  expect(readFileSync(join(firn.dataFolder, 'archives.jsonl'), 'utf8').split('\n')).toHaveLength(awkward.length + 1);
});

test('a copy of the catalogue that a rebuild finds is offered, and brings back what descriptions cannot hold', async () => {
  const { firn, files } = await open();
  const long = join(files, ...Array.from({ length: 4 }, (_, level) => `${level}`.repeat(240)), 'long.raw');
  mkdirSync(join(long, '..'), { recursive: true });
  writeFileSync(long, 'long');
  await firn.run('vault', 'create', 'photos');
  expect((await firn.run('upload', '--vault', 'photos', files)).code).toBe(0);
  const before = catalogueIn(firn.dataFolder).map(remembered);
  expect((await firn.run('catalogue', 'archive', '--vault', 'photos')).code).toBe(0);
  rmSync(firn.dataFolder, { recursive: true });
  const rebuilt = await firn.run('catalogue', 'rebuild');
  expect(rebuilt).toMatchObject({ code: 0 });
  expect(rebuilt.output).toMatch(/The vault "photos" holds a copy of the catalogue .* firn catalogue retrieve/s);
  const first = firn.start('catalogue', 'retrieve', '--json');
  const killed = finish(first);
  first.stdout.once('data', () => first.kill('SIGKILL'));
  await killed;
  const again = await firn.run('catalogue', 'retrieve', '--json');
  expect(again.code, again.problems).toBe(0);
  expect(again.rows.at(-1)).toMatchObject({ event: 'catalogue-copy', state: 'back', imported: { completed: 8 } });
  const after = catalogueIn(firn.dataFolder).filter(({ path }) => path?.startsWith(files));
  expect(after.map(remembered)).toEqual(before);
  expect(await firn.run('catalogue', 'retrieve')).toMatchObject({ code: 0, problems: '' });
});

test('an inventory is asked for and waited for in words; its result is told', async () => {
  const { firn, files } = await open();
  await firn.run('vault', 'create', 'photos');
  await firn.run('upload', '--vault', 'photos', files);
  const waited = await firn.run('inventory', '--wait', 'photos');
  expect(waited.code, waited.problems).toBe(0);
  expect(waited.output).toMatch(/photos: inventory of .*: 7 confirmed, 0 new, 0 missing, 0 differing/);
  const standing = (await firn.run('--json', 'catalogue')).rows.map(({ listedAt }) => typeof listedAt);
  expect(new Set(standing)).toEqual(new Set(['number']));
});

test('"firn run" goes on with inventories, too', async () => {
  const { firn, files } = await open();
  await firn.run('vault', 'create', 'photos');
  await firn.run('upload', '--vault', 'photos', files);
  expect((await firn.run('--json', 'inventory', 'photos')).rows).toContainEqual(
    expect.objectContaining({ event: 'asked', vault: 'photos' }),
  );
  const run = await firn.run('--json', 'run');
  expect(run.code, run.problems).toBe(0);
  expect(run.rows.find(({ event }) => event === 'inventory')).toMatchObject({ vault: 'photos', outcome: 'reconciled' });
  expect((await firn.run('run')).output).toContain('Nothing is waiting.');
});

test('what cannot be asked for is refused in a sentence', async () => {
  const { firn } = await open();
  expect(await firn.run('inventory')).toMatchObject({
    code: 2,
    problems: expect.stringContaining('of which vaults') as string,
  });
  expect(await firn.run('catalogue', 'rebuild', 'no such/name')).toMatchObject({ code: 2 });
  const missing = await firn.run('--json', 'inventory', '--wait', 'nowhere');
  expect(missing).toMatchObject({ code: 3, rows: [{ event: 'needs-user', failure: { kind: 'vault-missing' } }] });
});
