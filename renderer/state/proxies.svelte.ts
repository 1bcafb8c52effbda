import type { Bridge } from '../../shared/bridge.ts';
import type { Commands, KeptProxyLogin } from '../../shared/contract.ts';
import type { Failure } from '../../shared/failure.ts';

export type ProxyQuestion = Extract<Failure, { kind: 'proxy-password' }>;

/** The logins of proxies: those that were typed, and the one that is asked for. */
export class Proxies {
  readonly #bridge: Bridge;
  #kept = $state.raw<readonly KeptProxyLogin[]>([]);
  #asked = $state.raw<ProxyQuestion | null>(null);

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  get kept(): readonly KeptProxyLogin[] {
    return this.#kept;
  }

  /** The proxy that the user is asked about; null when there is none. */
  get asked(): ProxyQuestion | null {
    return this.#asked;
  }

  ask(question: ProxyQuestion): void {
    this.#asked = question;
  }

  stopAsking(): void {
    this.#asked = null;
  }

  /** Resolves to the failure of the listing, or to null. */
  async connect(): Promise<Failure | null> {
    const reply = await this.#bridge.invoke('proxies:list', {});
    if (!reply.ok) return reply.failure;
    this.#kept = reply.value;
    return null;
  }

  /** Resolves to why it was not taken, or to null. */
  async logIn(input: Commands['proxies:log-in']['input']): Promise<Failure | null> {
    return this.#change(await this.#bridge.invoke('proxies:log-in', input));
  }

  async forget(proxy: string): Promise<Failure | null> {
    return this.#change(await this.#bridge.invoke('proxies:forget', { proxy }));
  }

  async #change(reply: Awaited<ReturnType<Bridge['invoke']>>): Promise<Failure | null> {
    return reply.ok ? this.connect() : reply.failure;
  }
}
