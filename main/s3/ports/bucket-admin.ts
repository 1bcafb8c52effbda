import { type Result, fail, ok } from '../../../shared/result.ts';
import type { PlaceAdmin, PlaceFacts } from '../../places/ports/place-admin.ts';
import { type Bucket, deleteBucket, listBuckets, locateBucket } from '../buckets.ts';
import type { Client } from '../client.ts';
import { listUploads } from '../multipart.ts';
import { makeBucket } from './bucket-setup.ts';

/** Buckets of an account, in whatever region. Counts are not kept: a list tells them. */
export function bucketAdmin(client: Client, region: string): PlaceAdmin {
  return {
    async list(signal) {
      const found = await listBuckets(client, signal);
      return found.ok ? ok(found.value.map(factsOf)) : found;
    },

    async create(name, signal) {
      const made = await makeBucket(client, { bucket: name, region, canLock: false }, signal);
      return made.ok ? ok(null) : made;
    },

    async describe(name, signal) {
      const located = await locateBucket(client, name, signal);
      if (!located.ok) return located;
      const listed = await listBuckets(client, signal);
      const known = listed.ok ? listed.value.find((bucket) => bucket.name === name) : undefined;
      // Whoever may use one bucket need not be allowed to list them.
      if (!listed.ok && listed.failure.kind !== 'access-denied') return fail(listed.failure);
      return ok(factsOf(known ?? { name, createdAt: 0, region: located.value.region }));
    },

    remove: (name, signal) => deleteBucket(client, name, signal),

    async countOpenUploads(name, signal): Promise<Result<number>> {
      const open = await listUploads(client, { bucket: name, prefix: '' }, signal);
      return open.ok ? ok(open.value.length) : open;
    },
  };
}

function factsOf({ name, createdAt }: Bucket): PlaceFacts {
  return { service: 's3', name, prefix: '', createdAt, archives: null, bytes: null, listedAt: null };
}
