import { everyArchive } from '../../shared/archive.ts';
import { expect, it } from 'vitest';
import { HOUR } from '../../shared/units.ts';
import { DeletionWorld } from '../support/deletion-world.ts';
import { VAULT } from '../support/world.ts';

const all = everyArchive;

/** The paths of archives that are about to be deleted, the oldest first. */
function doomed({ world }: DeletionWorld): (string | null)[] {
  const { items } = world.app.catalogue.search({ ...all, offset: 0, limit: 100 });
  const ids = world.app.deleting.doomed(items.map(({ id }) => id));
  return items
    .filter(({ id }) => ids.includes(id))
    .map(({ path }) => path?.split('/').at(-1) ?? null)
    .reverse();
}

it('Archives that are about to be deleted are told from others of the catalogue, until it is done', async () => {
  const here = await DeletionWorld.open();
  await here.world.client.createVault('other');
  await here.store(3);
  await here.store(1, 'other');
  const { items } = here.world.app.catalogue.search({ ...all, offset: 0, limit: 100 });
  const [first, second] = items.filter(({ vault }) => vault === VAULT).map(({ id }) => id);
  expect(doomed(here)).toEqual([]);
  const gate = here.world.line.gate('DeleteArchive', 'request');
  const [chosen] = await here.delete({ kind: 'ids', ids: [first ?? 0, second ?? 0] });
  expect(doomed(here)).toEqual(['2.raw', '3.raw']);
  await gate.arrived;
  gate.open();
  if (!chosen) throw new Error('not begun');
  await here.reaches(chosen, 'done');
  expect(doomed(here)).toEqual([]);
});

it('All archives of a vault that is emptied are, but for those that came since', async () => {
  const here = await DeletionWorld.open();
  await here.world.client.createVault('other');
  await here.store(2);
  await here.store(1, 'other');
  const id = await here.empty();
  here.world.pass(HOUR);
  await here.store(1);
  expect(doomed(here)).toEqual(['1.raw', '2.raw']);
  await here.world.app.deleting.cancel(id);
  expect(doomed(here)).toEqual([]);
});
