import { errorText } from '../../shared/error-text.ts';
import type { Failure, OfflineCause } from '../../shared/failure.ts';

/** No progress on a connection for too long; the message says how long and at what. */
export class IdleConnection extends Error {
  override name = 'IdleConnection';
}

/** A proxy that does not open the way. The message says which, by host and port alone, and why. */
export class ProxyProblem extends Error {
  override name = 'ProxyProblem';
  /** Host and port. */
  readonly proxy: string;
  /**
   * The proxy asks for a password: none was given, or it does not take the one that was; or for a login that no password is.
   * Null for any other trouble.
   */
  readonly login: 'missing' | 'refused' | 'other-login' | null;

  constructor(message: string, proxy: string, login: ProxyProblem['login'] = null) {
    super(message);
    this.proxy = proxy;
    this.login = login;
  }
}

/** A file of certificates to trust that cannot be used. The message says which and why. */
export class UnusableCertificates extends Error {
  override name = 'UnusableCertificates';
}

/** An answer that is not HTTP as agreed: too long, or not HTTP at all. */
export class UnusableAnswer extends Error {
  override name = 'UnusableAnswer';
}

/** What an error of Node's network modules means for people. All of it may be cured by waiting, but for a proxy's password. */
export function networkFailure(error: unknown, host: string): Failure {
  if (error instanceof IdleConnection) return { kind: 'timed-out', detail: errorText(error) };
  if (error instanceof UnusableAnswer) return { kind: 'answer-garbled', detail: errorText(error) };
  if (error instanceof UnusableCertificates) return { kind: 'offline', detail: errorText(error), cause: 'ca-file' };
  if (error instanceof ProxyProblem) return proxyFailure(error);
  const code = codeOf(error);
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT')
    return { kind: 'timed-out', detail: `no answer from ${host}` };
  if (code.startsWith('HPE_')) return { kind: 'answer-garbled', detail: `${host} does not speak HTTP` };
  return { kind: 'offline', ...reasonOf(error, host) };
}

function proxyFailure({ message, proxy, login }: ProxyProblem): Failure {
  if (login === 'other-login') return { kind: 'offline', detail: message, cause: 'proxy-login' };
  if (login !== null) return { kind: 'proxy-password', proxy, refused: login === 'refused' };
  return { kind: 'offline', detail: message, cause: 'proxy' };
}

type Reason = { detail: string; cause?: OfflineCause };

/** Why a host could not be reached, in words. `host` as it shall stand in them. */
export function reasonOf(error: unknown, host: string): Reason {
  const code = codeOf(error);
  return inWords(code, host) ?? certificateProblem(code, host) ?? { detail: errorText(firstOf(error)) };
}

/** Whether the other side, or something on the way, ended the connection. */
export function wasCut(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'ECONNABORTED'].includes(codeOf(error));
}

export function isCertificateProblem(error: Error): boolean {
  return certificateProblem(codeOf(error), '') !== null;
}

/** Node tries several addresses and then throws one error for all of them. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? ((error.errors[0] as unknown) ?? error) : error;
}

function codeOf(error: unknown): string {
  const first = firstOf(error);
  if (!(first instanceof Error)) return '';
  // Of some libraries, Node's code stands in the message alone: "connect ECONNREFUSED 127.0.0.1:1080".
  return 'code' in first ? String(first.code) : (/^\w+ (E[A-Z_]{3,})\b/.exec(first.message)?.[1] ?? '');
}

function inWords(code: string, host: string): Reason | null {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return { detail: `the network does not know the name ${host}`, cause: 'name' };
    case 'EAI_AGAIN':
      return { detail: `the name ${host} cannot be looked up just now`, cause: 'name' };
    case 'ECONNREFUSED':
      return { detail: `nothing answers at ${host}`, cause: 'refused' };
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return { detail: 'the connection was cut' };
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return { detail: `there is no way to ${host}`, cause: 'line' };
    case 'EMFILE':
    case 'ENFILE':
      return { detail: 'the system has too many files and connections open' };
    case 'EPROTO':
      return { detail: `no secure connection to ${host} could be agreed on` };
    default:
      return null;
  }
}

function certificateProblem(code: string, host: string): Reason | null {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return { detail: `the certificate of ${host} has expired`, cause: 'certificate-date' };
    case 'CERT_NOT_YET_VALID':
      return { detail: `the certificate of ${host} is not valid yet`, cause: 'certificate-date' };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return { detail: `whoever answered is not ${host}`, cause: 'wrong-host' };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return {
        detail: `the certificate of ${host} is not signed by an authority that Firn or this computer trusts`,
        cause: 'untrusted',
      };
    default:
      if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_'))
        return { detail: `no secure connection to ${host} could be agreed on` };
      return code.startsWith('CERT_') ? { detail: `the certificate of ${host} is not valid (${code})` } : null;
  }
}
