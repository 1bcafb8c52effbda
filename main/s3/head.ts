import type { Checksum } from '../../shared/checksum.ts';
import type { Failure } from '../../shared/failure.ts';
import { type Result, ok } from '../../shared/result.ts';
import { garbled } from '../aws/garbled.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import { checksumIn } from './checksums.ts';
import type { Client } from './client.ts';
import { type Metadata, metadataIn } from './metadata.ts';
import type { S3Refusal } from './refusal.ts';
import { etagIn, versionIn } from './refs.ts';
import { type RestoreState, restoreInHeader } from './restore-state.ts';

/** What S3 tells of an object without its bytes, of archived ones as well. Times in milliseconds since 1970. */
export type ObjectHead = {
  size: number;
  etag: string;
  versionId: string | null;
  modifiedAt: number;
  /** Null when it was stored without one that Firn can compute. */
  checksum: Checksum | null;
  storageClass: string;
  restore: RestoreState | null;
  metadata: Metadata;
};

export type ObjectMissing = { kind: 'object-missing' };

/** One request, whatever the class. Without a version, the current one. */
export async function headObject(
  client: Client,
  { bucket, key, query = {} }: { bucket: string; key: string; query?: Record<string, string> },
  signal: AbortSignal,
): Promise<Result<ObjectHead, Failure | ObjectMissing>> {
  const answer = await client.call(
    {
      method: 'HEAD',
      bucket,
      key,
      query,
      headers: { 'x-amz-checksum-mode': 'ENABLED' },
      action: 's3:GetObject',
      isRepeatable: true,
      ownOutcome: readMissing,
    },
    signal,
  );
  return answer.ok ? readHead(answer.value) : answer;
}

/** A HEAD does not say whether the bucket or the object is missing; a version that is a marker of a deletion is a 405. */
function readMissing({ status }: S3Refusal): ObjectMissing | null {
  return status === 404 || status === 405 ? { kind: 'object-missing' } : null;
}

function readHead({ headers }: HttpAnswer): Result<ObjectHead> {
  const size = headers['content-length'] ?? '';
  const modifiedAt = Date.parse(headers['last-modified'] ?? '');
  if (!/^\d+$/.test(size) || Number.isNaN(modifiedAt)) return garbled('it lacks a size or a time');
  return ok({
    size: Number(size),
    etag: etagIn(headers['etag']),
    versionId: versionIn(headers['x-amz-version-id']),
    modifiedAt,
    checksum: checksumIn(headers['x-amz-checksum-sha256']),
    storageClass: headers['x-amz-storage-class'] ?? 'STANDARD',
    restore: restoreInHeader(headers['x-amz-restore']),
    metadata: metadataIn(headers),
  });
}
