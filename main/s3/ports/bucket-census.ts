import { STORAGE_CLASSES, type StorageClass } from '../../../shared/place.ts';
import { type Result, ok } from '../../../shared/result.ts';
import type { Census, CensusEntry, CensusJob } from '../../places/ports/census.ts';
import type { Client } from '../client.ts';
import { type ListedObject, listObjects, listVersions } from '../listing.ts';
import { keyPrefix, writeName } from '../object-name.ts';
import { archiveIdOf } from '../refs.ts';
import { type BucketPlace, locationOf } from './bucket.ts';
import { keepsVersions } from './keeps-versions.ts';

/**
 * The objects below the prefix, as they are now. Where the bucket keeps versions, those that were replaced or deleted are listed,
 * too: they are there, and paid for. Their names are keys, since no list tells metadata.
 */
export function bucketCensus(client: Client, place: BucketPlace): Census {
  const { bucket, prefix } = place;
  const jobAt = (asOf: number): CensusJob => ({
    job: String(asOf),
    label: '',
    askedAt: asOf,
    state: { kind: 'ready', endsAt: null, bytes: null },
  });
  const timeOf = (job: string): number => (/^\d{1,15}$/.test(job) ? Number(job) : client.now());

  return {
    lagMs: 0,
    usualMs: 0,
    jobs: () => Promise.resolve(ok([])),
    begin: () => Promise.resolve(ok({ job: String(client.now()) })),
    look: (job) => Promise.resolve(ok(jobAt(timeOf(job)))),

    async page(job, cursor, signal) {
      const from = await startOf(client, { bucket, cursor }, signal);
      if (!from.ok) return from;
      const { hasVersions, after } = from.value;
      const list = hasVersions ? listVersions : listObjects;
      const page = await list(client, { bucket, prefix: keyPrefix(prefix), after }, signal);
      if (!page.ok) return page;
      const { items, unreadable, next } = page.value;
      return ok({
        entries: items.map(entryOf),
        unreadable: Array.from({ length: unreadable }, () => ({ archiveId: null })),
        next: next === null ? null : JSON.stringify({ hasVersions, after: next }),
        asOf: timeOf(job),
        location: locationOf(place, ''),
      });
    },
  };
}

type Start = { hasVersions: boolean; after: Record<string, string> | null };

/** A list goes on as the sort of list that it began as. */
async function startOf(
  client: Client,
  { bucket, cursor }: { bucket: string; cursor: string | null },
  signal: AbortSignal,
): Promise<Result<Start>> {
  if (cursor !== null) return ok(JSON.parse(cursor) as Start);
  const versioned = await keepsVersions(client, bucket, signal);
  return versioned.ok ? ok({ hasVersions: versioned.value, after: null }) : versioned;
}

function entryOf({ key, size, createdAt, storageClass, ...state }: ListedObject): CensusEntry {
  return {
    archiveId: archiveIdOf({ key, ...state }),
    name: writeName({ key }),
    size,
    createdAt,
    checksum: null,
    storageClass: STORAGE_CLASSES.includes(storageClass as StorageClass) ? (storageClass as StorageClass) : null,
  };
}
