import type { InventoryId } from '../../shared/inventory.ts';
import type { App } from '../app/app.ts';
import { formatCount, plural } from '../../shared/words.ts';
import { type AccountSettings, vaultWords } from './account.ts';
import { tellReturns } from './copy.ts';
import { EXIT, type ExitCode, worstOf } from './exit-code.ts';
import type { Output } from './output.ts';
import { accountWithVault } from './upload.ts';
import { finishChecks } from './verify.ts';
import { watchChores } from './watch-chores.ts';
import { watchInventories } from './watch-inventories.ts';
import { watchRetrievals } from './watch-retrievals.ts';
import { watchUntilSettled } from './watch.ts';

/** Goes on with whatever waits, until each is over or needs the user. */
export async function run(app: App, { dryRun }: { dryRun: boolean }, output: Output): Promise<ExitCode> {
  await app.copyReturns.start();
  const ids = app.uploads.openIds();
  const retrievals = app.retrievalStore.openIds();
  const chores = app.deleting.openIds();
  const inventories = openInventories(app);
  const waiting = app.checks.progress().waiting.count;
  if (dryRun) {
    const counts = { uploads: ids.length, retrievals: retrievals.length, deletions: chores.length };
    return tellWaiting({ ...counts, inventories: inventories.length, checks: waiting }, output);
  }
  const isIdle = ids.length + retrievals.length + chores.length + inventories.length + waiting === 0;
  if (isIdle) output.event({ event: 'idle' }, 'Nothing is waiting.');
  const ends = await Promise.all([
    watchUntilSettled(app, ids, output),
    watchRetrievals(app, retrievals, output, { until: 'over' }),
    watchChores(app, chores, output, { wait: true }),
    watchInventories(app, inventories, output, { wait: true }),
    finishChecks(app, output),
  ]);
  await app.copyReturns.rest();
  ends.push(tellReturns(app, output));
  return worstOf(ends);
}

/** What would go on, with what needs the user among it. */
function tellWaiting(counts: Record<string, number>, output: Output): ExitCode {
  const words = Object.entries(counts).map(([what, count]) => `${formatCount(count)} ${what}`);
  output.result({ event: 'would-run', ...counts }, `Not over yet: ${words.join(', ')}.`);
  return EXIT.done;
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
  { vault, dryRun }: { vault: string; dryRun: boolean },
  settings: AccountSettings,
  output: Output,
): Promise<ExitCode> {
  const account = await accountWithVault(app, vault, settings);
  if (!account.ok) return output.failure(account.failure);
  if (dryRun) {
    const archives = app.catalogue.count();
    const words = `Would put a copy of the catalogue, ${plural(archives, 'archive')}, into ${vaultWords(vault, account.value)}.`;
    output.result({ event: 'would-archive', vault, archives }, words);
    return EXIT.done;
  }
  const added = await app.copies.make({ accountId: account.value.id, vault });
  return added.ok ? run(app, { dryRun }, output) : output.failure(added.failure);
}
