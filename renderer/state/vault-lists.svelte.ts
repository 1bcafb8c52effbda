import { SvelteMap } from 'svelte/reactivity';
import type { AccountId } from '../../shared/account.ts';
import type { Bridge } from '../../shared/bridge.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Result } from '../../shared/result.ts';
import type { Vault } from '../../shared/vault.ts';

/** `vaults` are the last that were heard of, also while they are asked for again or when that failed. */
export type VaultList = { vaults: readonly Vault[] | null; loading: boolean; failure: Failure | null };

const unknown: VaultList = { vaults: null, loading: false, failure: null };

/** The vaults of each account, as the service lists them when asked. */
export class VaultLists {
  readonly #bridge: Bridge;
  readonly #lists = new SvelteMap<AccountId, VaultList>();

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  of(accountId: AccountId): VaultList {
    return this.#lists.get(accountId) ?? unknown;
  }

  async load(accountId: AccountId): Promise<void> {
    this.#lists.set(accountId, { ...this.of(accountId), loading: true });
    const reply = await this.#bridge.invoke('vaults:list', { accountId });
    const { vaults } = this.of(accountId);
    this.#lists.set(
      accountId,
      reply.ok
        ? { vaults: reply.value, loading: false, failure: null }
        : { vaults, loading: false, failure: reply.failure },
    );
  }

  async create(accountId: AccountId, name: string): Promise<Result<Vault>> {
    const reply = await this.#bridge.invoke('vaults:create', { accountId, name });
    if (reply.ok) this.#add(accountId, reply.value);
    return reply;
  }

  /** The vault is known to be gone; the service is not asked. */
  drop(accountId: AccountId, vault: string): void {
    const list = this.of(accountId);
    if (list.vaults === null) return;
    this.#lists.set(accountId, { ...list, vaults: list.vaults.filter(({ name }) => name !== vault) });
  }

  #add(accountId: AccountId, vault: Vault): void {
    const list = this.of(accountId);
    const others = (list.vaults ?? []).filter(({ name }) => name !== vault.name);
    const vaults = [...others, vault].sort((a, b) => a.name.localeCompare(b.name));
    this.#lists.set(accountId, { ...list, vaults, failure: null });
  }
}
