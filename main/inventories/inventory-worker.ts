import type { Account, AccountId } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';
import type { Failure } from '../../shared/failure.ts';
import type { TaskId } from '../../shared/task.ts';
import type { Worker } from '../engine/worker.ts';
import type { ArchiveService } from '../places/ports/archive-service.ts';
import { inventoryKind } from './inventory-kind.ts';
import type { Inventory } from './ports.ts';
import { askForInventory } from './steps/ask.ts';
import { awaitInventory } from './steps/await-job.ts';
import type { InventoryContext, InventoryPorts } from './steps/context.ts';
import { download } from './steps/download.ts';
import { reconcile } from './steps/reconcile.ts';

type InventoryWorkerPorts = InventoryPorts & {
  account: (id: AccountId) => Account | null;
  service: (account: Account) => ArchiveService;
};

/** Carries a vault's inventory on, a phase at a time. */
export function inventoryWorker({ account: accountOf, service, ...ports }: InventoryWorkerPorts): Worker {
  return {
    kind: inventoryKind.name,
    async step(id: TaskId, signals): Promise<Failure | null> {
      const inventory = ports.inventories.get(id);
      if (!inventory) return null;
      const account = accountOf(inventory.accountId);
      if (!account) throw new Error(`The account ${inventory.accountId} is gone`);
      return advance(inventory, { ...ports, ...signals, account, service: service(account) });
    },
  };
}

function advance(inventory: Inventory, context: InventoryContext): Promise<Failure | null> {
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
