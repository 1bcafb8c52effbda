import { describe, expect, it } from 'vitest';
import { standingOf, everyArchive } from '../../shared/archive.ts';
import { DAY, HOUR } from '../../shared/units.ts';
import { DeletionWorld } from '../support/deletion-world.ts';
import { refusal } from '../support/line.ts';
import { VAULT } from '../support/world.ts';

const everything = { ...everyArchive, offset: 0, limit: 100 };

describe('The inventory by which a vault is emptied', () => {
  it('is one that is being taken already, when there is one', async () => {
    const here = await DeletionWorld.open();
    await here.store(2);
    await here.storeForeign('foreign');
    here.world.pass(DAY);
    here.world.app.inventories.take(here.world.accountId, [VAULT]);
    const id = await here.empty();
    await here.reaches(id, 'done');
    expect(here.world.line.count('InitiateJob')).toBe(1);
    expect(here.chore(id)).toMatchObject({ total: 3, deleted: 3, failed: 0 });
  });

  it('tells the catalogue of every archive before one is deleted, so that it is known what was lost', async () => {
    const here = await DeletionWorld.open();
    await here.store(1);
    const foreign = await here.storeForeign('foreign');
    here.world.pass(DAY);
    const gate = here.world.line.gate('DeleteArchive');
    let isThere = false;
    void gate.arrived.then(() => (isThere = true));
    const id = await here.empty();
    await here.world.until('a deletion', () => {
      if (!isThere && here.world.isIdle) here.world.pass(HOUR);
      return isThere;
    });
    const { items } = here.world.app.catalogue.search(everything);
    expect(items.map(standingOf).sort()).toEqual(['confirmed', 'only-in-vault']);
    expect(here.chore(id)).toMatchObject({ phase: 'deleting', total: 2, deleted: 0 });
    gate.open();
    await here.reaches(id, 'done');
    expect(here.world.app.catalogue.count()).toBe(0);
    expect(here.world.app.catalogue.deletedAt(here.world.accountId, VAULT, foreign)).not.toBeNull();
  });

  it('is refused in the words of whoever takes it, and asked for anew when the user says so', async () => {
    const here = await DeletionWorld.open();
    await here.store(1);
    here.world.pass(DAY);
    const denied = JSON.stringify({ code: 'AccessDeniedException', message: 'no jobs for you', type: 'Client' });
    here.world.line.next('InitiateJob', { kind: 'answer', status: 403, body: denied });
    const id = await here.empty();
    await here.reaches(id, 'listing failed access-denied');
    await here.world.app.deleting.resume(id);
    await here.reaches(id, 'done');
    expect(here.chore(id)).toMatchObject({ deleted: 1 });
  });

  it('is followed by another one when what had stopped the emptying is gone', async () => {
    const here = await DeletionWorld.open();
    await here.store(2);
    here.world.pass(DAY);
    const id = await here.empty();
    here.world.pass(HOUR);
    const late = await here.storeForeign('late');
    await here.reaches(id, 'listing failed vault-in-use');
    await here.world.client.deleteArchive(VAULT, late);
    here.world.pass(3 * DAY);
    await here.world.app.deleting.resume(id);
    await here.reaches(id, 'done');
    expect(here.chore(id)).toMatchObject({ deleted: 2, failed: 0 });
    expect(here.world.line.count('InitiateJob')).toBe(3);
  });

  it('stops the emptying when it does not say which archives it is about and nothing else is left', async () => {
    const here = await DeletionWorld.open();
    const odd = await here.storeForeign('odd');
    here.world.pass(26 * HOUR);
    const job = await here.world.client.newJob(VAULT, { Type: 'inventory-retrieval' });
    here.world.pass(6 * HOUR);
    const { body } = await here.world.client.output(VAULT, job);
    const changed = Buffer.from(body.toString().replace(odd, '!'.repeat(odd.length)));
    here.world.line.next('GetJobOutput', { kind: 'change-answer', headers: {}, body: changed });
    const id = await here.empty();
    await here.reaches(id, 'listing failed entries-unreadable');
    expect(here.world.line.count('DeleteVault')).toBe(0);
    await here.world.app.deleting.resume(id);
    await here.reaches(id, 'done');
    expect(here.chore(id)).toMatchObject({ deleted: 1 });
  });
});

describe('Archives that Glacier refuses to delete while a vault is emptied', () => {
  it('are passed over, told at the end, and tried again when the user says so', async () => {
    const here = await DeletionWorld.open();
    await here.store(4);
    here.imagine(120);
    const locked = refusal(400, 'InvalidParameterValueException', 'The vault is locked');
    here.world.line.next('DeleteArchive', locked);
    here.world.pass(DAY);
    const id = await here.empty();
    await here.reaches(id, 'deleting failed archives-refused');
    expect(here.chore(id)).toMatchObject({ total: 124, deleted: 123, failed: 1 });
    expect(here.detail(id).refused).toMatchObject([{ failure: { kind: 'rejected' } }]);
    expect(here.world.line.count('DeleteArchive')).toBe(124);
    here.world.line.next('DeleteArchive', locked);
    await here.world.app.deleting.resume(id);
    await here.reaches(id, 'deleting failed archives-refused');
    expect(here.world.line.count('DeleteArchive')).toBe(125);
  });

  it('because they are in another vault leave the catalogue, and stay where they are', async () => {
    const here = await DeletionWorld.open();
    await here.world.client.createVault('other');
    const [foreign] = await here.store(1, 'other');
    const [row] = [...here.world.app.catalogue.chosen({ kind: 'ids', ids: [1] })];
    if (!row || foreign === undefined) throw new Error('no archive');
    // The catalogue is wrong about its vault.
    here.world.app.catalogue.remove(here.world.accountId, 'other', foreign, 1);
    here.world.app.catalogue.insert({ ...row, vault: VAULT }, null);
    await here.store(3);
    here.world.pass(DAY);
    const id = await here.empty();
    await here.reaches(id, 'done');
    expect(here.chore(id)).toMatchObject({ total: 4, deleted: 4, failed: 0 });
    expect(here.world.app.catalogue.count()).toBe(0);
    expect(await here.inVault('other')).toEqual([foreign]);
  });
});
