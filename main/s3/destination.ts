import type { DeadConnections } from '../aws/dead-connections.ts';
import type { PlaceAdapter } from '../places/ports/place-ports.ts';
import { bucketChecksums } from './checksums.ts';
import { Client, type ClientOptions } from './client.ts';
import { bucketAdmin } from './ports/bucket-admin.ts';
import type { BucketPlace } from './ports/bucket.ts';
import { bucketCensus } from './ports/bucket-census.ts';
import { bucketNames } from './ports/bucket-names.ts';
import { bucketRemover } from './ports/bucket-remover.ts';
import { bucketTarget } from './ports/bucket-target.ts';
import { bucketThaw } from './ports/bucket-thaw.ts';

export type S3Destination = PlaceAdapter & {
  /** Closes connections that lead nowhere any more; what is on its way over them fails as `offline`. */
  dropConnections(dead: DeadConnections): void;
  close(): void;
};

/** Amazon S3, or a service that speaks it, as one account sees it. */
export function openS3(options: ClientOptions): S3Destination {
  const client = new Client(options);
  return {
    admin: bucketAdmin(client, options.region),
    ports(place) {
      if (place.service !== 's3') throw new Error('This adapter serves buckets alone');
      const { name: bucket, prefix, storageClass } = place;
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
