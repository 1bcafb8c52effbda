import type { Inventory } from '../../main/inventories/ports.ts';
import { type Archive, everyArchive } from '../../shared/archive.ts';
import type { InventoryId } from '../../shared/inventory.ts';
import { MINUTE } from '../../shared/units.ts';
import { VAULT, World, type WorldOptions } from './world.ts';

/** A vault with archives in it, of which inventories are taken. */
export class InventoryWorld {
  readonly world: World;

  private constructor(world: World) {
    this.world = world;
  }

  static async open(options: WorldOptions = {}): Promise<InventoryWorld> {
    return new InventoryWorld(await World.open(options));
  }

  /** Stores files of the given names; their paths. */
  async store(...names: string[]): Promise<string[]> {
    const paths = names.map((name) => this.world.file(name, 1000 + name.length));
    for (const id of await this.world.add(paths)) await this.world.reaches(id, 'stored');
    return paths;
  }

  take(vault = VAULT): InventoryId {
    const [id] = this.world.app.inventories.take(this.world.accountId, [vault]);
    if (id === undefined) throw new Error('No inventory is taken');
    return id;
  }

  inventory(id: InventoryId): Inventory {
    const found = this.world.app.inventoryStore.get(id);
    if (!found) throw new Error(`There is no inventory ${id}`);
    return found;
  }

  /** `requested backoff awaiting-job`: phase, hold, and failure. */
  state(id: InventoryId): string {
    const { phase, hold } = this.inventory(id);
    const failure = hold && 'failure' in hold ? hold.failure.kind : null;
    return [phase.kind, hold?.kind, failure].filter((word) => word).join(' ');
  }

  /** Time passes while nothing runs, until the inventory is in that state. */
  async reaches(id: InventoryId, state: string, stepMs = 15 * MINUTE): Promise<void> {
    await this.world.until(`${state}, not ${this.state(id)}`, () => {
      if (this.state(id) === state) return true;
      if (this.world.isIdle) this.world.pass(stepMs);
      return false;
    });
  }

  /** Takes an inventory and waits for its end. */
  async taken(vault = VAULT): Promise<Inventory> {
    const id = this.take(vault);
    await this.reaches(id, 'idle');
    return this.inventory(id);
  }

  /** What the last inventory found; fails when it ended otherwise. */
  findings(id: InventoryId) {
    const { last } = this.inventory(id);
    if (last?.kind !== 'reconciled') throw new Error(`Not reconciled, but ${JSON.stringify(last)}`);
    return last.findings;
  }

  archives(): Archive[] {
    const all = everyArchive;
    return this.world.app.catalogue.search({ ...all, offset: 0, limit: 500 }).items;
  }
}
