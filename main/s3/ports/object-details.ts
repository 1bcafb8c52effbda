import type { Checksum } from '../../../shared/checksum.ts';
import { type Described, described } from '../../../shared/description/described.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import type { ArchiveId } from '../../../shared/upload.ts';
import { type StoredPart, objectAttributes } from '../attributes.ts';
import type { Client } from '../client.ts';
import { headObject } from '../head.ts';
import { pathIn, timeIn } from '../metadata.ts';
import { keyPrefix } from '../object-name.ts';
import { objectOf, versionQuery } from '../refs.ts';

/** `parts`: as they were uploaded, with their checksums; none where the service tells none. */
export type ObjectDetails = {
  described: Described | null;
  size: number;
  storageClass: string;
  checksum: Checksum | null;
  parts: readonly StoredPart[];
};

/** `not-found` when it is gone. What other tools noted is read as well: rclone, s3cmd, s3fs, Cyberduck. */
export async function describeObject(
  client: Client,
  { bucket, prefix, archiveId }: { bucket: string; prefix: string; archiveId: ArchiveId },
  signal: AbortSignal,
): Promise<Result<ObjectDetails>> {
  const object = objectOf(archiveId);
  if (object === null) return gone;
  const { key, etag } = object;
  const found = await headObject(client, { bucket, key, query: versionQuery(object) }, signal);
  if (!found.ok) return found.failure.kind === 'object-missing' ? gone : fail(found.failure);
  const { metadata, size, storageClass, checksum } = found.value;
  if (etag !== '' && found.value.etag !== etag) return gone;
  const attributes = client.provider.confirmsChecksums
    ? await objectAttributes(client, { bucket, object }, signal)
    : ok({ parts: [] });
  if (!attributes.ok) return attributes;
  const below = key.startsWith(keyPrefix(prefix)) ? key.slice(keyPrefix(prefix).length) : key;
  const name = described({ path: pathIn(metadata) ?? below, modifiedAt: timeIn(metadata), by: 'plain-name' });
  return ok({ described: name, size, storageClass, checksum, parts: attributes.value.parts });
}

const gone: Result<never> = fail({ kind: 'not-found', what: 'The object' });
