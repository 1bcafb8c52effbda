import type { Account } from '../../shared/account.ts';
import { plural } from '../../shared/words.ts';
import type { App } from '../app/app.ts';
import { type AccountSettings, accountOf, vaultWords } from './account.ts';
import type { InventoryArguments, RebuildArguments } from './command.ts';
import { EXIT, type ExitCode, worstOf } from './exit-code.ts';
import type { Output } from './output.ts';
import { bringBackCopies, tellOffers } from './copy.ts';
import { watchInventories } from './watch-inventories.ts';

/** `firn inventory`: asks for inventories and compares them with the catalogue; may be interrupted and repeated. */
export async function takeInventories(
  app: App,
  { vaults, wait, dryRun }: InventoryArguments,
  settings: AccountSettings,
  output: Output,
): Promise<ExitCode> {
  const account = accountOf(app, settings);
  if (dryRun) return tellAsked(vaults, account, output);
  return watchInventories(app, app.inventories.take(account.id, vaults), output, { wait });
}

/** `firn catalogue rebuild`: the same for all vaults, and then offers, or brings in, the copies of the catalogue that they hold. */
export async function rebuildCatalogue(
  app: App,
  { vaults, wait, copy, dryRun }: RebuildArguments,
  settings: AccountSettings,
  output: Output,
): Promise<ExitCode> {
  const account = accountOf(app, settings);
  const listed = vaults.length > 0 ? null : await app.accounts.listVaults(account.id);
  if (listed && !listed.ok) return output.failure(listed.failure);
  const names = listed ? listed.value.map(({ name }) => name) : vaults;
  if (names.length === 0) {
    output.event({ event: 'rebuilt', vaults: [] }, 'There are no vaults.');
    return EXIT.done;
  }
  if (dryRun) return tellAsked(names, account, output);
  const taken = await watchInventories(app, app.inventories.take(account.id, names), output, { wait });
  const brought = copy ? await bringBackCopies(app, { wait }, output) : tellOffers(app, output);
  const archives = app.catalogue.count();
  output.event({ event: 'rebuilt', vaults: names, archives }, `The catalogue has ${plural(archives, 'archive')}.`);
  return worstOf([taken, brought]);
}

/** Inventories cost nothing but a few requests. */
function tellAsked(vaults: readonly string[], account: Account, output: Output): ExitCode {
  for (const vault of vaults) {
    output.result(
      { event: 'would-ask', vault, accountId: account.id, region: account.region },
      `Would ask for the inventory of ${vaultWords(vault, account)}.`,
    );
  }
  return EXIT.done;
}
