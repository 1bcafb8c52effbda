import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { PRACTICE_CREDENTIALS } from '../../main/practice/server.ts';
import { type PracticeBench, practiceBench } from './practice-bench.ts';
import type { FaultyOptions } from './practice/faulty.ts';
import { type PracticeReply, type PracticeRequest, send, sha256 } from './practice-request.ts';

export type BucketBench = PracticeBench & {
  /** Amazon's own client, which repeats nothing. */
  s3: S3Client;
  /** Another one, whose clock is the service's as it is now. */
  fresh: () => S3Client;
  /** One request by hand, signed for S3. */
  ask: (method: string, target: string, extra?: Partial<PracticeRequest>) => Promise<PracticeReply>;
};

/** A practice service with Amazon's client for S3 on its clock. Gone after the test. */
export async function bucketBench(options: Partial<FaultyOptions> = {}): Promise<BucketBench> {
  const bench = await practiceBench(options);
  const ask = (method: string, target: string, extra: Partial<PracticeRequest> = {}): Promise<PracticeReply> =>
    send(bench.vault(), { method, target, service: 's3', at: bench.now(), ...extra, headers: bucketHeaders(extra) });
  const fresh = (): S3Client => clientOf(() => bench.vault().url, bench.now, options.region);
  return { ...bench, ask, fresh, s3: fresh() };
}

/** What every request to S3 has, beside what the test gives. */
function bucketHeaders({ headers = {}, body = '' }: Partial<PracticeRequest>): Record<string, string> {
  return { 'x-amz-content-sha256': sha256(body), ...headers };
}

/** A client whose clock is the service's. */
function clientOf(url: () => string, now: () => number, region = 'us-east-1'): S3Client {
  const { accessKeyId, secretAccessKey } = PRACTICE_CREDENTIALS;
  const config: S3ClientConfig = {
    region,
    endpoint: () => Promise.resolve({ url: new URL(url()) }),
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
    systemClockOffset: now() - Date.now(),
    // A service that was started again knows nothing of older connections.
    requestHandler: { httpAgent: { keepAlive: false } },
  };
  return new S3Client(config);
}

/** The error that a promise fails with, as Amazon's client tells it; fails itself when there is none. */
export async function refusalOf(promise: Promise<unknown>): Promise<{ name: string; message: string; status: number }> {
  const error = await promise.then(
    () => null,
    (problem: unknown) => problem as { name: string; message: string; $metadata?: { httpStatusCode?: number } },
  );
  if (!error) throw new Error('It was not refused.');
  return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode ?? 0 };
}
