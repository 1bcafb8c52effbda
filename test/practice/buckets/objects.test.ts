import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type BucketBench, bucketBench, refusalOf } from '../../support/bucket-bench.ts';

const Bucket = 'photos';

async function withBucket(): Promise<BucketBench> {
  const bench = await bucketBench();
  await bench.s3.send(new CreateBucketCommand({ Bucket }));
  return bench;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

test('an object is there with its bytes, its metadata and its checksum, also after a restart', async () => {
  const { s3, restart } = await withBucket();
  const Key = 'a b/räksmörgås+(1)~.txt';
  const put = await s3.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: Buffer.from('hello'),
      ChecksumSHA256: sha256('hello'),
      ContentType: 'text/plain',
      Metadata: { mtime: '1796036540.5' },
      Tagging: 'kind=photo',
    }),
  );
  expect(put.ETag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`);
  expect(put.ChecksumSHA256).toBe(sha256('hello'));
  await restart();
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  expect(head).toMatchObject({
    ContentLength: 5,
    ContentType: 'text/plain',
    Metadata: { mtime: '1796036540.5' },
    ChecksumSHA256: sha256('hello'),
    ChecksumType: 'FULL_OBJECT',
    ServerSideEncryption: 'AES256',
  });
  expect(head.StorageClass).toBeUndefined();
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
  expect(await got.Body?.transformToString()).toBe('hello');
  expect(got.TagCount).toBe(1);
  const list = await s3.send(new ListObjectsV2Command({ Bucket }));
  expect(list.Contents).toMatchObject([{ Key, Size: 5, StorageClass: 'STANDARD' }]);
});

test('a range, an open range, the last bytes, and one too far', async () => {
  const { s3 } = await withBucket();
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: Buffer.from('0123456789') }));
  const range = async (Range: string): Promise<unknown[]> => {
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'k', Range }));
    return [got.ContentRange, await got.Body?.transformToString()];
  };
  expect(await range('bytes=2-4')).toEqual(['bytes 2-4/10', '234']);
  expect(await range('bytes=7-')).toEqual(['bytes 7-9/10', '789']);
  expect(await range('bytes=-2')).toEqual(['bytes 8-9/10', '89']);
  expect(await range('bytes=8-99')).toEqual(['bytes 8-9/10', '89']);
  expect(await refusalOf(range('bytes=10-'))).toMatchObject({ name: 'InvalidRange', status: 416 });
});

test('what is gone is gone, and deleting it again is no error', async () => {
  const { s3 } = await withBucket();
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: Buffer.alloc(0) }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  const get = s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
  expect(await refusalOf(get)).toEqual({
    name: 'NoSuchKey',
    message: 'The specified key does not exist.',
    status: 404,
  });
});
