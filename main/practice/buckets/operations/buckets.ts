import { type Result, fail, ok } from '../../../../shared/result.ts';
import { canonicalId, committed, emptyAnswer, xmlAnswer } from '../protocol/answers.ts';
import { type Call, type Service, findBucket, headerOf } from '../protocol/call.ts';
import { type Refusal, refusals } from '../protocol/refusals.ts';
import { xmlTime } from '../protocol/times.ts';
import { hasBody, readDocument } from '../protocol/xml-body.ts';
import { type BucketSettings, type Ownership, ownerships } from '../store/records.ts';
import { document, element, series } from '../xml/write.ts';
import { textOf } from '../xml/read.ts';
import { simple } from './plans.ts';

/** Its default region: there, a bucket's place is said by saying nothing. */
const FIRST_REGION = 'us-east-1';

export const listBuckets = simple(({ store, accountNumber }) => {
  const buckets = store.buckets.list();
  const list = buckets.map(({ name, createdAt }) =>
    element('Bucket', element('Name', name), element('CreationDate', xmlTime(createdAt))),
  );
  const owner = element('Owner', element('ID', canonicalId(accountNumber)));
  return ok(xmlAnswer(document('ListAllMyBucketsResult', owner, element('Buckets', series(list)))));
});

/** Who has the bucket already gets an error, but in the first region success, as ever since the first days of S3. */
export const createBucket = simple((service, call) => {
  const { store, region } = service;
  const name = call.route.bucket;
  if (!isBucketName(name)) return fail(refusals.bucketName(name));
  const problem = locationProblem(service, call);
  if (problem) return fail(problem);
  const settings = readSettings(call);
  if (!settings.ok) return settings;
  const done = emptyAnswer(200, { Location: `/${name}` });
  if (store.buckets.find(name)) return region === FIRST_REGION ? ok(done) : fail(refusals.bucketOwned(name));
  store.change(() => {
    store.buckets.create(name, service.clock(), settings.value);
  });
  return ok(committed(done));
});

export const headBucket = simple(({ region }) =>
  ok(
    emptyAnswer(200, {
      'x-amz-bucket-region': region,
      'x-amz-access-point-alias': 'false',
      'Content-Type': 'application/xml',
    }),
  ),
);

export const deleteBucket = simple((service, call) => {
  const { store } = service;
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const { hasCurrent, hasAny } = store.buckets.contents(bucket.value);
  if (hasAny) return fail(refusals.bucketNotEmpty(bucket.value.name, !hasCurrent));
  store.files.discard(store.change(() => store.buckets.remove(bucket.value)));
  return ok(committed(emptyAnswer(204)));
});

export const getBucketLocation = simple(({ region }) =>
  ok(xmlAnswer(document('LocationConstraint', region === FIRST_REGION ? '' : region === 'eu-west-1' ? 'EU' : region))),
);

/** 3 to 63 of a-z, 0-9, dots and hyphens; no label is empty or ends in a hyphen; no IP address; none of S3's own. */
function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !/\.\.|\.-|-\./.test(name) &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  );
}

function locationProblem({ region }: Service, call: Call): Refusal | null {
  if (!hasBody(call)) return region === FIRST_REGION ? null : refusals.locationWrong('');
  const configuration = readDocument(call, 'CreateBucketConfiguration');
  if (!configuration.ok) return configuration.failure;
  const location = textOf(configuration.value, 'LocationConstraint') ?? '';
  if (location === FIRST_REGION) return refusals.locationInvalid(location);
  const named = location === 'EU' ? 'eu-west-1' : location === '' ? FIRST_REGION : location;
  return named === region ? null : refusals.locationWrong(location);
}

function readSettings({ headers }: Call): Result<Partial<BucketSettings>, Refusal> {
  const asked = headerOf(headers, 'x-amz-object-ownership') ?? 'BucketOwnerEnforced';
  const ownership = ownerships.find((name): name is Ownership => name === asked);
  if (!ownership)
    return fail(refusals.argument(`Invalid x-amz-object-ownership header: ${asked}`, 'x-amz-object-ownership', asked));
  const acl = headerOf(headers, 'x-amz-acl');
  const isPublic = acl !== null && acl !== 'private' && !acl.startsWith('bucket-owner-');
  if (isPublic && ownership === 'BucketOwnerEnforced') {
    return fail({
      ...refusals.aclsOff(),
      code: 'InvalidBucketAclWithObjectOwnership',
      message: "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    });
  }
  const isLocking = headerOf(headers, 'x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true';
  return ok({ ownership, ...(isLocking ? { versioning: 'Enabled', objectLock: { defaultRule: null } } : {}) });
}
