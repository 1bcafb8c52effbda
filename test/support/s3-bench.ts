import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { AccountId } from '../../shared/account.ts';
import type { Place, PlaceId } from '../../shared/place.ts';
import { fixedCredentials } from '../../main/aws/credentials/credentials.ts';
import type { SourceFile } from '../../main/core/ports.ts';
import type { ClientOptions } from '../../main/s3/client.ts';
import { Client } from '../../main/s3/client.ts';
import { type S3Destination, openS3 } from '../../main/s3/destination.ts';
import { type PartPool, openPartPool } from '../../main/transfer/pool.ts';
import { buildPartWorker } from './build-worker.ts';
import { sourceAt } from './glacier-bench.ts';

export type S3Bench = {
  folder: string;
  open(url: string, options?: Partial<ClientOptions>): S3Destination;
  client(url: string, options?: Partial<ClientOptions>): Client;
  file(name: string, content: Uint8Array): Promise<SourceFile>;
};

/** A place in a bucket. */
export function bucketPlace(
  changes: Partial<Extract<Place, { service: 's3' }>> = {},
): Extract<Place, { service: 's3' }> {
  return {
    id: 1 as PlaceId,
    accountId: 'an account' as AccountId,
    accountNumber: null,
    region: 'us-east-1',
    service: 's3',
    name: 'lena-photos',
    prefix: '',
    storageClass: 'DEEP_ARCHIVE',
    ...changes,
  };
}

/** For the tests of a file: one built worker, one pool, and a folder that is gone after all tests. */
export function s3Bench(): S3Bench {
  let worker: Awaited<ReturnType<typeof buildPartWorker>>;
  let pool: PartPool;
  let folder = '';
  const closers: { close: () => void }[] = [];
  const closedAfterwards = <T extends { close: () => void }>(one: T): T => {
    closers.push(one);
    return one;
  };
  beforeAll(async () => {
    worker = await buildPartWorker();
    pool = openPartPool({ workerFile: worker.workerFile, threads: 2 });
    folder = mkdtempSync(join(tmpdir(), 'firn-s3-'));
  });
  afterEach(() => {
    for (const one of closers.splice(0)) one.close();
  });
  afterAll(async () => {
    await pool.close();
    await worker.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const optionsFor = (url: string, options: Partial<ClientOptions>): ClientOptions => ({
    address: { endpointUrl: url },
    provider: 'amazon',
    region: 'us-east-1',
    credentials: fixedCredentials({ accessKeyId: 'TESTKEY', secretAccessKey: 'TESTSECRET', sessionToken: null }),
    partSender: pool,
    ...options,
  });
  return {
    get folder() {
      return folder;
    },
    open: (url, options = {}) => closedAfterwards(openS3(optionsFor(url, options))),
    client: (url, options = {}) => closedAfterwards(new Client(optionsFor(url, options))),
    async file(name, content) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      return sourceAt(path);
    },
  };
}
