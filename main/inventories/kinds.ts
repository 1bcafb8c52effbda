import type { AccountId } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';
import type { HoldEvent } from '../../shared/hold.ts';
import type { InventoryId, InventoryPhase } from '../../shared/inventory.ts';
import type { TaskContext, TaskKind } from '../core/task-runner.ts';
import { askForInventory } from './steps/ask.ts';
import { awaitInventory } from './steps/await-job.ts';
import type { InventoryContext, InventoryPorts, Outcome } from './steps/context.ts';
import { download } from './steps/download.ts';
import type { Inventory } from './ports.ts';
import { reconcile } from './steps/reconcile.ts';

/** Asking is quick and must not wait until others have been downloaded. */
type Work = 'asking' | 'fetching';

const workOf: Readonly<Record<InventoryPhase['kind'], Work | null>> = {
  idle: null,
  wanted: 'asking',
  requested: 'asking',
  downloading: 'fetching',
  reconciling: 'fetching',
};

const parallel: Readonly<Record<Work, number>> = { asking: 4, fetching: 2 };

/** Inventories as the runner sees them: two kinds of tasks over the same rows, told apart by phase. */
export class InventoryKind implements TaskKind {
  readonly name: string;
  readonly #work: Work;
  readonly #ports: InventoryPorts;

  constructor(work: Work, ports: InventoryPorts) {
    this.name = `inventories ${work}`;
    this.#work = work;
    this.#ports = ports;
  }

  parallel(): number {
    return parallel[this.#work];
  }

  due(now: number, limit: number, waiting: readonly AccountId[]): string[] {
    return this.#ports.inventories.due(this.#work, now, limit, waiting);
  }

  nextDue(now: number): number | null {
    return this.#ports.inventories.nextDue(now);
  }

  state(id: string): ReturnType<TaskKind['state']> {
    const inventory = this.#get(id);
    return inventory && workOf[inventory.phase.kind] === this.#work ? inventory : null;
  }

  advance(id: string, context: TaskContext): Outcome {
    const inventory = this.#get(id);
    return inventory ? advance(inventory, { ...context, ...this.#ports }) : Promise.resolve(null);
  }

  hold(id: string, event: HoldEvent & { at: number }): void {
    const inventory = this.#get(id);
    if (inventory && inventory.phase.kind !== 'idle') this.#ports.inventories.apply(inventory.id, event);
  }

  #get(id: string): Inventory | null {
    return this.#ports.inventories.get(id as InventoryId);
  }
}

function advance(inventory: Inventory, context: InventoryContext): Outcome {
  const { phase } = inventory;
  switch (phase.kind) {
    case 'wanted':
      return askForInventory(inventory, phase.requestedAt, context);
    case 'requested':
      return awaitInventory(inventory, phase, context);
    case 'downloading':
      return download(inventory, phase, context);
    case 'reconciling':
      return reconcile(inventory, phase, context);
    case 'idle':
      return Promise.resolve(null);
    default:
      return assertNever(phase);
  }
}
