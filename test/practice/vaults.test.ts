import { describe, expect, test } from 'vitest';
import { DAY, KiB, MINUTE, MiB } from '../../shared/units.ts';
import { practiceBench } from '../support/practice-bench.ts';
import { leaves } from '../support/practice-data.ts';

const arn = 'arn:aws:glacier:us-east-1:111122223333:vaults/photos';

test('a new vault has no inventory, no archives and no size', async () => {
  const { client } = await practiceBench();
  await client.createVault('photos');
  const described = await client.call('GET', '/-/vaults/photos');
  expect(described.status).toBe(200);
  expect(described.json).toEqual({
    CreationDate: '2026-11-22T12:00:00.000Z',
    LastInventoryDate: null,
    NumberOfArchives: 0,
    SizeInBytes: 0,
    VaultARN: arn,
    VaultName: 'photos',
  });
});

test('names have 1 to 255 letters, digits, dots, hyphens and underscores', async () => {
  const { client } = await practiceBench();
  for (const name of ['x'.repeat(255), 'A.b-c_9']) expect((await client.createVault(name)).status).toBe(201);
  for (const name of ['x'.repeat(256), 'a%20b', 'test%3Az', '%C3%A4']) {
    const reply = await client.createVault(name);
    expect([reply.status, reply.json['code']]).toEqual([400, 'InvalidParameterValueException']);
  }
});

test('vaults whose names differ by case are two', async () => {
  const { client, restart } = await practiceBench();
  await client.createVault('photos');
  await client.createVault('Photos');
  await restart();
  expect((await client.call('GET', '/-/vaults')).json['VaultList']).toHaveLength(2);
});

test('the quota of vaults is refused in its own words', async () => {
  const { client } = await practiceBench({ rules: { maxVaults: 1 } });
  await client.createVault('photos');
  expect((await client.createVault('more')).json['code']).toBe('LimitExceededException');
  expect((await client.createVault('photos')).status).toBe(201);
});

test('counts, size and date are those of the last inventory', async () => {
  const { client, wait, restart } = await practiceBench();
  await client.createVault('photos');
  wait(1 * MINUTE);
  await client.store('photos', leaves(3 * MiB), 1 * MiB);
  wait(1 * DAY - 1 * MINUTE - 1);
  expect((await client.call('GET', '/-/vaults/photos')).json['LastInventoryDate']).toBeNull();
  wait(1);
  const inventoried = {
    LastInventoryDate: '2026-11-23T12:00:00.000Z',
    NumberOfArchives: 1,
    SizeInBytes: 3 * MiB + 32 * KiB,
  };
  expect((await client.call('GET', '/-/vaults/photos')).json).toMatchObject(inventoried);
  wait(3 * DAY);
  await restart();
  expect((await client.call('GET', '/-/vaults/photos')).json).toMatchObject(inventoried);
});

describe('deleting a vault', () => {
  test('succeeds for one that is empty, and for one that is not there', async () => {
    const { client, restart } = await practiceBench();
    await client.createVault('photos');
    expect((await client.call('DELETE', '/-/vaults/photos')).status).toBe(204);
    expect((await client.call('DELETE', '/-/vaults/photos')).status).toBe(204);
    await restart();
    expect((await client.call('GET', '/-/vaults/photos')).status).toBe(404);
  });

  test('is refused from the upload of an archive on', async () => {
    const { client, wait } = await practiceBench();
    await client.createVault('photos');
    await client.store('photos', leaves(10), 1 * MiB);
    for (let days = 0; days < 3; days += 1) {
      const reply = await client.call('DELETE', '/-/vaults/photos');
      expect([reply.status, reply.json['code'], reply.json['message']]).toEqual([
        400,
        'InvalidParameterValueException',
        `Vault not empty or recently written to: ${arn}`,
      ]);
      wait(1 * DAY);
    }
  });
});

test.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('ARNs in %s are of the partition %s', async (region, partition) => {
  const { client } = await practiceBench({ region });
  await client.call('PUT', '/-/vaults/photos', { region });
  const described = await client.call('GET', '/-/vaults/photos', { region });
  expect(described.json['VaultARN']).toBe(`arn:${partition}:glacier:${region}:111122223333:vaults/photos`);
});
