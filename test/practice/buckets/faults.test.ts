import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { type BucketBench, bucketBench, refusalOf } from '../../support/bucket-bench.ts';
import type { Fault } from '../../support/practice/faults.ts';

const Bucket = 'photos';
const Key = 'k';

type Begun = BucketBench & {
  UploadId: string;
  part: () => Promise<string>;
  complete: (ETag: string) => Promise<unknown>;
};

async function begun(...script: Fault[]): Promise<Begun> {
  const bench = await bucketBench({ faults: { script } });
  const { s3 } = bench;
  await s3.send(new CreateBucketCommand({ Bucket }));
  const UploadId = String((await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId);
  const upload = { Bucket, Key, UploadId };
  return {
    ...bench,
    UploadId,
    part: async () => String((await s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'x' }))).ETag),
    complete: (ETag) =>
      s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } })),
  };
}

test('a part may be acknowledged and lost', async () => {
  const { s3, UploadId, part } = await begun({
    operation: 'UploadPart',
    partNumber: 1,
    behaviour: { kind: 'lost-part' },
  });
  await part();
  expect((await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }))).Parts).toBeUndefined();
});

test('an upload may be gone when its completion arrives', async () => {
  const { part, complete } = await begun({
    operation: 'CompleteMultipartUpload',
    behaviour: { kind: 'expired-upload' },
  });
  expect(await refusalOf(complete(await part()))).toMatchObject({ name: 'NoSuchUpload', status: 404 });
});

test('a completion may say 200 and then fail, with or without its effect', async () => {
  for (const [when, status] of [
    ['after-body', 404],
    ['after-effect', 200],
  ] as const) {
    const behaviour = { kind: 'error-in-success' as const, when, code: 'InternalError' as const };
    const { s3, part, complete } = await begun({ operation: 'CompleteMultipartUpload', nth: 1, behaviour });
    const ETag = await part();
    expect(await refusalOf(complete(ETag))).toMatchObject({ name: 'InternalError' });
    const head = s3.send(new HeadObjectCommand({ Bucket, Key }));
    const found = status === 200 ? (await head).$metadata.httpStatusCode : (await refusalOf(head)).status;
    expect(found).toBe(status);
    await complete(ETag);
  }
});

test('the answer to what was done may be lost, and the service may be busy', async () => {
  const busy = {
    kind: 'bucket-error' as const,
    when: 'after-body' as const,
    code: 'SlowDown' as const,
    body: 'xml' as const,
  };
  const { s3, vault } = await begun(
    { operation: 'PutObject', nth: 1, behaviour: busy },
    { operation: 'PutObject', nth: 2, behaviour: { kind: 'drop', when: 'after-effect' } },
  );
  const put = (): Promise<unknown> => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  expect(await refusalOf(put())).toMatchObject({ name: 'SlowDown', status: 503 });
  await expect(put()).rejects.toThrow();
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength).toBe(1);
  const puts = vault()
    .ledger.read()
    .filter(({ operation }) => operation === 'PutObject');
  expect(puts.map(({ service, bucket, key, status, committed }) => [service, bucket, key, status, committed])).toEqual([
    ['s3', Bucket, Key, 503, false],
    ['s3', Bucket, Key, null, true],
  ]);
});

test('a checksum in an answer may be wrong', async () => {
  const { s3 } = await begun({ operation: 'HeadObject', nth: 2, behaviour: { kind: 'wrong-checksum' } });
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  const checksum = async (): Promise<unknown> =>
    (await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))).ChecksumCRC32;
  const right = await checksum();
  expect(await checksum()).not.toBe(right);
  expect(await checksum()).toBe(right);
});
