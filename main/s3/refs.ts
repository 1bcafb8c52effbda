import type { ArchiveId, MultipartUploadId } from '../../shared/upload.ts';

/**
 * One state of an object. `versionId`: null for the one that has no version, in a bucket that never had versions or from before it
 * had. `etag`: without quotes; keeps what took its place from being taken for it.
 */
export type ObjectName = { key: string; versionId: string | null; etag: string };

export type SessionName = { key: string; uploadId: string };

/** S3 calls the version without a version "null". */
const NO_VERSION = 'null';

export function versionIn(text: string | null | undefined): string | null {
  return text === undefined || text === null || text === '' || text === NO_VERSION ? null : text;
}

/** Without its quotes. */
export function etagIn(text: string | null | undefined): string {
  return (text ?? '').replaceAll('"', '');
}

/** Neither versions nor tags of entities have blanks; keys may. */
export function archiveIdOf({ key, versionId, etag }: ObjectName): ArchiveId {
  return `${versionId ?? '-'} ${etag} ${key}` as ArchiveId;
}

/** Null for what is no ID of an object. */
export function objectOf(archiveId: ArchiveId): ObjectName | null {
  const [, versionId = '', etag = '', key = ''] = /^(\S+) (\S*) (.+)$/s.exec(archiveId) ?? [];
  return key === '' ? null : { key, versionId: versionId === '-' ? null : versionId, etag };
}

export function uploadIdOf({ key, uploadId }: SessionName): MultipartUploadId {
  return `${uploadId} ${key}` as MultipartUploadId;
}

/** @throws for what is no ID of an upload, which is a bug of the caller. */
export function sessionOf(upload: MultipartUploadId): SessionName {
  const [, uploadId = '', key = ''] = /^(\S+) (.+)$/s.exec(upload) ?? [];
  if (key === '') throw new Error('this is no ID of a multipart upload');
  return { key, uploadId };
}

/** What a request about exactly this state of an object has in its query. */
export function versionQuery({ versionId }: Pick<ObjectName, 'versionId'>): Record<string, string> {
  return versionId === null ? {} : { versionId };
}
