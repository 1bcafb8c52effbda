import type { Failure } from '../../../shared/failure.ts';
import { IdleConnection, ProxyProblem, isCertificateProblem, networkFailure } from '../network-failure.ts';

/** Where credentials were asked for: a profile, or null for the environment. */
export type AskedOf = { profile: string | null };

const SIGN_IN_SERVICE = 'the sign-in service';

/**
 * What an error of the AWS credential providers means, in words of Firn. Theirs never go out: they may hold the command line
 * of a `credential_process`, and with it a secret.
 */
export function credentialFailure(error: unknown, asked: AskedOf): Failure {
  if (!(error instanceof Error)) return missing(asked);
  if (error instanceof IdleConnection) return { kind: 'timed-out', detail: error.message };
  const cause = networkCause(error);
  if (cause) return networkFailure(cause, SIGN_IN_SERVICE);
  return answered(error) ?? ofProfile(error, asked);
}

/** A sign-in service that answered: with trouble of its own, which passes, or with no. */
function answered(error: Error): Failure | null {
  const status = statusOf(error);
  if (status === null) return null;
  if (/^Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/.test(error.name) || status === 429)
    return { kind: 'throttled', retryAfterMs: null };
  if (status >= 500) return { kind: 'service-error', status, code: error.name, message: '', requestId: null };
  if (/Expired/.test(error.name)) return { kind: 'credentials-expired', detail: 'the session has run out' };
  if (/^Unauthorized/.test(error.name)) return null;
  return { kind: 'credentials-rejected', detail: refusalWords(error.name) };
}

function refusalWords(code: string): string {
  switch (code) {
    case 'AccessDenied':
    case 'AccessDeniedException':
      return 'they may not assume the role';
    case 'InvalidClientTokenId':
    case 'UnrecognizedClientException':
      return 'the access key ID or the session token is unknown';
    case 'SignatureDoesNotMatch':
    case 'InvalidSignatureException':
      return 'the secret access key does not belong to the access key ID';
    case 'MultiFactorAuthentication':
      return 'the code of the MFA device is wrong or has been used';
    case 'InvalidIdentityToken':
    case 'IDPRejectedClaim':
      return 'the web identity is not accepted';
    case 'RegionDisabledException':
      return 'the sign-in service is not enabled in this region';
    default:
      return /^[A-Za-z.]{1,60}$/.test(code)
        ? `the sign-in service refuses them: ${code}`
        : 'the sign-in service refuses them';
  }
}

function ofProfile({ name, message }: Error, asked: AskedOf): Failure {
  const { profile } = asked;
  const of = profile === null ? '' : ` of the profile ${profile}`;
  if (/multi-factor/i.test(message)) return { kind: 'mfa-code', profile: profile ?? 'default' };
  if (/aws sso login|SSO|token is expired|^Unauthorized/i.test(`${message} ${name}`))
    return { kind: 'sign-in-ended', profile: profile ?? 'default', tool: 'sso' };
  if (/aws login|login session/i.test(message))
    return { kind: 'sign-in-ended', profile: profile ?? 'default', tool: 'login' };
  if (/credential_process|Command failed|spawn|Profile .* process/i.test(message) && !/expired/i.test(message))
    return { kind: 'credentials-missing', detail: `the credential_process${of} gave none` };
  if (/expired/i.test(`${name} ${message}`)) return { kind: 'credentials-expired', detail: `those${of} have run out` };
  if (/cycle/i.test(message))
    return { kind: 'credentials-missing', detail: `the source profiles${of} go round in a circle` };
  return missing(asked);
}

function missing({ profile }: AskedOf): Failure {
  const where =
    profile === null ? 'the environment and the default profile have none' : `the profile ${profile} has none`;
  return { kind: 'credentials-missing', detail: where };
}

function statusOf(error: Error): number | null {
  if (!('$metadata' in error && '$fault' in error)) return null;
  const { httpStatusCode } = error.$metadata as { httpStatusCode?: number };
  return httpStatusCode ?? 400;
}

/** The network's error in or behind an error: a proxy's, a certificate's, or Node's, which has a system call. */
function networkCause(error: Error): Error | null {
  if (error instanceof ProxyProblem || isCertificateProblem(error)) return error;
  if ('syscall' in error && 'code' in error && /connect|getaddrinfo|read|write/.test(String(error.syscall))) {
    return 'path' in error ? null : error;
  }
  return error.cause instanceof Error ? networkCause(error.cause) : null;
}
