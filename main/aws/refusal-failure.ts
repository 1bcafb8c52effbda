import type { Failure } from '../../shared/failure.ts';
import type { Refusal } from './refusal.ts';

// The one place that knows the codes which Amazon's services have in common. Glacier ends them in "Exception", S3 does not.

/** The session token has run out; fresh credentials may cure it. */
export function isExpiredToken({ code }: Refusal): boolean {
  return code === 'ExpiredTokenException' || code === 'ExpiredToken' || code === 'TokenRefreshRequired';
}

/** Keys that the service does not know, or not any more: whoever gave them may have others by now. */
export function isUnknownKey({ code }: Refusal): boolean {
  return ['UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidAccessKeyId', 'InvalidToken'].includes(code);
}

/** The time of the signature is outside the service's window of minutes. */
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
  if (code === 'XAmzContentSHA256Mismatch' || code === 'BadDigest') return true;
  return code === 'InvalidSignatureException' && /x-amz-content-sha256 does not match/i.test(message);
}

/** What a code means, whatever was asked for; null for codes that only one service has, or that say nothing. */
export function failureByCode(refusal: Refusal): Failure | null {
  const { code, message, requestId, retryAfterMs } = refusal;
  if (isDamagedBody(refusal))
    return { kind: 'answer-garbled', detail: 'it says that other bytes arrived than were sent' };
  switch (code) {
    case 'ExpiredTokenException':
    case 'ExpiredToken':
    case 'TokenRefreshRequired':
      return { kind: 'credentials-expired', detail: 'the session has run out' };
    case 'InvalidSignatureException':
    case 'SignatureDoesNotMatch':
      return { kind: 'credentials-rejected', detail: 'the secret access key does not belong to the access key ID' };
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
    case 'InvalidAccessKeyId':
    case 'InvalidToken':
      return { kind: 'credentials-rejected', detail: 'the access key ID or the session token is unknown' };
    case 'MissingAuthenticationTokenException':
    case 'MissingAuthenticationToken':
    case 'IncompleteSignature':
      return { kind: 'credentials-rejected', detail: 'the signature did not arrive whole' };
    case 'AccessDeniedException':
    case 'AccessDenied':
    case 'AllAccessDisabled':
    case 'OptInRequired':
      return { kind: 'access-denied', message, requestId };
    case 'RequestTimeoutException':
    case 'RequestTimeout':
      return { kind: 'timed-out', detail: 'the service waited too long for the data' };
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

/** What a status means when the code says nothing of its own. */
export function failureByStatus(refusal: Refusal): Failure {
  const { status, code, message, requestId, retryAfterMs } = refusal;
  if (status === 408) return { kind: 'timed-out', detail: 'the service waited too long for the data' };
  if (status === 429 || (status === 503 && retryAfterMs !== null)) return { kind: 'throttled', retryAfterMs };
  if (status >= 500) return serviceError(refusal);
  if (status === 407) return { kind: 'offline', detail: 'the proxy asks for a password' };
  if (status < 400)
    return { kind: 'answer-garbled', detail: `status ${status}; some networks ask you to sign in first` };
  if (status === 401 || (status === 403 && code === ''))
    return { kind: 'access-denied', message: message || `status ${status}`, requestId };
  return { kind: 'rejected', status, code, message, requestId };
}

export function serviceError({ status, code, message, requestId }: Refusal): Failure {
  return { kind: 'service-error', status, code, message, requestId };
}
