import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DAY, MINUTE, MiB } from '../../../shared/units.ts';
import { type BucketBench, bucketBench, refusalOf } from '../../support/bucket-bench.ts';
import type { FaultyOptions } from '../../support/practice/faulty.ts';

const Bucket = 'photos';
const Key = 'k';
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('base64');

type Begun = BucketBench & { UploadId: string; send: (number: number, body: Buffer) => Promise<CompletedPart> };

async function begun(
  asked: Partial<CreateMultipartUploadCommandInput> = {},
  options: Partial<FaultyOptions> = {},
): Promise<Begun> {
  const bench = await bucketBench(options);
  const { s3 } = bench;
  await s3.send(new CreateBucketCommand({ Bucket }));
  const create = new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'SHA256', ...asked });
  const UploadId = String((await s3.send(create)).UploadId);
  return {
    ...bench,
    UploadId,
    async send(PartNumber, Body) {
      const part = { Bucket, Key, UploadId, PartNumber, Body, ChecksumSHA256: sha256(Body) };
      const { ETag, ChecksumSHA256 } = await s3.send(new UploadPartCommand(part));
      return { PartNumber, ETag, ChecksumSHA256 };
    },
  };
}

const large = Buffer.alloc(5 * MiB, 1);
const small = Buffer.from('abc');

describe('beginning an upload is refused', () => {
  test.each([
    ['FULL_OBJECT', 'SHA256', 'The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.'],
    ['COMPOSITE', 'CRC64NVME', 'The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.'],
  ] as const)('for %s of %s', async (ChecksumType, ChecksumAlgorithm, message) => {
    const refused = await refusalOf(begun({ ChecksumType, ChecksumAlgorithm }));
    expect(refused).toEqual({ name: 'InvalidRequest', message, status: 400 });
  });

  test('for metadata of more than two KiB', async () => {
    expect(await refusalOf(begun({ Metadata: { a: 'x'.repeat(2048) } }))).toMatchObject({ name: 'MetadataTooLarge' });
    await begun({ Metadata: { a: 'x'.repeat(2047) } });
  });
});

describe('a part is refused, and nothing of it is kept', () => {
  const part = async (more: object): Promise<unknown[]> => {
    const { s3, UploadId } = await begun();
    const asked = { Bucket, Key, UploadId, PartNumber: 1, Body: small, ChecksumSHA256: sha256(small), ...more };
    const refused = await refusalOf(s3.send(new UploadPartCommand(asked)));
    const listed = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    return [refused.status, refused.name, refused.message, listed.Parts?.length ?? 0];
  };
  const badDigest = 'The SHA256 you specified did not match the calculated checksum.';
  const missing =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';

  test.each([
    [{ ChecksumSHA256: sha256('other') }, 400, 'BadDigest', badDigest],
    [{ ChecksumSHA256: 'abc' }, 400, 'InvalidRequest', 'Value for x-amz-checksum-sha256 header is invalid.'],
    [
      { ChecksumSHA256: undefined, ChecksumCRC32: 'NSRBwg==' },
      400,
      'InvalidRequest',
      'Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32',
    ],
    [
      { ContentMD5: createHash('md5').update('other').digest('base64') },
      400,
      'BadDigest',
      'The Content-MD5 you specified did not match what we received.',
    ],
    [{ ContentMD5: 'abc' }, 400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.'],
    [{ PartNumber: 0 }, 400, 'InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive'],
    [{ PartNumber: 10_001 }, 400, 'InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive'],
    [{ UploadId: 'nowhere' }, 404, 'NoSuchUpload', missing],
    [{ Key: 'other' }, 404, 'NoSuchUpload', missing],
  ])('%j', async (more, status, code, message) => {
    expect(await part(more)).toEqual([status, code, message, 0]);
  });

  test('with two checksums, or with one that nobody promised', async () => {
    const { ask, UploadId } = await begun();
    const target = `/${Bucket}/${Key}?partNumber=1&uploadId=${UploadId}`;
    const hex = createHash('sha256').update(small).digest('hex');
    const both = { 'x-amz-checksum-sha256': sha256(small), 'x-amz-checksum-crc32': 'NSRBwg==' };
    const twice = await ask('PUT', target, { body: small, headers: { 'x-amz-content-sha256': hex, ...both } });
    expect(twice.body.toString()).toContain('Expecting a single x-amz-checksum- header.');
    const none = await ask('PUT', target, { body: small, headers: { 'x-amz-content-sha256': hex } });
    expect(none.body.toString()).toContain('expected checksum Type: sha256, actual checksum Type: null');
  });
});

describe('completing is refused, and the upload stays open', () => {
  const complete = async (
    { s3, UploadId }: Begun,
    Parts: CompletedPart[],
    more: object = {},
  ): Promise<{ name: string; message: string; status: number }> => {
    const asked = { Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more };
    const refused = await refusalOf(s3.send(new CompleteMultipartUploadCommand(asked)));
    await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    return refused;
  };
  const invalidPart = {
    name: 'InvalidPart',
    message:
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    status: 400,
  };

  test('for a part that is not there, or has another tag or checksum', async () => {
    const bench = await begun();
    const one = await bench.send(1, small);
    expect(await complete(bench, [one, { ...one, PartNumber: 2 }])).toEqual(invalidPart);
    expect(await complete(bench, [{ ...one, ETag: '"0"' }])).toEqual(invalidPart);
    expect(await complete(bench, [{ ...one, ChecksumSHA256: sha256('other') }])).toEqual(invalidPart);
  });

  test('without the checksums of the parts', async () => {
    const bench = await begun();
    const { ETag } = await bench.send(1, small);
    expect((await complete(bench, [{ PartNumber: 1, ETag }])).message).toBe(
      'The upload was created using a sha256 checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request.',
    );
  });

  test('for a part in the middle that is too small, and for parts out of order or none', async () => {
    const bench = await begun();
    const parts = [await bench.send(1, small), await bench.send(2, small)];
    expect(await complete(bench, parts)).toEqual({
      name: 'EntityTooSmall',
      message: 'Your proposed upload is smaller than the minimum allowed size',
      status: 400,
    });
    expect(await complete(bench, [...parts].reverse())).toMatchObject({ name: 'InvalidPartOrder' });
    expect((await complete(bench, [])).message).toBe('You must specify at least one part');
    expect(await complete(bench, parts.slice(1))).toMatchObject({ name: 'InvalidPartOrder' });
  });

  test('for another size, another checksum, or another way of checking', async () => {
    const bench = await begun();
    const parts = [await bench.send(1, large), await bench.send(2, small)];
    expect((await complete(bench, parts, { MpuObjectSize: 5 })).message).toBe(
      `The provided 'x-amz-mp-object-size' header value 5 does not match what was computed: ${5 * MiB + 3}`,
    );
    expect(await complete(bench, parts, { ChecksumSHA256: sha256('other') })).toMatchObject({ name: 'BadDigest' });
    expect((await complete(bench, parts, { ChecksumType: 'FULL_OBJECT' })).message).toBe(
      'The upload was created using the COMPOSITE checksum mode. The complete request must use the same checksum mode.',
    );
  });

  test('where the key is taken, and for good where it was taken meanwhile', async () => {
    const bench = await begun();
    const parts = [await bench.send(1, small)];
    await bench.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    expect(await complete(bench, parts, { IfNoneMatch: '*' })).toEqual({
      name: 'PreconditionFailed',
      message: 'At least one of the pre-conditions you specified did not hold',
      status: 412,
    });
    await bench.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await complete(bench, parts, { IfNoneMatch: '*' })).toEqual({
      name: 'ConditionalRequestConflict',
      message: 'The conditional request cannot succeed due to a conflicting operation against this resource.',
      status: 409,
    });
    expect(await complete(bench, parts, { IfNoneMatch: '"abc"' })).toMatchObject({
      name: 'NotImplemented',
      status: 501,
    });
  });
});

test('a completed upload answers the same for ten minutes, and is then unknown', async () => {
  const bench = await begun();
  const Parts = [await bench.send(1, small)];
  const complete = (parts = Parts): Promise<unknown> =>
    bench.fresh().send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId: bench.UploadId,
        MultipartUpload: { Parts: parts },
      }),
    );
  const first = await complete();
  bench.wait(10 * MINUTE - 1);
  await bench.restart();
  const { $metadata, Location, ...again } = (await complete()) as Record<string, unknown>;
  expect(first).toMatchObject(again);
  expect(again).toMatchObject({
    ETag: expect.stringMatching(/-1"$/) as string,
    ChecksumSHA256: 'T4tCwi3TcptRm6b2jS2nzFstYG0F2u1a1RKMwD5sY1g=-1',
  });
  expect(await refusalOf(complete([{ ...Parts[0], ETag: '"0"' }]))).toMatchObject({ name: 'NoSuchUpload' });
  bench.wait(1);
  expect(await refusalOf(complete())).toMatchObject({ name: 'NoSuchUpload', status: 404 });
});

test('a slow completion says 200 and sends white space, and may still fail', async () => {
  const bench = await begun({}, { rules: { assemblyMs: 1500 } });
  const Parts = [await bench.send(1, small)];
  const upload = { Bucket, Key, UploadId: bench.UploadId };
  const complete = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } });
  const failing = refusalOf(bench.s3.send(complete));
  while (
    bench
      .vault()
      .ledger.read()
      .every(({ operation }) => operation !== 'ListParts')
  ) {
    await bench.s3.send(new ListPartsCommand(upload));
  }
  await bench.s3.send(new AbortMultipartUploadCommand(upload));
  const outcome = await failing;
  expect(outcome.name).toBe('NoSuchUpload');
  const parts = `<Part><PartNumber>1</PartNumber><ETag>${Parts[0]?.ETag ?? ''}</ETag></Part>`;
  const second = await bench.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const target = `/${Bucket}/${Key}?uploadId=${second.UploadId ?? ''}`;
  await bench.s3.send(new UploadPartCommand({ Bucket, Key, UploadId: second.UploadId, PartNumber: 1, Body: small }));
  const body = `<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>`;
  const hex = createHash('sha256').update(body).digest('hex');
  const reply = await bench.ask('POST', target, { body, headers: { 'x-amz-content-sha256': hex } });
  expect(reply.status).toBe(200);
  expect(reply.body.toString()).toMatch(/^<\?xml[^>]*>\n +<CompleteMultipartUploadResult/);
});

test('an upload that the rules of its bucket end tells when, and ends then', async () => {
  const bench = await bucketBench();
  const { s3, wait, restart } = bench;
  await s3.send(new CreateBucketCommand({ Bucket }));
  const AbortIncompleteMultipartUpload = { DaysAfterInitiation: 2 };
  const Rules = [{ ID: 'ends', Filter: { Prefix: '' }, Status: 'Enabled' as const, AbortIncompleteMultipartUpload }];
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  const { AbortDate, AbortRuleId, UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  expect([AbortDate, AbortRuleId]).toEqual([new Date('2026-11-25T00:00:00Z'), 'ends']);
  const list = (): Promise<unknown> => bench.fresh().send(new ListPartsCommand({ Bucket, Key, UploadId }));
  wait(2 * DAY);
  await restart();
  await list();
  wait(DAY / 2);
  await restart();
  expect(await refusalOf(list())).toMatchObject({ name: 'NoSuchUpload' });
});

test('an object is written only where nothing is, when that is asked', async () => {
  const { s3 } = await begun();
  const put = (): Promise<unknown> =>
    s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'x', IfNoneMatch: '*' }));
  await put();
  expect(await refusalOf(put())).toMatchObject({ name: 'PreconditionFailed', status: 412 });
  const read = (IfMatch: string): Promise<unknown> => s3.send(new HeadObjectCommand({ Bucket, Key: 'new', IfMatch }));
  expect(await refusalOf(read('"0"'))).toMatchObject({ status: 412 });
  await read(`"${createHash('md5').update('x').digest('hex')}"`);
});
