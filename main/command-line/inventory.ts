import type { AccountId } from '../../shared/account.ts';
import { catalogueCopyTime } from '../../shared/catalogue-copy.ts';
import { plural } from '../../shared/words.ts';
import type { App } from '../open.ts';
import type { AccountPlace } from './account.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import { watchInventories } from './watch-inventories.ts';

/** `vaults`: none for all. */
export type InventoryArguments = { vaults: string[]; wait: boolean };

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

/** `firn catalogue rebuild`: the same for all vaults, and then tells of copies of the catalogue that they hold. */
export async function rebuildCatalogue(
  app: App,
  { vaults, wait }: InventoryArguments,
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
  const allWell = await watchInventories(app, ids, output, { wait });
  for (const vault of names) tellCopy(app, account.id, vault, output);
  const archives = app.catalogue.count();
  output.event({ event: 'rebuilt', vaults: names, archives }, `The catalogue has ${plural(archives, 'archive')}.`);
  return allWell ? 0 : 1;
}

/** A copy of the catalogue knows more than an inventory: whole paths, times to the nanosecond. */
function tellCopy(app: App, accountId: AccountId, vault: string, output: Output): void {
  const query = { text: 'firn-catalogue-', accountId, vault, standing: null, offset: 0, limit: 100 };
  const copies = app.catalogue.search(query).items.flatMap(({ path, archiveId }) => {
    const madeAt = path === null ? null : catalogueCopyTime(path);
    return madeAt === null ? [] : [{ madeAt, archiveId }];
  });
  const newest = copies.sort((a, b) => b.madeAt - a.madeAt)[0];
  if (!newest) return;
  const madeAt = new Date(newest.madeAt).toISOString();
  output.event(
    { event: 'catalogue-copy', vault, archiveId: newest.archiveId, madeAt },
    `${vault} holds a copy of Firn's catalogue of ${madeAt}. To bring it in as well:\n  firn retrieve --to DIR -- ${newest.archiveId}\n  firn catalogue import DIR/…/FILE`,
  );
}
