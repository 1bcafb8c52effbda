import { errorText } from '../../shared/error-text.ts';
import type { Failure } from '../../shared/failure.ts';
import { IdleConnection, ProxyProblem, isCertificateProblem, networkFailure } from '../aws/network-failure.ts';

/** What an error of the AWS credential providers means: no credentials, old ones, or no way to the sign-in service. */
export function credentialFailure(error: unknown): Failure {
  const detail = errorText(error).replace(/\s+/g, ' ').replace(/\.$/, '');
  if (!(error instanceof Error)) return { kind: 'credentials-missing', detail };
  if (error instanceof IdleConnection) return { kind: 'timed-out', detail };
  if (/expired/i.test(`${error.name} ${error.message}`)) return { kind: 'credentials-expired', detail };
  // The sign-in service answered, and refused.
  if ('$metadata' in error && '$fault' in error) return { kind: 'credentials-rejected', detail };
  const cause = networkCause(error);
  return cause ? networkFailure(cause, 'the sign-in service') : { kind: 'credentials-missing', detail };
}

/** The network's error in or behind an error: a proxy's, a certificate's, or Node's, which has a system call. */
function networkCause(error: Error): Error | null {
  if (error instanceof ProxyProblem || isCertificateProblem(error)) return error;
  if ('syscall' in error && 'code' in error && /connect|getaddrinfo|read|write/.test(String(error.syscall))) {
    return 'path' in error ? null : error;
  }
  return error.cause instanceof Error ? networkCause(error.cause) : null;
}
