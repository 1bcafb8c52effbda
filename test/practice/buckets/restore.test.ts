import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  RestoreObjectCommand,
  type StorageClass,
  type Tier,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../shared/units.ts';
import { type BucketBench, bucketBench, refusalOf } from '../../support/bucket-bench.ts';

const Bucket = 'photos';
const Key = 'a.tif';

type Stored = BucketBench & {
  restore: (tier?: Tier, days?: number) => Promise<number | undefined>;
  state: () => Promise<string | undefined>;
  read: () => Promise<string | undefined>;
};

async function stored(storageClass: StorageClass): Promise<Stored> {
  const bench = await bucketBench();
  const { s3 } = bench;
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'bytes', StorageClass: storageClass }));
  return {
    ...bench,
    async restore(tier, Days = 2) {
      const GlacierJobParameters = tier && { Tier: tier };
      const asked = new RestoreObjectCommand({ Bucket, Key, RestoreRequest: { Days, GlacierJobParameters } });
      return (await bench.fresh().send(asked)).$metadata.httpStatusCode;
    },
    state: async () => (await bench.fresh().send(new HeadObjectCommand({ Bucket, Key }))).Restore,
    read: async () => (await bench.fresh().send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString(),
  };
}

test('an archived object is told but not read, until it is restored, and again after the copy has ended', async () => {
  const { s3, restore, state, read, wait, restart, fresh } = await stored('DEEP_ARCHIVE');
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key }))).StorageClass).toBe('DEEP_ARCHIVE');
  const refused = { name: 'InvalidObjectState', message: "The operation is not valid for the object's storage class" };
  expect(await refusalOf(read())).toEqual({ ...refused, status: 403 });
  expect(await restore('Standard')).toBe(202);
  expect(await state()).toBe('ongoing-request="true"');
  await restart();
  wait(12 * HOUR - 1);
  expect(await refusalOf(read())).toMatchObject(refused);
  wait(1);
  // Asked for on the 22nd at noon, there at midnight, for two days.
  expect(await state()).toBe('ongoing-request="false", expiry-date="Wed, 25 Nov 2026 00:00:00 GMT"');
  expect(await read()).toBe('bytes');
  const list = await fresh().send(new ListObjectsV2Command({ Bucket, OptionalObjectAttributes: ['RestoreStatus'] }));
  expect(list.Contents?.[0]).toMatchObject({
    StorageClass: 'DEEP_ARCHIVE',
    RestoreStatus: { IsRestoreInProgress: false, RestoreExpiryDate: new Date('2026-11-25T00:00:00Z') },
  });
  wait(2 * DAY);
  expect(await state()).toBeUndefined();
  expect(await refusalOf(read())).toMatchObject(refused);
});

test('a copy that is there lives on when it is asked for again', async () => {
  const { restore, state, wait } = await stored('GLACIER');
  await restore('Expedited', 1);
  wait(3 * MINUTE);
  expect(await state()).toContain('Tue, 24 Nov 2026');
  expect(await restore('Expedited', 30)).toBe(200);
  expect(await state()).toContain('Wed, 23 Dec 2026');
});

test('what is under way is not asked for again, but may be hastened', async () => {
  const { restore, state, wait } = await stored('GLACIER');
  expect(await restore('Bulk')).toBe(202);
  const again = { name: 'RestoreAlreadyInProgress', message: 'Object restore is already in progress', status: 409 };
  expect(await refusalOf(restore('Bulk'))).toEqual(again);
  expect(await refusalOf(restore('Expedited', 3))).toEqual(again);
  expect(await restore('Expedited')).toBe(202);
  wait(3 * MINUTE);
  expect(await state()).toContain('"false"');
});

describe('a request is refused', () => {
  test('for a tier that the class has not, and for no days', async () => {
    const { restore } = await stored('DEEP_ARCHIVE');
    expect(await refusalOf(restore('Expedited'))).toMatchObject({ name: 'InvalidArgument', status: 400 });
    expect(await refusalOf(restore('Bulk', 0))).toMatchObject({ name: 'InvalidArgument', status: 400 });
  });

  test.each(['STANDARD', 'GLACIER_IR'] as const)('for an object of %s, which is read at once', async (storageClass) => {
    const { restore, read } = await stored(storageClass);
    expect(await read()).toBe('bytes');
    expect(await refusalOf(restore('Bulk'))).toMatchObject({ name: 'InvalidObjectState', status: 403 });
  });

  test('for a class that there is not', async () => {
    const { s3 } = await stored('STANDARD');
    const put = s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', StorageClass: 'COLD' as StorageClass }));
    expect(await refusalOf(put)).toEqual({
      name: 'InvalidStorageClass',
      message: 'The storage class you specified is not valid',
      status: 400,
    });
  });
});
