import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explainNotice } from '../../shared/notice.ts';
import { standingOf } from '../../shared/archive.ts';
import { DAY, HOUR, MINUTE } from '../../shared/units.ts';
import { InventoryWorld } from '../support/inventory-world.ts';
import { VAULT } from '../support/world.ts';

function standings(here: InventoryWorld): Record<string, string> {
  return Object.fromEntries(
    here.archives().map((archive) => [archive.path?.split('/').at(-1) ?? archive.description, standingOf(archive)]),
  );
}

test('an inventory confirms what was uploaded and brings what others uploaded, though Firn was closed meanwhile', async () => {
  const here = await InventoryWorld.open();
  await here.store('a.raw', 'b.raw');
  await here.world.client.upload(VAULT, Buffer.from('hello'), {
    'x-amz-archive-description': 'somebody else’s'.replace('’', "'"),
  });
  expect(standings(here)).toEqual({ 'a.raw': 'awaiting-inventory', 'b.raw': 'awaiting-inventory' });
  here.world.pass(DAY);
  const id = here.take();
  await here.reaches(id, 'requested backoff awaiting-job', MINUTE);
  await here.world.restart();
  await here.reaches(id, 'idle');
  expect(standings(here)).toEqual({ 'a.raw': 'confirmed', 'b.raw': 'confirmed', "somebody else's": 'only-in-vault' });
  expect(here.findings(id)).toMatchObject({
    listed: 3,
    confirmed: 2,
    added: 1,
    missing: 0,
    differing: 0,
    unreadable: 0,
  });
  await here.world.until('tidy', () => readdirSync(join(here.world.dataFolder, 'inventories')).length === 0);
  expect(here.world.bugs).toEqual([]);
});

test('archives that an inventory lists no longer are told in a notice, once, with their vault', async () => {
  const here = await InventoryWorld.open();
  await here.store('a.raw', 'b.raw');
  here.world.pass(5 * DAY);
  await here.taken();
  expect(here.world.app.notices.list()).toEqual([]);
  const [gone] = here.archives();
  await here.world.client.deleteArchive(VAULT, gone?.archiveId ?? '');
  here.world.pass(5 * DAY);
  const told = { kind: 'archives-missing', accountId: here.world.accountId, vault: VAULT, archives: 1 };
  for (const round of [1, 2]) {
    const { id } = await here.taken();
    expect(here.findings(id).missing, `round ${round}`).toBe(1);
    expect(here.world.app.notices.list()).toMatchObject([told]);
    here.world.pass(5 * DAY);
  }
  const [notice] = here.world.app.notices.list();
  expect(notice && explainNotice(notice, 'window').title).toMatch(
    /^1 archive that Firn knows is not in the vault "photos"/,
  );
});

test('a vault without an inventory is looked at again while one is due, and is empty otherwise', async () => {
  const here = await InventoryWorld.open();
  here.world.pass(3 * DAY);
  const empty = await here.taken();
  expect(empty.last).toMatchObject({ kind: 'none' });
  await here.store('a.raw');
  const id = here.take();
  await here.reaches(id, 'wanted backoff no-inventory-yet', MINUTE);
  await here.reaches(id, 'idle', HOUR);
  expect(here.findings(id)).toMatchObject({ listed: 1, confirmed: 1 });
});

test('a lost answer to the request makes no second job', async () => {
  const here = await InventoryWorld.open();
  await here.store('a.raw');
  here.world.pass(DAY);
  here.world.line.next('InitiateJob', { kind: 'lose-answer' });
  const { id } = await here.taken();
  expect(here.findings(id)).toMatchObject({ confirmed: 1 });
  expect(here.world.line.count('InitiateJob')).toBe(1);
});

test('the output of a job that another has asked for is used; one that was used is not', async () => {
  const here = await InventoryWorld.open();
  await here.store('a.raw');
  here.world.pass(DAY);
  const other = { Type: 'inventory-retrieval', InventoryRetrievalParameters: { Limit: '1' } };
  await here.world.client.job(VAULT, { ...other });
  await here.world.client.job(VAULT, { Type: 'inventory-retrieval' });
  here.world.pass(5 * HOUR);
  await here.taken();
  expect(here.world.line.count('InitiateJob')).toBe(0);
  await here.taken();
  expect(here.world.line.count('InitiateJob')).toBe(1);
});

test('jobs older than the one that was used last are not used either', async () => {
  const here = await InventoryWorld.open();
  await here.store('a.raw');
  here.world.pass(DAY);
  for (const asked of [1, 2, 3]) {
    const { last } = await here.taken();
    expect(last).toMatchObject({ kind: 'reconciled' });
    expect(here.world.line.count('InitiateJob')).toBe(asked);
  }
});

test('an output that is gone before it was fetched is asked for again', async () => {
  const here = await InventoryWorld.open();
  await here.store('a.raw');
  here.world.pass(DAY);
  const id = here.take();
  await here.reaches(id, 'requested backoff awaiting-job', MINUTE);
  await here.world.quit();
  here.world.pass(3 * DAY);
  await here.world.openFirn();
  await here.reaches(id, 'idle');
  expect(here.findings(id)).toMatchObject({ confirmed: 1 });
  expect(here.world.line.count('InitiateJob')).toBe(2);
});

test('the power fails in every phase, and the inventory ends as if nothing had been', async () => {
  const here = await InventoryWorld.open();
  await here.store('a.raw', 'b.raw', 'c.raw');
  here.world.pass(DAY);
  const id = here.take();
  const seen = new Set<string>();
  for (let round = 0; round < 200 && here.inventory(id).phase.kind !== 'idle'; round += 1) {
    const { kind } = here.inventory(id).phase;
    if (!seen.has(kind)) {
      seen.add(kind);
      await here.world.crash();
    }
    here.world.pass(10 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await here.reaches(id, 'idle');
  expect(here.findings(id)).toMatchObject({ listed: 3, confirmed: 3, added: 0, missing: 0 });
  expect(here.world.bugs).toEqual([]);
});

test('a download that is not whole on this disk changes nothing, says so, and begins anew when it is tried again', async () => {
  const here = await InventoryWorld.open();
  await here.store('a.raw');
  here.world.pass(DAY);
  const id = here.take();
  const file = join(here.world.dataFolder, 'inventories', `${id}.json`);
  const stop = here.world.app.inventoryStore.onChange(() => {
    const { phase } = here.inventory(id);
    if (phase.kind === 'downloading' && phase.received > 0) truncateSync(file, 10);
  });
  await here.reaches(id, 'downloading failed inventory-unreadable');
  stop();
  here.world.app.inventories.resume([id]);
  await here.reaches(id, 'idle');
  expect(here.findings(id)).toMatchObject({ confirmed: 1 });
});

test('cancelled, it is over, and its file is gone', async () => {
  const here = await InventoryWorld.open();
  await here.store('a.raw');
  here.world.pass(DAY);
  const id = here.take();
  await here.reaches(id, 'requested backoff awaiting-job', MINUTE);
  await here.world.app.inventories.cancel([id]);
  expect(here.state(id)).toBe('idle');
  expect(here.inventory(id).last).toBeNull();
  await here.taken();
  expect(here.world.line.count('InitiateJob')).toBe(1);
});

test('an account is not removed while an inventory of its vaults is under way, and it is said that it may be that', async () => {
  const here = await InventoryWorld.open();
  const id = here.take();
  const { accounts, inventories } = here.world.app;
  const detail =
    'Uploads, retrievals, inventories or deletions of this account are not over yet; cancel them, or wait.';
  expect(accounts.remove(here.world.accountId)).toEqual({ ok: false, failure: { kind: 'invalid-input', detail } });
  await inventories.cancel([id]);
  expect(accounts.remove(here.world.accountId)).toMatchObject({ ok: true });
});
