import { type Result, fail, ok } from '../../shared/result.ts';
import { listAll } from '../aws/list-all.ts';
import type { Client } from './client.ts';
import type { S3Refusal } from './refusal.ts';
import { xmlBody } from './write-xml.ts';
import { type XmlElement, elementOf, elementsOf, neededText, optionalText, readXml, timeOf } from './xml.ts';

/** `createdAt`: milliseconds since 1970. `region`: null where the service does not tell. */
export type Bucket = { name: string; createdAt: number; region: string | null };

export function listBuckets(client: Client, signal: AbortSignal): Promise<Result<Bucket[]>> {
  return listAll(async (token: string | null) => {
    const query: Record<string, string> = token === null ? {} : { 'continuation-token': token };
    const operation = {
      method: 'GET',
      bucket: null,
      query,
      action: 's3:ListAllMyBuckets',
      isRepeatable: true,
    } as const;
    const answer = await client.call(operation, signal);
    return answer.ok ? readXml(answer.value.body, 'ListAllMyBucketsResult', readPage) : answer;
  });
}

function readPage(root: XmlElement) {
  const buckets = elementOf(root, 'Buckets');
  return {
    items: (buckets === null ? [] : elementsOf(buckets, 'Bucket')).map((bucket): Bucket => ({
      name: neededText(bucket, 'Name'),
      createdAt: timeOf(bucket, 'CreationDate'),
      region: optionalText(bucket, 'BucketRegion'),
    })),
    next: optionalText(root, 'ContinuationToken'),
  };
}

export type NewBucket = { bucket: string; region: string; canLock: boolean };

/** `existed`: it is this account's already, and was left as it is. Names are one for all accounts: `rejected` says so of others'. */
export async function createBucket(
  client: Client,
  { bucket, region, canLock }: NewBucket,
  signal: AbortSignal,
): Promise<Result<{ existed: boolean }>> {
  const lock = canLock ? { 'x-amz-bucket-object-lock-enabled': 'true' } : {};
  // The oldest region has no name here.
  const where = region === 'us-east-1' ? null : xmlBody('CreateBucketConfiguration', [['LocationConstraint', region]]);
  const answer = await client.command<Existed>(
    {
      method: 'PUT',
      bucket,
      ...where,
      headers: { ...where?.headers, ...lock },
      action: 's3:CreateBucket',
      isRepeatable: true,
      isOfNobody: true,
      ownOutcome: readExisted,
    },
    signal,
  );
  if (answer.ok) return ok({ existed: false });
  return answer.failure.kind === 'existed' ? ok({ existed: true }) : fail(answer.failure);
}

type Existed = { kind: 'existed' };

function readExisted({ code }: S3Refusal): Existed | null {
  return code === 'BucketAlreadyOwnedByYou' ? { kind: 'existed' } : null;
}

/** Only one without objects, versions and open uploads: else `rejected`. One that is gone counts as deleted. */
export async function deleteBucket(client: Client, bucket: string, signal: AbortSignal): Promise<Result<null>> {
  const operation = {
    method: 'DELETE',
    bucket,
    action: 's3:DeleteBucket',
    isRepeatable: true,
    destroys: true,
  } as const;
  const answer = await client.command(operation, signal);
  return !answer.ok && answer.failure.kind === 'vault-missing' ? ok(null) : answer;
}

/** Finds out whether it is there and this account's, and where. */
export async function locateBucket(
  client: Client,
  bucket: string,
  signal: AbortSignal,
): Promise<Result<{ region: string }>> {
  const operation = { method: 'HEAD', bucket, action: 's3:ListBucket', isRepeatable: true } as const;
  const answer = await client.call(operation, signal);
  return answer.ok ? ok({ region: answer.value.headers['x-amz-bucket-region'] ?? client.regionOf(bucket) }) : answer;
}
