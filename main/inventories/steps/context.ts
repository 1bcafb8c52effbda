import type { Failure } from '../../../shared/failure.ts';
import type { InventoryId } from '../../../shared/inventory.ts';
import type { Account } from '../../../shared/account.ts';
import type { Clock } from '../../engine/clock.ts';
import type { StepContext } from '../../engine/worker.ts';
import type { ArchiveService } from '../../places/ports/archive-service.ts';
import type { InventoryOutputs, InventoryQueue } from '../ports.ts';

export type InventoryPorts = {
  inventories: InventoryQueue;
  outputs: InventoryOutputs;
  /** How far each one that moves has come: bytes received, or archives reconciled. */
  live: Map<InventoryId, number>;
  clock: Clock;
};

/** All that a step needs of the world. */
export type InventoryContext = InventoryPorts & StepContext & { account: Account; service: ArchiveService };

/** What a step comes to: null when it went well and all that follows is committed. */
export type Outcome = Promise<Failure | null>;
