import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test, vi } from 'vitest';
import { readLedger } from '../../main/practice/ledger.ts';
import { MiB } from '../../shared/units.ts';
import { environmentFor } from '../support/practice-process.ts';
import { SeededRandom } from '../crash/random.ts';
import { type CommandResult, FirnCommand } from '../support/firn-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';
import { WindowsMachine } from '../support/windows/machine.ts';

const firstSeed = Number(process.env['FIRN_WINDOWS_SEED'] ?? 1);
const seeds = Array.from({ length: Number(process.env['FIRN_WINDOWS_RUNS'] ?? 1) }, (_, index) => firstSeed + index);

/** The practice service runs in Windows as well, and stores on its drive. */
async function practised(): Promise<WindowsMachine> {
  const machine = new WindowsMachine();
  const folder = machine.in('practice');
  const service = machine.node('C:\\Firn\\test-programs\\practice.mjs', '--folder', folder, '--fast');
  await vi.waitFor(
    () => {
      expect(service.printed()).toContain('url');
    },
    { timeout: 60_000, interval: 100 },
  );
  machine.setEnvironment(environmentFor((JSON.parse(service.printed()) as { url: string }).url));
  done(await machine.firn('vault', 'create', 'photos'));
  return machine;
}

/** What it said is part of the message otherwise. */
function done({ code, output, problems }: CommandResult): void {
  expect(code, `${output}\n${problems}`).toBe(0);
}

/** Where archives come back to. */
function backFolder(machine: WindowsMachine): string {
  mkdirSync(machine.at('back'));
  return machine.in('back');
}

function acknowledged(machine: WindowsMachine): string[] {
  return readLedger(machine.at('practice'))
    .filter(({ operation, committed }) => operation === 'UploadMultipartPart' && committed)
    .map(({ range }) => range ?? '');
}

async function catalogue(machine: WindowsMachine): Promise<Record<string, unknown>[]> {
  return (await machine.firn('catalogue', '--json')).rows;
}

function write(machine: WindowsMachine, names: readonly string[], bytes: Buffer): void {
  mkdirSync(dirname(machine.at(...names)), { recursive: true });
  writeFileSync(machine.at(...names), bytes);
}

function hashes(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      createHash('sha256')
        .update(readFileSync(`${entry.parentPath}/${entry.name}`))
        .digest('hex'),
    )
    .sort();
}

test.each(seeds)('a library goes from Windows into a vault and comes back, through a kill (seed %i)', async (seed) => {
  const random = new SeededRandom(String(seed));
  const some = (least: number, most: number): Buffer => random.bytes(random.between(least, most));
  const machine = await practised();
  const deep = Array.from({ length: 6 }, (_, index) => `${'a very long name of a folder '.repeat(2)}${index}`);
  const small: [string[], Buffer][] = [
    [['photos', 'Agátka ve školce.cr2'], some(1, 3 * MiB)],
    [['photos', '照片 2026.jpg'], some(1, MiB)],
    [['photos', 'Read Only.TIF'], some(1, MiB)],
    [['photos', ...deep, 'deep.raw'], some(1, MiB)],
    [['photos', 'empty-but-one.txt'], some(1, 1)],
  ];
  for (const [names, bytes] of small) write(machine, names, bytes);
  chmodSync(machine.at('photos', 'Read Only.TIF'), 0o444);
  const big = some(24 * MiB, 40 * MiB);
  write(machine, ['big.raw'], big);

  const up = await machine.firn('upload', '--vault', 'photos', machine.in('photos'));
  done(up);
  expect(up.problems).toBe('');

  // Killed at some moment while parts are on the wire.
  const upload = machine.startFirn('upload', '--vault', 'photos', '--part-size', '1MiB', machine.in('big.raw'));
  const until = random.between(1, 15);
  await vi.waitFor(
    () => {
      expect(acknowledged(machine).length).toBeGreaterThanOrEqual(until);
    },
    { timeout: 60_000, interval: 5 },
  );
  await upload.kill();
  const atKill = acknowledged(machine).length;
  done(await machine.firn('run'));
  const ranges = acknowledged(machine);
  expect(new Set(ranges).size, 'no acknowledged range was sent a second time').toBe(ranges.length);
  expect(ranges.length).toBeGreaterThanOrEqual(atKill);

  const stored = await catalogue(machine);
  const expected = [...small.map(([, bytes]) => bytes), big].map(treeHashByDefinition).sort();
  expect(stored.map(({ treeHash }) => treeHash).sort()).toEqual(expected);

  // Windows does not tell these spellings apart, so nothing is sent again.
  const again = await machine.firn(
    'upload',
    '--vault',
    'photos',
    machine.folder.toLowerCase().replaceAll('\\', '/').concat('/PHOTOS'),
  );
  done(again);
  expect(await catalogue(machine)).toHaveLength(stored.length);

  done(await machine.firn('retrieve', '--all', '--yes', '--to', backFolder(machine)));
  expect(hashes(machine.at('back'))).toEqual(hashesOf([...small.map(([, bytes]) => bytes), big]));
});

function hashesOf(all: readonly Buffer[]): string[] {
  return all.map((bytes) => createHash('sha256').update(bytes).digest('hex')).sort();
}

test('names that Windows cannot have come back under names that it can', async () => {
  const machine = await practised();
  const folder = temporaryFolder();
  const names = ['CON', 'aux.txt', 'a:b?*.jpg', 'ends with a dot.', 'Twin.txt', 'twin.txt', 'COM¹'];
  mkdirSync(`${folder}/odd`);
  for (const name of names) writeFileSync(`${folder}/odd/${name}`, `bytes of ${name}`);
  const linux = new FirnCommand(`${folder}/data`, machine.environment());
  done(await linux.run('upload', '--vault', 'photos', `${folder}/odd`));
  done(await linux.run('catalogue', 'export', '--format', 'json', '--to', machine.at('list.json')));

  done(await machine.firn('catalogue', 'import', machine.in('list.json')));
  const [account] = (await machine.firn('accounts', '--json')).rows;
  done(await machine.firn('confirm-account', String(account?.['id']), '--yes'));
  const back = await machine.firn('retrieve', '--all', '--yes', '--to', backFolder(machine));
  done(back);
  expect(hashes(machine.at('back'))).toEqual(hashes(`${folder}/odd`));
});

test('a second Firn is refused in words while the first works', async () => {
  const machine = await practised();
  write(machine, ['big.raw'], Buffer.alloc(64 * MiB, 1));
  const first = machine.startFirn(
    'upload',
    '--vault',
    'photos',
    '--part-size',
    '1MiB',
    '--limit',
    '4MiB',
    machine.in('big.raw'),
  );
  await vi.waitFor(
    () => {
      expect(acknowledged(machine).length).toBeGreaterThan(0);
    },
    { timeout: 60_000, interval: 20 },
  );
  const second = await machine.firn('pause', '--all');
  expect(second.code).toBe(4);
  expect(second.problems).toContain('Another Firn is already working');
  await first.kill();
});

test('a file that another program keeps to itself is waited for', async () => {
  const machine = await practised();
  write(machine, ['locked.doc'], Buffer.from('words'));
  write(machine, ['held'], Buffer.from(''));
  const holder = machine.start('C:\\Tools\\hold-file.exe', machine.in('locked.doc'), machine.in('held'));
  await vi.waitFor(
    () => {
      expect(holder.printed()).toContain('held');
    },
    { timeout: 60_000, interval: 50 },
  );
  const upload = machine.startFirn('upload', '--vault', 'photos', machine.in('locked.doc'));
  await vi.waitFor(
    async () => {
      expect(JSON.stringify((await machine.firn('queue', '--json')).rows)).toMatch(/locked|in-use|busy/i);
    },
    { timeout: 60_000, interval: 500 },
  );
  rmSync(machine.at('held'));
  done(await upload.ended);
  expect(await catalogue(machine)).toHaveLength(1);
});

test("the addon for Windows loads and is right, and the library's own binary of SQLite is the one in use", async () => {
  const machine = new WindowsMachine();
  const bytes = new SeededRandom('part').bytes(5 * MiB + 7);
  write(machine, ['part'], bytes);
  writeFileSync(
    machine.at('hash.cjs'),
    `
    const addon = require('C:/Firn/out/main/part-hash-win32-x64.node');
    const state = new Uint8Array(addon.stateLength);
    addon.begin(state);
    addon.update(state, require('fs').readFileSync(${JSON.stringify(machine.in('part'))}));
    const Database = require('C:/Firn/node_modules/better-sqlite3');
    const version = new Database(':memory:').prepare('SELECT sqlite_version()').pluck().get();
    console.log(JSON.stringify({ hashes: addon.end(state).toString('hex'), version }));`,
  );
  const { code, rows } = await machine.node(machine.in('hash.cjs')).ended;
  expect(code).toBe(0);
  const linear = createHash('sha256').update(bytes).digest('hex');
  expect(rows[0]).toMatchObject({
    hashes: linear + treeHashByDefinition(bytes),
    version: expect.stringMatching(/^3\.\d+/) as string,
  });
  expect(existsSync(machine.at('..', 'Firn', 'node_modules', 'better-sqlite3', 'build'))).toBe(false);
});
