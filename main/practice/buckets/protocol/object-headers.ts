import { headerOf as checksumHeader } from '../checksums/algorithms.ts';
import type { Bucket } from '../store/buckets.ts';
import type { Checksum } from '../checksums/algorithms.ts';
import type { ObjectRecord, StoredObject, Version } from '../store/records.ts';
import { restoreHeader } from './restoring.ts';
import { httpTime } from './times.ts';

/** The version of an object, where the bucket has any to speak of. */
export function versionHeader({ settings }: Bucket, versionId: string): Record<string, string> {
  return settings.versioning === 'off' ? {} : { 'x-amz-version-id': versionId };
}

export function markerHeaders(bucket: Bucket, version: Version): Record<string, string> {
  return { 'x-amz-delete-marker': 'true', ...versionHeader(bucket, version.versionId) };
}

/** All that the head of an answer says of an object, but for its length. */
export function objectHeaders(
  bucket: Bucket,
  { object, versionId, createdAt }: StoredObject,
  now: number,
): Record<string, string> {
  const { storageClass, tags, retention, legalHold } = object;
  const tagCount = Object.keys(tags).length;
  const restore = restoreHeader(object, now);
  return {
    ...namesAsSent(object.headers),
    ...metadataHeaders(object),
    'Last-Modified': httpTime(createdAt),
    ETag: `"${object.etag}"`,
    'Accept-Ranges': 'bytes',
    'x-amz-server-side-encryption': 'AES256',
    ...versionHeader(bucket, versionId),
    ...(storageClass === 'STANDARD' ? {} : { 'x-amz-storage-class': storageClass }),
    ...(restore === null ? {} : { 'x-amz-restore': restore }),
    ...(tagCount === 0 ? {} : { 'x-amz-tagging-count': String(tagCount) }),
    ...(retention && {
      'x-amz-object-lock-mode': retention.mode,
      'x-amz-object-lock-retain-until-date': new Date(retention.until).toISOString(),
    }),
    ...(legalHold ? { 'x-amz-object-lock-legal-hold': 'ON' } : {}),
  };
}

/** The checksum with the number of parts behind it, which S3 appends wherever it is made of theirs. */
export function checksumText({ type, value }: Checksum, partCount: number | null): string {
  return type === 'COMPOSITE' && partCount !== null ? `${value}-${partCount}` : value;
}

export function checksumHeaders({
  checksum,
  partCount,
}: Pick<ObjectRecord, 'checksum' | 'partCount'>): Record<string, string> {
  return {
    [checksumHeader(checksum.algorithm)]: checksumText(checksum, partCount),
    'x-amz-checksum-type': checksum.type,
  };
}

function namesAsSent(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name.replace(/^[a-z]|-[a-z]/g, (part) => part.toUpperCase()),
    value,
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function metadataHeaders({ metadata }: ObjectRecord): Record<string, string> {
  const entries = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, encodeWord(value)]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** What is not ASCII comes back as RFC 2047 has it for mail. */
function encodeWord(value: string): string {
  if (/^[\x20-\x7e\t]*$/.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  const encoded = [...bytes].map((byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9]/.test(char) ? char : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return `=?UTF-8?Q?${encoded.join('')}?=`;
}
