import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { PartHashes } from '../core/tree-hash.ts';
import { ServiceClock } from './clock.ts';
import type { CredentialProvider, Credentials } from './credential-provider.ts';
import { failureOf, isExpiredToken, isSignatureMismatch, isWrongTime } from './failure.ts';
import {
  type ConnectionOptions,
  type Connections,
  type HttpAnswer,
  type HttpRequestHead,
  type SinkFor,
  openConnections,
} from './http.ts';
import { type Operation, pathProblem, vaultOf } from './operation.ts';
import type { PartSender, PartToSend, SendPartOptions } from './part-sender.ts';
import { proxyFromEnvironment } from './proxy.ts';
import { type Refusal, readRefusal } from './refusal.ts';
import { signRequest } from './sign.ts';

export type ClientOptions = ConnectionOptions & {
  /** The service's URL; a path in it comes before every request's. */
  endpoint: string;
  region: string;
  credentials: CredentialProvider;
  partSender: PartSender;
  /** This computer's clock, milliseconds since 1970. */
  clock?: () => number;
  /** The proxy for a URL, or null; as the environment says unless this is given. */
  proxyFor?: (url: string) => Promise<string | null> | string | null;
};

/** Makes the head of the request with these headers added, signed at that moment. */
type Sign = (extra: Record<string, string>, body: Uint8Array | null) => Promise<Result<HttpRequestHead>>;

/** Signs requests, sends each once, and reads refusals. */
export class Client {
  readonly #options: ClientOptions;
  readonly #endpoint: URL;
  readonly #clock: ServiceClock;
  readonly #connections: Connections;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#endpoint = new URL(options.endpoint);
    this.#clock = new ServiceClock(options.clock ?? Date.now);
    this.#connections = openConnections(options);
  }

  /** The successful answer, or why there is none. Throws the signal's reason when it is aborted. */
  async call<F = never>(operation: Operation<F>, signal: AbortSignal): Promise<Result<HttpAnswer, Failure | F>> {
    const body = operation.json === undefined ? null : Buffer.from(JSON.stringify(operation.json));
    const extra = body === null ? {} : { 'content-type': 'application/json' };
    const sent = await this.#attempt(operation, signal, async (sign) => {
      const head = await sign(extra, body);
      if (!head.ok) return head;
      const answer = await this.#connections.send(head.value, body, {
        signal,
        ...sinkOf(operation),
        ...operation.limits,
      });
      return answer.ok ? ok({ response: answer.value }) : answer;
    });
    return sent.ok ? ok(sent.value.response) : sent;
  }

  /** For requests whose answer says nothing but that it is done. */
  async command(operation: Operation, signal: AbortSignal): Promise<Result<null>> {
    const answer = await this.call(operation, signal);
    return answer.ok ? ok(null) : answer;
  }

  /** The same for a request whose body is a part of a file; `headersOf` adds what depends on its hashes. */
  sendPart<F = never>(
    operation: Operation<F>,
    part: PartToSend,
    headersOf: (hashes: PartHashes) => Record<string, string>,
    options: SendPartOptions,
  ): Promise<Result<{ response: HttpAnswer; hashes: PartHashes }, Failure | F>> {
    return this.#attempt(operation, options.signal, (sign) =>
      this.#options.partSender.send(part, (made) => sign(headersOf(made), null), options),
    );
  }

  /** The service's time, as far as its answers have told it; milliseconds since 1970. */
  now(): number {
    return this.#clock.now();
  }

  close(): void {
    this.#connections.close();
  }

  /**
   * Sends, and once more after a refusal that a fresh token or a fresh signature may cure: the service did nothing in
   * these cases. Any other repetition is the caller's to decide.
   */
  async #attempt<T extends { response: HttpAnswer }, F>(
    operation: Operation<F>,
    signal: AbortSignal,
    transmit: (sign: Sign) => Promise<Result<T>>,
  ): Promise<Result<T, Failure | F>> {
    const problem = pathProblem(operation);
    if (problem) return fail(problem);
    const tried = new Set<Cure>();
    let used: Credentials | undefined;
    const sign: Sign = async (extra, body) => {
      const credentials = await this.#options.credentials.get(signal);
      if (!credentials.ok) return credentials;
      if (!areSendable(credentials.value)) return fail(unsendable);
      used = credentials.value;
      return ok(await this.#signed(operation, extra, body, credentials.value));
    };
    for (;;) {
      const begunAt = this.#clock.local();
      const sent = await transmit(sign);
      if (sent.ok) this.#observe(sent.value.response, begunAt);
      if (!sent.ok || isSuccess(sent.value.response)) return sent;
      const refusal = readRefusal(sent.value.response);
      const cure = cureFor(refusal);
      if (cure === null || tried.has(cure)) return fail(this.#outcome(operation, refusal));
      tried.add(cure);
      if (cure === 'fresh token') {
        const fresh = await this.#options.credentials.refresh(used);
        if (!fresh.ok) return fresh;
      }
      signal.throwIfAborted();
    }
  }

  async #signed(
    operation: Operation<unknown>,
    extra: Record<string, string>,
    body: Uint8Array | null,
    credentials: Credentials,
  ): Promise<HttpRequestHead> {
    const { region, proxyFor = proxyFromEnvironment } = this.#options;
    const proxyUrl = await proxyFor(this.#endpoint.href);
    const request = {
      method: operation.method,
      endpoint: this.#endpoint,
      path: ['-', ...operation.path],
      query: operation.query ?? {},
      headers: { ...operation.headers, ...extra },
      body,
    };
    return { ...(await signRequest(request, { region, credentials, now: this.#clock.now() })), proxyUrl };
  }

  /** Only the service itself has request IDs; whoever else answers on the way may have any time. */
  #observe({ headers }: HttpAnswer, begunAt: number): void {
    const date = Date.parse(headers['date'] ?? '');
    if (headers['x-amzn-requestid'] !== undefined && !Number.isNaN(date)) this.#clock.observe(date, begunAt);
  }

  #outcome<F>(operation: Operation<F>, refusal: Refusal): Failure | F {
    const own = operation.ownOutcome?.(refusal) ?? null;
    if (own !== null) return own;
    const offsetMs = isWrongTime(refusal) && refusal.serviceTime !== null ? this.#clock.learn(refusal.serviceTime) : 0;
    return failureOf(refusal, { vault: vaultOf(operation), thing: operation.thing ?? null }, offsetMs);
  }
}

function sinkOf({ sink }: Operation<unknown>): { sink?: SinkFor } {
  return sink ? { sink } : {};
}

const unsendable: Failure = { kind: 'credentials-rejected', detail: 'they have characters that no key of Amazon has' };

/** Typed keys may hold anything; a header takes only some of it. */
function areSendable({ accessKeyId, secretAccessKey, sessionToken }: Credentials): boolean {
  return [accessKeyId, secretAccessKey, sessionToken ?? 'none'].every((text) => /^[\x21-\x7e]+$/.test(text));
}

type Cure = 'fresh token' | 'fresh signature';

function cureFor(refusal: Refusal): Cure | null {
  if (isExpiredToken(refusal)) return 'fresh token';
  return isSignatureMismatch(refusal) ? 'fresh signature' : null;
}

function isSuccess({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}
