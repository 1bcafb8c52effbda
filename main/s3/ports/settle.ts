import { type Result, fail, ok } from '../../../shared/result.ts';
import { MINUTE, SECOND } from '../../../shared/units.ts';
import type { LostFinish, Settlement } from '../../places/ports/upload-target.ts';
import type { Client } from '../client.ts';
import type { ObjectHead } from '../head.ts';
import { listVersions } from '../listing.ts';
import { readName } from '../object-name.ts';
import { archiveIdOf } from '../refs.ts';
import { type BucketPlace, locationOf } from './bucket.ts';
import { findStored } from './find-stored.ts';
import { keepsVersions } from './keeps-versions.ts';

/** A request whose answer was lost may still be at work for so long. */
const STILL_AT_WORK_MS = 1 * MINUTE;
const LOOK_AGAIN_MS = 15 * SECOND;

/**
 * What became of a last request is told by the object itself, at once: S3 shows it as soon as it is there. Only that it is not is
 * believed a while later.
 */
export async function settle(
  client: Client,
  place: BucketPlace,
  lost: LostFinish,
  signal: AbortSignal,
): Promise<Result<Settlement>> {
  const { request, checksum, isTaken, since } = lost;
  const { key } = readName(request.name);
  const found = await findStored(client, { bucket: place.bucket, request, checksum }, signal);
  if (!found.ok) return found;
  if (found.value === null) {
    const waitedMs = client.now() - since;
    return ok(waitedMs < STILL_AT_WORK_MS ? { kind: 'ask-later', askInMs: LOOK_AGAIN_MS } : { kind: 'absent' });
  }
  const { head, isOurs } = found.value;
  if (isOurs && !isTaken(archiveIdOf({ key, ...head }))) return ok(storedAs(place, key, head));
  const earlier = await findVersion(client, place, lost, signal);
  if (!earlier.ok) return earlier;
  if (earlier.value !== null) return ok(storedAs(place, key, earlier.value));
  // It was stored and overwritten, or never stored: sending it again could put it over what somebody else has put there.
  return fail({ kind: 'name-taken', name: key, object: archiveIdOf({ key, ...head }) });
}

function storedAs(place: BucketPlace, key: string, head: ObjectHead): Settlement {
  return {
    kind: 'stored',
    archiveId: archiveIdOf({ key, ...head }),
    location: locationOf(place, key),
    storedAt: head.modifiedAt,
  };
}

/** The version that the upload stored, when another one has come over it since. */
async function findVersion(
  client: Client,
  { bucket }: BucketPlace,
  { request, checksum, isTaken }: LostFinish,
  signal: AbortSignal,
): Promise<Result<ObjectHead | null>> {
  const versioned = await keepsVersions(client, bucket, signal);
  if (!versioned.ok || !versioned.value) return versioned.ok ? ok(null) : versioned;
  const { key } = readName(request.name);
  const listed = await listVersions(client, { bucket, prefix: key, after: null }, signal);
  if (!listed.ok) return listed;
  for (const version of listed.value.items) {
    if (version.key !== key || version.isCurrent || version.size !== request.size) continue;
    if (isTaken(archiveIdOf(version))) continue;
    const found = await findStored(client, { bucket, request, checksum, versionId: version.versionId }, signal);
    if (!found.ok) return found;
    if (found.value?.isOurs === true) return ok(found.value.head);
  }
  return ok(null);
}
