import { lookup } from 'node:dns/promises';
import { EventEmitter } from 'node:events';
import type { ClientRequest, IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { SocksClient } from 'socks';
import { SECOND } from '../../../shared/units.ts';
import { ProxyProblem, reasonOf } from '../network-failure.ts';
import { type Proxy, basicOf, hideLogin, isUsable, nameOf } from './proxy.ts';

/** A proxy that has not opened the way within this time is given up. */
const TUNNEL_PATIENCE_MS = 20 * SECOND;

export type TunnelOptions = {
  target: { host: string; port: number };
  /** Whom to trust when the proxy itself is spoken to over TLS. */
  secureContext: SecureContext | undefined;
  patienceMs?: number;
};

type ProxyAnswer = { statusCode: number; headers: IncomingHttpHeaders };

/**
 * Opens a way to the target through the proxy, by CONNECT (RFC 9110, 9.3.6) or SOCKS. The proxy sees no more than the target's
 * name.
 * @throws ProxyProblem
 */
export async function openTunnel(proxy: Proxy, options: TunnelOptions): Promise<Socket> {
  // A worker thread knows no other secrets than those that requests bring.
  if (proxy.login) hideLogin(proxy.login);
  if (!isUsable(proxy)) throw new ProxyProblem(unusable(proxy), nameOf(proxy));
  const late = new AbortController();
  // Closes the socket, wherever the handshake stands.
  const timer = setTimeout(() => {
    late.abort();
  }, options.patienceMs ?? TUNNEL_PATIENCE_MS);
  try {
    const dial = proxy.scheme.startsWith('socks') ? dialSocks : dialHttp;
    const socket = await dial(proxy, options, late.signal);
    // Whoever uses it next listens, but not before a moment has passed.
    socket.on('error', () => undefined);
    return socket;
  } catch (error) {
    if (late.signal.aborted || isTimeout(error))
      throw new ProxyProblem(`the proxy ${nameOf(proxy)} does not answer`, nameOf(proxy));
    throw error instanceof ProxyProblem ? error : problemOf(proxy, error);
  } finally {
    clearTimeout(timer);
  }
}

function unusable({ scheme, host }: Proxy): string {
  return host === ''
    ? 'the address of the proxy cannot be read'
    : `the proxy ${host} is of a kind that Firn cannot use (${scheme})`;
}

async function dialHttp(proxy: Proxy, { target, secureContext }: TunnelOptions, signal: AbortSignal): Promise<Socket> {
  const { scheme, login } = proxy;
  // The library would decode the login of a URL, and stumble over a literal `%`.
  const agent = new HttpsProxyAgent<string>(`${scheme}://${nameOf(proxy)}`, {
    headers: login ? { 'Proxy-Authorization': `Basic ${basicOf(login)}` } : {},
    ...(secureContext && { secureContext }),
    signal,
  });
  const request = new EventEmitter();
  let answer: ProxyAnswer = { statusCode: 0, headers: {} };
  request.once('proxyConnect', (told: ProxyAnswer) => {
    answer = told;
  });
  const socket = await agent.connect(request as unknown as ClientRequest, { ...target, secureEndpoint: false });
  if (answer.statusCode === 200) return socket;
  socket.destroy();
  throw refusal(proxy, answer);
}

function refusal(proxy: Proxy, { statusCode, headers }: ProxyAnswer): ProxyProblem {
  const name = nameOf(proxy);
  if (statusCode !== 407)
    return new ProxyProblem(`the proxy ${name} does not open the way (status ${statusCode})`, name);
  const schemes = schemesIn(headers['proxy-authenticate']);
  if (schemes.length === 0 || schemes.includes('basic')) return passwordAsked(proxy);
  const kind = schemes.some((scheme) => scheme === 'ntlm' || scheme === 'negotiate')
    ? 'a Windows login (NTLM or Kerberos)'
    : `a login of a kind that Firn does not speak (${schemes.join(', ')})`;
  return new ProxyProblem(`the proxy ${name} asks for ${kind}`, name, 'other-login');
}

/** In lower case: each challenge begins with its scheme, and its parameters have an equals sign (RFC 9110, 11.6.1). */
function schemesIn(challenges: string | string[] | undefined): string[] {
  const list = [challenges ?? []].flat().flatMap((one) => one.split(','));
  return list.flatMap((one) => /^\s*([a-z][a-z0-9-]*)(?=\s|$)/i.exec(one)?.[1]?.toLowerCase() ?? []);
}

function passwordAsked(proxy: Proxy): ProxyProblem {
  const name = nameOf(proxy);
  const asked = proxy.login === null ? 'missing' : 'refused';
  return new ProxyProblem(`the proxy ${name} asks for a password`, name, asked);
}

async function dialSocks(proxy: Proxy, { target, patienceMs }: TunnelOptions): Promise<Socket> {
  const { scheme, host, port, login } = proxy;
  // By convention, 4 and 5 look names up here, 4a and 5h at the proxy.
  const looksUpHere = scheme === 'socks4' || scheme === 'socks5';
  const type = scheme.startsWith('socks4') ? 4 : 5;
  const destination = {
    host: looksUpHere ? (await lookup(target.host, type === 4 ? 4 : 0)).address : target.host,
    port: target.port,
  };
  try {
    const { socket } = await SocksClient.createConnection({
      proxy: { host, port, type, ...(login && { userId: login.username, password: login.password }) },
      destination,
      command: 'connect',
      timeout: patienceMs ?? TUNNEL_PATIENCE_MS,
    });
    return socket;
  } catch (error) {
    throw isLoginTrouble(error) ? passwordAsked(proxy) : error;
  }
}

/** The words of the library (common/constants.js), which has no codes. */
function isLoginTrouble(error: unknown): boolean {
  return error instanceof Error && /authentication (failed|type)|invalid authentication/i.test(error.message);
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Proxy connection timed out';
}

function problemOf(proxy: Proxy, error: unknown): ProxyProblem {
  const name = nameOf(proxy);
  const { detail } = reasonOf(error, `the proxy ${name}`);
  return new ProxyProblem(detail.includes(name) ? detail : `the proxy ${name}: ${detail}`, name);
}
