import { describe } from 'vitest';
import { fixedCredentials } from '../../main/aws/credentials/credentials.ts';
import { PRACTICE_CREDENTIALS } from '../../main/practice/server.ts';
import type { StorageClass } from '../../shared/place.ts';
import { placeSuite } from '../support/places/suite.ts';
import { practiceBench } from '../support/practice-bench.ts';
import { bucketPlace, s3Bench } from '../support/s3-bench.ts';
import { never } from '../support/glacier-bench.ts';
import { valueOf } from '../support/value-of.ts';

const bench = s3Bench();

describe.each<[StorageClass, string]>([
  ['DEEP_ARCHIVE', ''],
  ['GLACIER_IR', 'archive/2026'],
])('a bucket, with objects of the class %s below "%s"', (storageClass, prefix) => {
  placeSuite(async () => {
    const practice = await practiceBench();
    const s3 = bench.open(practice.vault().url, {
      clock: practice.now,
      credentials: fixedCredentials({ sessionToken: null, ...PRACTICE_CREDENTIALS }),
    });
    const place = bucketPlace({ storageClass, prefix });
    valueOf(await s3.admin.create(place.name, never));
    return {
      ports: s3.ports(place),
      admin: s3.admin,
      name: place.name,
      otherName: 'more-photos',
      file: (name, bytes) => bench.file(name, bytes),
      pass: practice.wait,
    };
  });
});
