import { rangeLength } from '../../../shared/part-plan.ts';
import type { StorageClass } from '../../../shared/place.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import type { Usual } from '../../../shared/retrieval-quote.ts';
import type { Tier } from '../../../shared/tier.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/units.ts';
import type { ArchiveId } from '../../../shared/upload.ts';
import { garbled } from '../../aws/garbled.ts';
import { listAll } from '../../aws/list-all.ts';
import type { Thaw, ThawJob, ThawState } from '../../places/ports/thaw.ts';
import type { Client } from '../client.ts';
import { getRange } from '../get.ts';
import { headObject } from '../head.ts';
import { type ListedObject, listObjects, listVersions } from '../listing.ts';
import { keyPrefix } from '../object-name.ts';
import { archiveIdOf, objectOf, versionQuery } from '../refs.ts';
import { restoreObject } from '../restore.ts';
import type { RestoreState } from '../restore-state.ts';
import type { BucketPlace } from './bucket.ts';
import { keepsVersions } from './keeps-versions.ts';
import { PartLayouts } from './part-layout.ts';
import { RangeHasher } from './range-hasher.ts';

/** A copy stays for so many days, and can be asked for again before they end. */
const DAYS = 7;

type Offer = { tier: Tier; usual: Usual };

/** User guide, "Archive retrieval options". */
const OFFERS: Readonly<Record<StorageClass, readonly Offer[]>> = {
  GLACIER_IR: [],
  GLACIER: [
    { tier: 'Expedited', usual: { fromMs: 1 * MINUTE, toMs: 5 * MINUTE } },
    { tier: 'Standard', usual: { fromMs: 3 * HOUR, toMs: 5 * HOUR } },
    { tier: 'Bulk', usual: { fromMs: 5 * HOUR, toMs: 12 * HOUR } },
  ],
  DEEP_ARCHIVE: [
    { tier: 'Standard', usual: { fromMs: 9 * HOUR, toMs: 12 * HOUR } },
    { tier: 'Bulk', usual: { fromMs: 12 * HOUR, toMs: 48 * HOUR } },
  ],
};

/** Copies that S3 makes of archived objects for some days. The job of one is its object: S3 keeps no other name for it. */
export function bucketThaw(client: Client, place: BucketPlace): Thaw {
  const { bucket, prefix, storageClass } = place;
  const layouts = new PartLayouts(client, bucket);

  const stateIn = (restore: RestoreState): ThawState =>
    restore.kind === 'in-progress'
      ? { kind: 'in-progress' }
      : { kind: 'ready', endsAt: restore.endsAt ?? client.now() + DAYS * DAY, checksum: null };

  const jobOf = (archiveId: ArchiveId, size: number, restore: RestoreState): ThawJob => ({
    job: archiveId,
    label: '',
    // It is not told, and nothing may be taken for older than it is.
    askedAt: client.now(),
    archiveId,
    range: null,
    tier: null,
    size,
    checksum: null,
    state: stateIn(restore),
  });

  return {
    tiers: storageClass === null ? [] : OFFERS[storageClass],
    rangeUnit: null,
    outputLifeMs: DAYS * DAY,
    now: () => client.now(),

    async request({ archiveId, tier }, signal) {
      const object = objectOf(archiveId);
      if (object === null) return notThere;
      const asked = await restoreObject(client, { bucket, object, days: DAYS, tier }, signal);
      if (asked.ok) return ok({ job: archiveId });
      const { failure } = asked;
      // Asked for already, or readable as it is: what was wanted comes about, and nothing more is paid.
      return failure.kind === 'under-way' || failure.kind === 'at-hand' ? ok({ job: archiveId }) : fail(failure);
    },

    async jobs(signal) {
      const versioned = await keepsVersions(client, bucket, signal);
      if (!versioned.ok) return versioned;
      const list = versioned.value ? listVersions : listObjects;
      const restored = await listAll(async (after: Record<string, string> | null) => {
        const page = await list(client, { bucket, prefix: keyPrefix(prefix), after }, signal);
        if (!page.ok) return page;
        return ok({ items: page.value.items.filter(({ restore }) => restore !== null), next: page.value.next });
      });
      if (!restored.ok) return restored;
      return ok(
        restored.value.flatMap((listed: ListedObject) => {
          const { restore, size } = listed;
          return restore === null ? [] : [jobOf(archiveIdOf(listed), size, restore)];
        }),
      );
    },

    async look(job, signal) {
      const object = objectOf(job as ArchiveId);
      if (object === null) return notThere;
      const found = await headObject(client, { bucket, key: object.key, query: versionQuery(object) }, signal);
      if (!found.ok) return found.failure.kind === 'object-missing' ? notThere : fail(found.failure);
      const { etag, size, restore, storageClass: kept } = found.value;
      if (object.etag !== '' && etag !== object.etag) return notThere;
      if (restore !== null) return ok(jobOf(job as ArchiveId, size, restore));
      const isAtHand = kept !== 'GLACIER' && kept !== 'DEEP_ARCHIVE';
      return isAtHand ? ok(jobOf(job as ArchiveId, size, { kind: 'ready', endsAt: null })) : notThere;
    },

    async read({ archiveId, range }, { write, signal }) {
      const object = objectOf(archiveId);
      if (object === null) return notThere;
      const parts = await layouts.of(archiveId, object, signal);
      if (!parts.ok) return parts;
      const hasher = new RangeHasher(range, parts.value);
      const take = (bytes: Uint8Array) => {
        hasher.update(bytes);
        return write(bytes);
      };
      const fetched = await getRange(client, { bucket, object, range }, { write: take, signal });
      if (!fetched.ok) return fetched;
      if (hasher.isDamaged) return garbled('its bytes do not have the checksum that the service tells of them');
      return ok({ checksum: hasher.digest(), confirmed: hasher.covered === rangeLength(range) });
    },
  };
}

const notThere: Result<never> = fail({ kind: 'not-found', what: 'The object' });
