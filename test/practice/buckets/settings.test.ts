import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  type LifecycleRule,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type BucketBench, bucketBench, refusalOf } from '../../support/bucket-bench.ts';
import { sha256 } from '../../support/practice-request.ts';

const Bucket = 'photos';

async function withBucket(): Promise<BucketBench> {
  const bench = await bucketBench();
  await bench.s3.send(new CreateBucketCommand({ Bucket }));
  return bench;
}

describe('a bucket', () => {
  test('is made, listed, looked at and deleted', async () => {
    const { s3, restart } = await withBucket();
    await s3.send(new CreateBucketCommand({ Bucket: 'archive' }));
    await restart();
    expect((await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual(['archive', Bucket]);
    expect((await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('us-east-1');
    expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined();
    await s3.send(new DeleteBucketCommand({ Bucket }));
    expect(await refusalOf(s3.send(new HeadBucketCommand({ Bucket })))).toMatchObject({ status: 404 });
    expect(await refusalOf(s3.send(new GetBucketLocationCommand({ Bucket })))).toEqual({
      name: 'NoSuchBucket',
      message: 'The specified bucket does not exist',
      status: 404,
    });
  });

  test('is not deleted while anything is in it', async () => {
    const { s3 } = await withBucket();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    expect(await refusalOf(s3.send(new DeleteBucketCommand({ Bucket })))).toMatchObject({
      name: 'BucketNotEmpty',
      status: 409,
    });
  });

  test.each(['ab', 'Photos', 'a..b', '192.168.0.1', 'xn--a', 'a-s3alias', '-a-'])(
    'cannot be called %s',
    async (name) => {
      const { ask } = await bucketBench();
      const reply = await ask('PUT', `/${name}`);
      expect([reply.status, reply.body.toString()]).toEqual([400, expect.stringContaining('InvalidBucketName')]);
    },
  );

  test('made twice is no error in the first region, and one elsewhere', async () => {
    const { s3 } = await withBucket();
    await s3.send(new CreateBucketCommand({ Bucket }));
    const elsewhere = await bucketBench({ region: 'eu-central-1' });
    const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const;
    const create = (): Promise<unknown> =>
      elsewhere.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    await create();
    expect(await refusalOf(create())).toMatchObject({ name: 'BucketAlreadyOwnedByYou', status: 409 });
    const location = await elsewhere.s3.send(new GetBucketLocationCommand({ Bucket }));
    expect(location.LocationConstraint).toBe('eu-central-1');
    const bare = await elsewhere.ask('PUT', '/other', { region: 'eu-central-1' });
    expect(bare.body.toString()).toContain('IllegalLocationConstraintException');
  });

  test('of another account is refused, whatever is asked', async () => {
    const { s3 } = await withBucket();
    const ask = s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: '999988887777' }));
    expect(await refusalOf(ask)).toMatchObject({ status: 403 });
    await s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: '111122223333' }));
  });
});

describe('what is set for a bucket', () => {
  test('is at first what every new bucket has, and can be changed and taken back', async () => {
    const { s3, restart } = await withBucket();
    const closed = {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    };
    const block = async (): Promise<unknown> =>
      (await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration;
    const ownership = async (): Promise<unknown> =>
      (await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls?.Rules?.[0]?.ObjectOwnership;
    const encryption = async (): Promise<unknown> =>
      (await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration?.Rules?.[0];
    expect(await block()).toEqual(closed);
    expect(await ownership()).toBe('BucketOwnerEnforced');
    expect(await encryption()).toMatchObject({
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
      BucketKeyEnabled: false,
    });
    await s3.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: { ...closed, BlockPublicAcls: false },
      }),
    );
    const Rules = [{ ObjectOwnership: 'ObjectWriter' as const }];
    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules } }));
    await s3.send(
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: true }],
        },
      }),
    );
    await restart();
    expect(await block()).toEqual({ ...closed, BlockPublicAcls: false });
    expect(await ownership()).toBe('ObjectWriter');
    expect(await encryption()).toMatchObject({ BucketKeyEnabled: true });
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
    await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
    expect(await refusalOf(block())).toMatchObject({ name: 'NoSuchPublicAccessBlockConfiguration', status: 404 });
    expect(await refusalOf(ownership())).toMatchObject({ name: 'OwnershipControlsNotFoundError', status: 404 });
    expect(await encryption()).toMatchObject({ BucketKeyEnabled: false });
  });

  test('where the owner owns everything, an ACL is refused', async () => {
    const { s3 } = await withBucket();
    const put = s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ACL: 'public-read' }));
    expect(await refusalOf(put)).toMatchObject({ name: 'AccessControlListNotSupported', status: 400 });
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ACL: 'bucket-owner-full-control' }));
    expect((await s3.send(new GetBucketAclCommand({ Bucket }))).Grants).toMatchObject([{ Permission: 'FULL_CONTROL' }]);
    expect(await refusalOf(s3.send(new GetBucketPolicyCommand({ Bucket })))).toMatchObject({
      name: 'NoSuchBucketPolicy',
    });
  });

  test('versions are kept from when they are asked for, and nothing is said before', async () => {
    const { s3 } = await withBucket();
    const status = async (): Promise<unknown> => (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    expect(await status()).toBeUndefined();
    for (const Status of ['Enabled', 'Suspended'] as const) {
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
      expect(await status()).toBe(Status);
    }
  });

  test('rules for incomplete uploads are kept as they were sent, and can be deleted', async () => {
    const { s3 } = await withBucket();
    const rules = async (): Promise<unknown> =>
      (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules;
    const none = {
      name: 'NoSuchLifecycleConfiguration',
      message: 'The lifecycle configuration does not exist',
      status: 404,
    };
    expect(await refusalOf(rules())).toEqual(none);
    const Rules: LifecycleRule[] = [
      {
        ID: 'abort',
        Filter: { Prefix: 'a&b/' },
        Status: 'Enabled',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 30 },
      },
      { ID: 'cold', Filter: { Prefix: '' }, Status: 'Disabled', Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] },
    ];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    expect(await rules()).toEqual(Rules);
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    expect(await refusalOf(rules())).toEqual(none);
  });

  test('a document that needs a checksum is refused without one, and a document that is none as well', async () => {
    const { ask } = await withBucket();
    const body = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
    const bare = await ask('PUT', `/${Bucket}?versioning`, { body });
    expect([bare.status, bare.body.toString()]).toEqual([
      400,
      expect.stringContaining('Content-MD5 OR x-amz-checksum-*'),
    ]);
    for (const text of [
      '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
      '<a><b></a></b>',
      'text',
      '<VersioningConfiguration/>',
    ]) {
      const headers = { 'content-md5': createHash('md5').update(text).digest('base64') };
      const reply = await ask('PUT', `/${Bucket}?versioning`, {
        body: text,
        headers: { 'x-amz-content-sha256': sha256(text), ...headers },
      });
      expect([reply.status, reply.body.toString()]).toEqual([
        400,
        expect.stringContaining('<Code>MalformedXML</Code>'),
      ]);
    }
  });
});
