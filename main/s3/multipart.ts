import { type Result, ok } from '../../shared/result.ts';
import type { StorageClass } from '../../shared/place.ts';
import type { MultipartUploadId } from '../../shared/upload.ts';
import { listAll } from '../aws/list-all.ts';
import type { Client } from './client.ts';
import { type Session, type SessionFailure, aboutSession } from './session.ts';
import { uploadIdOf } from './refs.ts';
import { decodeKey } from './url-encoding.ts';
import { type XmlElement, elementsOf, isTrueIn, neededText, optionalText, readXml, timeOf } from './xml.ts';

export type NewUpload = {
  bucket: string;
  key: string;
  storageClass: StorageClass | null;
  headers: Record<string, string>;
};

/** Storage class, metadata and algorithm are fixed here. The algorithm is named, or ListParts would not tell checksums. */
export async function createUpload(
  client: Client,
  { bucket, key, storageClass, headers }: NewUpload,
  signal: AbortSignal,
): Promise<Result<MultipartUploadId>> {
  const answer = await client.call(
    {
      method: 'POST',
      bucket,
      key,
      query: { uploads: '' },
      headers: { ...headers, ...classHeader(storageClass), 'x-amz-checksum-algorithm': 'SHA256' },
      action: 's3:PutObject',
      isRepeatable: false,
    },
    signal,
  );
  if (!answer.ok) return answer;
  const uploadId = readXml(answer.value.body, 'InitiateMultipartUploadResult', (root) => neededText(root, 'UploadId'));
  return uploadId.ok ? ok(uploadIdOf({ key, uploadId: uploadId.value })) : uploadId;
}

export function classHeader(storageClass: StorageClass | null): Record<string, string> {
  return storageClass === null ? {} : { 'x-amz-storage-class': storageClass };
}

/** `startedAt`: milliseconds since 1970. */
export type OpenUpload = { key: string; uploadId: string; startedAt: number };

/** Multipart uploads that are open, of all keys that begin so. */
export function listUploads(
  client: Client,
  { bucket, prefix }: { bucket: string; prefix: string },
  signal: AbortSignal,
): Promise<Result<OpenUpload[]>> {
  return listAll(async (marker: Record<string, string> | null) => {
    const answer = await client.call(
      {
        method: 'GET',
        bucket,
        query: { uploads: '', prefix, 'encoding-type': 'url', ...marker },
        action: 's3:ListBucketMultipartUploads',
        isRepeatable: true,
      },
      signal,
    );
    return answer.ok ? readXml(answer.value.body, 'ListMultipartUploadsResult', readPage) : answer;
  });
}

function readPage(root: XmlElement) {
  const isMore = isTrueIn(root, 'IsTruncated');
  const key = decodeKey(root, optionalText(root, 'NextKeyMarker') ?? '');
  const uploadId = optionalText(root, 'NextUploadIdMarker');
  return {
    items: elementsOf(root, 'Upload').map((upload): OpenUpload => ({
      key: decodeKey(root, neededText(upload, 'Key')),
      uploadId: neededText(upload, 'UploadId'),
      startedAt: timeOf(upload, 'Initiated'),
    })),
    next: isMore ? { 'key-marker': key, ...(uploadId !== null && { 'upload-id-marker': uploadId }) } : null,
  };
}

export async function abortUpload(
  client: Client,
  session: Session,
  signal: AbortSignal,
): Promise<Result<null, SessionFailure>> {
  const operation = { ...aboutSession('DELETE', session), action: 's3:AbortMultipartUpload', isRepeatable: true };
  return client.command(operation, signal);
}
