import type { AccountId } from '../../shared/account.ts';
import type { InventoryEvent, InventoryId, InventoryView } from '../../shared/inventory.ts';
import type { InventoryKind } from './kinds.ts';
import type { InventoryOutputs } from './ports.ts';
import type { Clock } from '../core/ports.ts';
import type { TaskRunner } from '../core/task-runner.ts';
import type { InventoryStore } from '../store/inventories.ts';

export type InventoriesPorts = {
  store: InventoryStore;
  outputs: Pick<InventoryOutputs, 'names' | 'remove'>;
  tasks: TaskRunner;
  kinds: readonly InventoryKind[];
  clock: Pick<Clock, 'now'>;
};

/** What people ask of inventories. */
export class Inventories {
  readonly #ports: InventoriesPorts;

  constructor(ports: InventoriesPorts) {
    this.#ports = ports;
  }

  /**
   * Takes an inventory of each vault. One that is under way goes on; one that failed is tried again. With `notBefore`, only
   * a job that was asked for later serves, by the service's clock.
   */
  take(accountId: AccountId, vaults: readonly string[], notBefore: number | null = null): InventoryId[] {
    const { store, tasks, clock } = this.#ports;
    const ids = vaults.map((vault) => store.want(accountId, vault, notBefore, clock.now()));
    this.resume(ids.filter((id) => store.get(id)?.hold?.kind !== 'backoff'));
    tasks.look();
    return ids;
  }

  /** Tries again what failed, and ends a wait. */
  resume(ids: readonly InventoryId[]): void {
    for (const id of ids) if (this.#ports.store.get(id)?.hold) this.#apply(id, 'resumed');
    this.#ports.tasks.look();
  }

  /** Glacier's job goes on; nobody waits for it any more. What was reconciled stays. */
  async cancel(ids: readonly InventoryId[]): Promise<void> {
    const { outputs, tasks, kinds } = this.#ports;
    for (const id of ids) {
      if (!this.#isOpen(id)) continue;
      this.#apply(id, 'paused');
      await Promise.all(kinds.map((kind) => tasks.settle(kind, id)));
      if (!this.#isOpen(id)) continue;
      this.#apply(id, 'cancelled');
      await outputs.remove(id);
    }
    tasks.look();
  }

  /** Removes outputs that a crash left behind. */
  async tidy(): Promise<void> {
    const { outputs } = this.#ports;
    for (const name of outputs.names()) if (!this.#isOpen(name as InventoryId)) await outputs.remove(name);
  }

  list(): InventoryView[] {
    return this.#ports.store.list();
  }

  #isOpen(id: InventoryId): boolean {
    const inventory = this.#ports.store.get(id);
    return inventory !== null && inventory.phase.kind !== 'idle';
  }

  #apply(id: InventoryId, kind: Extract<InventoryEvent['kind'], 'paused' | 'resumed' | 'cancelled'>): void {
    this.#ports.store.apply(id, { kind, at: this.#ports.clock.now() });
  }
}
