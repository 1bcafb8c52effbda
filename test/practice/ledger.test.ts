import { appendFileSync, existsSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MiB } from '../../shared/units.ts';
import { readLedger } from '../../main/practice/server.ts';
import { practiceBench } from '../support/practice-bench.ts';
import { leaves } from '../support/practice-data.ts';
import { treeHashByDefinition as treeHashOf } from '../support/tree-hash-by-definition.ts';

test('the ledger tells of every request what was asked, sent and done', async () => {
  const { client, folder, now } = await practiceBench();
  await client.createVault('photos');
  const uploadId = await client.newUpload('photos', 1 * MiB);
  await client.part('photos', uploadId, 0, leaves(12), { 'content-range': 'bytes 0-10/*' });
  await client.part('photos', uploadId, 0, leaves(12));
  const done = await client.complete('photos', uploadId, 12, treeHashOf(leaves(12)));
  await client.call('GET', '/-/vaults/none');
  const archiveId = done.headers['x-amz-archive-id'];
  const upload = { vault: 'photos', multipartUploadId: uploadId, archiveId: null, jobId: null };
  const common = { at: now(), fault: null, problem: null };
  expect(readLedger(folder)).toMatchObject([
    { operation: 'CreateVault', vault: 'photos', multipartUploadId: null, status: 201, code: null, committed: true },
    { ...common, ...upload, operation: 'InitiateMultipartUpload', status: 201, committed: true },
    {
      ...common,
      ...upload,
      method: 'PUT',
      operation: 'UploadMultipartPart',
      range: 'bytes 0-10/*',
      bytesReceived: 12,
      status: 400,
      code: 'InvalidParameterValueException',
      committed: false,
    },
    {
      ...upload,
      operation: 'UploadMultipartPart',
      range: 'bytes 0-11/*',
      bytesReceived: 12,
      status: 204,
      committed: true,
    },
    { ...upload, operation: 'CompleteMultipartUpload', archiveId, status: 201, committed: true },
    { operation: 'DescribeVault', vault: 'none', status: 404, code: 'ResourceNotFoundException', committed: false },
  ]);
});

test('a repeated complete or abort changes nothing, and the ledger says so', async () => {
  const { client, vault } = await practiceBench();
  await client.createVault('photos');
  const [first, second] = [await client.newUpload('photos', 1 * MiB), await client.newUpload('photos', 1 * MiB)];
  await client.part('photos', first, 0, leaves(12));
  for (let time = 0; time < 2; time += 1) {
    await client.complete('photos', first, 12, treeHashOf(leaves(12)));
    await client.abort('photos', second);
  }
  const committed = vault()
    .ledger.read()
    .slice(-4)
    .map((entry) => entry.committed);
  expect(committed).toEqual([true, true, false, false]);
});

test('a line that a crash cut off is left out, and the next one is whole', async () => {
  const { client, folder, restart } = await practiceBench();
  await client.createVault('photos');
  const file = join(folder, 'ledger.jsonl');
  truncateSync(file, statSync(file).size - 20);
  await restart();
  await client.createVault('more');
  expect(readLedger(folder).map(({ vault }) => vault)).toEqual(['more']);
});

test('a ledger that has grown long makes room and keeps its last lines', async () => {
  const { client, folder, restart } = await practiceBench();
  appendFileSync(join(folder, 'ledger.jsonl'), 'x'.repeat(16 * MiB));
  await restart();
  await client.createVault('photos');
  expect(existsSync(join(folder, 'ledger.1.jsonl'))).toBe(true);
  expect(statSync(join(folder, 'ledger.jsonl')).size).toBeLessThan(1000);
  expect(readLedger(folder).map(({ vault }) => vault)).toEqual(['photos']);
});

test('no ledger is an empty one', () => {
  expect(readLedger('/nowhere')).toEqual([]);
});
