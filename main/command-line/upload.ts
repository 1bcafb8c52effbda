import { sep } from 'node:path';
import type { Account } from '../../shared/account.ts';
import { describeUnexpected } from '../../shared/adding-words.ts';
import { printable } from '../../shared/failure.ts';
import type { EnqueuedUploads, LeftOut } from '../../shared/selection.ts';
import type { UploadId } from '../../shared/upload.ts';
import { describeAmount } from '../../shared/words.ts';
import { spelledBySystem } from '../files/walk.ts';
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
  const stopTelling = app.on('adding:comparing', ({ path, size, hashed }) => {
    output.status(`Comparing ${printable(path)} with its archive: ${describeAmount(hashed, size)}`);
  });
  const added = await app.queue.enqueue(paths, choice);
  stopTelling();
  if (!added.ok) {
    output.failure(added.failure);
    return 2;
  }
  return tellAndWatch(app, added.value, account, args, output);
}

async function tellAndWatch(
  app: App,
  added: EnqueuedUploads,
  account: Account,
  args: UploadArguments,
  output: Output,
): Promise<ExitCode> {
  tellAdded(added, { what: `${added.added} file(s)`, known: 'already there' }, output);
  for (const note of describeUnexpected(added)) output.note(note);
  if (added.stopped) output.failure(added.stopped);
  const roots = await rootsOf(args.paths);
  const ids = idsOf(app, account, args.vault, roots);
  const isNothing = ids.length === 0 && added.added + added.alreadyThere + added.leftOutCount === 0;
  if (isNothing) output.problem('There is no file in what you named.');
  const allWell = await watchUntilSettled(app, ids, output);
  const isWhole = added.stopped === null && !isNothing && added.leftOut.every((file) => isHarmless(file, roots));
  return allWell && isWhole ? 0 : 1;
}

/** What was named, as the system spells it. */
async function rootsOf(paths: readonly string[]): Promise<string[]> {
  const spelled = await Promise.all(paths.map(spelledBySystem));
  return spelled.flatMap((root) => (root.ok ? [root.value] : []));
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
function isHarmless({ path, failure }: LeftOut, roots: readonly string[]): boolean {
  return failure.kind === 'not-a-file' && !roots.includes(path);
}

/** The open uploads of these files and folders, also those that were queued before. */
function idsOf(app: App, account: Account, vault: string, roots: readonly string[]): UploadId[] {
  const isMeant = (path: string): boolean =>
    roots.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
  return app.uploads.openIds().filter((id) => {
    const found = app.uploads.get(id);
    return found?.accountId === account.id && found.vault === vault && isMeant(found.path);
  });
}
