import type { Failure } from '../../shared/failure.ts';

/** No progress on a connection for too long; the message says how long and at what. */
export class IdleConnection extends Error {
  override name = 'IdleConnection';
}

/** A proxy that does not open the way; the message says which and why. */
export class ProxyRefusal extends Error {
  override name = 'ProxyRefusal';
}

/** An answer that is not HTTP as agreed: too long, or not HTTP at all. */
export class UnusableAnswer extends Error {
  override name = 'UnusableAnswer';
}

/** What an error of Node's network modules means for people. All of it may be cured by waiting. */
export function networkFailure(error: unknown, host: string): Failure {
  if (error instanceof IdleConnection) return { kind: 'timed-out', detail: error.message };
  if (error instanceof UnusableAnswer) return { kind: 'answer-garbled', detail: error.message };
  if (error instanceof ProxyRefusal) return { kind: 'offline', detail: error.message };
  const { code, message } = describe(error);
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT')
    return { kind: 'timed-out', detail: `no answer from ${host}` };
  if (code.startsWith('HPE_')) return { kind: 'answer-garbled', detail: `${host} does not speak HTTP` };
  return { kind: 'offline', detail: inWords(code, host) ?? certificateProblem(code, host) ?? message };
}

export function isCertificateProblem(error: Error): boolean {
  return certificateProblem(describe(error).code, '') !== null;
}

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  // Node tries several addresses and then throws one error for all of them.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const cause = first instanceof Error ? first : error;
  return { code: 'code' in cause ? String(cause.code) : '', message: cause.message };
}

function inWords(code: string, host: string): string | null {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return `the network does not know the name ${host}`;
    case 'EAI_AGAIN':
      return `the name ${host} cannot be looked up just now`;
    case 'ECONNREFUSED':
      return `nothing answers at ${host}`;
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return 'the connection was cut';
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return `there is no way to ${host}`;
    case 'EMFILE':
    case 'ENFILE':
      return 'the system has too many files and connections open';
    case 'EPROTO':
      return `no secure connection to ${host} could be agreed on`;
    default:
      return null;
  }
}

function certificateProblem(code: string, host: string): string | null {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `the certificate of ${host} has expired; is this computer's clock right?`;
    case 'CERT_NOT_YET_VALID':
      return `the certificate of ${host} is not valid yet; is this computer's clock right?`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `whoever answered is not ${host}; some networks ask you to sign in first`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `nobody this computer trusts vouches for the certificate of ${host}`;
    default:
      if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_'))
        return `no secure connection to ${host} could be agreed on`;
      return code.startsWith('CERT_') ? `the certificate of ${host} is not valid (${code})` : null;
  }
}
