import { fail, ok } from '../../../shared/result.ts';
import type { StorageClass } from '../../../shared/place.ts';
import { DAY } from '../../../shared/units.ts';
import type { Remover } from '../../places/ports/remover.ts';
import type { Client } from '../client.ts';
import { MOST_DELETED, deleteObjects } from '../delete-objects.ts';
import { type ObjectName, objectOf } from '../refs.ts';
import type { BucketPlace } from './bucket.ts';
import { keepsVersions } from './keeps-versions.ts';

/** User guide, "Minimum storage duration". */
const LEAST_BILLED_MS: Readonly<Record<StorageClass, number>> = {
  DEEP_ARCHIVE: 180 * DAY,
  GLACIER: 90 * DAY,
  GLACIER_IR: 90 * DAY,
};

/** Deletes versions, never by a marker that only hides them. */
export function bucketRemover(client: Client, { bucket, storageClass }: BucketPlace): Remover {
  return {
    mostAtOnce: MOST_DELETED,
    leastBilledMs: storageClass === null ? 0 : LEAST_BILLED_MS[storageClass],
    now: () => client.now(),

    async remove(archives, signal) {
      const objects = archives.map(objectOf);
      const known = objects.filter((object): object is ObjectName => object !== null);
      const versioned = await keepsVersions(client, bucket, signal);
      if (!versioned.ok) return versioned;
      const answer = await deleteObjects(client, { bucket, objects: known, hasVersions: versioned.value }, signal);
      if (!answer.ok) return answer;
      const results = new Map(known.map((object, index) => [object, answer.value[index]]));
      return ok(
        archives.map((archiveId, index) => {
          const object = objects[index] ?? null;
          // What is no ID of an object was never in this place.
          const result = object === null ? ok(null) : (results.get(object) ?? unanswered);
          return { archiveId, result };
        }),
      );
    },
  };
}

const unanswered = fail({ kind: 'answer-garbled', detail: 'it does not say whether it is deleted' } as const);
