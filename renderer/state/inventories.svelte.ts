import type { AccountId } from '../../shared/account.ts';
import type { VaultSum } from '../../shared/archive.ts';
import type { Bridge } from '../../shared/bridge.ts';
import type { Failure } from '../../shared/failure.ts';
import { describeInventory } from '../../shared/inventory-words.ts';
import type { InventoryView } from '../../shared/inventory.ts';
import { Mirror } from './mirror.svelte.ts';
import type { Waits } from './waits.svelte.ts';

/** Main's inventories, and what the catalogue has of each vault. */
export class Inventories {
  readonly #bridge: Bridge;
  readonly #problemOf: (accountId: AccountId) => Failure | null;
  readonly #waits: Waits;
  readonly #mirror = new Mirror<InventoryView>();
  /** Bytes or archives of those that move. */
  #live = $state.raw<Readonly<Record<string, number>>>({});
  #sums = $state.raw<readonly VaultSum[]>([]);

  constructor(bridge: Bridge, problemOf: (accountId: AccountId) => Failure | null, waits: Waits) {
    this.#bridge = bridge;
    this.#problemOf = problemOf;
    this.#waits = waits;
  }

  /** Null once the window has them. */
  async connect(): Promise<Failure | null> {
    const bridge = this.#bridge;
    bridge.on('inventories:progress', (moving) => {
      this.#live = Object.fromEntries(moving.map(({ id, done }) => [id, done]));
    });
    bridge.on('archives:changed', () => void this.#count());
    void this.#count();
    const reply = await this.#mirror.connect(
      (listener) => bridge.on('inventories:changed', listener),
      () => bridge.invoke('inventories:list', {}),
    );
    return reply.ok ? null : reply.failure;
  }

  of(accountId: AccountId, vault: string): InventoryView | null {
    return this.#mirror.all.find((one) => one.accountId === accountId && one.vault === vault) ?? null;
  }

  /** What the catalogue has of the vault. */
  sum(accountId: AccountId, vault: string): Pick<VaultSum, 'archives' | 'bytes'> {
    return this.#sums.find((one) => one.accountId === accountId && one.vault === vault) ?? { archives: 0, bytes: 0 };
  }

  words(inventory: InventoryView, now: number): string {
    const accountProblem = this.#problemOf(inventory.accountId);
    return describeInventory(
      { ...inventory, hold: this.#waits.holdOf(inventory) },
      this.#live[inventory.id] ?? null,
      now,
      accountProblem,
    );
  }

  /** From 0 to 1; null while nothing is counted. */
  share({ id, phase }: InventoryView): number | null {
    const done = this.#live[id];
    if (phase.kind === 'downloading') return phase.size === null ? null : (done ?? phase.received) / phase.size;
    return phase.kind === 'reconciling' ? (done ?? phase.reconciled) / Math.max(1, phase.archives) : null;
  }

  async #count(): Promise<void> {
    const reply = await this.#bridge.invoke('archives:by-vault', {});
    if (reply.ok) this.#sums = reply.value;
  }
}
