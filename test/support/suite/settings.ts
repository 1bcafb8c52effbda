import { expect, test } from 'vitest';
import { ok } from '../../../shared/result.ts';
import { DAY, KiB } from '../../../shared/units.ts';
import { leaves } from '../practice-data.ts';
import { valueOf } from '../value-of.ts';
import type { WholeGlacierPort } from './port.ts';
import { type OpenScene, invalid, notFound, photos, store, vaultMissing } from './scene.ts';

const denied = { ok: false, failure: { why: 'access-denied' } };
const policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
const keepForAYear = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Deny',
    Principal: '*',
    Action: 'glacier:DeleteArchive',
    Resource: '*',
    Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDays': '365' } },
  },
});

/** What Firn itself asks for. */
export function policySuite(open: OpenScene): void {
  test('the retrieval policy of an account is set and shown', async () => {
    const { glacier } = await open();
    expect(await glacier.getRetrievalPolicy()).toEqual(ok({ strategy: 'None' }));
    for (const wanted of [
      { strategy: 'BytesPerHour' as const, bytesPerHour: 10_737_418_240 },
      { strategy: 'FreeTier' as const },
      { strategy: 'None' as const },
    ]) {
      expect(await glacier.setRetrievalPolicy(wanted)).toEqual(ok(null));
      expect(await glacier.getRetrievalPolicy()).toEqual(ok(wanted));
    }
  });
}

/** What it does not ask for, and has to live with. */
export function settingsSuite(open: OpenScene<WholeGlacierPort>): void {
  test('a vault that is not there has no settings', async () => {
    const { glacier } = await open();
    expect(await glacier.listTags('none')).toMatchObject(vaultMissing);
    expect(await glacier.getNotifications('none')).toMatchObject(vaultMissing);
    expect(await glacier.getAccessPolicy('none')).toMatchObject(vaultMissing);
    expect(await glacier.getVaultLock('none')).toMatchObject(vaultMissing);
  });

  test('tags are added, changed and removed', async () => {
    const { glacier } = await photos(open);
    expect(await glacier.listTags('photos')).toEqual(ok({}));
    expect(await glacier.addTags('photos', { year: '2025', 'räksmörgås /=+-@:': '' })).toEqual(ok(null));
    expect(await glacier.addTags('photos', { year: '2026' })).toEqual(ok(null));
    expect(await glacier.listTags('photos')).toEqual(ok({ year: '2026', 'räksmörgås /=+-@:': '' }));
    expect(await glacier.removeTags('photos', ['year', 'never'])).toEqual(ok(null));
    expect(await glacier.listTags('photos')).toEqual(ok({ 'räksmörgås /=+-@:': '' }));
  });

  test('a vault has at most fifty tags', async () => {
    const { glacier } = await photos(open);
    for (let from = 0; from < 50; from += 10) {
      const ten = Array.from({ length: 10 }, (_, index) => [`k${from + index}`, 'v'] as const);
      valueOf(await glacier.addTags('photos', Object.fromEntries(ten)));
    }
    expect(await glacier.addTags('photos', { more: '' })).toEqual({
      ok: false,
      failure: {
        why: 'limit-exceeded',
        message: 'The quota for the number of tags that can be assigned to this resource has been reached.',
      },
    });
    expect(await glacier.addTags('photos', { 'aws:mine': '' })).toMatchObject(invalid);
  });

  test('whom to notify is set, shown and taken away', async () => {
    const { glacier } = await photos(open);
    const wanted = {
      snsTopic: 'arn:aws:sns:us-east-1:111122223333:topic',
      events: ['ArchiveRetrievalCompleted' as const, 'InventoryRetrievalCompleted' as const],
    };
    expect(await glacier.getNotifications('photos')).toEqual(ok(null));
    expect(await glacier.setNotifications('photos', wanted)).toEqual(ok(null));
    expect(await glacier.getNotifications('photos')).toEqual(ok(wanted));
    expect(await glacier.setNotifications('photos', { ...wanted, snsTopic: 'no topic' })).toMatchObject(invalid);
    for (let time = 0; time < 2; time += 1) expect(await glacier.setNotifications('photos', null)).toEqual(ok(null));
    expect(await glacier.getNotifications('photos')).toEqual(ok(null));
  });

  test('an access policy is set, shown, heeded and taken away', async () => {
    const { glacier } = await photos(open);
    const denyUploads = JSON.stringify({ Statement: { Effect: 'Deny', Action: 'glacier:Upload*', Resource: '*' } });
    expect(await glacier.getAccessPolicy('photos')).toEqual(ok(null));
    expect(await glacier.setAccessPolicy('photos', denyUploads)).toEqual(ok(null));
    expect(await glacier.getAccessPolicy('photos')).toEqual(ok(denyUploads));
    expect(await glacier.uploadArchive('photos', '', leaves(5))).toMatchObject(denied);
    expect(await glacier.setAccessPolicy('photos', 'no JSON')).toMatchObject(invalid);
    const tooLong = JSON.stringify({ Id: 'x'.repeat(20 * KiB) });
    expect(await glacier.setAccessPolicy('photos', tooLong)).toMatchObject(invalid);
    for (let time = 0; time < 2; time += 1) expect(await glacier.setAccessPolicy('photos', null)).toEqual(ok(null));
    expect(await glacier.getAccessPolicy('photos')).toEqual(ok(null));
    expect(await glacier.uploadArchive('photos', '', leaves(5))).toMatchObject({ ok: true });
  });

  test('a lock is tried for a day, and vanishes when it is not completed', async () => {
    const { glacier, practice } = await photos(open);
    expect(await glacier.getVaultLock('photos')).toEqual(ok(null));
    const lockId = valueOf(await glacier.initiateVaultLock('photos', policy));
    const now = practice.now();
    expect(await glacier.getVaultLock('photos')).toEqual(
      ok({ policy, state: 'InProgress', createdAt: now, expiresAt: now + 1 * DAY }),
    );
    expect(await glacier.initiateVaultLock('photos', policy)).toMatchObject(denied);
    expect(await glacier.completeVaultLock('photos', 'x'.repeat(24))).toMatchObject(invalid);
    practice.wait(1 * DAY);
    expect(await glacier.getVaultLock('photos')).toEqual(ok(null));
    expect(await glacier.completeVaultLock('photos', lockId)).toMatchObject(notFound);
  });

  test('a lock that is given up may be tried again; once complete it holds for good', async () => {
    const scene = await photos(open);
    const { glacier, practice } = scene;
    valueOf(await glacier.initiateVaultLock('photos', policy));
    for (let time = 0; time < 2; time += 1) expect(await glacier.abortVaultLock('photos')).toEqual(ok(null));
    const lockId = valueOf(await glacier.initiateVaultLock('photos', keepForAYear));
    for (let time = 0; time < 2; time += 1) {
      expect(await glacier.completeVaultLock('photos', lockId)).toEqual(ok(null));
    }
    expect(valueOf(await glacier.getVaultLock('photos'))).toMatchObject({ state: 'Locked', expiresAt: null });
    expect(await glacier.abortVaultLock('photos')).toMatchObject(denied);
    expect(await glacier.completeVaultLock('photos', 'x'.repeat(24))).toMatchObject(denied);
    const archiveId = await store(scene, leaves(5));
    expect(await glacier.deleteArchive('photos', archiveId)).toMatchObject(denied);
    practice.wait(365 * DAY);
    expect(await glacier.deleteArchive('photos', archiveId)).toEqual(ok(null));
  });

  test('capacity is bought for a month, at most two units at once', async () => {
    const { glacier, practice } = await open();
    expect(await glacier.listCapacity()).toEqual(ok([]));
    const capacityId = valueOf(await glacier.purchaseCapacity());
    expect(await glacier.listCapacity()).toEqual(
      ok([{ capacityId, startsAt: practice.now(), expiresAt: Date.UTC(2026, 11, 22, 12) }]),
    );
    valueOf(await glacier.purchaseCapacity());
    expect(await glacier.purchaseCapacity()).toMatchObject({ failure: { why: 'limit-exceeded' } });
    practice.wait(30 * DAY);
    expect(await glacier.listCapacity()).toEqual(ok([]));
  });
}
