import type { AccountId } from '../../shared/account.ts';
import type { InventoryId, InventoryView } from '../../shared/inventory.ts';
import type { Clock } from '../engine/clock.ts';
import type { Runner } from '../engine/runner.ts';
import type { TaskCommands } from '../engine/task-commands.ts';
import type { InventoryStore } from '../store/inventories.ts';
import type { TaskStore } from '../store/tasks/task-store.ts';
import type { InventoryOutputs } from './ports.ts';

type InventoriesPorts = {
  store: InventoryStore;
  outputs: Pick<InventoryOutputs, 'names' | 'remove'>;
  tasks: Pick<TaskStore, 'transaction' | 'resume'>;
  commands: Pick<TaskCommands, 'cancel'>;
  runner: Pick<Runner, 'look'>;
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
    const ids = tasks.transaction(() => vaults.map((vault) => store.want(accountId, vault, notBefore, clock.now())));
    this.resume(ids.filter((id) => store.get(id)?.hold?.kind !== 'backoff'));
    return ids;
  }

  /** Tries again what failed, and ends a wait. There are only as many as vaults, so all are done at once. */
  resume(ids: readonly InventoryId[]): void {
    const { tasks, runner, clock } = this.#ports;
    tasks.transaction(() => {
      for (const id of ids) tasks.resume(id, clock.now());
    });
    runner.look();
  }

  async cancel(ids: readonly InventoryId[]): Promise<void> {
    const { outputs, commands } = this.#ports;
    await commands.cancel({ kind: 'tasks', ids });
    for (const id of ids) if (!this.#isOpen(id)) await outputs.remove(id);
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
}
