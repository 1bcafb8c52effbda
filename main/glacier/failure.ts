import type { Failure } from '../../shared/failure.ts';
import type { Refusal } from './refusal.ts';

// The one place that knows Amazon's codes and messages (API reference, "Error Responses").

/** What a request is about, to say what is missing. `thing` with its article, as in "The job". */
export type Subject = { vault: string | null; thing: string | null };

/** The session token has run out; fresh credentials may cure it. */
export function isExpiredToken({ code }: Refusal): boolean {
  return code === 'ExpiredTokenException' || code === 'ExpiredToken';
}

/** Keys that the service does not know, or not any more: whoever gave them may have others by now. */
export function isUnknownKey({ code }: Refusal): boolean {
  return code === 'UnrecognizedClientException' || code === 'InvalidClientTokenId' || code === 'InvalidAccessKeyId';
}

/** The time of the signature is outside the service's window of five minutes. */
export function isWrongTime({ code, message }: Refusal): boolean {
  if (code === 'RequestExpired' || code === 'RequestTimeTooSkewed') return true;
  return code === 'InvalidSignatureException' && /^Signature (expired|not yet current)/i.test(message);
}

/** The signature does not fit. Good ones were seen to be refused now and then, so it is worth a second try. */
export function isSignatureMismatch(refusal: Refusal): boolean {
  const isAbout = refusal.code === 'InvalidSignatureException' || refusal.code === 'SignatureDoesNotMatch';
  return isAbout && !isWrongTime(refusal) && !isDamagedBody(refusal);
}

/** Other bytes arrived than were signed. A refused signature may quote all headers, and so name the hash as well. */
function isDamagedBody({ code, message }: Refusal): boolean {
  return code === 'InvalidSignatureException' && /x-amz-content-sha256 does not match/i.test(message);
}

/**
 * Complete was refused because of sizes, ranges or hashes. The service has one code for all of these and only the text
 * about the tree hash is known, so anything counts that is not about the vault or the account.
 */
export function isRefusedCompletion({ status, code, message }: Refusal): boolean {
  return status === 400 && code === 'InvalidParameterValueException' && !/vault name|account/i.test(message);
}

/** What a 404 says is not there; `unclear` when it does not say. */
export function missingThing({ message }: Refusal): 'vault' | 'multipart upload' | 'unclear' {
  if (/^Vault not found/i.test(message)) return 'vault';
  return /upload ID was not found/i.test(message) ? 'multipart upload' : 'unclear';
}

/** `offsetMs`: how far this computer's clock is behind the service's, for a refused time. */
export function failureOf(refusal: Refusal, subject: Subject, offsetMs = 0): Failure {
  if (isWrongTime(refusal)) return { kind: 'clock-wrong', offsetMs };
  if (isDamagedBody(refusal))
    return { kind: 'answer-garbled', detail: 'it says that other bytes arrived than were sent' };
  return byCode(refusal) ?? byStatus(refusal, subject);
}

function byCode(refusal: Refusal): Failure | null {
  const { code, message, requestId, retryAfterMs } = refusal;
  switch (code) {
    case 'NoLongerSupportedException':
      return { kind: 'closed-account' };
    case 'ExpiredTokenException':
    case 'ExpiredToken':
      return { kind: 'credentials-expired', detail: 'the session has run out' };
    case 'InvalidSignatureException':
    case 'SignatureDoesNotMatch':
      return { kind: 'credentials-rejected', detail: 'the secret access key does not belong to the access key ID' };
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
    case 'InvalidAccessKeyId':
      return { kind: 'credentials-rejected', detail: 'the access key ID or the session token is unknown' };
    case 'MissingAuthenticationTokenException':
    case 'MissingAuthenticationToken':
    case 'IncompleteSignature':
      return { kind: 'credentials-rejected', detail: 'the signature did not arrive whole' };
    case 'AccessDeniedException':
    case 'AccessDenied':
    case 'OptInRequired':
      return { kind: 'access-denied', message, requestId };
    case 'RequestTimeoutException':
    case 'RequestTimeout':
      return { kind: 'timed-out', detail: 'the service waited too long for the data' };
    // The guide says 503, the API's model 400: no room for an Expedited retrieval just now.
    case 'InsufficientCapacityException':
      return { kind: 'no-capacity' };
    case 'PolicyEnforcedException':
      return { kind: 'retrieval-policy', message };
    case 'ServiceUnavailableException':
      return serviceError(refusal);
    case 'TooManyRequestsException':
    case 'RequestLimitExceeded':
    case 'SlowDown':
      return { kind: 'throttled', retryAfterMs };
    default:
      return code.startsWith('Throttl') ? { kind: 'throttled', retryAfterMs } : null;
  }
}

function byStatus(refusal: Refusal, subject: Subject): Failure {
  const { vault } = subject;
  const { status, code, message, requestId, retryAfterMs } = refusal;
  if (status === 404) return notThere(refusal, subject);
  if (status === 408) return { kind: 'timed-out', detail: 'the service waited too long for the data' };
  if (status === 429 || (status === 503 && retryAfterMs !== null)) return { kind: 'throttled', retryAfterMs };
  if (status >= 500) return serviceError(refusal);
  if (status === 407) return { kind: 'offline', detail: 'the proxy asks for a password' };
  if (status < 400)
    return { kind: 'answer-garbled', detail: `status ${status}; some networks ask you to sign in first` };
  if (status === 401 || (status === 403 && code === ''))
    return { kind: 'access-denied', message: message || `status ${status}`, requestId };
  if (vault !== null && isOfAnotherVault(refusal)) return { kind: 'archive-elsewhere', vault, message };
  return { kind: 'rejected', status, code, message, requestId };
}

/** Glacier names a vault by its ARN when the archive ID belongs to another one. */
function isOfAnotherVault({ code, message }: Refusal): boolean {
  return code === 'InvalidParameterValueException' && /^Invalid vault name: arn:/.test(message);
}

function notThere(refusal: Refusal, { vault, thing }: Subject): Failure {
  if (vault !== null && (thing === null || missingThing(refusal) === 'vault')) return { kind: 'vault-missing', vault };
  if (thing !== null) return { kind: 'not-found', what: thing };
  const { status, code, message, requestId } = refusal;
  return { kind: 'rejected', status, code, message, requestId };
}

function serviceError({ status, code, message, requestId }: Refusal): Failure {
  return { kind: 'service-error', status, code, message, requestId };
}
