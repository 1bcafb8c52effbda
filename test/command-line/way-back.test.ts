import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readLedger } from '../../main/practice/ledger.ts';
import {
  EMPTY,
  HELD_UP,
  NOT_HELD_UP,
  RETURNING_COUNT,
  SEARCH_FOR_RETURNING,
  TOO_LONG,
  makeAwkwardFiles,
} from '../support/awkward-files.ts';
import { afterRebuild, catalogueIn, remembered } from '../support/data-folder.ts';
import { FirnCommand, finish } from '../support/firn-command.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import {
  type KilledLife,
  differences,
  fetchedAgain,
  isHalfWay,
  outputsAsked,
  verifiedIn,
} from '../support/returned-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';

async function open() {
  const folder = temporaryFolder();
  const practice = await startPractice(join(folder, 'practice'), ['--faults', HELD_UP]);
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url));
  const files = join(folder, 'files');
  const contents = makeAwkwardFiles(files);
  await firn.run('vault', 'create', 'photos');
  return { folder, practice, firn, files, contents };
}

type World = Awaited<ReturnType<typeof open>>;

/** What a life of Firn knew when it was killed, and how far the vault's ledger was. */

/** Runs a command and kills it when so many retrievals have ended and another has come half-way. */
async function killedHalfWay({ firn, practice }: World, args: string[], retrieved: number): Promise<KilledLife> {
  const child = firn.start(...args);
  const ended = finish(child);
  await vi.waitFor(
    () => {
      expect(isHalfWay(firn.dataFolder, retrieved)).toBe(true);
    },
    { timeout: 60_000, interval: 5 },
  );
  child.kill('SIGKILL');
  await ended;
  return { verified: verifiedIn(firn.dataFolder), asked: outputsAsked(practice.folder).length };
}

test('50 awkward files come back from nothing but the vault, and so does all that the catalogue said of them', async () => {
  const here = await open();
  const { folder, practice, firn, files, contents } = here;
  const uploaded = await firn.run('upload', '--vault', 'photos', '--json', files);
  expect(uploaded.rows.filter(({ event }) => event === 'left-out')).toMatchObject([{ path: join(files, EMPTY) }]);
  const before = catalogueIn(firn.dataFolder);
  expect(before).toHaveLength(50 + 1);
  for (const { path, size, treeHash, modifiedAt } of before) {
    const content = contents.get(path ?? '') ?? Buffer.alloc(0);
    expect([size, treeHash], path ?? '').toEqual([content.length, treeHashByDefinition(content)]);
    expect(modifiedAt).toBe(statSync(path ?? '').mtimeMs);
  }

  rmSync(firn.dataFolder, { recursive: true });
  const rebuilt = await firn.run('catalogue', 'rebuild', '--json');
  expect(rebuilt.rows.at(-1)).toMatchObject({ event: 'rebuilt', archives: 50 + 1 });
  const after = catalogueIn(firn.dataFolder);
  expect(after.map(remembered)).toEqual(afterRebuild(before));
  const lost = before.filter(({ path }) => !after.some((archive) => archive.path === path));
  expect(
    lost.map(({ path }) => path),
    'the whole path of one is more than a description holds',
  ).toEqual([join(files, TOO_LONG)]);

  const target = join(folder, 'back');
  mkdirSync(target);
  const retrieve = ['retrieve', '--to', target, '--yes', '--search', SEARCH_FOR_RETURNING];
  const lives = [await killedHalfWay(here, retrieve, 3), await killedHalfWay(here, ['run'], NOT_HELD_UP)];
  onTestFinished((await practice.again()).kill);
  expect(await firn.run('run')).toMatchObject({ code: 0, problems: '' });
  expect(differences(firn.dataFolder, target, contents)).toEqual([]);
  expect(fetchedAgain(lives, outputsAsked(practice.folder)), 'fetched again').toEqual([]);
  const jobs = readLedger(practice.folder).filter(
    ({ operation, committed }) => operation === 'InitiateJob' && committed,
  );
  expect(jobs, 'one for each archive, and the inventory').toHaveLength(RETURNING_COUNT + 1);
}, 120_000);
