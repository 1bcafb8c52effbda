import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE, MiB } from '../../shared/units.ts';
import type { PracticeRules } from '../../main/practice/server.ts';
import { type PracticeBench, practiceBench } from '../support/practice-bench.ts';
import { leaves } from '../support/practice-data.ts';
import { treeHashByDefinition as treeHashOf } from '../support/tree-hash-by-definition.ts';

const data = leaves(6.5 * MiB);
const slice = (first: number, last: number): Buffer => data.subarray(first * MiB, last * MiB);
const text = (first: number, last: number): string => `${first * MiB}-${last * MiB - 1}`;

async function stored(rules: Partial<PracticeRules> = {}): Promise<PracticeBench & { archiveId: string }> {
  const bench = await practiceBench({ rules });
  await bench.client.createVault('photos');
  return { ...bench, archiveId: await bench.client.store('photos', data, 2 * MiB) };
}

describe('an archive job', () => {
  test('tells everything about itself', async () => {
    const { client, wait, archiveId } = await stored();
    const jobId = await client.newJob('photos', {
      Type: 'archive-retrieval',
      ArchiveId: archiveId,
      Description: 'wanted',
      SNSTopic: 'arn:aws:sns:us-east-1:111122223333:done',
      Tier: null,
      Format: null,
    });
    wait(4 * HOUR);
    expect((await client.describeJob('photos', jobId)).json).toEqual({
      Action: 'ArchiveRetrieval',
      ArchiveId: archiveId,
      ArchiveSHA256TreeHash: treeHashOf(data),
      ArchiveSizeInBytes: data.length,
      Completed: true,
      CompletionDate: '2026-11-22T16:00:00.000Z',
      CreationDate: '2026-11-22T12:00:00.000Z',
      InventoryRetrievalParameters: null,
      InventorySizeInBytes: null,
      JobDescription: 'wanted',
      JobId: jobId,
      JobOutputPath: null,
      OutputLocation: null,
      RetrievalByteRange: `0-${data.length - 1}`,
      SelectParameters: null,
      SHA256TreeHash: treeHashOf(data),
      SNSTopic: 'arn:aws:sns:us-east-1:111122223333:done',
      StatusCode: 'Succeeded',
      StatusMessage: 'Succeeded',
      Tier: 'Standard',
      VaultARN: 'arn:aws:glacier:us-east-1:111122223333:vaults/photos',
    });
    const output = await client.output('photos', jobId);
    expect([output.status, output.headers['x-amz-sha256-tree-hash']]).toEqual([200, treeHashOf(data)]);
    expect(output.headers['content-type']).toBe('application/octet-stream');
    expect(output.body.equals(data)).toBe(true);
  });

  test.each([
    ['Expedited', 3 * MINUTE],
    ['Standard', 4 * HOUR],
    ['Bulk', 8 * HOUR],
  ])('of the tier %s takes %d ms', async (Tier, duration) => {
    const { client, wait, archiveId } = await stored();
    const jobId = await client.newJob('photos', { Type: 'archive-retrieval', ArchiveId: archiveId, Tier });
    wait(duration - 1);
    expect((await client.output('photos', jobId)).status).toBe(400);
    wait(1);
    expect((await client.output('photos', jobId)).status).toBe(200);
    wait(24 * HOUR - 1);
    expect((await client.output('photos', jobId)).status).toBe(200);
    wait(1);
    expect((await client.output('photos', jobId)).status).toBe(404);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ Tier: 'Fast' }, 'Tier'],
    [{ RetrievalByteRange: '0-1000' }, 'RetrievalByteRange'],
    [{ RetrievalByteRange: `1-${2 * MiB - 1}` }, 'RetrievalByteRange'],
    [{ RetrievalByteRange: `0-${7 * MiB - 1}` }, 'RetrievalByteRange'],
    [{ RetrievalByteRange: `${2 * MiB}-${1 * MiB - 1}` }, 'RetrievalByteRange'],
    [{ RetrievalByteRange: 'all' }, 'RetrievalByteRange'],
    [{ RetrievalByteRange: `bytes=0-${1 * MiB - 1}` }, 'RetrievalByteRange'],
    [{ Format: 'JSON' }, 'inventory'],
    [{ InventoryRetrievalParameters: { Limit: '1' } }, 'inventory'],
    [{ Description: 'tab\there' }, 'Description'],
  ])('is refused for %j', async (more, word) => {
    const { client, archiveId } = await stored();
    const reply = await client.job('photos', { Type: 'archive-retrieval', ArchiveId: archiveId, ...more });
    expect([reply.status, reply.json['code']]).toEqual([400, 'InvalidParameterValueException']);
    expect(reply.json['message']).toContain(word);
  });

  test('is refused for an archive that is not named, not there, or deleted', async () => {
    const { client, archiveId } = await stored();
    const ask = (ArchiveId?: string): ReturnType<typeof client.job> =>
      client.job('photos', { Type: 'archive-retrieval', ArchiveId });
    expect((await ask()).json['code']).toBe('MissingParameterValueException');
    expect((await ask('nowhere')).json['message']).toBe('The archive ID was not found: nowhere');
    await client.deleteArchive('photos', archiveId);
    expect((await ask(archiveId)).status).toBe(404);
  });

  test('fails when its archive is deleted before it is done; output that is there stays', async () => {
    const { client, wait, restart, archiveId } = await stored();
    const ask = (Tier: string): Promise<string> =>
      client.newJob('photos', { Type: 'archive-retrieval', ArchiveId: archiveId, Tier });
    const [quick, slow] = [await ask('Expedited'), await ask('Standard')];
    wait(1 * HOUR);
    await client.deleteArchive('photos', archiveId);
    wait(22 * HOUR);
    await restart();
    expect((await client.output('photos', quick)).body.equals(data)).toBe(true);
    expect((await client.describeJob('photos', slow)).json).toMatchObject({
      Completed: true,
      StatusCode: 'Failed',
      CompletionDate: '2026-11-22T13:00:00.000Z',
    });
    expect((await client.output('photos', slow)).status).toBe(400);
    wait(24 * HOUR);
    await restart();
    expect((await client.describeJob('photos', slow)).status).toBe(404);
  });
});

test('output stays when the inventories have forgotten its archive', async () => {
  const { client, wait, restart, archiveId } = await stored();
  wait(23 * HOUR);
  const jobId = await client.newJob('photos', { Type: 'archive-retrieval', ArchiveId: archiveId, Tier: 'Expedited' });
  wait(0.5 * HOUR);
  await client.deleteArchive('photos', archiveId);
  wait(20 * HOUR);
  await restart();
  expect((await client.call('GET', '/-/vaults/photos')).json['NumberOfArchives']).toBe(0);
  expect((await client.output('photos', jobId)).body.equals(data)).toBe(true);
});

describe('ranges', () => {
  test.each([
    [2, 4, true],
    [3, 5, false],
    [4, 6.5, true],
    [2, 6.5, false],
    [0, 4, true],
  ])('a job for the MiB %d to %d has a tree hash: %s', async (first, last, aligned) => {
    const { client, wait, archiveId } = await stored();
    const jobId = await client.newJob('photos', {
      Type: 'archive-retrieval',
      ArchiveId: archiveId,
      RetrievalByteRange: text(first, last),
    });
    wait(4 * HOUR);
    const treeHash = aligned ? treeHashOf(slice(first, last)) : null;
    expect((await client.describeJob('photos', jobId)).json).toMatchObject({
      ArchiveSHA256TreeHash: treeHashOf(data),
      RetrievalByteRange: text(first, last),
      SHA256TreeHash: treeHash,
    });
    const output = await client.output('photos', jobId);
    expect(output.body.equals(slice(first, last))).toBe(true);
    expect(output.headers['x-amz-sha256-tree-hash']).toBe(treeHash ?? undefined);
  });

  test.each([
    [1, 2, true],
    [0, 2, true],
    [2, 2.5, true],
    [1, 2.5, false],
    [0, 2.5, true],
  ])('a download of the MiB %d to %d of a range has a tree hash: %s', async (first, last, aligned) => {
    const { client, wait, archiveId } = await stored();
    const jobId = await client.newJob('photos', {
      Type: 'archive-retrieval',
      ArchiveId: archiveId,
      RetrievalByteRange: text(4, 6.5),
    });
    wait(4 * HOUR);
    const output = await client.output('photos', jobId, { range: `bytes=${text(first, last)}` });
    expect([output.status, output.headers['content-range']]).toEqual([206, `bytes ${text(first, last)}/${2.5 * MiB}`]);
    expect(output.body.equals(slice(4 + first, 4 + last))).toBe(true);
    const treeHash = aligned ? treeHashOf(slice(4 + first, 4 + last)) : undefined;
    expect(output.headers['x-amz-sha256-tree-hash']).toBe(treeHash);
  });

  test('a download of a range that is not aligned has none, even where its own is', async () => {
    const { client, wait, archiveId } = await stored();
    const jobId = await client.newJob('photos', {
      Type: 'archive-retrieval',
      ArchiveId: archiveId,
      RetrievalByteRange: text(3, 5),
    });
    wait(4 * HOUR);
    const output = await client.output('photos', jobId, { range: `bytes=${text(0, 1)}` });
    expect([output.status, output.headers['x-amz-sha256-tree-hash']]).toEqual([206, undefined]);
    expect(output.body.equals(slice(3, 4))).toBe(true);
  });
});

describe('the data retrieval policy', () => {
  const target = '/-/policies/data-retrieval';
  const put = ({ client }: PracticeBench, rule: unknown): ReturnType<typeof client.call> =>
    client.call('PUT', target, { body: JSON.stringify({ Policy: { Rules: [rule] } }) });

  test('is kept and shown', async () => {
    const bench = await practiceBench();
    const shown = async (): Promise<unknown> => (await bench.client.call('GET', target)).json;
    expect(await shown()).toEqual({ Policy: { Rules: [{ BytesPerHour: null, Strategy: 'None' }] } });
    expect((await put(bench, { Strategy: 'BytesPerHour', BytesPerHour: 5 })).status).toBe(204);
    await bench.restart();
    expect(await shown()).toEqual({ Policy: { Rules: [{ BytesPerHour: 5, Strategy: 'BytesPerHour' }] } });
  });

  test.each<[unknown, string]>([
    [{ Strategy: 'Some' }, 'InvalidParameterValueException'],
    [{ Strategy: 'BytesPerHour' }, 'InvalidParameterValueException'],
    [{ Strategy: 'FreeTier', BytesPerHour: 1 }, 'InvalidParameterValueException'],
    [{ Strategy: 5 }, 'SerializationException'],
  ])('is refused with %j', async (rule, code) => {
    const bench = await practiceBench();
    const reply = await put(bench, rule);
    expect([reply.status, reply.json['code']]).toEqual([400, code]);
  });

  test('has exactly one rule', async () => {
    const { client } = await practiceBench();
    for (const Rules of [[], [{ Strategy: 'None' }, { Strategy: 'None' }]]) {
      expect((await client.call('PUT', target, { body: JSON.stringify({ Policy: { Rules } }) })).status).toBe(400);
    }
  });

  test.each<[unknown, number]>([
    [{ Strategy: 'BytesPerHour', BytesPerHour: 10 * MiB }, 1 * HOUR],
    [{ Strategy: 'FreeTier' }, 24 * HOUR],
  ])('%j holds standard retrievals back, and no others', async (rule, window) => {
    const bench = await stored({ freeBytesPerDay: 10 * MiB });
    const ask = (Tier: string): ReturnType<typeof bench.client.job> =>
      bench.client.job('photos', { Type: 'archive-retrieval', ArchiveId: bench.archiveId, Tier });
    await put(bench, rule);
    expect((await ask('Standard')).status).toBe(202);
    const refused = await ask('Standard');
    expect([refused.status, refused.json['code'], refused.json['message']]).toEqual([
      400,
      'PolicyEnforcedException',
      'InitiateJob request denied by current data retrieval policy.',
    ]);
    expect((await ask('Bulk')).status).toBe(202);
    bench.wait(window);
    expect((await ask('Standard')).status).toBe(202);
  });
});
