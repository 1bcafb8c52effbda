import { everyArchive } from '../../shared/archive.ts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { FoundCopy } from '../../shared/catalogue-copy.ts';
import { writeDescription } from '../../shared/description.ts';
import { DAY, MINUTE, SECOND } from '../../shared/units.ts';
import { InventoryWorld } from '../support/inventory-world.ts';
import { VAULT } from '../support/world.ts';

const LONG = `${'folder/'.repeat(130)}long.raw`;

/**
 * A vault with archives and a copy of the catalogue of them, and a Firn that knows nothing but its inventory. The archives
 * as they were known before, by ID.
 */
async function rebuilt() {
  const here = await InventoryWorld.open();
  await here.store('a.raw', LONG);
  const before = facts(here);
  // A copy's name tells its time to the second.
  here.world.pass(2 * SECOND);
  expect(await here.world.app.copies.make({ accountId: here.world.accountId, vault: VAULT })).toMatchObject({
    ok: true,
  });
  await here.world.until('a copy', () => here.archives().length === 3);
  await here.world.forgetAll();
  here.world.pass(2 * DAY);
  await here.taken();
  expect(here.archives()).toHaveLength(3);
  return { here, before };
}

/** What a copy knows better than an inventory. */
function facts(here: InventoryWorld): Record<string, unknown> {
  const rows = here.world.app.catalogue.rows({ ...everyArchive, text: '.raw' });
  return Object.fromEntries([...rows].map(({ archive_id, path, modified_ns }) => [archive_id, { path, modified_ns }]));
}

function copyOf({ world }: InventoryWorld): FoundCopy {
  const [copy, ...others] = world.app.copyReturns.list();
  if (!copy || others.length > 0) throw new Error(`Not one copy but ${JSON.stringify([copy, ...others])}`);
  return copy;
}

/** Time passes while nothing runs, until it is so of the copy. */
async function until(here: InventoryWorld, kind: FoundCopy['state']['kind']): Promise<FoundCopy> {
  await here.world.until(`${kind}, not ${copyOf(here).state.kind}`, () => {
    if (copyOf(here).state.kind === kind) return true;
    if (here.world.isIdle) here.world.pass(15 * MINUTE);
    return false;
  });
  return copyOf(here);
}

test('the copy that an inventory finds is offered, and brings back what no inventory tells', async () => {
  const { here, before } = await rebuilt();
  const { app } = here.world;
  expect(copyOf(here)).toMatchObject({ vault: VAULT, state: { kind: 'offered' } });
  expect(facts(here)).not.toEqual(before);
  await app.copyReturns.bringBack(copyOf(here).id);
  const { state } = await until(here, 'back');
  expect(state).toMatchObject({ imported: { added: 0, completed: 2, problemCount: 0 } });
  expect(facts(here)).toEqual(before);
  await app.copyReturns.rest();
  expect(app.retrievalStore.list()).toEqual([]);
  expect(readdirSync(join(here.world.dataFolder, 'returning-copies'))).toEqual([]);
  await app.copyReturns.dismiss(copyOf(here).id);
  await here.taken();
  await app.copyReturns.start();
  expect(app.copyReturns.list()).toEqual([]);
  expect(here.archives().map(({ accountId }) => accountId)).toEqual(Array(3).fill(here.world.accountId));
});

test('the power fails in each phase of its way, and it comes back as if nothing had been', async () => {
  const { here, before } = await rebuilt();
  await here.world.app.copyReturns.bringBack(copyOf(here).id);
  const seen = new Set<string>();
  await here.world.until('its retrieval', () => here.world.app.copyReturns.openRetrievals().length === 1);
  for (let round = 0; round < 200 && copyOf(here).state.kind === 'coming'; round += 1) {
    const [retrieval] = here.world.app.retrievalStore.list();
    if (retrieval && !seen.has(retrieval.phase.kind)) {
      seen.add(retrieval.phase.kind);
      await here.world.crash();
      await here.world.app.copyReturns.start();
    }
    if (here.world.isIdle) here.world.pass(15 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await here.world.app.copyReturns.rest();
  expect(copyOf(here).state.kind).toBe('back');
  expect(facts(here)).toEqual(before);
  expect(here.world.bugs).toEqual([]);
});

test('cancelled among the retrievals it is offered again; dismissed on its way it is not', async () => {
  const { here } = await rebuilt();
  const { app } = here.world;
  await app.copyReturns.bringBack(copyOf(here).id);
  await app.retrievals.cancel('all');
  await app.copyReturns.rest();
  expect(copyOf(here).state).toEqual({ kind: 'offered' });
  await app.copyReturns.bringBack(copyOf(here).id);
  expect(app.copyReturns.openRetrievals()).toHaveLength(1);
  await app.copyReturns.dismiss(copyOf(here).id);
  expect(app.copyReturns.list()).toEqual([]);
  expect(app.retrievalStore.openIds()).toEqual([]);
});

test('what has the name of a copy and is none changes nothing, and the reason is told', async () => {
  const here = await InventoryWorld.open();
  const path = 'C:\\x\\firn-catalogue-20260101T000000Z.jsonl.gz';
  await here.world.client.upload(VAULT, gzipSync('not even a list\n'), {
    'x-amz-archive-description': writeDescription({ path, modifiedAt: 0 }),
  });
  here.world.pass(2 * DAY);
  await here.taken();
  await here.world.app.copyReturns.bringBack(copyOf(here).id);
  const { state } = await until(here, 'failed');
  expect(state).toMatchObject({ failure: { kind: 'invalid-input' } });
  expect(JSON.stringify(state)).toContain('nothing that Firn can import');
  expect(here.archives()).toHaveLength(1);
});
