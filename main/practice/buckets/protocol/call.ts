import type { IncomingHttpHeaders } from 'node:http';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import type { Answer } from '../../exchange/answer.ts';
import type { PracticeRules } from '../../rules.ts';
import type { Checksum, ChecksumAlgorithm } from '../checksums/algorithms.ts';
import type { Bucket } from '../store/buckets.ts';
import type { BucketStore } from '../store/store.ts';
import { type Refusal, refusals } from './refusals.ts';
import type { Route } from './routes.ts';

/** The service as operations see it. */
export type Service = {
  store: BucketStore;
  rules: PracticeRules;
  region: string;
  accountNumber: string;
  clock: () => number;
};

/** What befalls a request that is about to be carried out may depend on the state. */
export type BucketCall = { for: 's3'; service: Service; call: Call };

/** The head of a request whose sender is proved. */
export type Head = { route: Route; headers: IncomingHttpHeaders };

/** A request whose body has arrived, with the hashes that it told. */
export type Call = Head & {
  body: Body;
  /** Where the client reached the service, as in `http://127.0.0.1:8080`. */
  origin: string;
  /** Answers success at once, and with white space until the answer is there. */
  hold: (headers: Record<string, string>, opening: string) => void;
};

/** Data lies in a file of the store, which is gone after the request unless it becomes part of an object. */
export type Body = { length: number } & (
  | { kind: 'data'; file: string; md5: string; checksums: ReadonlyMap<ChecksumAlgorithm, string>; told: Told | null }
  | { kind: 'small'; bytes: Buffer }
);

/** A checksum that the sender told and that proved right. */
export type Told = Pick<Checksum, 'algorithm' | 'value'>;

/** What is to become of a body, settled before it is read. */
export type BodyPlan =
  /** `compute`: checksums that are wanted whatever the sender tells. */
  | { kind: 'data'; compute: readonly ChecksumAlgorithm[]; maxLength: number }
  /**
   * `needsChecksum`: Content-MD5 or a checksum has to come with it. `tellsObject`: the checksum in its head is the object's that is
   * to be made, and says nothing of the body.
   */
  | { kind: 'small'; needsChecksum: boolean; maxLength: number; tellsObject?: true };

export type Outcome = Result<Answer, Refusal>;

export type Operation = {
  /** Looks at all that can be judged before the body has come. */
  plan(service: Service, head: Head): Result<BodyPlan, Refusal>;
  perform(service: Service, call: Call): Outcome | Promise<Outcome>;
};

/** The text of a header; null when it is not there. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return value === undefined ? null : Array.isArray(value) ? value.join(',') : value;
}

export function findBucket({ store }: Service, { route }: Head): Result<Bucket, Refusal> {
  const bucket = store.buckets.find(route.bucket);
  return bucket ? ok(bucket) : fail(refusals.bucketMissing(route.bucket));
}
