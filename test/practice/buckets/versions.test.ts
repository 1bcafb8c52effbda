import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { DAY } from '../../../shared/units.ts';
import { type BucketBench, bucketBench, refusalOf } from '../../support/bucket-bench.ts';

const Bucket = 'photos';
const Key = 'k';

async function versioned(): Promise<BucketBench> {
  const bench = await bucketBench();
  await bench.s3.send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await bench.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  return bench;
}

describe('in a bucket that keeps versions', () => {
  test('each write is one of its own, a deletion hides them, and each can be taken away', async () => {
    const { s3, restart } = await versioned();
    const put = async (Body: string): Promise<string> =>
      String((await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId);
    const text = async (VersionId?: string): Promise<unknown> =>
      (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
    const [one, two] = [await put('one'), await put('two')];
    expect([await text(), await text(one)]).toEqual(['two', 'one']);
    const deleted = await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(deleted.DeleteMarker).toBe(true);
    expect(await refusalOf(text())).toMatchObject({ name: 'NoSuchKey', status: 404 });
    expect(await refusalOf(text(deleted.VersionId))).toMatchObject({ status: 405 });
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    await restart();
    const all = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(all.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [two, false],
      [one, false],
    ]);
    expect(all.DeleteMarkers).toMatchObject([{ VersionId: deleted.VersionId, IsLatest: true }]);
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: deleted.VersionId }));
    expect(await text()).toBe('two');
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: two }));
    expect(await text()).toBe('one');
    expect(await refusalOf(text(two))).toMatchObject({ name: 'NoSuchVersion', status: 404 });
    expect(await refusalOf(text('?'))).toMatchObject({ name: 'InvalidArgument', status: 400 });
  });

  test('once they are suspended, what comes has the version null, and only one place', async () => {
    const { s3 } = await versioned();
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'kept' }));
    const VersioningConfiguration = { Status: 'Suspended' as const };
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    for (const Body of ['a', 'b']) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['null', expect.stringMatching(/^.{32}$/)]);
  });

  test('a page of versions goes on where the one before ended', async () => {
    const { s3 } = await versioned();
    for (const Key of ['a', 'b'])
      for (const Body of ['1', '2', '3']) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    const seen: unknown[] = [];
    let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (let more = true; more;) {
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...markers }));
      seen.push(...(page.Versions ?? []).map(({ Key, VersionId }) => `${Key ?? ''} ${VersionId ?? ''}`));
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      more = page.IsTruncated === true;
    }
    expect(new Set(seen).size).toBe(6);
  });

  test('many are deleted at once, and each is told', async () => {
    const { s3 } = await versioned();
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const Objects = [{ Key, VersionId }, { Key: 'never' }, { Key, VersionId: '?' }];
    const told = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(told.Deleted).toMatchObject([
      { Key, VersionId },
      { Key: 'never', DeleteMarker: true },
    ]);
    expect(told.Errors).toMatchObject([{ Key, Code: 'InvalidArgument' }]);
    const quiet = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }], Quiet: true } }));
    expect(quiet.Deleted).toBeUndefined();
    const many = Array.from({ length: 1001 }, (_, index) => ({ Key: `k${index}` }));
    const tooMany = s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: many } }));
    expect(await refusalOf(tooMany)).toMatchObject({ name: 'MalformedXML', status: 400 });
  });
});

describe('in a bucket with Object Lock', () => {
  async function locked(): Promise<BucketBench> {
    const bench = await bucketBench();
    await bench.s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
    return bench;
  }
  const refused = {
    name: 'AccessDenied',
    message: 'Access Denied because object protected by object lock.',
    status: 403,
  };

  test('a version cannot be deleted before its date, but can be hidden', async () => {
    const { s3, now, wait, fresh } = await locked();
    const until = new Date(now() + 10 * DAY);
    const lock = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: until } as const;
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...lock }));
    const remove = (): Promise<unknown> =>
      fresh().send(new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention: true }));
    expect(await refusalOf(remove())).toEqual(refused);
    const told = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key, VersionId }] } }));
    expect(told.Errors).toMatchObject([{ Code: 'AccessDenied', Message: refused.message }]);
    expect((await s3.send(new DeleteObjectCommand({ Bucket, Key }))).DeleteMarker).toBe(true);
    const shorter = { Mode: 'COMPLIANCE', RetainUntilDate: new Date(now() + DAY) } as const;
    const loosen = s3.send(new PutObjectRetentionCommand({ Bucket, Key, VersionId, Retention: shorter }));
    expect(await refusalOf(loosen)).toEqual(refused);
    const { Retention } = await s3.send(new GetObjectRetentionCommand({ Bucket, Key, VersionId }));
    expect(Retention).toEqual({ Mode: 'COMPLIANCE', RetainUntilDate: until });
    wait(10 * DAY);
    await remove();
  });

  test('governance yields to who says so, a legal hold to nobody', async () => {
    const { s3, now } = await locked();
    const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date(now() + DAY) } as const;
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...lock }));
    const remove = (BypassGovernanceRetention: boolean): Promise<unknown> =>
      s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention }));
    expect(await refusalOf(remove(false))).toEqual(refused);
    const hold = (Status: 'ON' | 'OFF'): Promise<unknown> =>
      s3.send(new PutObjectLegalHoldCommand({ Bucket, Key, VersionId, LegalHold: { Status } }));
    await hold('ON');
    const { LegalHold } = await s3.send(new GetObjectLegalHoldCommand({ Bucket, Key, VersionId }));
    expect(LegalHold).toEqual({ Status: 'ON' });
    expect(await refusalOf(remove(true))).toEqual(refused);
    await hold('OFF');
    await remove(true);
  });

  test('a default holds for what comes without a date, and versions cannot be suspended', async () => {
    const { s3 } = await locked();
    const Rule = { DefaultRetention: { Mode: 'GOVERNANCE' as const, Days: 1 } };
    const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled' as const, Rule };
    await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
    const got = await s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
    expect(got.ObjectLockConfiguration).toEqual(ObjectLockConfiguration);
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    expect(await refusalOf(s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId })))).toEqual(refused);
    const VersioningConfiguration = { Status: 'Suspended' as const };
    const suspend = s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    expect(await refusalOf(suspend)).toMatchObject({ name: 'InvalidBucketState', status: 409 });
  });

  test('a bucket without it takes no lock', async () => {
    const { s3, now } = await versioned();
    const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date(now() + DAY) } as const;
    const put = s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...lock }));
    expect(await refusalOf(put)).toMatchObject({ name: 'InvalidRequest', status: 400 });
    const configuration = s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
    expect(await refusalOf(configuration)).toMatchObject({ name: 'ObjectLockConfigurationNotFoundError', status: 404 });
  });
});
