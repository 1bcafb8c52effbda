import { describe, expect, test } from 'vitest';
import { DAY, HOUR, KiB, MiB } from '../../shared/units.ts';
import { type PracticeBench, practiceBench } from '../support/practice-bench.ts';
import { leaves } from '../support/practice-data.ts';
import type { PracticeReply } from '../support/practice-request.ts';

type Ask = (method: string, sub: string, body?: unknown) => Promise<PracticeReply>;

/** A vault and a short way to ask about what hangs on it. */
async function asked(): Promise<PracticeBench & { ask: Ask }> {
  const bench = await practiceBench();
  await bench.client.createVault('photos');
  const ask: Ask = (method, sub, body) =>
    bench.client.call(method, `/-/vaults/photos/${sub}`, body === undefined ? {} : { body: JSON.stringify(body) });
  return { ...bench, ask };
}

describe('tags', () => {
  test('are added, overwritten, removed and kept', async () => {
    const { ask, restart } = await asked();
    expect((await ask('GET', 'tags')).json).toEqual({ Tags: {} });
    expect((await ask('POST', 'tags?operation=add', { Tags: { year: '2025', 'räksmörgås /=+-@:': '' } })).status).toBe(
      204,
    );
    expect((await ask('POST', 'tags?operation=add', { Tags: { year: '2026' } })).status).toBe(204);
    await restart();
    expect((await ask('GET', 'tags')).json).toEqual({ Tags: { year: '2026', 'räksmörgås /=+-@:': '' } });
    expect((await ask('POST', 'tags?operation=remove', { TagKeys: ['year', 'never'] })).status).toBe(204);
    expect((await ask('GET', 'tags')).json).toEqual({ Tags: { 'räksmörgås /=+-@:': '' } });
  });

  test('are at most ten in a call and fifty in all', async () => {
    const { ask } = await asked();
    const tags = (from: number, count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${from + index}`, 'v']));
    expect((await ask('POST', 'tags?operation=add', { Tags: tags(0, 11) })).json['code']).toBe(
      'InvalidParameterValueException',
    );
    for (let from = 0; from < 50; from += 10) await ask('POST', 'tags?operation=add', { Tags: tags(from, 10) });
    const reply = await ask('POST', 'tags?operation=add', { Tags: { more: '' } });
    expect([reply.status, reply.json['code'], reply.json['message']]).toEqual([
      400,
      'LimitExceededException',
      'The quota for the number of tags that can be assigned to this resource has been reached.',
    ]);
    expect((await ask('POST', 'tags?operation=add', { Tags: { k0: 'new' } })).status).toBe(204);
  });

  test.each<[string, unknown, string]>([
    ['add', { Tags: {} }, 'MissingParameterValueException'],
    ['add', { Tags: { '': 'v' } }, 'InvalidParameterValueException'],
    ['add', { Tags: { 'aws:mine': 'v' } }, 'InvalidParameterValueException'],
    ['add', { Tags: { 'a*b': 'v' } }, 'InvalidParameterValueException'],
    ['add', { Tags: { ['k'.repeat(129)]: 'v' } }, 'InvalidParameterValueException'],
    ['add', { Tags: { k: 'v'.repeat(257) } }, 'InvalidParameterValueException'],
    ['add', { Tags: { k: 5 } }, 'SerializationException'],
    ['remove', { TagKeys: [] }, 'MissingParameterValueException'],
    ['remove', { TagKeys: Array.from({ length: 11 }, String) }, 'InvalidParameterValueException'],
  ])('%s %j is refused', async (operation, body, code) => {
    const { ask } = await asked();
    const reply = await ask('POST', `tags?operation=${operation}`, body);
    expect([reply.status, reply.json['code']]).toEqual([400, code]);
  });
});

describe('notifications', () => {
  const topic = 'arn:aws:sns:us-east-1:111122223333:glacier';
  const events = ['ArchiveRetrievalCompleted', 'InventoryRetrievalCompleted'];

  test('are set, shown and taken away', async () => {
    const { ask, restart } = await asked();
    expect((await ask('GET', 'notification-configuration')).status).toBe(404);
    expect((await ask('PUT', 'notification-configuration', { SNSTopic: topic, Events: events })).status).toBe(204);
    await restart();
    expect((await ask('GET', 'notification-configuration')).json).toEqual({ SNSTopic: topic, Events: events });
    for (let time = 0; time < 2; time += 1) {
      expect((await ask('DELETE', 'notification-configuration')).status).toBe(204);
    }
    expect((await ask('GET', 'notification-configuration')).json['code']).toBe('ResourceNotFoundException');
  });

  test.each([
    { SNSTopic: 'topic', Events: events },
    { SNSTopic: topic, Events: ['Anything'] },
    { SNSTopic: topic, Events: [] },
    { Events: events },
  ])('%j is refused', async (body) => {
    const { ask } = await asked();
    expect((await ask('PUT', 'notification-configuration', body)).status).toBe(400);
  });
});

const denyUploads = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Deny', Principal: '*', Action: 'glacier:Upload*', Resource: '*' },
});

describe('the access policy', () => {
  test('is set, shown and taken away', async () => {
    const { ask, restart } = await asked();
    expect((await ask('GET', 'access-policy')).status).toBe(404);
    expect((await ask('PUT', 'access-policy', { Policy: denyUploads })).status).toBe(204);
    await restart();
    expect((await ask('GET', 'access-policy')).json).toEqual({ Policy: denyUploads });
    for (let time = 0; time < 2; time += 1) expect((await ask('DELETE', 'access-policy')).status).toBe(204);
    expect((await ask('GET', 'access-policy')).status).toBe(404);
  });

  test.each<[unknown, string]>([
    [{}, 'MissingParameterValueException'],
    [{ Policy: 'none' }, 'InvalidParameterValueException'],
    [{ Policy: '[]' }, 'InvalidParameterValueException'],
    [{ Policy: JSON.stringify({ Id: 'x'.repeat(20 * KiB) }) }, 'InvalidParameterValueException'],
  ])('%.40j is refused', async (body, code) => {
    const { ask } = await asked();
    const reply = await ask('PUT', 'access-policy', body);
    expect([reply.status, reply.json['code']]).toEqual([400, code]);
  });

  test('of more than 1 MiB is not even read', async () => {
    const { ask } = await asked();
    const { json } = await ask('PUT', 'access-policy', 'x'.repeat(1 * MiB));
    expect([json['code'], json['message']]).toEqual([
      'SerializationException',
      'The request body could not be read: it is too long',
    ]);
  });

  test('denies what it says, and nothing else', async () => {
    const { ask, client } = await asked();
    const uploadId = await client.newUpload('photos', 1 * MiB);
    await ask('PUT', 'access-policy', { Policy: denyUploads });
    const reply = await client.part('photos', uploadId, 0, leaves(5));
    expect([reply.status, reply.json['code']]).toEqual([403, 'AccessDeniedException']);
    expect(reply.json['message']).toContain('not authorized to perform: glacier:UploadMultipartPart');
    expect((await client.upload('photos', leaves(5))).status).toBe(403);
    expect((await client.parts('photos', uploadId)).json['Parts']).toEqual([]);
    await ask('DELETE', 'access-policy');
    expect((await client.part('photos', uploadId, 0, leaves(5))).status).toBe(204);
  });
});

test('an access policy that allows takes nothing away, and conditions on what is not known do not hold', async () => {
  const { ask, client } = await asked();
  const statement = { Principal: '*', Action: ['glacier:*'], Resource: '*' };
  const known = { 'glacier:ResourceTag/keep': 'yes' };
  const Statement = [
    { ...statement, Effect: 'Allow' },
    { ...statement, Effect: 'Deny', Condition: { StringEquals: known } },
  ];
  await ask('PUT', 'access-policy', { Policy: JSON.stringify({ Statement }) });
  expect((await client.upload('photos', leaves(5))).status).toBe(201);
});

describe('the vault lock', () => {
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: ['glacier:DeleteArchive'],
        Resource: '*',
        Condition: { NumericLessThan: { 'glacier:ArchiveAgeInDays': '365' } },
      },
    ],
  });

  test('is tried for a day, and vanishes when it is not completed', async () => {
    const { ask, wait } = await asked();
    expect((await ask('GET', 'lock-policy')).status).toBe(404);
    const started = await ask('POST', 'lock-policy', { Policy: policy });
    expect(started.status).toBe(201);
    expect(started.headers['x-amz-lock-id']).toMatch(/^[\w-]{24}$/);
    expect((await ask('GET', 'lock-policy')).json).toEqual({
      CreationDate: '2026-11-22T12:00:00.000Z',
      ExpirationDate: '2026-11-23T12:00:00.000Z',
      Policy: policy,
      State: 'InProgress',
    });
    expect((await ask('POST', 'lock-policy', { Policy: policy })).json['code']).toBe('AccessDeniedException');
    const wrong = await ask('POST', 'lock-policy/wrong');
    expect([wrong.status, wrong.json['code']]).toEqual([400, 'InvalidParameterValueException']);
    wait(24 * HOUR);
    expect((await ask('GET', 'lock-policy')).status).toBe(404);
    expect((await ask('POST', `lock-policy/${started.headers['x-amz-lock-id'] as string}`)).status).toBe(404);
  });

  test('stays for good once it is completed', async () => {
    const { ask, wait, restart } = await asked();
    const lockId = String((await ask('POST', 'lock-policy', { Policy: policy })).headers['x-amz-lock-id']);
    for (let time = 0; time < 2; time += 1) expect((await ask('POST', `lock-policy/${lockId}`)).status).toBe(204);
    wait(24 * HOUR);
    await restart();
    expect((await ask('GET', 'lock-policy')).json).toMatchObject({ State: 'Locked', ExpirationDate: null });
    for (const reply of [
      await ask('DELETE', 'lock-policy'),
      await ask('POST', 'lock-policy', { Policy: policy }),
      await ask('POST', 'lock-policy/wrong'),
    ]) {
      expect([reply.status, reply.json['code']]).toEqual([403, 'AccessDeniedException']);
    }
  });

  test('keeps archives from being deleted until they are old enough', async () => {
    const { ask, client, wait } = await asked();
    const archiveId = await client.store('photos', leaves(5), 1 * MiB);
    const lockId = String((await ask('POST', 'lock-policy', { Policy: policy })).headers['x-amz-lock-id']);
    await ask('POST', `lock-policy/${lockId}`);
    wait(365 * DAY - 1);
    const refused = await client.deleteArchive('photos', archiveId);
    expect([refused.status, refused.json['code']]).toEqual([403, 'AccessDeniedException']);
    wait(1);
    expect((await client.deleteArchive('photos', archiveId)).status).toBe(204);
  });
});

test('provisioned capacity is bought for a month, at most two units at once', async () => {
  const { client, wait, restart } = await practiceBench();
  const target = '/-/provisioned-capacity';
  const listed = async (): Promise<unknown> => (await client.call('GET', target)).json;
  expect(await listed()).toEqual({ ProvisionedCapacityList: [] });
  const bought = await client.call('POST', target);
  expect(bought.status).toBe(201);
  expect(bought.headers['x-amz-capacity-id']).toMatch(/^[\w-]{24}$/);
  await restart();
  expect(await listed()).toEqual({
    ProvisionedCapacityList: [
      {
        CapacityId: bought.headers['x-amz-capacity-id'],
        StartDate: '2026-11-22T12:00:00.000Z',
        ExpirationDate: '2026-12-22T12:00:00.000Z',
      },
    ],
  });
  expect((await client.call('POST', target)).status).toBe(201);
  expect((await client.call('POST', target)).json['code']).toBe('LimitExceededException');
  wait(30 * DAY);
  expect(await listed()).toEqual({ ProvisionedCapacityList: [] });
  expect((await client.call('POST', target)).status).toBe(201);
});

test.each(['tags', 'notification-configuration', 'access-policy', 'lock-policy', 'jobs', 'multipart-uploads'])(
  'a vault that is not there has no %s',
  async (sub) => {
    const { client } = await practiceBench();
    const reply = await client.call('GET', `/-/vaults/none/${sub}`);
    expect(reply.json['message']).toBe('Vault not found for ARN: arn:aws:glacier:us-east-1:111122223333:vaults/none');
  },
);
