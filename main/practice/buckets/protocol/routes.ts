import { splitTarget } from '../../signature/canonical.ts';
import { decode, decodeQuery } from '../../exchange/query.ts';

/**
 * The operations of the API of 2006-03-01 that are practised: a method, what it is about, and what tells operations of one
 * method apart: a name in the query, or a header where it begins with `x-amz-`.
 */
const routes = {
  ListBuckets: 'GET service',
  CreateBucket: 'PUT bucket',
  HeadBucket: 'HEAD bucket',
  DeleteBucket: 'DELETE bucket',
  GetBucketLocation: 'GET bucket location',
  GetBucketVersioning: 'GET bucket versioning',
  PutBucketVersioning: 'PUT bucket versioning',
  GetBucketLifecycleConfiguration: 'GET bucket lifecycle',
  PutBucketLifecycleConfiguration: 'PUT bucket lifecycle',
  DeleteBucketLifecycle: 'DELETE bucket lifecycle',
  GetPublicAccessBlock: 'GET bucket publicAccessBlock',
  PutPublicAccessBlock: 'PUT bucket publicAccessBlock',
  DeletePublicAccessBlock: 'DELETE bucket publicAccessBlock',
  GetBucketOwnershipControls: 'GET bucket ownershipControls',
  PutBucketOwnershipControls: 'PUT bucket ownershipControls',
  DeleteBucketOwnershipControls: 'DELETE bucket ownershipControls',
  GetBucketEncryption: 'GET bucket encryption',
  PutBucketEncryption: 'PUT bucket encryption',
  DeleteBucketEncryption: 'DELETE bucket encryption',
  GetObjectLockConfiguration: 'GET bucket object-lock',
  PutObjectLockConfiguration: 'PUT bucket object-lock',
  GetBucketAcl: 'GET bucket acl',
  GetBucketCors: 'GET bucket cors',
  GetBucketLogging: 'GET bucket logging',
  GetBucketPolicy: 'GET bucket policy',
  GetBucketRequestPayment: 'GET bucket requestPayment',
  GetBucketTagging: 'GET bucket tagging',
  GetBucketWebsite: 'GET bucket website',
  ListMultipartUploads: 'GET bucket uploads',
  ListObjectVersions: 'GET bucket versions',
  ListObjectsV2: 'GET bucket list-type',
  ListObjects: 'GET bucket',
  DeleteObjects: 'POST bucket delete',
  CreateMultipartUpload: 'POST object uploads',
  CompleteMultipartUpload: 'POST object uploadId',
  AbortMultipartUpload: 'DELETE object uploadId',
  ListParts: 'GET object uploadId',
  UploadPart: 'PUT object uploadId',
  RestoreObject: 'POST object restore',
  GetObjectAttributes: 'GET object attributes',
  GetObjectRetention: 'GET object retention',
  PutObjectRetention: 'PUT object retention',
  GetObjectLegalHold: 'GET object legal-hold',
  PutObjectLegalHold: 'PUT object legal-hold',
  GetObjectTagging: 'GET object tagging',
  GetObjectAcl: 'GET object acl',
  HeadObject: 'HEAD object',
  GetObject: 'GET object',
  PutObject: 'PUT object',
  DeleteObject: 'DELETE object',
} as const;

export type BucketOperation = keyof typeof routes;
export const bucketOperations = Object.keys(routes) as BucketOperation[];

export type Route = {
  operation: BucketOperation;
  /** Both empty where there are none. */
  bucket: string;
  key: string;
  query: ReadonlyMap<string, string>;
};

/** What a request asks for, or what it seems to be about when it asks for nothing that is practised. */
export type Seen = { bucket: string; key: string; route: Route | null; subresource: string | null };

/** Names in queries that make another operation of a request, known here or not. */
const subresources = new Set(
  (
    'accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle ' +
    'list-type location logging metrics notification object-lock ownershipControls policy policyStatus ' +
    'publicAccessBlock renameObject replication requestPayment restore retention select tagging torrent uploadId ' +
    'uploads versioning versions website'
  ).split(' '),
);

export function readRoute(method: string, target: string, host: string): Seen {
  const [path, queryText] = splitTarget(target);
  const query = new Map(decodeQuery(queryText));
  const { bucket, key } = placeOf(path, host);
  const level = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const subresource = [...query.keys()].find((name) => subresources.has(name)) ?? null;
  const wanted = [method, level, ...(subresource === null ? [] : [subresource])].join(' ');
  const operation = bucketOperations.find((name) => routes[name] === wanted);
  return { bucket, key, subresource, route: operation ? { operation, bucket, key, query } : null };
}

/** Path style, or a bucket in front of `localhost`, whose subdomains lead to this machine, too. */
function placeOf(path: string, host: string): { bucket: string; key: string } {
  const virtual = /^([^:]+)\.localhost(:\d+)?$/i.exec(host)?.[1];
  const rest = path.slice(1);
  if (virtual !== undefined) return { bucket: virtual, key: decode(rest) };
  const slash = rest.indexOf('/');
  return slash < 0
    ? { bucket: decode(rest), key: '' }
    : { bucket: decode(rest.slice(0, slash)), key: decode(rest.slice(slash + 1)) };
}
