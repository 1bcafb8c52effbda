import type { IncomingHttpHeaders } from 'node:http';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import { DAY } from '../../../../shared/units.ts';
import type { Bucket } from '../store/buckets.ts';
import { type LockRule, type ObjectHead, type Retention, storageClasses } from '../store/records.ts';
import { type Head, headerOf } from './call.ts';
import { type Refusal, refusals } from './refusals.ts';
import { readTagging } from './tagging.ts';

/** The headers that come back as they were given. */
const kept = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-website-redirect-location',
] as const;

/** Features of S3 that the practice service does not have. */
const missingFeatures = [
  'x-amz-copy-source',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-context',
  'x-amz-write-offset-bytes',
] as const;

/** All that the head of a request says of the object that it makes. */
export function readObjectHead({ headers }: Head, bucket: Bucket, now: number): Result<ObjectHead, Refusal> {
  const problem = featureProblem(headers) ?? aclProblem(headers, bucket);
  if (problem) return fail(problem);
  const asked = headerOf(headers, 'x-amz-storage-class') ?? 'STANDARD';
  const storageClass = storageClasses.find((name) => name === asked);
  if (!storageClass) return fail(refusals.storageClass(asked));
  const metadata = readMetadata(headers);
  if (!metadata.ok) return metadata;
  const tags = readTagging(headerOf(headers, 'x-amz-tagging') ?? '');
  if (!tags.ok) return tags;
  const lock = readLock(headers, bucket, now);
  if (!lock.ok) return lock;
  return ok({ storageClass, headers: readKept(headers), metadata: metadata.value, tags: tags.value, ...lock.value });
}

function featureProblem(headers: IncomingHttpHeaders): Refusal | null {
  const missing = missingFeatures.find((name) => headers[name] !== undefined);
  if (missing !== undefined) return refusals.notImplemented(missing);
  const encryption = headerOf(headers, 'x-amz-server-side-encryption');
  if (encryption === null || encryption === 'AES256') return null;
  const exists = encryption === 'aws:kms' || encryption === 'aws:kms:dsse';
  return exists ? refusals.notImplemented('x-amz-server-side-encryption') : refusals.encryption(encryption);
}

/** Where the bucket's owner owns everything, only what says just that may be asked for. */
function aclProblem(headers: IncomingHttpHeaders, { settings }: Bucket): Refusal | null {
  const acl = headerOf(headers, 'x-amz-acl');
  const grants = Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'));
  if (settings.ownership !== 'BucketOwnerEnforced') return null;
  return grants || (acl !== null && acl !== 'bucket-owner-full-control') ? refusals.aclsOff() : null;
}

function readKept(headers: IncomingHttpHeaders): Record<string, string> {
  const found: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of kept) {
    const value = headerOf(headers, name);
    if (value !== null) found[name] = name === 'content-encoding' ? withoutChunks(value) : value;
  }
  if (found['content-encoding'] === '') delete found['content-encoding'];
  return found;
}

/** The form in which a body travels is no matter of the object. */
function withoutChunks(encoding: string): string {
  const encodings = encoding.split(',').map((one) => one.trim());
  return encodings.filter((one) => one !== 'aws-chunked').join(',');
}

function readMetadata(headers: IncomingHttpHeaders): Result<Record<string, string>, Refusal> {
  const metadata: Record<string, string> = {};
  let size = 0;
  for (const name of Object.keys(headers)) {
    if (!name.startsWith('x-amz-meta-')) continue;
    const value = headerOf(headers, name) ?? '';
    const short = name.slice('x-amz-meta-'.length);
    metadata[short] = value;
    // Node reads headers with one character for each byte.
    size += short.length + value.length;
  }
  return size > 2048 ? fail(refusals.metadataTooLarge(size)) : ok(metadata);
}

type Lock = Pick<ObjectHead, 'retention' | 'legalHold'>;

function readLock(headers: IncomingHttpHeaders, { settings }: Bucket, now: number): Result<Lock, Refusal> {
  const mode = headerOf(headers, 'x-amz-object-lock-mode');
  const until = headerOf(headers, 'x-amz-object-lock-retain-until-date');
  const hold = headerOf(headers, 'x-amz-object-lock-legal-hold');
  const isAsked = mode !== null || until !== null || hold !== null;
  if (isAsked && !settings.objectLock) return fail(refusals.lockOff());
  if (hold !== null && hold !== 'ON' && hold !== 'OFF') {
    return fail(refusals.argument("Legal Hold must be either of 'ON' or 'OFF'", 'x-amz-object-lock-legal-hold', hold));
  }
  const legalHold = hold === 'ON';
  if (mode === null && until === null) {
    const rule = settings.objectLock?.defaultRule ?? null;
    return ok({ legalHold, retention: rule && retentionOf(rule, now) });
  }
  const retention = readRetention(mode, until, now);
  return retention.ok ? ok({ legalHold, retention: retention.value }) : retention;
}

/** A mode and a date, which belong together. */
export function readRetention(mode: string | null, until: string | null, now: number): Result<Retention, Refusal> {
  if (mode === null || until === null) {
    return fail(
      refusals.argument(
        'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
        mode === null ? 'x-amz-object-lock-mode' : 'x-amz-object-lock-retain-until-date',
        'null',
      ),
    );
  }
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') {
    return fail(refusals.argument('Unknown wormMode directive.', 'x-amz-object-lock-mode', mode));
  }
  const time = Date.parse(until);
  if (Number.isNaN(time) || !/^\d{4}-\d\d-\d\dT/.test(until)) {
    return fail(
      refusals.argument(
        'The retain until date must be provided in ISO 8601 format',
        'x-amz-object-lock-retain-until-date',
        until,
      ),
    );
  }
  if (time <= now) {
    return fail(
      refusals.argument('The retain until date must be in the future!', 'x-amz-object-lock-retain-until-date', until),
    );
  }
  return ok({ mode, until: time });
}

function retentionOf({ mode, unit, count }: LockRule, now: number): Retention {
  return { mode, until: now + count * (unit === 'Days' ? 1 : 365) * DAY };
}

/** Whether the request itself asks for the object to be locked, which has to come with a checksum. */
export function asksForLock(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => name.startsWith('x-amz-object-lock-'));
}
