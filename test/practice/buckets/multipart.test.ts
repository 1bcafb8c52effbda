import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { bucketBench } from '../../support/bucket-bench.ts';

const Bucket = 'photos';
const Key = 'shoot.tif';
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

/** Recorded from the real service. */
const large = Buffer.alloc(5_242_881, 'a');
const parts = [large, large, Buffer.alloc(10, 'a')];
const composite = '9o++y6AejqboiJ7MZCx0fahK2Vu5YC/qnNhhYsCLciI=';
const etag = '"4d45984fc3feb2ac9b22683c49674b56-3"';

test('three parts become the object that the real service makes of them, with the same checksums', async () => {
  const { s3, restart } = await bucketBench();
  await s3.send(new CreateBucketCommand({ Bucket }));
  const begun = await s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'SHA256', StorageClass: 'DEEP_ARCHIVE' }),
  );
  expect(begun).toMatchObject({ ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE' });
  const upload = { Bucket, Key, UploadId: begun.UploadId };
  for (const [index, Body] of parts.entries()) {
    const sent = await s3.send(
      new UploadPartCommand({ ...upload, PartNumber: index + 1, Body, ChecksumSHA256: sha256(Body) }),
    );
    expect(sent.ChecksumSHA256).toBe(sha256(Body));
  }
  await restart();
  const listed = await s3.send(new ListPartsCommand(upload));
  expect(listed.Parts?.map(({ Size, ETag }) => [Size, ETag])).toEqual([
    [5_242_881, '"c4c753e69bb853187f5854c46cf801c6"'],
    [5_242_881, '"c4c753e69bb853187f5854c46cf801c6"'],
    [10, '"e09c80c42fda55f9d992e59ca6b3307d"'],
  ]);
  const Parts = listed.Parts?.map(({ PartNumber, ETag, ChecksumSHA256 }) => ({ PartNumber, ETag, ChecksumSHA256 }));
  const complete = new CompleteMultipartUploadCommand({
    ...upload,
    MultipartUpload: { Parts },
    MpuObjectSize: 10_485_772,
    ChecksumSHA256: composite,
    IfNoneMatch: '*',
  });
  const done = await s3.send(complete);
  expect(done).toMatchObject({ ETag: etag, ChecksumSHA256: `${composite}-3`, ChecksumType: 'COMPOSITE' });
  expect(await s3.send(complete)).toMatchObject({ ETag: etag });
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  expect(head).toMatchObject({
    ChecksumSHA256: `${composite}-3`,
    StorageClass: 'DEEP_ARCHIVE',
    ContentLength: 10_485_772,
  });
  const known = await s3.send(
    new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ['Checksum', 'ObjectParts', 'ObjectSize'] }),
  );
  expect(known.Checksum).toEqual({ ChecksumSHA256: composite, ChecksumType: 'COMPOSITE' });
  expect(known.ObjectParts?.Parts?.map(({ Size }) => Size)).toEqual([5_242_881, 5_242_881, 10]);
  await expect(s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'InvalidObjectState' });
});
