import type { Failure } from '../../shared/failure.ts';
import { bucketNameProblem } from '../../shared/place.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { AccountBinding } from '../aws/account-binding.ts';
import { Attempts } from '../aws/attempts.ts';
import { type ConnectionOptions, type Connections, type HttpRequestHead, openConnections } from '../aws/connections.ts';
import { countOnce } from '../aws/count-once.ts';
import type { DeadConnections } from '../aws/dead-connections.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import type { PartSender, PartToSend, SendPartOptions, SentHashes, SentPart } from '../aws/part-sender.ts';
import { ServiceClock } from '../aws/service-clock.ts';
import type { Signing, SigningOptions } from '../aws/signing.ts';
import { type S3Address, locationOf } from './address.ts';
import { BucketOwner } from './bucket-owner.ts';
import { failureOf } from './failure.ts';
import type { Operation } from './operation.ts';
import { type Provider, type ProviderName, abilitiesOf, providerOf } from './provider.ts';
import { type S3Refusal, readRefusal } from './refusal.ts';

export type ClientOptions = ConnectionOptions &
  SigningOptions & {
    address: S3Address;
    /** Of the account; a bucket that is elsewhere is followed to its own. */
    region: string;
    /** Who serves the address, where that is known better than by its name. */
    provider?: ProviderName;
    partSender: PartSender;
    /** This computer's clock, milliseconds since 1970. */
    clock?: () => number;
    /** The AWS account that is meant; without it, whatever account the credentials are of. */
    account?: AccountBinding;
  };

/** Signs requests, sends each once, reads refusals, and follows buckets to their regions. */
export class Client {
  readonly provider: Provider;
  readonly #options: ClientOptions;
  readonly #clock: ServiceClock;
  readonly #attempts: Attempts;
  readonly #connections: Connections;
  readonly #owner: BucketOwner | null;
  /** Buckets that turned out to be in other regions. */
  readonly #regions = new Map<string, string>();

  constructor(options: ClientOptions) {
    this.#options = options;
    this.provider = abilitiesOf(options.provider ?? providerOf(options.address.endpointUrl));
    this.#owner = options.account && this.provider.hasOwners ? new BucketOwner(options.account) : null;
    this.#clock = new ServiceClock(options.clock ?? Date.now);
    this.#attempts = new Attempts(options, this.#clock, this.provider.signatureLifeMs);
    this.#connections = openConnections(options);
  }

  /** The successful answer, or why there is none. Throws the signal's reason when it is aborted. */
  async call<F = never>(operation: Operation<F>, signal: AbortSignal): Promise<Result<HttpAnswer, Failure | F>> {
    const { body = null, sink, limits } = operation;
    const sent = await this.#attempt(operation, signal, async (signing) => {
      const head = await this.#sign(signing, operation, {}, signal);
      if (!head.ok) return head;
      const answer = await this.#connections.send(head.value, body, { signal, ...(sink && { sink }), ...limits });
      return answer.ok ? ok({ response: answer.value }) : answer;
    });
    return sent.ok ? ok(sent.value.response) : sent;
  }

  /** For requests whose answer says nothing but that it is done. */
  async command<F = never>(operation: Operation<F>, signal: AbortSignal): Promise<Result<null, Failure | F>> {
    const answer = await this.call(operation, signal);
    return answer.ok ? ok(null) : answer;
  }

  /**
   * For requests whose body is a part of a file; `headersOf` adds what depends on its hashes. What a closed connection left
   * unanswered fails as `stale`: the service may have the part, and is asked before it is sent again.
   */
  sendPart<F = never>(
    operation: Operation<F>,
    part: PartToSend,
    headersOf: (hashes: SentHashes) => Record<string, string>,
    { signal, onSent }: SendPartOptions,
  ): Promise<Result<SentPart, Failure | F>> {
    const newAttempt = countOnce(onSent);
    return this.#attempt({ ...operation, isRepeatable: false }, signal, (signing) => {
      const prepare = (hashes: SentHashes) => {
        const headers = { 'x-amz-content-sha256': hashes.linear, ...headersOf(hashes) };
        return this.#sign(signing, operation, headers, signal);
      };
      return this.#options.partSender.send(part, prepare, { signal, onSent: newAttempt() });
    });
  }

  /** The service's time, as far as its answers have told it; milliseconds since 1970. */
  now(): number {
    return this.#clock.now();
  }

  /** Where the bucket is, as far as the service has told it. */
  regionOf(bucket: string | null): string {
    return this.#regions.get(bucket ?? '') ?? this.#options.region;
  }

  /** Closes connections that lead nowhere any more; what is on its way over them fails as `offline`. */
  dropConnections(dead: DeadConnections): void {
    this.#connections.drop(dead);
  }

  close(): void {
    this.#connections.close();
  }

  async #attempt<T extends { response: HttpAnswer }, F>(
    operation: Operation<F>,
    signal: AbortSignal,
    transmit: (signing: Signing) => Promise<Result<T>>,
  ): Promise<Result<T, Failure | F>> {
    const problem = nameProblem(operation) ?? (await this.#owner?.before(operation, signal));
    if (problem) return fail(problem);
    return this.#attempts.run(
      {
        transmit,
        isCheapToRepeat: operation.isRepeatable,
        readRefusal,
        cure: (refusal) => this.#follow(operation, refusal),
        outcomeOf: async (refusal) =>
          operation.ownOutcome?.(refusal) ??
          (await this.#owner?.explain(refusal, signal)) ??
          failureOf(refusal, operation),
      },
      signal,
    );
  }

  /** The region that the refusal names, when it is another than was asked: the request is sent there. */
  #follow({ bucket }: Operation<unknown>, { status, bucketRegion }: S3Refusal): string | null {
    const isElsewhere = [301, 307, 400, 403].includes(status);
    if (!isElsewhere || bucket === null || bucketRegion === null || bucketRegion === this.regionOf(bucket)) return null;
    this.#regions.set(bucket, bucketRegion);
    return `region ${bucketRegion}`;
  }

  #sign(
    signing: Signing,
    operation: Operation<unknown>,
    added: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Result<HttpRequestHead>> {
    const { method, bucket, key, query = {} } = operation;
    const region = this.regionOf(bucket);
    const { address } = this.#options;
    const location = locationOf({ bucket, key }, { address, region, ...this.provider });
    const headers = { ...this.#owner?.headers(operation), ...operation.headers, ...added };
    const hasOwnHash = 'x-amz-content-sha256' in added;
    const request = { method, ...location, query, headers, body: hasOwnHash ? null : (operation.body ?? null) };
    return signing.sign(request, { service: 's3', region }, signal);
  }
}

/** Why an operation cannot be asked for: a name that would make its address another one. */
function nameProblem({ bucket, key }: Operation<unknown>): Failure | null {
  const detail =
    (bucket === null ? null : bucketNameProblem(bucket)) ?? (key === '' ? 'An object without a name cannot be.' : null);
  return detail === null ? null : { kind: 'invalid-input', detail };
}
