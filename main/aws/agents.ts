import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { SECOND } from '../../shared/units.ts';
import { isLoopback } from './loopback.ts';
import { isUsableProxy, unusableProxy } from './proxy.ts';
import { trust } from './trust.ts';
import { TunnelAgent } from './tunnel.ts';

/** A service closes idle connections after a while; a request that meets such a one fails, so Firn closes them sooner. */
const KEEP_ALIVE_MS = 15 * SECOND;

const common = { keepAlive: true, timeout: KEEP_ALIVE_MS };

type AnyAgent = HttpAgent | HttpsAgent;

/** Keeps connections to services open from request to request, apart for each proxy. */
export class Agents {
  readonly #caFiles: readonly string[];
  readonly #agents = new Map<string, AnyAgent>();

  /** `caFiles`: of certificates (PEM) to trust besides the usual ones; read when they are first needed. */
  constructor(caFiles: readonly string[]) {
    this.#caFiles = caFiles;
  }

  /** The agent for a URL, through a proxy or directly; `invalid-input` or `offline` when there cannot be one. */
  agentFor(url: URL, proxyUrl: string | null): Result<AnyAgent> {
    const problem = unsafe(url) ?? unknownProxy(proxyUrl);
    if (problem) return fail(problem);
    const key = `${url.protocol} ${proxyUrl ?? ''}`;
    const known = this.#agents.get(key);
    if (known) return ok(known);
    const opened = this.#open(url.protocol, proxyUrl);
    if (opened.ok) this.#agents.set(key, opened.value);
    return opened;
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #open(protocol: string, proxyUrl: string | null): Result<AnyAgent> {
    if (protocol === 'http:') return ok(new HttpAgent(common));
    const options = this.#secureOptions();
    if (!options.ok) return options;
    return ok(proxyUrl === null ? new HttpsAgent(options.value) : new TunnelAgent(() => proxyUrl, options.value));
  }

  #secureOptions(): Result<AgentOptions> {
    // Without files the choice is left to Node, which knows the usual ones best.
    if (this.#caFiles.length === 0) return ok(common);
    const trusted = trust(this.#caFiles);
    return trusted.ok ? ok({ ...common, secureContext: trusted.value }) : trusted;
  }
}

/** Secrets and archives travel encrypted; only what never leaves this computer may go without. */
function unsafe({ protocol, hostname, origin }: URL): Failure | null {
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return null;
  return { kind: 'invalid-input', detail: `The address ${origin} is not safe to use: it must begin with https://.` };
}

function unknownProxy(proxyUrl: string | null): Failure | null {
  return proxyUrl === null || isUsableProxy(proxyUrl) ? null : { kind: 'offline', detail: unusableProxy(proxyUrl) };
}
