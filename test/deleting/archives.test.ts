import { everyArchive } from '../../shared/archive.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY, SECOND } from '../../shared/units.ts';
import { DeletionWorld } from '../support/deletion-world.ts';
import { refusal } from '../support/line.ts';
import { VAULT } from '../support/world.ts';

const only = <T>(items: readonly T[]): T => {
  const [item, ...more] = items;
  if (item === undefined || more.length > 0) throw new Error(`${items.length} items`);
  return item;
};

const lines = (here: DeletionWorld, event: string): number =>
  readFileSync(join(here.world.dataFolder, 'archives.jsonl'), 'utf8').split(`"event":"${event}"`).length - 1;

describe('Archives that are deleted', () => {
  it('leave Glacier and the catalogue, and are remembered and told in the journal', async () => {
    const here = await DeletionWorld.open();
    const ids = await here.store(20);
    here.imagine(50);
    const kept = await here.storeForeign('kept');
    const id = only(await here.deleteAll());
    await here.reaches(id, 'done');
    expect(here.chore(id)).toMatchObject({ total: 70, deleted: 70, failed: 0, vault: VAULT });
    expect(here.world.line.count('DeleteArchive')).toBe(70);
    expect(here.world.app.catalogue.count()).toBe(0);
    const { accountId, app } = here.world;
    expect(ids.every((archiveId) => app.catalogue.deletedAt(accountId, VAULT, archiveId) !== null)).toBe(true);
    expect(lines(here, 'deleted')).toBe(70);
    expect(await here.inVault()).toEqual([kept]);
    expect(here.world.bugs).toEqual([]);
  });

  it('are deleted all the same when the power fails at any time, and none is forgotten', async () => {
    const here = await DeletionWorld.open();
    await here.store(10);
    here.imagine(50);
    const id = only(await here.deleteAll());
    for (const place of ['request', 'answer', 'request'] as const) {
      const gate = here.world.line.gate('DeleteArchive', place);
      await gate.arrived;
      const crashed = here.world.crash();
      gate.open();
      await crashed;
    }
    await here.reaches(id, 'done');
    expect(here.chore(id)).toMatchObject({ total: 60, deleted: 60, failed: 0 });
    expect(here.world.app.catalogue.count()).toBe(0);
    expect(await here.inVault()).toEqual([]);
    expect(here.world.bugs).toEqual([]);
  });

  it('wait while Glacier throttles, fewer at once, and while answers are lost', async () => {
    const here = await DeletionWorld.open();
    await here.store(10);
    here.imagine(30);
    const busy = JSON.stringify({ code: 'ThrottlingException', message: 'Rate exceeded', type: 'Client' });
    here.world.line.next('DeleteArchive', { kind: 'answer', status: 400, body: busy }, 9);
    here.world.line.next('DeleteArchive', { kind: 'lose-answer' }, 5);
    const id = only(await here.deleteAll());
    await here.reaches(id, 'done', SECOND);
    expect(here.chore(id)).toMatchObject({ deleted: 40, failed: 0 });
    expect(here.events(id)).toEqual(expect.arrayContaining(['attempt-failed', 'recovered', 'worked-off']));
    expect(await here.inVault()).toEqual([]);
  });

  it('count as deleted when they are gone already', async () => {
    const here = await DeletionWorld.open();
    const ids = await here.store(3);
    for (const archiveId of ids) await here.world.client.deleteArchive(VAULT, archiveId);
    const id = only(await here.deleteAll());
    await here.reaches(id, 'done');
    expect(here.chore(id)).toMatchObject({ deleted: 3, failed: 0 });
  });

  it('stay in the catalogue, with the reason, when Glacier refuses, and can be tried again', async () => {
    const here = await DeletionWorld.open();
    await here.store(3);
    const refused = refusal(400, 'InvalidParameterValueException', 'not this one');
    here.world.line.next('DeleteArchive', refused);
    const id = only(await here.deleteAll());
    await here.reaches(id, 'done');
    expect(here.chore(id)).toMatchObject({ total: 3, deleted: 2, failed: 1 });
    expect(here.detail(id).refused).toMatchObject([{ failure: { kind: 'rejected' } }]);
    expect(here.world.app.catalogue.count()).toBe(1);
    here.world.line.next('DeleteArchive', refused);
    await here.world.app.deleting.resume(id);
    await here.reaches(id, 'done');
    expect(here.chore(id)).toMatchObject({ deleted: 2, failed: 1 });
    expect(here.world.line.count('DeleteArchive')).toBe(4);
  });

  it('stop being deleted when all are refused, so that somebody looks', async () => {
    const here = await DeletionWorld.open();
    here.imagine(160);
    const denied = JSON.stringify({ code: 'AccessDeniedException', message: 'locked', type: 'Client' });
    here.world.line.next('DeleteArchive', { kind: 'answer', status: 403, body: denied }, 1000);
    const id = only(await here.deleteAll());
    await here.reaches(id, 'deleting failed access-denied');
    expect(here.chore(id)).toMatchObject({ deleted: 0, failed: 100 });
    here.world.line.calm();
    await here.world.app.deleting.resume(id);
    await here.reaches(id, 'done');
    await here.world.app.deleting.resume(id);
    await here.reaches(id, 'done');
    expect(here.chore(id)).toMatchObject({ deleted: 160, failed: 0 });
  });

  it('that were not sent yet stay when the user pauses, and for good when the user cancels', async () => {
    const here = await DeletionWorld.open();
    here.imagine(100);
    const gate = here.world.line.gate('DeleteArchive', 'answer');
    const id = only(await here.deleteAll());
    await gate.arrived;
    const paused = here.world.app.deleting.pause(id);
    gate.open();
    await paused;
    await here.world.restart();
    expect(here.state(id)).toBe('deleting paused');
    const sent = here.world.line.count('DeleteArchive');
    expect(sent).toBeLessThan(100);
    expect(here.chore(id).deleted).toBe(sent);
    await here.world.app.deleting.cancel(id);
    expect(here.state(id)).toBe('cancelled');
    expect(here.world.app.catalogue.count()).toBe(100 - sent);
    await here.world.app.deleting.clear([id]);
    expect(here.world.app.deleting.detail(id).ok).toBe(false);
  });

  it('wait for the user to sign in, and the account cannot be removed meanwhile', async () => {
    const here = await DeletionWorld.open();
    await here.store(2);
    const keys = here.world.credentials.splice(0, 1);
    const id = only(await here.deleteAll());
    await here.world.until('waiting', () => here.world.app.accountWaits.isWaiting(here.world.accountId));
    expect(here.world.app.accounts.remove(here.world.accountId)).toMatchObject({ failure: { kind: 'invalid-input' } });
    here.world.credentials.unshift(...keys);
    await here.world.app.accounts.signIn(here.world.accountId, null);
    await here.reaches(id, 'done');
  });
});

describe('Before archives are deleted', () => {
  it('Firn says what is lost, what is billed on, and which may be the only copy', async () => {
    const here = await DeletionWorld.open();
    await here.store(4);
    here.removeFile('2.raw');
    here.world.file('3.raw', Buffer.from('other content'));
    const choice = { kind: 'matching', ...everyArchive, except: [] } as const;
    const preview = await here.world.app.deleting.preview(choice);
    expect(preview).toMatchObject({ count: 4, young: { count: 4 }, uploads: 0, retrievals: 0 });
    expect(preview.copies).toMatchObject({ looked: 4, there: 2, missing: 1, changed: 1, unknown: 0 });
    expect(preview.copies.without).toHaveLength(2);
  });

  it('their age is told by the time of the service, whatever this computer takes for it', async () => {
    const here = await DeletionWorld.open({ clockOffsetMs: 100 * DAY });
    const { world } = here;
    const id = only(await world.add([world.file('a.raw')]));
    await world.reaches(id, 'stored');
    const choice = { kind: 'matching', ...everyArchive, except: [] } as const;
    const { young } = await world.app.deleting.preview(choice);
    expect(young).toMatchObject({ count: 1 });
    const emptying = await world.app.deleting.previewEmptying({ accountId: world.accountId, vault: VAULT });
    expect(emptying).toMatchObject({ value: { young: { count: 1, until: young?.until } } });
    expect(young?.until).toBeLessThan(world.serviceNow() + 91 * DAY);
  });
});
