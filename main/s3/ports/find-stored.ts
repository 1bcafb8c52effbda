import { createHash } from 'node:crypto';
import type { Checksum } from '../../../shared/checksum.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import type { UploadRequest } from '../../places/ports/upload-target.ts';
import type { Client } from '../client.ts';
import { type ObjectHead, headObject } from '../head.ts';
import { tokenIn } from '../metadata.ts';
import { readName } from '../object-name.ts';
import { versionQuery } from '../refs.ts';

/** What has the name of an upload, and whether it is what the upload stores. */
export type Found = { head: ObjectHead; isOurs: boolean } | null;

/**
 * What an upload's object has in its metadata. The same for the same file at the same place, so that it is known again after any
 * end of Firn: the rest is told by size and checksum.
 */
export function tokenOf({ name, size, partSize }: UploadRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([name, size, partSize]))
    .digest('hex')
    .slice(0, 32);
}

/** Looks at the current object of the name, or at that version of it. `checksum`: null where it is not known yet. */
export async function findStored(
  client: Client,
  {
    bucket,
    request,
    checksum,
    versionId = null,
  }: { bucket: string; request: UploadRequest; checksum: Checksum | null; versionId?: string | null },
  signal: AbortSignal,
): Promise<Result<Found>> {
  const { key } = readName(request.name);
  const found = await headObject(client, { bucket, key, query: versionQuery({ versionId }) }, signal);
  if (!found.ok) return found.failure.kind === 'object-missing' ? ok(null) : fail(found.failure);
  const head = found.value;
  const isSame = head.size === request.size && hasChecksum(client, head, request, checksum);
  return ok({ head, isOurs: isSame });
}

/** By the service's checksum where it has one; else by what the upload has written beside its object. */
function hasChecksum(
  { provider }: Client,
  { checksum: told, metadata }: ObjectHead,
  request: UploadRequest,
  checksum: Checksum | null,
): boolean {
  if (told !== null && checksum !== null) return told === checksum;
  return !provider.confirmsChecksums && tokenIn(metadata) === tokenOf(request);
}
