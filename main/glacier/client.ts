import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { MINUTE } from '../../shared/units.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { PartHashes } from '../core/tree-hash.ts';
import { Attempts } from '../aws/attempts.ts';
import { countOnce } from '../aws/count-once.ts';
import type { DeadConnections } from '../aws/dead-connections.ts';
import { ServiceClock } from '../aws/service-clock.ts';
import { failureOf } from './failure.ts';
import {
  type ConnectionOptions,
  type Connections,
  type HttpRequestHead,
  type SendOptions,
  openConnections,
} from '../aws/connections.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import { type Operation, pathProblem, vaultOf } from './operation.ts';
import type { AccountBinding } from '../aws/account-binding.ts';
import { type AskGlacier, Owner, WHOEVER_SIGNS } from './owner.ts';
import type { PartSender, PartToSend, SendPartOptions, SentHashes } from '../aws/part-sender.ts';
import { readRefusal } from './refusal.ts';
import { encodedPath } from '../aws/percent-encode.ts';
import type { Signing, SigningOptions } from '../aws/signing.ts';

export type ClientOptions = ConnectionOptions &
  SigningOptions & {
    /** The service's URL; a path in it comes before every request's. */
    endpoint: string;
    region: string;
    partSender: PartSender;
    /** This computer's clock, milliseconds since 1970. */
    clock?: () => number;
    /** The AWS account that is meant; without it, whatever account the credentials are of. */
    account?: AccountBinding;
  };

const API_VERSION = '2012-06-01';

/** Developer guide, "Signing Requests". */
const SIGNATURE_LIFE_MS = 5 * MINUTE;

/** Signs requests, sends each once, and reads refusals. */
export class Client {
  readonly #options: ClientOptions;
  readonly #clock: ServiceClock;
  readonly #attempts: Attempts;
  readonly #connections: Connections;
  readonly #owner: Owner | null;

  constructor(options: ClientOptions) {
    this.#options = options;
    const whoever: AskGlacier = (operation, signal) => this.#request(operation, null, signal);
    this.#owner = options.account ? new Owner(options.account, whoever) : null;
    this.#clock = new ServiceClock(options.clock ?? Date.now);
    this.#attempts = new Attempts(options, this.#clock, SIGNATURE_LIFE_MS);
    this.#connections = openConnections(options);
  }

  /** The successful answer, or why there is none. Throws the signal's reason when it is aborted. */
  call<F = never>(operation: Operation<F>, signal: AbortSignal): Promise<Result<HttpAnswer, Failure | F>> {
    return this.#request(operation, this.#owner, signal);
  }

  /** For requests whose answer says nothing but that it is done. */
  async command(operation: Operation, signal: AbortSignal): Promise<Result<null>> {
    const answer = await this.call(operation, signal);
    return answer.ok ? ok(null) : answer;
  }

  /**
   * For requests whose body is a part of a file; `headersOf` adds what depends on its hashes. What a closed connection left
   * unanswered fails as `stale`: the service may have the part, and is asked before it is sent again.
   */
  async sendPart<F = never>(
    operation: Operation<F>,
    part: Omit<PartToSend, 'withTree'>,
    headersOf: (hashes: PartHashes) => Record<string, string>,
    { signal, onSent }: SendPartOptions,
  ): Promise<Result<{ response: HttpAnswer; treeHash: TreeHash }, Failure | F>> {
    const newAttempt = countOnce(onSent);
    const sent = await this.#attempt({ ...operation, body: 'part' }, this.#owner, signal, (signing) => {
      const prepare = (hashes: SentHashes) =>
        this.#sign(signing, operation, this.#owner, { headers: headersOf(withTree(hashes)), body: null }, signal);
      return this.#options.partSender.send({ ...part, withTree: true }, prepare, { signal, onSent: newAttempt() });
    });
    return sent.ok ? ok({ response: sent.value.response, treeHash: withTree(sent.value.hashes).treeHash }) : sent;
  }

  /** The number of the AWS account, asked for when no answer has told it yet; null when nobody tells it. */
  async accountNumber(signal: AbortSignal): Promise<Result<string | null>> {
    return this.#owner ? this.#owner.find(null, signal) : ok(null);
  }

  /** The service's time, as far as its answers have told it; milliseconds since 1970. */
  now(): number {
    return this.#clock.now();
  }

  /** Whom it speaks with: host and port. */
  get host(): string {
    return new URL(this.#options.endpoint).host;
  }

  /** How far this computer is behind the service, in milliseconds; null before its first answer. */
  clockOffsetMs(): number | null {
    return this.#clock.offsetMs();
  }

  /** Closes connections that lead nowhere any more; what is on its way over them fails as `offline`. */
  dropConnections(dead: DeadConnections): void {
    this.#connections.drop(dead);
  }

  close(): void {
    this.#connections.close();
  }

  /** `owner`: null for a request to whatever account the credentials are of. */
  async #request<F>(
    operation: Operation<F>,
    owner: Owner | null,
    signal: AbortSignal,
  ): Promise<Result<HttpAnswer, Failure | F>> {
    const body = operation.json === undefined ? null : Buffer.from(JSON.stringify(operation.json));
    const headers: Record<string, string> = body === null ? {} : { 'content-type': 'application/json' };
    const sent = await this.#attempt(operation, owner, signal, async (signing) => {
      const head = await this.#sign(signing, operation, owner, { headers, body }, signal);
      if (!head.ok) return head;
      const answer = await this.#connections.send(head.value, body, sendOptions(operation, signal));
      return answer.ok ? ok({ response: answer.value }) : answer;
    });
    return sent.ok ? ok(sent.value.response) : sent;
  }

  async #attempt<T extends { response: HttpAnswer }, F>(
    operation: Operation<F>,
    owner: Owner | null,
    signal: AbortSignal,
    transmit: (signing: Signing) => Promise<Result<T>>,
  ): Promise<Result<T, Failure | F>> {
    const problem = pathProblem(operation) ?? (await owner?.before(operation, vaultOf(operation), signal));
    if (problem) return fail(problem);
    const sent = await this.#attempts.run(
      {
        transmit,
        isCheapToRepeat: isCheapToRepeat(operation),
        readRefusal,
        outcomeOf: async (refusal) =>
          (await owner?.explain(refusal, operation, signal)) ??
          operation.ownOutcome?.(refusal) ??
          failureOf(refusal, { vault: vaultOf(operation), thing: operation.thing ?? null }),
      },
      signal,
    );
    if (sent.ok) owner?.observe(sent.value.response);
    return sent;
  }

  /** `body`: null when `x-amz-content-sha256` stands for it. */
  #sign(
    signing: Signing,
    { method, path, query = {}, headers }: Operation<unknown>,
    owner: Owner | null,
    added: { headers: Record<string, string>; body: Uint8Array | null },
    signal: AbortSignal,
  ): Promise<Result<HttpRequestHead>> {
    const endpoint = new URL(this.#options.endpoint);
    const request = {
      method,
      endpoint,
      path: `/${encodedPath([...segmentsOf(endpoint), owner?.pathSegment ?? WHOEVER_SIGNS, ...path])}`,
      query,
      headers: { 'x-amz-glacier-version': API_VERSION, ...headers, ...added.headers },
      body: added.body,
    };
    return signing.sign(request, { service: 'glacier', region: this.#options.region }, signal);
  }
}

function withTree({ linear, treeHash }: SentHashes): PartHashes {
  if (treeHash === null) throw new Error('the tree hash that was asked for is missing');
  return { linear, treeHash };
}

function segmentsOf({ pathname }: URL): string[] {
  return pathname
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeURIComponent);
}

function sendOptions({ sink, limits }: Operation<unknown>, signal: AbortSignal): SendOptions {
  return { signal, ...(sink && { sink }), ...limits };
}

/** By HTTP's own rule (RFC 9110, 9.2.2): all that begins something, or is paid for, is a POST. A part costs its time. */
function isCheapToRepeat({ method, body }: Operation<unknown>): boolean {
  return method !== 'POST' && body !== 'part';
}
