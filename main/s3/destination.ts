import type { Finding } from '../../shared/checkup.ts';
import type { Place } from '../../shared/place.ts';
import type { Result } from '../../shared/result.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import type { DeadConnections } from '../aws/dead-connections.ts';
import type { PlaceAdapter } from '../places/ports/place-ports.ts';
import { locationOf } from './address.ts';
import { bucketChecksums } from './checksums.ts';
import { Client, type ClientOptions } from './client.ts';
import { bucketAdmin } from './ports/bucket-admin.ts';
import type { BucketPlace } from './ports/bucket.ts';
import { type BucketWishes, setUpBucket } from './ports/bucket-setup.ts';
import { checkUpBucket } from './ports/bucket-check-up.ts';
import { type ObjectDetails, describeObject } from './ports/object-details.ts';
import { bucketCensus } from './ports/bucket-census.ts';
import { bucketNames } from './ports/bucket-names.ts';
import { bucketRemover } from './ports/bucket-remover.ts';
import { bucketTarget } from './ports/bucket-target.ts';
import { bucketThaw } from './ports/bucket-thaw.ts';

export type S3Destination = PlaceAdapter & {
  /** Makes a bucket as it is wanted; one that is this account's already gets what it lacks. */
  setUp(bucket: string, wishes: BucketWishes, signal: AbortSignal): Promise<Result<{ existed: boolean }>>;
  /** What the settings of the place's bucket mean, and whether this account may store there. Leaves nothing behind. */
  checkUp(place: Place, signal: AbortSignal): Promise<Finding[]>;
  /** What takes two requests for each archive: name and time as whoever stored it noted them, checksums, parts. */
  describe(place: Place, archiveId: ArchiveId, signal: AbortSignal): Promise<Result<ObjectDetails>>;
  /** Closes connections that lead nowhere any more; what is on its way over them fails as `offline`. */
  dropConnections(dead: DeadConnections): void;
  close(): void;
};

/** Amazon S3, or a service that speaks it, as one account sees it. */
export function openS3(options: ClientOptions): S3Destination {
  const client = new Client(options);
  return {
    host: locationOf({ bucket: null }, { ...options, hasVirtualHosts: false }).endpoint.host,
    admin: bucketAdmin(client, options.region),
    setUp: (bucket, wishes, signal) => setUpBucket(client, { bucket, region: options.region, wishes }, signal),
    checkUp: (place, signal) => checkUpBucket(client, bucketOf(place), signal),
    describe: (place, archiveId, signal) => describeObject(client, { ...bucketOf(place), archiveId }, signal),
    ports(place) {
      const { bucket, prefix, storageClass } = bucketOf(place);
      const accountNumber = (): string | null => options.account?.number() ?? place.accountNumber;
      const where: BucketPlace = { bucket, prefix, storageClass, accountNumber };
      return {
        target: bucketTarget(client, where),
        checksums: bucketChecksums,
        names: bucketNames(prefix),
        census: bucketCensus(client, where),
        thaw: bucketThaw(client, where),
        remover: bucketRemover(client, where),
      };
    },
    dropConnections: (dead) => {
      client.dropConnections(dead);
    },
    close: () => {
      client.close();
    },
  };
}

function bucketOf(place: Place): Omit<BucketPlace, 'accountNumber'> {
  if (place.service !== 's3') throw new Error('This adapter serves buckets alone');
  return { bucket: place.name, prefix: place.prefix, storageClass: place.storageClass };
}
