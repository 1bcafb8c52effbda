import { describe } from 'vitest';
import { fixedCredentials } from '../../main/aws/credentials/credentials.ts';
import { PRACTICE_CREDENTIALS } from '../../main/practice/server.ts';
import { bucketBench } from '../support/bucket-bench.ts';
import { never } from '../support/glacier-bench.ts';
import { sdkBucket } from '../support/places/sdk-bucket.ts';
import { placeSuite } from '../support/places/suite.ts';
import { bucketPlace, s3Bench } from '../support/s3-bench.ts';
import { valueOf } from '../support/value-of.ts';

const bench = s3Bench();

describe("a bucket through Amazon's own client", () => {
  placeSuite(async () => {
    const practice = await bucketBench();
    const credentials = fixedCredentials({ sessionToken: null, ...PRACTICE_CREDENTIALS });
    const s3 = bench.open(practice.vault().url, { clock: practice.now, credentials });
    const place = bucketPlace();
    valueOf(await s3.admin.create(place.name, never));
    const client = practice.s3;
    return {
      ports: sdkBucket({
        client,
        bucket: place.name,
        storageClass: 'DEEP_ARCHIVE',
        now: practice.now,
        own: s3.ports(place),
      }),
      admin: s3.admin,
      name: place.name,
      otherName: 'more-photos',
      file: (name, bytes) => bench.file(name, bytes),
      pass(ms) {
        practice.wait(ms);
        client.config.systemClockOffset = practice.now() - Date.now();
      },
    };
  });
});
