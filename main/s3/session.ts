import type { Failure } from '../../shared/failure.ts';
import type { MultipartUploadId } from '../../shared/upload.ts';
import type { MultipartMissing } from '../core/ports.ts';
import type { Operation } from './operation.ts';
import type { S3Refusal } from './refusal.ts';
import { sessionOf } from './refs.ts';

export type Session = { bucket: string; upload: MultipartUploadId };

/** What every request about a multipart upload has in common. */
export function aboutSession<M extends Operation['method']>(
  method: M,
  { bucket, upload }: Session,
  query: Record<string, string> = {},
): Pick<Operation<MultipartMissing>, 'bucket' | 'key' | 'ownOutcome'> & {
  method: M;
  key: string;
  query: Record<string, string>;
} {
  const { key, uploadId } = sessionOf(upload);
  return { method, bucket, key, query: { ...query, uploadId }, ownOutcome: readMissing };
}

/** Other services than Amazon's say of an upload that is gone that its key is. */
export function readMissing({ status, code }: S3Refusal): MultipartMissing | null {
  const isMissing = code === 'NoSuchUpload' || (status === 404 && code !== 'NoSuchBucket');
  return isMissing ? { kind: 'multipart-missing' } : null;
}

export type SessionFailure = Failure | MultipartMissing;
