import type { KeptProxyLogin } from '../../shared/contract.ts';
import type { SecretBox } from './secrets.ts';
import type { ProxyLoginStore } from '../store/proxy-logins.ts';
import { type ProxyLogin, hideLogin } from '../aws/proxies/proxy.ts';

/** What people typed for proxies, by host and port: in memory while Firn runs, and on disk only encrypted. */
export class ProxyLogins {
  readonly #box: SecretBox;
  readonly #store: ProxyLoginStore;
  readonly #held = new Map<string, ProxyLogin>();

  constructor(box: SecretBox, store: ProxyLoginStore) {
    this.#box = box;
    this.#store = store;
  }

  /** Null when nothing was typed for this proxy, or when the keyring does not open it now. */
  of(proxy: string): ProxyLogin | null {
    return this.held(proxy) ?? this.#open(proxy);
  }

  held(proxy: string): ProxyLogin | null {
    return this.#held.get(proxy) ?? null;
  }

  list(): KeptProxyLogin[] {
    const stored = this.#store.list();
    const known = new Set([...stored, ...this.#held.keys()]);
    return [...known].sort().map((proxy) => ({ proxy, kept: stored.includes(proxy) ? 'encrypted' : 'session' }));
  }

  hold(proxy: string, login: ProxyLogin | null): void {
    if (login) this.#held.set(proxy, hideLogin(login));
    else this.#held.delete(proxy);
  }

  /** What is held becomes what is on disk, or is there no more. While the keyring is locked, what is there stays. */
  keep(proxy: string, remember: boolean): void {
    if (!this.#box.available) return;
    const login = this.held(proxy);
    if (remember && login) this.#store.put(proxy, this.#box.encrypt(JSON.stringify(login)));
    else this.#store.remove(proxy);
  }

  forget(proxy: string): void {
    this.#held.delete(proxy);
    this.#store.remove(proxy);
  }

  #open(proxy: string): ProxyLogin | null {
    const sealed = this.#box.available ? this.#store.secret(proxy) : null;
    const text = sealed && this.#box.decrypt(sealed);
    if (text === null) return null;
    this.hold(proxy, JSON.parse(text) as ProxyLogin);
    return this.held(proxy);
  }
}
