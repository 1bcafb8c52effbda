import { createHash, randomBytes } from 'node:crypto';

/** Identifiers of Glacier, and of S3 after them: opaque, of `A-Z a-z 0-9 _ -`, and of these lengths; the first character may be `-` or `_`. */
const lengths = {
  request: 47,
  archive: 138,
  multipartUpload: 92,
  job: 92,
  lock: 24,
  capacity: 24,
  version: 32,
  bucketUpload: 128,
  host: 76,
} as const;

export function newId(kind: keyof typeof lengths): string {
  const length = lengths[kind];
  return randomBytes(Math.ceil((length * 3) / 4))
    .toString('base64url')
    .slice(0, length);
}

export function looksLikeArchiveId(text: string): boolean {
  return new RegExp(`^[A-Za-z0-9_-]{${lengths.archive}}$`).test(text);
}

/**
 * The name of the folder of a vault, an upload, an archive or a job. Real names do not serve: they differ by case alone,
 * are longer than some file systems allow, or are `..`.
 */
export function folderName(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 24);
}
