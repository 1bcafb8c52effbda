import { setMaxListeners } from 'node:events';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { MINUTE, formatDuration } from '../../shared/units.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { Refusal } from './refusal.ts';
import { requestIdOf } from './refusal.ts';
import { isExpiredToken, isSignatureMismatch, isUnknownKey, isWrongTime } from './refusal-failure.ts';
import type { ServiceClock } from './service-clock.ts';
import { Signing, type SigningOptions } from './signing.ts';

/** One request of a service: how it is sent, and what its refusals mean. `F`: outcomes of its own. */
export type Attempted<T extends { response: HttpAnswer }, R extends Refusal, F> = {
  /** Signs and sends it once. */
  transmit: (signing: Signing) => Promise<Result<T>>;
  /** Whether doing twice what is asked for does no harm and costs nothing. */
  isCheapToRepeat: boolean;
  readRefusal: (answer: HttpAnswer) => R;
  /** Learns from a refusal what lets the same request succeed, beyond what all services have in common, and says so. */
  cure?: (refusal: R) => string | null;
  /** What a refusal means; `clock-wrong` and what came too late are told before. */
  outcomeOf: (refusal: R) => Promise<Failure | F> | Failure | F;
};

/**
 * Sends requests, and once more after a refusal that a fresh token, a fresh signature or the request's own cure may help: the
 * service did nothing in these cases. A kept connection that the other side had closed meanwhile is replaced by a fresh one where
 * a repetition is cheap. Any other repetition is the caller's to decide.
 */
export class Attempts {
  readonly #options: SigningOptions;
  readonly #clock: ServiceClock;
  readonly #signatureLifeMs: number;

  /** `signatureLifeMs`: how long the service takes a signature. */
  constructor(options: SigningOptions, clock: ServiceClock, signatureLifeMs: number) {
    this.#options = options;
    this.#clock = clock;
    this.#signatureLifeMs = signatureLifeMs;
  }

  /** The successful answer, or why there is none. Throws the signal's reason when it is aborted. */
  async run<T extends { response: HttpAnswer }, R extends Refusal, F>(
    { transmit, isCheapToRepeat, readRefusal, cure: ownCure, outcomeOf }: Attempted<T, R, F>,
    signal: AbortSignal,
  ): Promise<Result<T, Failure | F>> {
    // Many requests may share a signal, and each waits for it; Node would take more than ten for a leak.
    setMaxListeners(0, signal);
    let signedAt = 0;
    const signing = new Signing(this.#options, () => {
      signedAt = this.#clock.local();
      return this.#clock.now();
    });
    const tried = new Set<string>();
    for (;;) {
      const begunAt = this.#clock.local();
      const sent = await transmit(signing);
      if (!sent.ok) {
        if (!isStale(sent.failure) || !isCheapToRepeat || tried.has('fresh connection')) return sent;
        tried.add('fresh connection');
        continue;
      }
      this.#observe(sent.value.response, begunAt);
      if (isSuccess(sent.value.response)) return isWebPage(sent.value.response) ? webPage : sent;
      const refusal = readRefusal(sent.value.response);
      const outcome = async () => fail(this.#timeProblem(refusal, signedAt) ?? (await outcomeOf(refusal)));
      const cure = cureFor(refusal) ?? ownCure?.(refusal) ?? null;
      if (cure === null || tried.has(cure)) return outcome();
      tried.add(cure);
      const cured = cure === FRESH_TOKEN ? await signing.renew() : ok(null);
      // Keys that nobody can renew are what the service says of them.
      if (!cured.ok) return isUnknownKey(refusal) ? outcome() : cured;
      signal.throwIfAborted();
    }
  }

  /** Only the service itself has request IDs; whoever else answers on the way may have any time. */
  #observe(answer: HttpAnswer, begunAt: number): void {
    const date = Date.parse(answer.headers['date'] ?? '');
    if (requestIdOf(answer) !== null && !Number.isNaN(date)) this.#clock.observe(date, begunAt);
  }

  /** Sets the clock by a refusal of the signature's time. `signedAt`: by this computer's clock. */
  #timeProblem(refusal: Refusal, signedAt: number): Failure | null {
    if (!isWrongTime(refusal)) return null;
    const sinceMs = this.#clock.local() - signedAt;
    // The right time is wrong by then. Nearly so, since clocks differ a little.
    if (sinceMs > 0.9 * this.#signatureLifeMs) return tooLate(sinceMs, this.#signatureLifeMs);
    return { kind: 'clock-wrong', offsetMs: refusal.serviceTime === null ? 0 : this.#clock.learn(refusal.serviceTime) };
  }
}

function tooLate(ms: number, lifeMs: number): Failure {
  const life = lifeMs === 5 * MINUTE ? 'five minutes' : formatDuration(lifeMs);
  const detail = `the data took ${formatDuration(ms)} to arrive, and Amazon takes a request for ${life} only`;
  return { kind: 'timed-out', detail, late: true };
}

const FRESH_TOKEN = 'fresh token';

function isStale(failure: Failure): boolean {
  return failure.kind === 'offline' && failure.cause === 'stale';
}

function cureFor(refusal: Refusal): string | null {
  if (isExpiredToken(refusal) || isUnknownKey(refusal)) return FRESH_TOKEN;
  return isSignatureMismatch(refusal) ? 'fresh signature' : null;
}

function isSuccess({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

/** The service's own answers are none, and stored ones have its request ID; networks that want the user to sign in call theirs a success. */
function isWebPage(answer: HttpAnswer): boolean {
  return /^text\/html\b/i.test(answer.headers['content-type'] ?? '') && requestIdOf(answer) === null;
}

const webPage = fail<Failure>({ kind: 'answer-garbled', detail: 'it is a web page; some networks ask you to sign in' });
