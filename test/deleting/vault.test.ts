import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../shared/units.ts';
import { DeletionWorld } from '../support/deletion-world.ts';
import { VAULT } from '../support/world.ts';

describe('A vault that is emptied and closed', () => {
  it('loses all archives, also those of other programs, waits for its inventory, and is deleted', async () => {
    const here = await DeletionWorld.open();
    await here.store(4);
    for (const text of ['foreign 1', 'foreign 2', 'foreign 3']) await here.storeForeign(text);
    here.world.pass(DAY);
    const startedAt = here.world.clock.now();
    const id = await here.empty();
    await here.reaches(id, 'done');
    expect(here.chore(id)).toMatchObject({ deleted: 7, failed: 0, closes: true });
    expect(here.world.app.catalogue.count()).toBe(0);
    const gone = await here.world.client.call('GET', `/-/vaults/${VAULT}`);
    expect(gone.status).toBe(404);
    expect(here.events(id).filter((kind) => kind !== 'attempt-failed' && kind !== 'recovered')).toEqual([
      'inventory-wanted',
      'listed',
      'worked-off',
      'found-empty',
      'vault-deleted',
    ]);
    expect(here.world.clock.now() - startedAt).toBeGreaterThan(4 * HOUR);
    expect(here.world.bugs).toEqual([]);
  });

  it('gets there when the power fails at each request', async () => {
    const here = await DeletionWorld.open();
    await here.store(3);
    await here.storeForeign('foreign');
    here.world.pass(DAY);
    const id = await here.empty();
    for (const operation of [
      'DescribeVault',
      'InitiateJob',
      'DescribeJob',
      'GetJobOutput',
      'DeleteArchive',
      'DeleteVault',
    ] as const) {
      for (const place of ['request', 'answer'] as const) {
        const gate = here.world.line.gate(operation, place);
        let isThere = false;
        void gate.arrived.then(() => (isThere = true));
        await here.world.until(`${operation}, not ${here.state(id)}`, () => {
          if (!isThere && here.world.isIdle) here.world.pass(HOUR);
          return isThere;
        });
        const crashed = here.world.crash();
        gate.open();
        await crashed;
      }
    }
    await here.reaches(id, 'done');
    expect(here.chore(id)).toMatchObject({ deleted: 4, failed: 0 });
    expect((await here.world.client.call('GET', `/-/vaults/${VAULT}`)).status).toBe(404);
    expect(here.world.bugs).toEqual([]);
  });

  it('is not touched further when something still puts archives in, until the user says so', async () => {
    const here = await DeletionWorld.open();
    await here.store(2);
    here.world.pass(DAY);
    const id = await here.empty();
    here.world.pass(HOUR);
    const late = await here.storeForeign('late');
    await here.reaches(id, 'listing failed vault-in-use');
    expect(here.chore(id).hold).toMatchObject({ failure: { archives: 1, vault: VAULT } });
    const newestAt = here.latest(id);
    expect(here.world.app.deleting.widen(id, newestAt - 1)).toMatchObject({ failure: { kind: 'choice-changed' } });
    expect(here.world.line.passages.every(({ operation }) => operation !== 'DeleteVault')).toBe(true);
    expect(await here.inVault()).toEqual([late]);
    expect(here.world.app.deleting.widen(id, newestAt)).toEqual({ ok: true, value: null });
    await here.reaches(id, 'done');
    expect(here.chore(id).deleted).toBe(3);
  });

  it('takes no uploads meanwhile, and is not emptied while there are some', async () => {
    const here = await DeletionWorld.open();
    here.world.app.changeSettings({ queuePaused: true });
    const [upload] = await here.world.add([here.world.file('a.raw', 5)]);
    const place = { accountId: here.world.accountId, vault: VAULT };
    expect(await here.world.app.deleting.empty(place, true, here.world.clock.now())).toMatchObject({
      failure: { kind: 'invalid-input' },
    });
    if (upload) await here.world.app.queue.cancel([upload]);
    const id = await here.empty();
    const choice = { ...place, partSize: null, preferredPartSize: 2 ** 20, again: false };
    const refused = await here.world.app.queue.enqueue([here.world.file('b.raw', 5)], choice);
    expect(refused).toMatchObject({ failure: { kind: 'vault-being-emptied' } });
    expect(await here.world.app.deleting.empty(place, true, here.world.clock.now())).toMatchObject({
      failure: { kind: 'vault-being-emptied' },
    });
    await here.world.app.deleting.cancel(id);
    expect((await here.world.app.queue.enqueue([here.world.file('b.raw', 5)], choice)).ok).toBe(true);
  });

  it('stays while a multipart upload of another program is open in it, and the user is told', async () => {
    const here = await DeletionWorld.open({ rules: { multipartIdleMs: 30 * DAY } });
    await here.store(1);
    const uploadId = await here.world.client.newUpload(VAULT, 2 ** 20);
    here.world.pass(DAY);
    const preview = await here.world.app.deleting.previewEmptying({ accountId: here.world.accountId, vault: VAULT });
    expect(preview).toMatchObject({ value: { openUploads: 1, catalogued: { count: 1 } } });
    const id = await here.empty();
    await here.reaches(id, 'closing backoff vault-not-yet-empty');
    expect(here.chore(id).hold).toMatchObject({ failure: { openUploads: 1 } });
    expect(here.world.line.count('AbortMultipartUpload')).toBe(0);
    await here.world.client.abort(VAULT, uploadId);
    await here.reaches(id, 'done');
  });

  it('is empty and stays when it is not to be closed', async () => {
    const here = await DeletionWorld.open();
    await here.store(2);
    here.world.pass(DAY);
    const id = await here.empty(false);
    await here.reaches(id, 'done');
    expect(here.world.line.count('DeleteVault')).toBe(0);
    expect(await here.inVault()).toEqual([]);
  });

  it('is deleted at once when it never had an archive', async () => {
    const here = await DeletionWorld.open();
    await here.world.client.createVault('empty');
    const id = await here.empty(true, 'empty');
    await here.reaches(id, 'done');
    expect(here.chore(id).deleted).toBe(0);
  });

  it('is deleted as soon as Glacier agrees, though its inventory is older than what Firn knows of its last deletion', async () => {
    const here = await DeletionWorld.open();
    await here.store(1);
    here.world.pass(DAY);
    const id = await here.empty();
    const gate = here.world.line.gate('DeleteArchive', 'answer');
    let isThere = false;
    void gate.arrived.then(() => (isThere = true));
    await here.world.until('a deletion that Firn does not hear of', () => {
      if (!isThere && here.world.isIdle) here.world.pass(HOUR);
      return isThere;
    });
    await here.world.quit();
    gate.open();
    here.world.pass(2 * DAY);
    await here.world.openFirn();
    const reopenedAt = here.world.clock.now();
    await here.reaches(id, 'done');
    expect(here.world.line.count('DeleteArchive')).toBe(2);
    expect(here.world.clock.now() - reopenedAt).toBeLessThan(3 * HOUR);
  });

  it('is not taken for empty while it is too young for an inventory', async () => {
    const here = await DeletionWorld.open();
    await here.storeForeign('foreign');
    const id = await here.empty(false);
    await here.reaches(id, 'confirming backoff vault-not-yet-empty');
    await here.reaches(id, 'done');
    expect(here.chore(id)).toMatchObject({ total: 1, deleted: 1 });
    expect(await here.inVault()).toEqual([]);
  });

  it('counts and confirms also what only the journal of archives has come to know before a crash', async () => {
    const here = await DeletionWorld.open();
    await here.store(1);
    here.world.pass(DAY);
    const id = await here.empty(false);
    const gate = here.world.line.gate('DeleteArchive');
    let isThere = false;
    void gate.arrived.then(() => (isThere = true));
    await here.world.until('a deletion', () => {
      if (!isThere && here.world.isIdle) here.world.pass(HOUR);
      return isThere;
    });
    await here.world.quit();
    gate.open();
    const journal = join(here.world.dataFolder, 'archives.jsonl');
    const [line = ''] = readFileSync(journal, 'utf8').split('\n');
    const told = { ...(JSON.parse(line) as { archiveId: string }), event: 'deleted' };
    await here.world.client.deleteArchive(VAULT, told.archiveId);
    appendFileSync(journal, `${JSON.stringify({ ...told, at: new Date(here.world.clock.now()).toISOString() })}\n`);
    await here.world.openFirn();
    await here.reaches(id, 'confirming backoff vault-not-yet-empty');
    expect(here.chore(id)).toMatchObject({ total: 1, deleted: 1, deletedBytes: 9 });
    await here.reaches(id, 'done');
  });

  it('waits for archives that were deleted one by one shortly before', async () => {
    const here = await DeletionWorld.open();
    await here.store(2);
    here.world.pass(DAY);
    const [deletion] = await here.deleteAll();
    if (deletion) await here.reaches(deletion, 'done');
    const id = await here.empty();
    await here.reaches(id, 'confirming backoff vault-not-yet-empty');
    await here.reaches(id, 'done');
    expect(here.world.line.count('InitiateJob')).toBe(1);
    expect(here.world.line.count('DeleteArchive')).toBe(2);
  });
});
