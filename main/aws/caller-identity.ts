import { type Result, ok } from '../../shared/result.ts';
import { MINUTE, SECOND } from '../../shared/units.ts';
import { Attempts } from './attempts.ts';
import { openConnections } from './connections.ts';
import type { HttpAnswer } from './http-answer.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import { ServiceClock } from './service-clock.ts';
import type { SigningOptions } from './signing.ts';

export type CallerIdentityOptions = SigningOptions & {
  /** Of STS, in the account's region or one of its own. */
  endpoint: string;
  region: string;
  /** This computer's clock, milliseconds since 1970. */
  clock: () => number;
};

/** General Reference, "Signature Version 4". */
const SIGNATURE_LIFE_MS = 5 * MINUTE;
/** Some networks let nothing through to STS; what waits for the answer goes on without it. */
const PATIENCE_MS = 10 * SECOND;
/** Who gets no answer does not ask again at every request. */
const SILENCE_MS = 5 * MINUTE;

/**
 * Asks STS whose the credentials are (GetCallerIdentity, which no policy can forbid). The returned function answers with the
 * number of the AWS account, 12 digits; null when STS does not tell it. Throws the signal's reason when it is aborted.
 */
export function callerIdentity(options: CallerIdentityOptions): (signal: AbortSignal) => Promise<string | null> {
  let silentUntil = -Infinity;
  return async (signal) => {
    const now = options.clock();
    if (now < silentUntil && now >= silentUntil - SILENCE_MS) return null;
    const number = await askOnce(options, signal);
    if (number === null) silentUntil = now + SILENCE_MS;
    return number;
  };
}

async function askOnce(options: CallerIdentityOptions, signal: AbortSignal): Promise<string | null> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const answer = await request(options, limit);
    return answer.ok ? answer.value : null;
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return null;
    throw error;
  }
}

async function request(
  { endpoint, region, clock, ...signing }: CallerIdentityOptions,
  signal: AbortSignal,
): Promise<Result<string | null, unknown>> {
  const connections = openConnections();
  const body = Buffer.from('Action=GetCallerIdentity&Version=2011-06-15');
  const unsigned = {
    ...{ method: 'POST', endpoint: new URL(endpoint), path: '/', query: {} },
    ...{ headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body },
  };
  try {
    const sent = await new Attempts(signing, new ServiceClock(clock), SIGNATURE_LIFE_MS).run(
      {
        async transmit(attempt) {
          const head = await attempt.sign(unsigned, { service: 'sts', region }, signal);
          if (!head.ok) return head;
          const response = await connections.send(head.value, body, { signal });
          return response.ok ? ok({ response: response.value }) : response;
        },
        isCheapToRepeat: true,
        readRefusal,
        outcomeOf: (refusal) => refusal,
      },
      signal,
    );
    return sent.ok ? ok(numberIn(Buffer.from(sent.value.response.body).toString('utf8'))) : sent;
  } finally {
    connections.close();
  }
}

function numberIn(xml: string): string | null {
  return /<Account>(\d{12})<\/Account>/.exec(xml)?.[1] ?? null;
}

function readRefusal(answer: HttpAnswer): Refusal {
  const xml = Buffer.from(answer.body).toString('utf8');
  const told = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
  return refusalOf(answer, { code: told('Code'), message: told('Message') });
}
