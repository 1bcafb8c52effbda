import { describeInventory, describeOutcome } from '../../shared/inventory-words.ts';
import type { InventoryId, InventoryView } from '../../shared/inventory.ts';
import { shownHold } from '../../shared/wait.ts';
import type { App } from '../app/app.ts';
import { besideUploads } from '../app/task-kinds.ts';
import { EXIT, type ExitCode, exitForNeed } from './exit-code.ts';
import { type Output, explainHere } from './output.ts';
import { type Settled, needOf, untilSettled } from './until-settled.ts';

type Waiting = { wait: boolean };

/**
 * Tells what becomes of the inventories, and resolves when each has ended or needs the user, with how the command ends. Without
 * `wait` it is enough that Glacier is at work on it.
 */
export async function watchInventories(
  app: App,
  ids: readonly InventoryId[],
  output: Output,
  { wait }: Waiting,
): Promise<ExitCode> {
  const told = new Map<InventoryId, string>();
  const stopTelling = tellProgress(app, output);
  try {
    return await untilSettled(app, {
      open: new Set(ids),
      event: 'inventories:changed',
      settle: (id) => settle(app, id, { wait, told }, output),
      start: () => {
        app.engine.runner.start(besideUploads);
      },
    });
  } finally {
    stopTelling();
  }
}

type Watch = Waiting & { told: Map<InventoryId, string> };

function settle(app: App, id: InventoryId, { wait, told }: Watch, output: Output): Settled {
  const [inventory] = app.inventoryStore.views([id]);
  if (!inventory) return EXIT.done;
  const { vault, phase, last } = inventory;
  const hold = shownHold(inventory, app.engine.waits.list());
  if (phase.kind === 'idle') return tellEnd(vault, last, output);
  const failure = needOf(app, inventory);
  if (failure) {
    const message = explainHere(failure, id);
    output.event({ event: 'needs-user', id, vault, failure, message }, null);
    output.problem(`${vault}: ${message}`);
    return exitForNeed(failure);
  }
  if (hold?.kind !== 'backoff') return 'open';
  tellWait({ ...inventory, hold }, told, output);
  const isAtGlacier = hold.failure.kind === 'awaiting-job' || hold.failure.kind === 'no-inventory-yet';
  if (wait || !isAtGlacier) return 'open';
  output.event({ event: 'asked', id, vault }, `${vault}: repeat the command later, or wait with --wait.`);
  return EXIT.done;
}

function tellEnd(vault: string, last: InventoryView['last'], output: Output): Settled {
  if (!last) return EXIT.done;
  const inventoryAt = last.kind === 'none' ? null : new Date(last.inventoryAt).toISOString();
  const { kind, ...rest } = last;
  output.event(
    { event: 'inventory', vault, outcome: kind, ...rest, inventoryAt },
    `${vault}: ${inventoryAt === null ? '' : `inventory of ${inventoryAt}: `}${describeOutcome(last)}`,
  );
  return EXIT.done;
}

/** Waits are told when they begin. */
function tellWait(inventory: InventoryView, told: Map<InventoryId, string>, output: Output): void {
  const { id, vault, hold } = inventory;
  if (hold?.kind !== 'backoff' || told.get(id) === hold.failure.kind) return;
  told.set(id, hold.failure.kind);
  const { failure, until, attempt } = hold;
  output.event({ event: 'waiting', id, vault, failure, until, attempt, message: explainHere(failure, id) }, null);
  if (!output.json) output.problem(`${vault}: ${describeInventory(inventory, null, Date.now())}`);
}

/** A line on a terminal, and an event a second for programs. */
function tellProgress(app: App, output: Output): () => void {
  let lastEventAt = 0;
  return app.on('inventories:progress', (moving) => {
    const isTime = Date.now() - lastEventAt >= 1000;
    for (const { id, done } of moving) {
      const [inventory] = app.inventoryStore.views([id]);
      if (!inventory) continue;
      const words = describeInventory(inventory, done, Date.now());
      output.progress(`${inventory.vault}: ${words}`);
      if (output.json && isTime) {
        lastEventAt = Date.now();
        output.event({ event: 'progress', id, vault: inventory.vault, phase: inventory.phase.kind, done }, null);
      }
    }
  });
}
