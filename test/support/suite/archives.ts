import { expect, test } from 'vitest';
import { ok } from '../../../shared/result.ts';
import { DAY } from '../../../shared/units.ts';
import { leaves } from '../practice-data.ts';
import { valueOf } from '../value-of.ts';
import { type OpenScene, arnOf, invalid, photos, refusedWith, store } from './scene.ts';

export function archiveSuite(open: OpenScene): void {
  test('the same bytes twice in one request each are two archives', async () => {
    const scene = await photos(open);
    const ids = [await store(scene, leaves(5)), await store(scene, leaves(5))];
    expect(new Set(ids).size).toBe(2);
    scene.practice.wait(1 * DAY);
    expect(valueOf(await scene.glacier.describeVault('photos')).archives).toBe(2);
  });

  test('no archive is empty', async () => {
    const { glacier, practice } = await photos(open);
    expect(await glacier.uploadArchive('photos', '', Buffer.alloc(0))).toMatchObject(invalid);
    practice.wait(1 * DAY);
    expect(valueOf(await glacier.describeVault('photos')).inventoryAt).toBeNull();
  });

  test('an archive is deleted as often as it is asked, and the next inventory knows', async () => {
    const scene = await photos(open);
    const archiveId = await store(scene, leaves(5));
    const count = async () => valueOf(await scene.glacier.describeVault('photos')).archives;
    scene.practice.wait(1 * DAY);
    for (let time = 0; time < 2; time += 1) {
      expect(await scene.glacier.deleteArchive('photos', archiveId)).toEqual(ok(null));
    }
    expect(await count()).toBe(1);
    scene.practice.wait(1 * DAY);
    expect(await count()).toBe(0);
  });

  test('an archive of another vault is neither deleted nor retrieved', async () => {
    const scene = await photos(open);
    const { glacier } = scene;
    valueOf(await glacier.createVault('videos'));
    const archiveId = await store(scene, leaves(5));
    const refusal = refusedWith(`Invalid vault name: ${arnOf('videos')}`);
    expect(await glacier.deleteArchive('videos', archiveId)).toEqual(refusal);
    expect(await glacier.requestArchive('videos', { archiveId, tier: 'Bulk' })).toEqual(refusal);
    expect(await glacier.requestArchive('photos', { archiveId, tier: 'Bulk' })).toMatchObject({ ok: true });
  });
}
