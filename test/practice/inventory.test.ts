import { expect, test } from 'vitest';
import { DAY, HOUR, MiB } from '../../shared/units.ts';
import { type PracticeBench, practiceBench } from '../support/practice-bench.ts';
import { leaves } from '../support/practice-data.ts';
import { treeHashOf } from '../support/practice-request.ts';

const arn = 'arn:aws:glacier:us-east-1:111122223333:vaults/photos';

async function inventoried(): Promise<PracticeBench & { archiveId: string }> {
  const bench = await practiceBench();
  await bench.client.createVault('photos');
  const archiveId = await bench.client.store('photos', leaves(3 * MiB), 1 * MiB);
  bench.wait(1 * DAY);
  return { ...bench, archiveId };
}

function newJob({ client }: PracticeBench, more: Record<string, unknown> = {}): Promise<string> {
  return client.newJob('photos', { Type: 'inventory-retrieval', ...more });
}

test('there is nothing to retrieve before the first inventory', async () => {
  const { client, wait } = await practiceBench();
  await client.createVault('photos');
  const ask = (): ReturnType<typeof client.job> => client.job('photos', { Type: 'inventory-retrieval' });
  expect((await ask()).json).toMatchObject({ code: 'ResourceNotFoundException' });
  await client.store('photos', leaves(1), 1 * MiB);
  expect((await ask()).status).toBe(404);
  wait(1 * DAY);
  expect((await ask()).status).toBe(202);
});

test('an inventory job takes its time, and its output stays for a day', async () => {
  const bench = await inventoried();
  const { client, wait, restart, archiveId } = bench;
  const started = await client.job('photos', { Type: 'inventory-retrieval', Description: 'monthly', Format: null });
  const jobId = String(started.headers['x-amz-job-id']);
  expect(jobId).toMatch(/^[\w-]{92}$/);
  expect(started.status).toBe(202);
  expect(started.headers.location).toBe(`/111122223333/vaults/photos/jobs/${jobId}`);
  const parameters = { EndDate: null, Format: 'JSON', Limit: null, Marker: null, StartDate: null };
  const running = {
    Action: 'InventoryRetrieval',
    ArchiveId: null,
    ArchiveSHA256TreeHash: null,
    ArchiveSizeInBytes: null,
    Completed: false,
    CompletionDate: null,
    CreationDate: '2026-11-23T12:00:00.000Z',
    InventoryRetrievalParameters: parameters,
    InventorySizeInBytes: null,
    JobDescription: 'monthly',
    JobId: jobId,
    JobOutputPath: null,
    OutputLocation: null,
    RetrievalByteRange: null,
    SelectParameters: null,
    SHA256TreeHash: null,
    SNSTopic: null,
    StatusCode: 'InProgress',
    StatusMessage: null,
    Tier: null,
    VaultARN: arn,
  };
  wait(4 * HOUR - 1);
  expect((await client.describeJob('photos', jobId)).json).toEqual(running);
  const early = await client.output('photos', jobId);
  expect([early.status, early.json['code'], early.json['message']]).toEqual([
    400,
    'InvalidParameterValueException',
    `The job is not currently available for download: ${jobId}`,
  ]);

  wait(1);
  await restart();
  const output = await client.output('photos', jobId);
  expect((await client.describeJob('photos', jobId)).json).toEqual({
    ...running,
    Completed: true,
    CompletionDate: '2026-11-23T16:00:00.000Z',
    InventorySizeInBytes: output.body.length,
    StatusCode: 'Succeeded',
    StatusMessage: 'Succeeded',
  });
  expect([output.status, output.headers['content-type'], output.headers['accept-ranges']]).toEqual([
    200,
    'application/json',
    'bytes',
  ]);
  expect(output.json).toEqual({
    VaultARN: arn,
    InventoryDate: '2026-11-23T12:00:00Z',
    ArchiveList: [
      {
        ArchiveId: archiveId,
        ArchiveDescription: '',
        CreationDate: '2026-11-22T12:00:00.000Z',
        Size: 3 * MiB,
        SHA256TreeHash: treeHashOf(leaves(3 * MiB)),
      },
    ],
  });

  wait(24 * HOUR);
  for (const reply of [await client.describeJob('photos', jobId), await client.output('photos', jobId)]) {
    expect([reply.status, reply.json['message']]).toEqual([404, `The job ID was not found: ${jobId}`]);
  }
});

test('the output is the inventory of the moment at which it was asked for', async () => {
  const bench = await inventoried();
  const before = await newJob(bench);
  await bench.client.store('photos', leaves(1), 1 * MiB);
  const stillBefore = await newJob(bench);
  bench.wait(1 * DAY);
  const after = await newJob(bench);
  const count = async (jobId: string): Promise<number> =>
    ((await bench.client.output('photos', jobId)).json['ArchiveList'] as unknown[]).length;
  expect([await count(before), await count(stillBefore)]).toEqual([1, 1]);
  bench.wait(4 * HOUR);
  expect(await count(after)).toBe(2);
});

test('the output can be had by ranges', async () => {
  const bench = await inventoried();
  const jobId = await newJob(bench);
  bench.wait(4 * HOUR);
  const whole = (await bench.client.output('photos', jobId)).body;
  const piece = await bench.client.output('photos', jobId, { range: 'bytes=5-20' });
  expect([piece.status, piece.headers['content-range'], piece.body]).toEqual([
    206,
    `bytes 5-20/${whole.length}`,
    whole.subarray(5, 21),
  ]);
  for (const range of ['bytes=5-', 'bytes=20-5', `bytes=0-${whole.length}`, 'lines=1-2']) {
    const reply = await bench.client.output('photos', jobId, { range });
    expect([range, reply.status, reply.json['code']]).toEqual([range, 400, 'InvalidParameterValueException']);
  }
});

test('jobs are listed by status and by whether they have ended', async () => {
  const bench = await inventoried();
  const old = await newJob(bench);
  bench.wait(4 * HOUR);
  const young = await newJob(bench);
  const listed = async (query: string): Promise<unknown[]> => {
    const { json } = await bench.client.call('GET', `/-/vaults/photos/jobs${query}`);
    return (json['JobList'] as { JobId: string }[]).map(({ JobId }) => JobId);
  };
  expect(await listed('')).toEqual([old, young]);
  expect(await listed('?completed=true')).toEqual([old]);
  expect(await listed('?completed=false')).toEqual([young]);
  expect(await listed('?statuscode=Succeeded')).toEqual([old]);
  expect(await listed('?statuscode=InProgress')).toEqual([young]);
  expect(await listed('?statuscode=Failed&completed=true')).toEqual([]);
  const wrong = await bench.client.call('GET', '/-/vaults/photos/jobs?statuscode=finished');
  expect([wrong.status, wrong.json['message']]).toEqual([400, 'The job status code is not valid: finished']);
  const unclear = await bench.client.call('GET', '/-/vaults/photos/jobs?completed=perhaps');
  expect([unclear.status, unclear.json['message']]).toEqual([400, 'Invalid completed: perhaps']);
  bench.wait(24 * HOUR);
  expect(await listed('')).toEqual([young]);
});

test.each([
  ['{', 'SerializationException'],
  ['{"Type":5}', 'SerializationException'],
  ['[]', 'SerializationException'],
  ['{}', 'InvalidParameterValueException'],
  ['{"Type":"select"}', 'InvalidParameterValueException'],
  ['{"Type":"inventory-retrieval","Format":"XML"}', 'InvalidParameterValueException'],
  [JSON.stringify({ Type: 'inventory-retrieval', Description: 'x'.repeat(1025) }), 'InvalidParameterValueException'],
])('the job request %s is refused', async (body, code) => {
  const { client } = await inventoried();
  const reply = await client.call('POST', '/-/vaults/photos/jobs', { body });
  expect([reply.status, reply.json['code']]).toEqual([400, code]);
});

test('CSV quotes what needs it, with a backslash before a quote and none before a backslash', async () => {
  const { client, wait } = await practiceBench();
  await client.createVault('photos');
  const ids: string[] = [];
  for (const description of ['plain', 'a,b', 'say "hi"', 'back\\slash', '']) {
    const reply = await client.upload('photos', leaves(3), { 'x-amz-archive-description': description });
    ids.push(String(reply.headers['x-amz-archive-id']));
    wait(1);
  }
  wait(1 * DAY);
  const jobId = await client.newJob('photos', { Type: 'inventory-retrieval', Format: 'CSV' });
  wait(4 * HOUR);
  const output = await client.output('photos', jobId);
  expect(output.headers['content-type']).toBe('text/csv');
  const hash = treeHashOf(leaves(3));
  const date = (ms: number): string => `2026-11-22T12:00:00.00${ms}Z`;
  expect(output.body.toString()).toBe(
    [
      'ArchiveId,ArchiveDescription,CreationDate,Size,SHA256TreeHash',
      `${ids[0]},plain,${date(0)},3,${hash}`,
      `${ids[1]},"a,b",${date(1)},3,${hash}`,
      `${ids[2]},"say \\"hi\\"",${date(2)},3,${hash}`,
      `${ids[3]},back\\slash,${date(3)},3,${hash}`,
      `${ids[4]},,${date(4)},3,${hash}`,
      '',
    ].join('\n'),
  );
});

test('a job can be for some archives, and the next for those that follow', async () => {
  const bench = await practiceBench();
  const { client, wait } = bench;
  await client.createVault('photos');
  const ids: unknown[] = [];
  for (let hour = 0; hour < 5; hour += 1) {
    ids.push((await client.upload('photos', leaves(3))).headers['x-amz-archive-id']);
    wait(1 * HOUR);
  }
  wait(1 * DAY);
  const retrieve = async (parameters: Record<string, unknown>): Promise<{ ids: unknown[]; marker: unknown }> => {
    const jobId = await newJob(bench, { InventoryRetrievalParameters: parameters });
    wait(4 * HOUR);
    const { InventoryRetrievalParameters: shown } = (await client.describeJob('photos', jobId)).json;
    const list = (await client.output('photos', jobId)).json['ArchiveList'] as { ArchiveId: string }[];
    return { ids: list.map(({ ArchiveId }) => ArchiveId), marker: (shown as Record<string, unknown>)['Marker'] };
  };
  const dates = { StartDate: '2026-11-22T13:00:00Z', EndDate: '2026-11-22T16:00:00Z' };
  expect(await retrieve(dates)).toEqual({ ids: ids.slice(1, 4), marker: null });

  const first = await retrieve({ Limit: '2' });
  const second = await retrieve({ Limit: '2', Marker: first.marker });
  const third = await retrieve({ Limit: '2', Marker: second.marker });
  expect([first.ids, second.ids, third.ids]).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  expect([typeof first.marker, typeof second.marker, third.marker]).toEqual(['string', 'string', null]);
});

test.each([
  { StartDate: '2026-11-22' },
  { EndDate: '2026-11-22T12:00:00.000Z' },
  { EndDate: '2026-13-22T12:00:00Z' },
  { Limit: '0' },
  { Limit: 'all' },
  { Marker: 'made-up' },
])('the inventory parameters %j are refused', async (parameters) => {
  const { client } = await inventoried();
  const reply = await client.job('photos', { Type: 'inventory-retrieval', InventoryRetrievalParameters: parameters });
  expect([reply.status, reply.json['code']]).toEqual([400, 'InvalidParameterValueException']);
  expect(reply.json['message']).toContain(Object.keys(parameters)[0]);
});

test.each([{ ArchiveId: 'x' }, { RetrievalByteRange: '0-1048575' }])(
  '%j is no part of an inventory job',
  async (more) => {
    const { client } = await inventoried();
    const reply = await client.job('photos', { Type: 'inventory-retrieval', ...more });
    expect([reply.status, reply.json['code']]).toEqual([400, 'InvalidParameterValueException']);
  },
);
