import { expect, test } from 'vitest';
import { ok } from '../../../shared/result.ts';
import { DAY, KiB } from '../../../shared/units.ts';
import { leaves } from '../practice-data.ts';
import { valueOf } from '../value-of.ts';
import {
  type OpenScene,
  arnOf,
  countOf,
  invalid,
  newUpload,
  photos,
  refusedWith,
  store,
  vaultMissing,
} from './scene.ts';

export function vaultSuite(open: OpenScene): void {
  test('a vault is described as it was made, and making it again changes nothing', async () => {
    const { glacier, practice } = await photos(open);
    const described = {
      name: 'photos',
      arn: arnOf('photos'),
      createdAt: practice.now(),
      inventoryAt: null,
      archives: 0,
      size: 0,
    };
    practice.wait(1 * DAY);
    expect(await glacier.createVault('photos')).toEqual(ok(null));
    expect(await glacier.describeVault('photos')).toEqual(ok(described));
    expect(await glacier.listVaults()).toEqual(ok([described]));
  });

  test('all vaults are listed in ASCII order, over as many pages as it takes', async () => {
    const scene = await open();
    const names = [...Array.from('hgfedcba_Z'), 'a.b', 'a-b', '9'];
    for (const name of names) valueOf(await scene.glacier.createVault(name));
    expect(valueOf(await scene.glacier.listVaults()).map(({ name }) => name)).toEqual(names.toSorted());
    expect(countOf(scene, 'ListVaults')).toBe(2);
  });

  test('pages that fall short lose nothing', async () => {
    const scene = await open({ rules: { pageShortfall: 8 } });
    for (const name of 'abcde') valueOf(await scene.glacier.createVault(name));
    expect(valueOf(await scene.glacier.listVaults()).map(({ name }) => name)).toEqual(Array.from('abcde'));
    expect(countOf(scene, 'ListVaults')).toBe(3);
  });

  test('counts and sizes are those of the last inventory, with 32 KiB for each archive', async () => {
    const scene = await photos(open);
    await store(scene, leaves(1000));
    expect(valueOf(await scene.glacier.describeVault('photos'))).toMatchObject({ archives: 0, inventoryAt: null });
    scene.practice.wait(1 * DAY);
    expect(valueOf(await scene.glacier.describeVault('photos'))).toMatchObject({
      archives: 1,
      size: 1000 + 32 * KiB,
      inventoryAt: scene.practice.now(),
    });
  });

  test('a vault that is not there is neither described nor written to', async () => {
    const { glacier } = await open();
    expect(await glacier.describeVault('none')).toMatchObject(vaultMissing);
    expect(await glacier.initiate('none', 2 ** 20, '')).toMatchObject(vaultMissing);
    expect(await glacier.listUploads('none')).toMatchObject(vaultMissing);
    expect(await glacier.uploadArchive('none', '', leaves(5))).toMatchObject(vaultMissing);
    expect(await glacier.deleteArchive('none', 'x'.repeat(138))).toMatchObject(vaultMissing);
    expect(await glacier.listJobs('none', {})).toMatchObject(vaultMissing);
    expect(await glacier.requestInventory('none', { format: 'JSON' })).toMatchObject(vaultMissing);
  });

  test('a name that no vault can have is refused', async () => {
    expect(await (await open()).glacier.createVault('with a blank')).toMatchObject(invalid);
  });

  test('the quota of vaults has a refusal of its own', async () => {
    const { glacier } = await photos(open, { rules: { maxVaults: 1 } });
    expect(await glacier.createVault('more')).toMatchObject({ failure: { why: 'limit-exceeded' } });
  });

  test('an empty vault is deleted, as often as it is asked', async () => {
    const { glacier } = await photos(open);
    expect(await glacier.deleteVault('photos')).toEqual(ok(null));
    expect(await glacier.deleteVault('photos')).toEqual(ok(null));
    expect(await glacier.listVaults()).toEqual(ok([]));
  });

  test('a vault is not deleted before an inventory has seen it empty', async () => {
    const scene = await photos(open);
    const { glacier, practice } = scene;
    const refusal = refusedWith(`Vault not empty or recently written to: ${arnOf('photos')}`);
    const upload = await newUpload(scene, 2 ** 20);
    expect(await glacier.deleteVault('photos')).toEqual(refusal);
    valueOf(await glacier.abort(upload));
    const archiveId = await store(scene, leaves(5));
    practice.wait(1 * DAY);
    expect(await glacier.deleteVault('photos')).toEqual(refusal);
    valueOf(await glacier.deleteArchive('photos', archiveId));
    expect(await glacier.deleteVault('photos')).toEqual(refusal);
    practice.wait(1 * DAY);
    expect(await glacier.deleteVault('photos')).toEqual(ok(null));
  });
}
