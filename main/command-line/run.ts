import type { InventoryId } from '../../shared/inventory.ts';
import type { App } from '../open.ts';
import type { AccountPlace } from './account.ts';
import { tellReturns } from './copy.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import { accountWithVault } from './upload.ts';
import { finishChecks } from './verify.ts';
import { watchChores } from './watch-chores.ts';
import { watchInventories } from './watch-inventories.ts';
import { watchRetrievals } from './watch-retrievals.ts';
import { watchUntilSettled } from './watch.ts';

/** Goes on with whatever waits, until each is over or needs the user. */
export async function run(app: App, output: Output): Promise<ExitCode> {
  await app.copyReturns.start();
  const ids = app.uploads.openIds();
  const retrievals = app.retrievalStore.openIds();
  const chores = app.deleting.openIds();
  const inventories = openInventories(app);
  const waiting = app.checks.progress().waiting.count;
  const isIdle = ids.length + retrievals.length + chores.length + inventories.length + waiting === 0;
  if (isIdle) output.event({ event: 'idle' }, 'Nothing is waiting.');
  const wells = await Promise.all([
    watchUntilSettled(app, ids, output),
    watchRetrievals(app, retrievals, output, { until: 'over' }),
    watchChores(app, chores, output, { wait: true }),
    watchInventories(app, inventories, output, { wait: true }),
    finishChecks(app, output),
  ]);
  await app.copyReturns.rest();
  wells.push(tellReturns(app, output));
  return wells.every((isWell) => isWell) ? 0 : 1;
}

/** Those that go on by themselves. What became of the others was told by the command that asked for them. */
function openInventories({ inventoryStore }: App): InventoryId[] {
  return inventoryStore
    .list()
    .filter(({ phase, hold }) => phase.kind !== 'idle' && (hold === null || hold.kind === 'backoff'))
    .map(({ id }) => id);
}

/** Archives the catalogue itself, and goes on with whatever the queue holds. */
export async function archiveCatalogue(
  app: App,
  vault: string,
  place: AccountPlace,
  output: Output,
): Promise<ExitCode> {
  const account = await accountWithVault(app, vault, place, output);
  if (!account) return 1;
  const added = await app.copies.make({ accountId: account.id, vault });
  if (added.ok) return run(app, output);
  output.failure(added.failure);
  return 1;
}
