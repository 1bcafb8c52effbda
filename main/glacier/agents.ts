import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import { rootCertificates } from 'node:tls';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { SECOND } from '../../shared/units.ts';
import { isLoopback } from './loopback.ts';
import { TunnelAgent } from './tunnel.ts';

/** A service closes idle connections after a while; a request that meets such a one fails, so Firn closes them sooner. */
const KEEP_ALIVE_MS = 15 * SECOND;

type AnyAgent = HttpAgent | HttpsAgent;

/** Keeps connections to services open from request to request, apart for each proxy. */
export class Agents {
  readonly #options: AgentOptions;
  readonly #agents = new Map<string, AnyAgent>();

  /** `ca`: certificates (PEM) to trust besides the usual ones. */
  constructor(ca: string | undefined) {
    const trusted = ca === undefined ? {} : { ca: [...rootCertificates, ca] };
    this.#options = { keepAlive: true, timeout: KEEP_ALIVE_MS, ...trusted };
  }

  /** The agent for a URL, through a proxy or directly; `invalid-input` or `offline` when there cannot be one. */
  agentFor(url: URL, proxyUrl: string | null): Result<AnyAgent> {
    const problem = unsafe(url) ?? unknownProxy(proxyUrl);
    if (problem) return fail(problem);
    const key = `${url.protocol} ${proxyUrl ?? ''}`;
    const agent = this.#agents.get(key) ?? this.#open(url.protocol, proxyUrl);
    this.#agents.set(key, agent);
    return ok(agent);
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #open(protocol: string, proxyUrl: string | null): AnyAgent {
    if (protocol === 'http:') return new HttpAgent(this.#options);
    return proxyUrl === null ? new HttpsAgent(this.#options) : new TunnelAgent(new URL(proxyUrl), this.#options);
  }
}

/** Secrets and archives travel encrypted; only what never leaves this computer may go without. */
function unsafe({ protocol, hostname, origin }: URL): Failure | null {
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return null;
  return { kind: 'invalid-input', detail: `The address ${origin} is not safe to use: it must begin with https://.` };
}

function unknownProxy(proxyUrl: string | null): Failure | null {
  if (proxyUrl === null) return null;
  const protocol = URL.canParse(proxyUrl) ? new URL(proxyUrl).protocol : '';
  if (protocol === 'http:' || protocol === 'https:') return null;
  return { kind: 'offline', detail: `the proxy ${proxyUrl} is of a kind that Firn cannot use` };
}
