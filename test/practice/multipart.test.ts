import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE, MiB } from '../../shared/units.ts';
import { type PracticeBench, practiceBench } from '../support/practice-bench.ts';
import { leaves } from '../support/practice-data.ts';
import { type PracticeReply, treeHashOf } from '../support/practice-request.ts';

const account = '111122223333';

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

async function opened(partSize = 1 * MiB): Promise<PracticeBench & { uploadId: string }> {
  const bench = await practiceBench();
  await bench.client.createVault('photos');
  return { ...bench, uploadId: await bench.client.newUpload('photos', partSize) };
}

function refusal({ status, json }: PracticeReply): unknown[] {
  return [status, json['code'], json['message']];
}

async function rangesOf({ client, uploadId }: PracticeBench & { uploadId: string }): Promise<unknown[]> {
  const parts = (await client.parts('photos', uploadId)).json['Parts'] as { RangeInBytes: string }[];
  return parts.map((part) => part.RangeInBytes);
}

describe('initiating', () => {
  test.each(['10485760', '524288', '8589934592', 'abc', '1048576.5', '1048576.0', '0x100000', '-1048576', ''])(
    'a part size of "%s" is refused',
    async (size) => {
      const { client } = await opened();
      const text = size === '' ? '' : size;
      expect(refusal(await client.initiate('photos', size))).toEqual([
        400,
        'InvalidParameterValueException',
        `Invalid part size: ${text}. Part size must not be null, must be a power of two and be between 1048576 and 4294967296 bytes.`,
      ]);
    },
  );

  test('all thirteen part sizes are taken', async () => {
    const { client } = await opened();
    for (let size = 1 * MiB; size <= 4096 * MiB; size *= 2) {
      expect((await client.initiate('photos', size)).status).toBe(201);
    }
  });

  test('a description is kept as it was sent, but for its leading blanks', async () => {
    const { client } = await opened();
    const longest = 'x'.repeat(1024);
    for (const [sent, kept] of [
      [longest, longest],
      [' !~ "\\ ', '!~ "\\'],
      ['', null],
    ] as const) {
      const id = String((await client.initiate('photos', 1 * MiB, sent)).headers['x-amz-multipart-upload-id']);
      expect((await client.parts('photos', id)).json['ArchiveDescription']).toBe(kept);
    }
  });

  test.each(['x'.repeat(1025), 'tab\there', 'r\u00e4ksm\u00f6rg\u00e5s'])(
    'the description "%s" is refused',
    async (description) => {
      const { client } = await opened();
      const reply = await client.initiate('photos', 1 * MiB, description);
      expect(refusal(reply).slice(0, 2)).toEqual([400, 'InvalidParameterValueException']);
      expect(reply.json['message']).toContain('x-amz-archive-description');
    },
  );

  test('an unknown vault is named by its ARN, an impossible one as it is', async () => {
    const { client } = await opened();
    expect(refusal(await client.initiate('none', 1 * MiB))).toEqual([
      404,
      'ResourceNotFoundException',
      `Vault not found for ARN: arn:aws:glacier:us-east-1:${account}:vaults/none`,
    ]);
    expect(refusal(await client.initiate('test%3Az', 1 * MiB))[2]).toBe('Vault not found for ARN: test:z');
  });
});

describe('a part is refused and nothing of it is kept', () => {
  const data = Buffer.from('twelve bytes');

  test.each(['bytes 0-11', 'bytes=0-11/*', 'bytes 11-0/*', 'bytes 0-11/12', 'bytes -1-11/*', 'bytes a-b/*'])(
    'for the Content-Range "%s"',
    async (range) => {
      const bench = await opened();
      const reply = await bench.client.part('photos', bench.uploadId, 0, data, { 'content-range': range });
      expect(refusal(reply)).toEqual([400, 'InvalidParameterValueException', `Invalid Content-Range: ${range}`]);
      expect(await rangesOf(bench)).toEqual([]);
    },
  );

  test('for a range that is not as long as the body', async () => {
    const bench = await opened();
    const reply = await bench.client.part('photos', bench.uploadId, 0, data, { 'content-range': 'bytes 0-12/*' });
    expect(refusal(reply)).toEqual([
      400,
      'InvalidParameterValueException',
      'Content-Range: bytes 0-12/* is incompatible with Content-Length: 12',
    ]);
    expect(await rangesOf(bench)).toEqual([]);
  });

  test('for a range that does not begin at a part, or is longer than one', async () => {
    const bench = await opened();
    expect((await bench.client.part('photos', bench.uploadId, 12, data)).json['message']).toContain('bytes 12-23/*');
    const long = await bench.client.part('photos', bench.uploadId, 0, leaves(1 * MiB + 1));
    expect(refusal(long).slice(0, 2)).toEqual([400, 'InvalidParameterValueException']);
    expect(await rangesOf(bench)).toEqual([]);
  });

  test('beyond the 10,000th', async () => {
    const bench = await opened();
    expect((await bench.client.part('photos', bench.uploadId, 9_999 * MiB, data)).status).toBe(204);
    expect(refusal(await bench.client.part('photos', bench.uploadId, 10_000 * MiB, data))).toEqual([
      400,
      'InvalidParameterValueException',
      'This is part number 10001 for the current multipart upload. It exceeds the limit of 10000 parts.',
    ]);
    expect(await rangesOf(bench)).toHaveLength(1);
  });

  test('for a tree hash that is not the one of its bytes', async () => {
    const bench = await opened();
    const wrong = treeHashOf(Buffer.from('other bytes'));
    const reply = await bench.client.part('photos', bench.uploadId, 0, data, { 'x-amz-sha256-tree-hash': wrong });
    expect(refusal(reply)).toEqual([
      400,
      'InvalidParameterValueException',
      `Checksum mismatch: expected ${wrong}, computed ${treeHashOf(data)}`,
    ]);
    expect(await rangesOf(bench)).toEqual([]);
  });

  test('for a tree hash that is none', async () => {
    const bench = await opened();
    const reply = await bench.client.part('photos', bench.uploadId, 0, data, { 'x-amz-sha256-tree-hash': 'ABC' });
    expect(reply.json['message']).toBe('Invalid x-amz-sha256-tree-hash: ABC');
    expect(await rangesOf(bench)).toEqual([]);
  });

  test.each(['x-amz-sha256-tree-hash', 'content-range'])('without %s', async (name) => {
    const bench = await opened();
    const reply = await bench.client.part('photos', bench.uploadId, 0, data, {}, { without: [name] });
    expect(refusal(reply)).toEqual([400, 'MissingParameterValueException', `Required parameter missing: ${name}`]);
    expect(await rangesOf(bench)).toEqual([]);
  });

  test('for an upload that is not there', async () => {
    const { client } = await opened();
    expect(refusal(await client.part('photos', 'nowhere', 0, data))).toEqual([
      404,
      'ResourceNotFoundException',
      'The upload ID was not found: nowhere',
    ]);
  });
});

test('a part sent again replaces the older one, also with another length', async () => {
  const bench = await opened();
  const { client, uploadId } = bench;
  for (const data of [leaves(1 * MiB), leaves(100), leaves(200)]) await client.part('photos', uploadId, 0, data);
  expect(await rangesOf(bench)).toEqual(['0-199']);
  await bench.restart();
  expect(await rangesOf(bench)).toEqual(['0-199']);
  expect((await client.complete('photos', uploadId, 200, treeHashOf(leaves(200)))).status).toBe(201);
});

describe('completing', () => {
  const data = leaves(2.5 * MiB);
  const part = (index: number): Buffer => data.subarray(index * MiB, (index + 1) * MiB);

  async function uploaded(indexes = [0, 1, 2]): Promise<PracticeBench & { uploadId: string }> {
    const bench = await opened();
    for (const index of indexes) await bench.client.part('photos', bench.uploadId, index * MiB, part(index));
    return bench;
  }

  test('is refused with another size or tree hash, or without them', async () => {
    const { client, uploadId, ...bench } = await uploaded();
    const other = treeHashOf(part(1));
    const target = `/-/vaults/photos/multipart-uploads/${uploadId}`;
    expect((await client.complete('photos', uploadId, data.length - 1, treeHashOf(data))).json['message']).toContain(
      'x-amz-archive-size',
    );
    for (const size of ['many', `${data.length}.0`, `0x${data.length.toString(16)}`]) {
      expect((await client.complete('photos', uploadId, size, treeHashOf(data))).json['message']).toBe(
        `Invalid x-amz-archive-size: ${size}`,
      );
    }
    expect(refusal(await client.complete('photos', uploadId, data.length, other))).toEqual([
      400,
      'InvalidParameterValueException',
      `Invalid x-amz-sha256-tree-hash: ${other}`,
    ]);
    for (const [kept, missing] of [
      [{ 'x-amz-archive-size': '1' }, 'x-amz-sha256-tree-hash'],
      [{ 'x-amz-sha256-tree-hash': other }, 'x-amz-archive-size'],
    ] as const) {
      const reply = await client.call('POST', target, { headers: kept });
      expect(refusal(reply)).toEqual([400, 'MissingParameterValueException', `Required parameter missing: ${missing}`]);
    }
    expect(await rangesOf({ client, uploadId, ...bench })).toHaveLength(3);
  });

  test('gives the same archive again for ten minutes, and then is unknown', async () => {
    const { client, uploadId, wait, restart } = await uploaded();
    const complete = (size = data.length): Promise<PracticeReply> =>
      client.complete('photos', uploadId, size, treeHashOf(data));
    const first = await complete();
    wait(10 * MINUTE - 1);
    const again = await complete();
    expect([again.status, again.headers['x-amz-archive-id']]).toEqual([201, first.headers['x-amz-archive-id']]);
    expect((await complete(1)).status).toBe(400);
    expect((await client.complete('photos', uploadId, data.length, treeHashOf(part(0)))).status).toBe(400);
    await restart();
    expect((await complete()).headers['x-amz-archive-id']).toBe(first.headers['x-amz-archive-id']);
    wait(1);
    expect(refusal(await complete())[2]).toBe(`The upload ID was not found: ${uploadId}`);
  });

  test('twice at once makes one archive', async () => {
    const { client, uploadId } = await uploaded();
    const complete = (): Promise<PracticeReply> => client.complete('photos', uploadId, data.length, treeHashOf(data));
    const ids = (await Promise.all([complete(), complete(), complete()])).map((it) => it.headers['x-amz-archive-id']);
    expect(new Set(ids).size).toBe(1);
  });
});

describe('aborting', () => {
  test('succeeds again for ten minutes, also after a restart, and then the upload is unknown', async () => {
    const { client, uploadId, wait, restart } = await opened();
    await client.part('photos', uploadId, 0, leaves(10));
    expect((await client.abort('photos', uploadId)).status).toBe(204);
    await restart();
    wait(10 * MINUTE - 1);
    expect((await client.abort('photos', uploadId)).status).toBe(204);
    wait(1);
    expect((await client.abort('photos', uploadId)).status).toBe(404);
  });
});

test('an upload is gone 24 hours after its last part', async () => {
  const bench = await opened();
  const { client, uploadId, wait, restart } = bench;
  wait(23 * HOUR);
  await client.part('photos', uploadId, 0, leaves(10));
  wait(24 * HOUR - 1);
  expect((await client.parts('photos', uploadId)).status).toBe(200);
  await restart();
  expect(await rangesOf(bench)).toEqual(['0-9']);
  wait(1);
  expect((await client.parts('photos', uploadId)).status).toBe(404);
  expect((await client.part('photos', uploadId, 0, leaves(10))).status).toBe(404);
  expect((await client.call('GET', '/-/vaults/photos/multipart-uploads')).json['UploadsList']).toEqual([]);
  await restart();
  expect((await client.complete('photos', uploadId, 10, treeHashOf(leaves(10)))).status).toBe(404);
});
