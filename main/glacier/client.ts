import { setMaxListeners } from 'node:events';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { MINUTE, formatDuration } from '../../shared/units.ts';
import type { PartHashes } from '../core/tree-hash.ts';
import { countOnce } from '../aws/count-once.ts';
import type { DeadConnections } from '../aws/dead-connections.ts';
import { ServiceClock } from '../aws/service-clock.ts';
import { failureOf, isExpiredToken, isSignatureMismatch, isUnknownKey, isWrongTime } from './failure.ts';
import { type ConnectionOptions, type Connections, type SendOptions, openConnections } from '../aws/connections.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import { type Operation, pathProblem, vaultOf } from './operation.ts';
import { type AccountBinding, type AskGlacier, Owner } from './owner.ts';
import type { PartSender, PartToSend, SendPartOptions } from './part-sender.ts';
import { type Refusal, readRefusal } from './refusal.ts';
import { Signing, type SigningOptions } from './signing.ts';

export type ClientOptions = ConnectionOptions &
  SigningOptions & {
    partSender: PartSender;
    /** This computer's clock, milliseconds since 1970. */
    clock?: () => number;
    /** The AWS account that is meant; without it, whatever account the credentials are of. */
    account?: AccountBinding;
  };

/** Signs requests, sends each once, and reads refusals. */
export class Client {
  readonly #options: ClientOptions;
  readonly #clock: ServiceClock;
  readonly #connections: Connections;
  readonly #owner: Owner | null;

  constructor(options: ClientOptions) {
    this.#options = options;
    const whoever: AskGlacier = (operation, signal) => this.#request(operation, null, signal);
    this.#owner = options.account ? new Owner(options.account, whoever) : null;
    this.#clock = new ServiceClock(options.clock ?? Date.now);
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
  sendPart<F = never>(
    operation: Operation<F>,
    part: PartToSend,
    headersOf: (hashes: PartHashes) => Record<string, string>,
    options: SendPartOptions,
  ): Promise<Result<{ response: HttpAnswer; hashes: PartHashes }, Failure | F>> {
    const { signal } = options;
    const newAttempt = countOnce(options.onSent);
    return this.#attempt({ ...operation, body: 'part' }, this.#owner, signal, (signing) => {
      const prepare = (hashes: PartHashes) => signing.sign(headersOf(hashes), null, signal);
      return this.#options.partSender.send(part, prepare, { signal, onSent: newAttempt() });
    });
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
    const extra = body === null ? {} : { 'content-type': 'application/json' };
    const sent = await this.#attempt(operation, owner, signal, async (signing) => {
      const head = await signing.sign(extra, body, signal);
      if (!head.ok) return head;
      const answer = await this.#connections.send(head.value, body, sendOptions(operation, signal));
      return answer.ok ? ok({ response: answer.value }) : answer;
    });
    return sent.ok ? ok(sent.value.response) : sent;
  }

  /**
   * Sends, and once more after a refusal that a fresh token or a fresh signature may cure: the service did nothing in
   * these cases. A kept connection that the other side had closed meanwhile is replaced by a fresh one, when doing twice what
   * is asked for does no harm and costs nothing. Any other repetition is the caller's to decide.
   */
  async #attempt<T extends { response: HttpAnswer }, F>(
    operation: Operation<F>,
    owner: Owner | null,
    signal: AbortSignal,
    transmit: (signing: Signing) => Promise<Result<T>>,
  ): Promise<Result<T, Failure | F>> {
    const problem = pathProblem(operation) ?? (await owner?.before(operation, vaultOf(operation), signal));
    if (problem) return fail(problem);
    // Many requests may share a signal, and each waits for it; Node would take more than ten for a leak.
    setMaxListeners(0, signal);
    let signedAt = 0;
    const now = (): number => {
      signedAt = this.#clock.local();
      return this.#clock.now();
    };
    const signing = new Signing(this.#options, { operation, owner, now });
    const tried = new Set<Cure>();
    for (;;) {
      const begunAt = this.#clock.local();
      const sent = await transmit(signing);
      if (!sent.ok) {
        if (!isStale(sent.failure) || !isCheapToRepeat(operation) || tried.has('fresh connection')) return sent;
        tried.add('fresh connection');
        continue;
      }
      this.#observe(sent.value.response, begunAt);
      if (isSuccess(sent.value.response)) {
        if (isWebPage(sent.value.response)) return webPage;
        owner?.observe(sent.value.response);
        return sent;
      }
      const refusal = readRefusal(sent.value.response);
      const cure = cureFor(refusal);
      if (cure === null || tried.has(cure))
        return fail((await owner?.explain(refusal, operation, signal)) ?? this.#outcome(operation, refusal, signedAt));
      tried.add(cure);
      const cured = cure === 'fresh token' ? await signing.renew() : ok(null);
      // Keys that nobody can renew are what the service says of them.
      if (!cured.ok) return isUnknownKey(refusal) ? fail(this.#outcome(operation, refusal, signedAt)) : cured;
      signal.throwIfAborted();
    }
  }

  /** Only the service itself has request IDs; whoever else answers on the way may have any time. */
  #observe({ headers }: HttpAnswer, begunAt: number): void {
    const date = Date.parse(headers['date'] ?? '');
    if (headers['x-amzn-requestid'] !== undefined && !Number.isNaN(date)) this.#clock.observe(date, begunAt);
  }

  /** `signedAt`: by this computer's clock. */
  #outcome<F>(operation: Operation<F>, refusal: Refusal, signedAt: number): Failure | F {
    const own = operation.ownOutcome?.(refusal) ?? null;
    if (own !== null) return own;
    const sinceMs = this.#clock.local() - signedAt;
    if (isWrongTime(refusal) && sinceMs > LATE_MS) return tooLate(sinceMs);
    const offsetMs = isWrongTime(refusal) && refusal.serviceTime !== null ? this.#clock.learn(refusal.serviceTime) : 0;
    return failureOf(refusal, { vault: vaultOf(operation), thing: operation.thing ?? null }, offsetMs);
  }
}

/** The right time is wrong by then: Glacier takes a signature for five minutes. Nearly so, since clocks differ a little. */
const LATE_MS = 4.5 * MINUTE;

function tooLate(ms: number): Failure {
  const detail = `the data took ${formatDuration(ms)} to arrive, and Amazon takes a request for five minutes only`;
  return { kind: 'timed-out', detail, late: true };
}

function sendOptions({ sink, limits }: Operation<unknown>, signal: AbortSignal): SendOptions {
  return { signal, ...(sink && { sink }), ...limits };
}

type Cure = 'fresh token' | 'fresh signature' | 'fresh connection';

function isStale(failure: Failure): boolean {
  return failure.kind === 'offline' && failure.cause === 'stale';
}

/** By HTTP's own rule (RFC 9110, 9.2.2): all that begins something, or is paid for, is a POST. A part costs its time. */
function isCheapToRepeat({ method, body }: Operation<unknown>): boolean {
  return method !== 'POST' && body !== 'part';
}

function cureFor(refusal: Refusal): Cure | null {
  if (isExpiredToken(refusal) || isUnknownKey(refusal)) return 'fresh token';
  return isSignatureMismatch(refusal) ? 'fresh signature' : null;
}

function isSuccess({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

/** The service never answers with one; networks do that want the user to sign in, and call it a success. */
function isWebPage({ headers }: HttpAnswer): boolean {
  return /^text\/html\b/i.test(headers['content-type'] ?? '');
}

const webPage = fail<Failure>({ kind: 'answer-garbled', detail: 'it is a web page; some networks ask you to sign in' });
