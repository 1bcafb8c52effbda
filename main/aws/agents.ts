import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { type SecureContext } from 'node:tls';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { SECOND } from '../../shared/units.ts';
import { isLoopback } from './loopback.ts';
import { UnusableCertificates, networkFailure } from './network-failure.ts';
import type { Route } from './route.ts';
import { RoutedAgent } from './routed-agent.ts';
import { trust } from './trust.ts';

/** A service closes idle connections after a while; a request that meets such a one fails, so Firn closes them sooner. */
const KEEP_ALIVE_MS = 15 * SECOND;

const common = { keepAlive: true, timeout: KEEP_ALIVE_MS };

type AnyAgent = HttpAgent | HttpsAgent;

/** Keeps connections to services open from request to request, apart for each route. */
export class Agents {
  readonly #agents = new Map<string, AnyAgent>();
  readonly #trusted = new Map<string, SecureContext>();

  /** The agent for a URL by a route; `invalid-input` or `offline` when there cannot be one. */
  agentFor(url: URL, route: Route): Result<AnyAgent> {
    const problem = unsafe(url);
    if (problem) return fail(problem);
    const key = url.protocol === 'https:' ? JSON.stringify(route) : url.protocol;
    const known = this.#agents.get(key);
    if (known) return ok(known);
    const opened = this.#open(url, route);
    if (opened.ok) this.#agents.set(key, opened.value);
    return opened;
  }

  /** Closes the connections, in use or not, of which `isDead` says so. */
  drop(isDead: (socket: Socket) => boolean): void {
    for (const { sockets, freeSockets } of this.#agents.values()) {
      for (const socket of [sockets, freeSockets].flatMap(Object.values).flat() as Socket[]) {
        if (isDead(socket)) socket.destroy();
      }
    }
  }

  /** Closes the connections that wait for their next request. */
  dropIdle(agent: AnyAgent): void {
    for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #open({ protocol, host }: URL, { ways, caFiles }: Route): Result<AnyAgent> {
    if (protocol === 'http:') return ok(new HttpAgent(common));
    try {
      const options = { ...common, secureContext: this.#trust(caFiles) };
      const isDirect = ways.every((way) => way === null);
      return ok(isDirect ? new HttpsAgent(options) : new RoutedAgent(() => ways, options));
    } catch (error) {
      if (error instanceof UnusableCertificates) return fail(networkFailure(error, host));
      throw error;
    }
  }

  #trust(caFiles: readonly string[]): SecureContext {
    const key = caFiles.join('\n');
    const trusted = this.#trusted.get(key) ?? trust(caFiles);
    this.#trusted.set(key, trusted);
    return trusted;
  }
}

/** Secrets and archives travel encrypted; only what never leaves this computer may go without. */
function unsafe({ protocol, hostname, host }: URL): Failure | null {
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return null;
  return {
    kind: 'invalid-input',
    detail: `The address ${protocol}//${host} is not safe to use: it must begin with https://.`,
  };
}
