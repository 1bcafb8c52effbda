import { everyArchive } from '../../shared/archive.ts';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Home } from '../../main/catalogue/entry.ts';
import { importCatalogue } from '../../main/catalogue/import.ts';
import { PRACTICE_ACCOUNT_NUMBER } from '../../main/practice/credentials.ts';
import { catalogueCopyTime } from '../../shared/catalogue-copy.ts';
import { readDescription } from '../../shared/description.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { DAY, HOUR, SECOND } from '../../shared/units.ts';
import { openCatalogue, rowsOf } from '../support/catalogue.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { archivesOnDisk } from '../support/vault-on-disk.ts';
import { OWN_KEYS, VAULT, World } from '../support/world.ts';

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

/** What there is to tell about copies that are not made. */
function told(world: World) {
  return world.app.notices.list().flatMap((notice) => (notice.kind === 'catalogue-not-archived' ? [notice] : []));
}

test('copies whose account is removed are told to be no more, also after a restart, until the account is back', async () => {
  const world = await withCopies();
  expect(told(world)).toEqual([]);
  await world.app.queue.clear();
  expect(world.app.accounts.remove(world.accountId)).toEqual(ok(null));
  const failure = { kind: 'account-removed', number: PRACTICE_ACCOUNT_NUMBER };
  expect(told(world)).toMatchObject([{ vault: VAULT, failure }]);
  expect(await world.app.copies.make()).toEqual(fail(failure));
  await world.restart();
  expect(told(world)).toMatchObject([{ vault: VAULT, failure }]);
  const place = { name: 'Again', region: 'us-east-1', endpointUrl: world.line.url, remember: true };
  await world.app.accounts.add({ kind: 'keys', ...place, ...OWN_KEYS, sessionToken: null });
  await world.until('told no more', () => told(world).length === 0);
});

test('copies whose account is removed are told to be no more until another vault is chosen', async () => {
  const world = await withCopies();
  await world.app.queue.clear();
  world.app.accounts.remove(world.accountId);
  expect(told(world)).toHaveLength(1);
  world.app.changeSettings({ catalogueCopy: null });
  await look(world);
  expect(told(world)).toEqual([]);
});

test('a copy that cannot be written is told, once, and no more when it can', async () => {
  const world = await withCopies();
  await world.add([world.file('c.cr2', 7)]);
  await world.rest();
  world.pass(8 * DAY);
  const folder = join(world.dataFolder, 'catalogue-copies');
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'in the way');
  await look(world);
  const [first] = told(world);
  expect(first?.vault).toBe(VAULT);
  world.app.notices.dismiss(first?.id ?? 0);
  await look(world);
  expect(told(world)).toEqual([]);
  rmSync(folder);
  await look(world);
  await world.until('a second copy', () => copiesIn(world).length === 2);
  expect(told(world)).toEqual([]);
});

test('without a vault there is no copy, and the reason is said', async () => {
  const world = await World.open();
  const made = await world.app.copies.make();
  expect(made).toEqual(fail({ kind: 'invalid-input', detail: 'Choose first which vault the catalogue goes to.' }));
});
