import { sep } from 'node:path';
import type { Account } from '../../shared/account.ts';
import type { LeftOut } from '../../shared/selection.ts';
import type { UploadId } from '../../shared/upload.ts';
import type { App } from '../open.ts';
import type { AccountPlace } from './account.ts';
import type { UploadArguments } from './arguments.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import { tellAdded } from './tell-added.ts';
import { watchUntilSettled } from './watch.ts';

/** Queues files and folders, and runs until each is stored or needs the user; may be interrupted and repeated. */
export async function upload(app: App, args: UploadArguments, place: AccountPlace, output: Output): Promise<ExitCode> {
  const account = await accountWithVault(app, args.vault, place, output);
  if (!account) return 1;
  const { partSize, again, paths } = args;
  const choice = {
    accountId: account.id,
    vault: args.vault,
    partSize,
    preferredPartSize: app.settings().partSize,
    again,
  };
  const added = await app.queue.enqueue(paths, choice);
  if (!added.ok) {
    output.failure(added.failure);
    return 2;
  }
  tellAdded(added.value, { what: `${added.value.added} file(s)`, known: 'already there' }, output);
  const allWell = await watchUntilSettled(app, idsOf(app, account, args), output);
  return allWell && added.value.leftOut.every(isHarmless) ? 0 : 1;
}

/** The account, added when it is new, once its vault is known to be there. Null after having said why not. */
export async function accountWithVault(
  app: App,
  vault: string,
  place: AccountPlace,
  output: Output,
): Promise<Account | null> {
  const account = app.accounts.of(place.source, place.region, place.endpointUrl);
  const found = await app.accounts.describeVault(account.id, vault);
  if (found.ok || found.failure.kind !== 'vault-missing') return account;
  output.failure(found.failure);
  return null;
}

/** Links and devices below a folder are never meant; everything else that was left out is missing in the vault. */
function isHarmless({ failure }: LeftOut): boolean {
  return failure.kind === 'not-a-file';
}

/** The open uploads of these files and folders, also those that were queued before. */
function idsOf(app: App, account: Account, { vault, paths }: UploadArguments): UploadId[] {
  const isMeant = (path: string): boolean =>
    paths.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
  return app.uploads.openIds().filter((id) => {
    const found = app.uploads.get(id);
    return found?.accountId === account.id && found.vault === vault && isMeant(found.path);
  });
}
