import type { AccountId } from '../../shared/account.ts';
import type { Bridge } from '../../shared/bridge.ts';
import type { AccountView } from '../../shared/contract.ts';
import type { Failure } from '../../shared/failure.ts';

export class Accounts {
  #all = $state.raw<readonly AccountView[]>([]);
  #ready = $state(false);

  readonly troubled: readonly AccountView[] = $derived.by(() => this.#all.filter(({ problem }) => problem !== null));

  get all(): readonly AccountView[] {
    return this.#all;
  }

  get ready(): boolean {
    return this.#ready;
  }

  get(id: AccountId): AccountView | undefined {
    return this.#all.find((account) => account.id === id);
  }

  /** A new or changed account, as the answer to a command; the event may come before or after. */
  put(account: AccountView): void {
    const known = this.#all.some(({ id }) => id === account.id);
    this.#all = known ? this.#all.map((one) => (one.id === account.id ? account : one)) : [...this.#all, account];
  }

  /** Resolves to the failure of the listing, or to null. */
  async connect(bridge: Bridge): Promise<Failure | null> {
    bridge.on('accounts:changed', (accounts) => {
      this.#all = accounts;
      this.#ready = true;
    });
    const reply = await bridge.invoke('accounts:list', {});
    if (!reply.ok) return reply.failure;
    if (!this.#ready) this.#all = reply.value;
    this.#ready = true;
    return null;
  }
}
