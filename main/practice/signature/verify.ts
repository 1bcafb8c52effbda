import { timingSafeEqual } from 'node:crypto';
import { type Result, fail, ok } from '../../../shared/result.ts';
import type { PracticeCredentials } from '../credentials.ts';
import type { ServiceName } from '../ledger.ts';
import { formatAmazonDate, parseAmazonDate } from './amazon-date.ts';
import { type Authorization, parseAuthorization } from './authorization.ts';
import { type SignedRequest, canonicalRequest, signatureOf, stringToSign } from './canonical.ts';

/** Whom a request claims to come from, still to be proved by its signature. */
export type Claim = {
  authorization: Authorization;
  credentials: PracticeCredentials;
  amazonDate: string;
  service: ServiceName;
};

export type Gate = {
  service: ServiceName;
  credentials: readonly PracticeCredentials[];
  region: string;
  clockWindowMs: number;
};

/** Why a request is not taken for its sender's. Each service says it in words of its own. Dates as in `x-amz-date`. */
export type Doubt =
  | { kind: 'unsigned' }
  | { kind: 'authorization-malformed'; header: string }
  | { kind: 'key-unknown'; accessKeyId: string }
  | { kind: 'token-wrong'; token: string | null }
  | { kind: 'token-expired'; token: string | null }
  | { kind: 'date-malformed' }
  | { kind: 'too-early' | 'too-late'; date: string; limit: string; now: string; windowMs: number }
  | { kind: 'scope-day'; day: string; date: string }
  | { kind: 'scope-region'; region: string }
  | { kind: 'scope-service'; service: string }
  | { kind: 'header-not-signed'; name: string }
  | { kind: 'signed-header-missing'; name: string }
  | { kind: 'signature-wrong'; accessKeyId: string; signature: string; canonical: string; toSign: string };

/** Everything about the sender that can be judged before the body is known, in Amazon's likely order. */
export function readClaim(request: SignedRequest, gate: Gate, now: number): Result<Claim, Doubt> {
  const header = valueOf(request, 'authorization');
  if (header === null) return fail({ kind: 'unsigned' });
  const authorization = parseAuthorization(header);
  if (!authorization) return fail({ kind: 'authorization-malformed', header });
  const { accessKeyId } = authorization;
  const credentials = gate.credentials.find((known) => known.accessKeyId === accessKeyId);
  if (!credentials) return fail({ kind: 'key-unknown', accessKeyId });
  const token = valueOf(request, 'x-amz-security-token');
  if ((credentials.sessionToken ?? null) !== token) return fail({ kind: 'token-wrong', token });
  if (typeof credentials.expiresAt === 'number' && now >= credentials.expiresAt) {
    return fail({ kind: 'token-expired', token });
  }
  const amazonDate = valueOf(request, 'x-amz-date') ?? valueOf(request, 'date') ?? '';
  const doubt =
    clockDoubt(amazonDate, gate.clockWindowMs, now) ??
    scopeDoubt(authorization, gate, amazonDate) ??
    signedHeadersDoubt(request, authorization);
  return doubt ? fail(doubt) : ok({ authorization, credentials, amazonDate, service: gate.service });
}

/** Why the signature does not prove the claim; null when it does. `payloadHash` as the canonical request has it. */
export function signatureDoubt(request: SignedRequest, claim: Claim, payloadHash: string): Doubt | null {
  const { authorization, credentials, amazonDate, service } = claim;
  const { accessKeyId, signature, signedHeaders } = authorization;
  const canonical = canonicalRequest(request, signedHeaders, payloadHash, service);
  const toSign = stringToSign(amazonDate, authorization, canonical);
  const expected = signatureOf(credentials.secretAccessKey, authorization, toSign);
  const same = timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(signature, 'hex'));
  return same ? null : { kind: 'signature-wrong', accessKeyId, signature, canonical, toSign };
}

export function valueOf(request: SignedRequest, name: string): string | null {
  return request.headers.find(([candidate]) => candidate === name)?.[1] ?? null;
}

function clockDoubt(amazonDate: string, windowMs: number, now: number): Doubt | null {
  const date = parseAmazonDate(amazonDate);
  if (date === null) return { kind: 'date-malformed' };
  const second = Math.floor(now / 1000) * 1000;
  const [earliest, latest] = [second - windowMs, second + windowMs];
  const told = { date: amazonDate, now: formatAmazonDate(second), windowMs };
  if (date < earliest) return { kind: 'too-late', limit: formatAmazonDate(earliest), ...told };
  if (date > latest) return { kind: 'too-early', limit: formatAmazonDate(latest), ...told };
  return null;
}

function scopeDoubt({ day, region, service }: Authorization, gate: Gate, date: string): Doubt | null {
  if (day !== date.slice(0, 8)) return { kind: 'scope-day', day, date };
  if (region !== gate.region) return { kind: 'scope-region', region };
  return service === gate.service ? null : { kind: 'scope-service', service };
}

function signedHeadersDoubt(request: SignedRequest, { signedHeaders }: Authorization): Doubt | null {
  if (!signedHeaders.includes('host')) return { kind: 'header-not-signed', name: 'Host' };
  // The date that counts must be under the signature.
  const dateHeader = valueOf(request, 'x-amz-date') === null ? 'date' : 'x-amz-date';
  if (!signedHeaders.includes(dateHeader)) return { kind: 'header-not-signed', name: dateHeader };
  const absent = signedHeaders.find((name) => valueOf(request, name) === null);
  return absent === undefined ? null : { kind: 'signed-header-missing', name: absent };
}
