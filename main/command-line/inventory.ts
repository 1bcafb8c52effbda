import { plural } from '../../shared/words.ts';
import type { App } from '../open.ts';
import type { AccountPlace } from './account.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import { bringBackCopies, tellOffers } from './copy.ts';
import { watchInventories } from './watch-inventories.ts';

/** `vaults`: none for all. */
export type InventoryArguments = { vaults: string[]; wait: boolean };

/** `copy`: the newest copy of the catalogue that the vaults hold is brought in as well. */
export type RebuildArguments = InventoryArguments & { copy: boolean };

/** `firn inventory`: asks for inventories and compares them with the catalogue; may be interrupted and repeated. */
export async function takeInventories(
  app: App,
  { vaults, wait }: InventoryArguments,
  place: AccountPlace,
  output: Output,
): Promise<ExitCode> {
  const account = app.accounts.of(place.source, place.region, place.endpointUrl);
  const ids = app.inventories.take(account.id, vaults);
  return (await watchInventories(app, ids, output, { wait })) ? 0 : 1;
}

/** `firn catalogue rebuild`: the same for all vaults, and then offers, or brings in, the copies of the catalogue that they hold. */
export async function rebuildCatalogue(
  app: App,
  { vaults, wait, copy }: RebuildArguments,
  place: AccountPlace,
  output: Output,
): Promise<ExitCode> {
  const account = app.accounts.of(place.source, place.region, place.endpointUrl);
  const listed = vaults.length > 0 ? null : await app.accounts.listVaults(account.id);
  if (listed && !listed.ok) {
    output.failure(listed.failure);
    return 1;
  }
  const names = listed ? listed.value.map(({ name }) => name) : vaults;
  if (names.length === 0) {
    output.event({ event: 'rebuilt', vaults: [] }, 'There are no vaults.');
    return 0;
  }
  const ids = app.inventories.take(account.id, names);
  const taken = await watchInventories(app, ids, output, { wait });
  const brought = copy ? await bringBackCopies(app, { wait }, output) : tellOffers(app, output);
  const archives = app.catalogue.count();
  output.event({ event: 'rebuilt', vaults: names, archives }, `The catalogue has ${plural(archives, 'archive')}.`);
  return taken && brought ? 0 : 1;
}
