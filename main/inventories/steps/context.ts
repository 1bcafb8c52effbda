import type { Failure } from '../../../shared/failure.ts';
import type { InventoryId } from '../../../shared/inventory.ts';
import type { TaskContext } from '../../core/task-runner.ts';
import type { InventoryOutputs, InventoryQueue } from '../ports.ts';

export type InventoryPorts = {
  inventories: InventoryQueue;
  outputs: InventoryOutputs;
  /** How far each one that moves has come: bytes received, or archives reconciled. */
  live: Map<InventoryId, number>;
};

/** All that a step needs of the world. */
export type InventoryContext = TaskContext & InventoryPorts;

/** What a step comes to: null when it went well and all that follows is committed. */
export type Outcome = Promise<Failure | null>;
