import { everyArchive } from '../../shared/archive.ts';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Home } from '../../main/catalogue/entry.ts';
import { importCatalogue } from '../../main/catalogue/import.ts';
import { catalogueCopyTime } from '../../shared/catalogue-copy.ts';
import { readDescription } from '../../shared/description.ts';
import { type Result, fail } from '../../shared/result.ts';
import { DAY, HOUR, SECOND } from '../../shared/units.ts';
import { openCatalogue, rowsOf } from '../support/catalogue.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { archivesOnDisk } from '../support/vault-on-disk.ts';
import { VAULT, World } from '../support/world.ts';

const noHome = (): Promise<Result<Home>> =>
  Promise.resolve(fail({ kind: 'invalid-input', detail: 'no home' } as const));

function copiesIn(world: World): string[] {
  const { items } = world.app.catalogue.search({ ...everyArchive, offset: 0, limit: 500 });
  return items.flatMap(({ path }) => (path !== null && catalogueCopyTime(path) !== null ? [path] : []));
}

/** Resolves when the look that `start` begins has put into the queue what it wanted to. */
async function look(world: World): Promise<void> {
  world.app.copies.start();
  await world.app.copies.make(null);
  await world.rest();
}

async function withCopies(): Promise<World> {
  const world = await World.open();
  await world.add([world.file('Agátka ve školce .cr2', 3), world.file('b.cr2', 5)]);
  await world.rest();
  // A copy's name tells its time to the second.
  world.pass(2 * SECOND);
  world.app.changeSettings({ catalogueCopy: { accountId: world.accountId, vault: VAULT } });
  await look(world);
  return world;
}

test('a copy of the catalogue in the vault gives an empty computer all that was known', async () => {
  const world = await withCopies();
  expect(copiesIn(world)).toHaveLength(1);
  expect(readdirSync(join(world.dataFolder, 'catalogue-copies'))).toEqual([]);
  const copy = archivesOnDisk(world.practiceFolder, VAULT).find(
    ({ description }) => catalogueCopyTime(readDescription(description)?.path ?? '') !== null,
  );
  const file = join(temporaryFolder(), 'whatever');
  writeFileSync(file, copy?.bytes ?? '');
  const empty = openCatalogue();
  const imported = await importCatalogue(empty.db, file, { recorder: empty.recorder, now: 1, home: noHome });
  expect(imported).toMatchObject({ ok: true, value: { added: 2, problemCount: 0 } });
  const known = world.app.catalogue.search({ ...everyArchive, text: 'cr2', offset: 0, limit: 9 }).items;
  expect(
    rowsOf(empty.db)
      .map(({ path, archive_id, size, tree_hash }) => [path, archive_id, size, tree_hash])
      .sort(),
  ).toEqual(known.map(({ path, archiveId, size, treeHash }) => [path, archiveId, size, treeHash]).sort());
});

test('a copy is made once a week, and only when something has changed', async () => {
  const world = await withCopies();
  world.pass(8 * DAY);
  await look(world);
  expect(copiesIn(world)).toHaveLength(1);
  await world.add([world.file('c.cr2', 7)]);
  await world.rest();
  await look(world);
  expect(copiesIn(world)).toHaveLength(2);
  await world.add([world.file('d.cr2', 9)]);
  await world.rest();
  world.pass(6 * DAY);
  await look(world);
  expect(copiesIn(world)).toHaveLength(2);
});

test('a due copy is found by itself while Firn runs', async () => {
  const world = await withCopies();
  await world.add([world.file('c.cr2', 7)]);
  await world.rest();
  world.pass(8 * DAY);
  world.pass(HOUR);
  await world.until('a second copy', () => copiesIn(world).length === 2);
});

test('what a crash left in the folder of copies is tidied away, and a copy on its way is not', async () => {
  const world = await withCopies();
  const folder = join(world.dataFolder, 'catalogue-copies');
  world.app.changeSettings({ queuePaused: true });
  await world.app.copies.make();
  writeFileSync(join(folder, 'firn-catalogue-20200101T000000Z.jsonl.gz.partial'), 'torn');
  await look(world);
  expect(readdirSync(folder)).toHaveLength(1);
  world.app.changeSettings({ queuePaused: false });
  await world.until('stored', () => copiesIn(world).length === 2);
  await world.until('tidied', () => readdirSync(folder).length === 0);
});

test('without a vault there is no copy, and the reason is said', async () => {
  const world = await World.open();
  const made = await world.app.copies.make();
  expect(made).toEqual(fail({ kind: 'invalid-input', detail: 'Choose first which vault the catalogue goes to.' }));
});
