import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readLedger } from '../../main/practice/ledger.ts';
import { MiB } from '../../shared/units.ts';
import { FirnCommand, finish } from '../support/firn-command.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SIZE = 96 * MiB - 5;
/** Each range takes a while, so that there is a middle to be killed in. */
const SLOWLY = { script: [{ operation: 'GetJobOutput', behaviour: { kind: 'delay', when: 'after-effect', ms: 150 } }] };

async function world(files: Record<string, Buffer>, faults: object = {}) {
  const folder = temporaryFolder();
  const practice = await startPractice(join(folder, 'practice'), ['--faults', JSON.stringify(faults)]);
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url));
  await firn.run('vault', 'create', 'photos');
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(join(folder, name), bytes);
    const { code } = await firn.run('upload', '--vault', 'photos', '--part-size', '64MiB', join(folder, name));
    expect(code).toBe(0);
  }
  const { rows } = await firn.run('catalogue', '--json');
  const ids = new Map(rows.map((row) => [String(row['path']).split('/').at(-1), String(row['archiveId'])]));
  const target = join(folder, 'back');
  mkdirSync(target);
  return { folder, practice, firn, target, idOf: (name: string) => ids.get(name) ?? '' };
}

type World = Awaited<ReturnType<typeof world>>;

/** Outputs asked for so far, with their ranges. */
function fetched({ practice }: World): string[] {
  return readLedger(practice.folder)
    .filter(({ operation }) => operation === 'GetJobOutput')
    .map(({ range }) => range ?? '');
}

function verified({ firn }: World): string[] {
  const db = new Database(join(firn.dataFolder, 'firn.db'), { readonly: true });
  try {
    const rows = db
      .prepare<[], { first: number; last: number }>(
        `SELECT first, last FROM piece JOIN task ON task.id = task_id WHERE kind = 'retrieval'`,
      )
      .all();
    return rows.map(({ first, last }) => `bytes=${first}-${last}`);
  } finally {
    db.close();
  }
}

async function killedOnTheWay(world: World, args: string[], ranges: number): Promise<void> {
  const child = world.firn.start(...args);
  const ended = finish(child);
  await vi.waitFor(
    () => {
      expect(verified(world).length).toBeGreaterThanOrEqual(ranges);
    },
    { timeout: 20_000, interval: 3 },
  );
  child.kill('SIGKILL');
  await ended;
}

test('an archive is fetched to its end by several lives, and no verified range is fetched twice', async () => {
  const bytes = randomBytes(SIZE);
  const here = await world({ 'big.raw': bytes }, SLOWLY);
  const { firn, target, idOf, folder } = here;
  const args = ['retrieve', '--to', target, '--parallel', '2', '--yes', '--json', '--', idOf('big.raw')];
  const before: { verified: string[]; fetched: number }[] = [];
  for (const ranges of [2, 4]) {
    await killedOnTheWay(here, args, ranges);
    before.push({ verified: verified(here), fetched: fetched(here).length });
  }
  const done = await firn.run('run', '--json');
  expect(done.code).toBe(0);
  const file = join(target, folder, 'big.raw');
  expect(done.rows.at(-1)).toMatchObject({ event: 'retrieved', archiveId: idOf('big.raw'), size: SIZE, file });
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(readdirSync(join(file, '..'))).toEqual(['big.raw']);
  for (const life of before) {
    const later = fetched(here).slice(life.fetched);
    expect(life.verified.filter((range) => later.includes(range))).toEqual([]);
  }
  expect(readLedger(here.practice.folder).filter(({ operation }) => operation === 'InitiateJob')).toHaveLength(1);
});

test('the quote comes first, and nothing is asked for without a yes', async () => {
  const here = await world({ 'a.raw': randomBytes(MiB), 'b.raw': randomBytes(2 * MiB) });
  const { firn, target } = here;
  const asked = await firn.run('retrieve', '--to', target, '--search', 'raw');
  expect(asked.code).toBe(6);
  expect(asked.output).toContain('2 archives, 3 MiB');
  expect(asked.output).toMatch(/→ Standard {3}about \$0\.\d\d|less than \$0\.01/);
  expect(asked.output).toContain('by prices of ');
  expect(asked.problems).toContain('Say --yes');
  expect((await firn.run('retrievals', '--json')).rows).toEqual([]);
  const programs = await firn.run('retrieve', '--to', target, '--search', 'raw', '--json');
  expect(programs.rows[0]).toMatchObject({ event: 'quote', archives: 2, requests: 2, bytes: 3 * MiB });
});

test('without waiting it asks, leaves, and "firn run" fetches', async () => {
  const bytes = randomBytes(MiB + 1);
  const here = await world({ 'a.raw': bytes });
  const { firn, target, idOf, folder } = here;
  const left = await firn.run('retrieve', '--to', target, '--yes', '--no-wait', '--json', '--', idOf('a.raw'));
  expect(left).toMatchObject({ code: 0 });
  expect(left.rows.at(-1)).toMatchObject({ event: 'left', archiveId: idOf('a.raw') });
  expect((await firn.run('retrievals')).output).toContain('Glacier is preparing the data');
  expect((await firn.run('run')).code).toBe(0);
  expect(readFileSync(join(target, folder, 'a.raw')).equals(bytes)).toBe(true);
});

test('a file that has the name is kept until somebody says otherwise', async () => {
  const bytes = randomBytes(MiB);
  const here = await world({ 'a.raw': bytes });
  const { firn, target, idOf, folder, practice } = here;
  const file = join(target, folder, 'a.raw');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, 'mine');
  const args = ['retrieve', '--to', target, '--yes', '--', idOf('a.raw')];
  const asked = await firn.run(...args);
  expect(asked.code).toBe(3);
  expect(asked.problems).toContain('--existing keep-both or --existing replace');
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(readLedger(practice.folder).some(({ operation }) => operation === 'InitiateJob')).toBe(false);
  const kept = await firn.run('retrieve', '--existing', 'keep-both', ...args.slice(1));
  expect(kept.code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(readFileSync(join(file, '../a (2).raw')).equals(bytes)).toBe(true);
});

test('a range of an archive, a wrong one, and what makes no sense', async () => {
  const bytes = randomBytes(3 * MiB);
  const here = await world({ 'a.raw': bytes });
  const { firn, target, idOf, folder } = here;
  const retrieve = (...args: string[]) => firn.run('retrieve', '--to', target, '--yes', ...args);
  expect((await retrieve('--range', '1048576-2097151', '--', idOf('a.raw'))).code).toBe(0);
  const file = join(target, folder, 'a (bytes 1048576-2097151).raw');
  expect(readFileSync(file).equals(bytes.subarray(MiB, 2 * MiB))).toBe(true);
  const wrong = await retrieve('--range', '5-9', '--', idOf('a.raw'));
  expect(wrong).toMatchObject({ code: 1 });
  expect(wrong.problems).toContain('multiple of 1 MiB');
  expect(await retrieve('--', 'nonsense')).toMatchObject({ code: 1 });
  expect(await retrieve('--tier', 'Fast', '--', idOf('a.raw'))).toMatchObject({ code: 2 });
  expect(await retrieve()).toMatchObject({ code: 2 });
  expect((await retrieve('--search', 'nonsense')).problems).toContain('Nothing found for "nonsense"');
});
