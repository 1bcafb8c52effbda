import { expect, test } from 'vitest';
import { MiB } from '../../shared/units.ts';
import { practiceBench } from '../support/practice-bench.ts';
import { treeHashOf } from '../support/practice-request.ts';

const account = '111122223333';

/** The k-th MiB is filled with byte k, so that nothing can change places unnoticed. */
function leaves(size: number): Buffer {
  const data = Buffer.alloc(size);
  for (let k = 0; k * MiB < size; k += 1) data.subarray(k * MiB, (k + 1) * MiB).fill(k);
  return data;
}

test('an archive is stored by parts, in any order', async () => {
  const { client, vault } = await practiceBench();
  const created = await client.createVault('photos');
  expect([created.status, created.headers.location]).toEqual([201, `/${account}/vaults/photos`]);
  expect(created.headers['x-amzn-requestid']).toMatch(/^[\w-]{47}$/);

  const initiated = await client.initiate('photos', 2 * MiB, 'my  archive');
  const uploadId = String(initiated.headers['x-amz-multipart-upload-id']);
  expect(uploadId).toMatch(/^[\w-]{92}$/);
  expect(initiated.status).toBe(201);
  expect(initiated.headers.location).toBe(`/${account}/vaults/photos/multipart-uploads/${uploadId}`);

  const data = leaves(6.5 * MiB);
  for (const first of [4, 0, 6, 2]) {
    const part = data.subarray(first * MiB, (first + 2) * MiB);
    const reply = await client.part('photos', uploadId, first * MiB, part);
    expect([reply.status, reply.headers['x-amz-sha256-tree-hash']]).toEqual([204, treeHashOf(part)]);
  }
  const listed = await client.parts('photos', uploadId);
  expect(listed.json).toMatchObject({
    ArchiveDescription: 'my  archive',
    Marker: null,
    MultipartUploadId: uploadId,
    PartSizeInBytes: 2 * MiB,
    VaultARN: `arn:aws:glacier:us-east-1:${account}:vaults/photos`,
    CreationDate: '2026-11-22T12:00:00.000Z',
  });
  expect(listed.json['Parts']).toEqual(
    [0, 2, 4, 6].map((first) => {
      const part = data.subarray(first * MiB, (first + 2) * MiB);
      return { RangeInBytes: `${first * MiB}-${first * MiB + part.length - 1}`, SHA256TreeHash: treeHashOf(part) };
    }),
  );

  const treeHash = '1bec740b9e7b5da352a727ef3b50e9b24717450758ec506d3a8d45b59ca4f759';
  const done = await client.complete('photos', uploadId, data.length, treeHash);
  const archiveId = String(done.headers['x-amz-archive-id']);
  expect(archiveId).toMatch(/^[\w-]{138}$/);
  expect(done.status).toBe(201);
  expect(done.headers.location).toBe(`/${account}/vaults/photos/archives/${archiveId}`);
  expect(done.headers['x-amz-sha256-tree-hash']).toBe(treeHash);
  expect(
    vault()
      .ledger.read()
      .map(({ operation, status, committed }) => [operation, status, committed]),
  ).toEqual([
    ['CreateVault', 201, true],
    ['InitiateMultipartUpload', 201, true],
    ...Array<unknown>(4).fill(['UploadMultipartPart', 204, true]),
    ['ListParts', 200, false],
    ['CompleteMultipartUpload', 201, true],
  ]);
});
