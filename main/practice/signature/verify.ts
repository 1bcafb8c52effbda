import { timingSafeEqual } from 'node:crypto';
import { MINUTE } from '../../../shared/units.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import type { PracticeCredentials } from '../credentials.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';
import { formatAmazonDate, parseAmazonDate } from './amazon-date.ts';
import { type Authorization, parseAuthorization } from './authorization.ts';
import { type SignedRequest, canonicalRequest, signatureOf, stringToSign } from './canonical.ts';

/** Whom a request claims to come from, still to be proved by its signature. */
export type Claim = { authorization: Authorization; credentials: PracticeCredentials; amazonDate: string };

export type Gate = { credentials: readonly PracticeCredentials[]; region: string; clockWindowMs: number };

/** Everything about the sender that can be judged before the body is known, in Glacier's likely order. */
export function readClaim(request: SignedRequest, gate: Gate, now: number): Result<Claim, Rejection> {
  const header = valueOf(request, 'authorization');
  if (header === null) return fail(rejections.noAuthentication());
  const authorization = parseAuthorization(header);
  if (!authorization) return fail(rejections.authorizationMalformed(header));
  const credentials = gate.credentials.find(({ accessKeyId }) => accessKeyId === authorization.accessKeyId);
  if (!credentials || (credentials.sessionToken ?? null) !== valueOf(request, 'x-amz-security-token')) {
    return fail(rejections.clientUnknown());
  }
  if (typeof credentials.expiresAt === 'number' && now >= credentials.expiresAt) return fail(rejections.tokenExpired());
  const amazonDate = valueOf(request, 'x-amz-date') ?? valueOf(request, 'date') ?? '';
  const problem =
    clockProblem(amazonDate, gate.clockWindowMs, now) ??
    scopeProblem(authorization, gate.region, amazonDate) ??
    signedHeadersProblem(request, authorization);
  return problem ? fail(problem) : ok({ authorization, credentials, amazonDate });
}

/** Why the signature does not prove the claim; null when it does. `payloadHash` in lower-case hexadecimal. */
export function signatureProblem(request: SignedRequest, claim: Claim, payloadHash: string): Rejection | null {
  const { authorization, credentials, amazonDate } = claim;
  const canonical = canonicalRequest(request, authorization.signedHeaders, payloadHash);
  const toSign = stringToSign(amazonDate, authorization, canonical);
  const expected = signatureOf(credentials.secretAccessKey, authorization, toSign);
  const same = timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(authorization.signature, 'hex'));
  return same ? null : rejections.signatureMismatch(canonical, toSign);
}

export function valueOf(request: SignedRequest, name: string): string | null {
  return request.headers.find(([candidate]) => candidate === name)?.[1] ?? null;
}

function clockProblem(amazonDate: string, windowMs: number, now: number): Rejection | null {
  const date = parseAmazonDate(amazonDate);
  if (date === null) return rejections.dateMalformed();
  const second = Math.floor(now / 1000) * 1000;
  const [earliest, latest] = [second - windowMs, second + windowMs];
  const serverNow = formatAmazonDate(second);
  if (date < earliest) {
    return rejections.signatureExpired(amazonDate, formatAmazonDate(earliest), serverNow, windowMs / MINUTE);
  }
  if (date > latest) {
    return rejections.signatureTooEarly(amazonDate, formatAmazonDate(latest), serverNow, windowMs / MINUTE);
  }
  return null;
}

function scopeProblem(
  { day, region, service }: Authorization,
  ownRegion: string,
  amazonDate: string,
): Rejection | null {
  if (day !== amazonDate.slice(0, 8)) return rejections.scopeDay(day, amazonDate);
  if (region !== ownRegion) return rejections.scopeRegion(region);
  return service === 'glacier' ? null : rejections.scopeService();
}

function signedHeadersProblem(request: SignedRequest, { signedHeaders }: Authorization): Rejection | null {
  if (!signedHeaders.includes('host')) return rejections.headerNotSigned('Host');
  // The date that counts must be under the signature.
  const dateHeader = valueOf(request, 'x-amz-date') === null ? 'date' : 'x-amz-date';
  if (!signedHeaders.includes(dateHeader)) return rejections.headerNotSigned(dateHeader);
  const absent = signedHeaders.find((name) => valueOf(request, name) === null);
  return absent === undefined ? null : rejections.signedHeaderMissing(absent);
}
