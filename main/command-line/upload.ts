import { basename, sep } from 'node:path';
import type { Account } from '../../shared/account.ts';
import { describeUnexpected } from '../../shared/adding-words.ts';
import { printable } from '../../shared/failure.ts';
import { type Result, ok } from '../../shared/result.ts';
import type { EnqueuedUploads, Preview } from '../../shared/selection.ts';
import { formatBytes } from '../../shared/units.ts';
import type { UploadId } from '../../shared/upload.ts';
import { describeAmount, plural } from '../../shared/words.ts';
import type { Choice } from '../uploads/enqueue.ts';
import { spelledBySystem } from '../files/walk.ts';
import type { App } from '../app/app.ts';
import { type AccountSettings, accountOf, vaultWords } from './account.ts';
import type { UploadArguments } from './command.ts';
import { EXIT, type ExitCode, worstOf } from './exit-code.ts';
import { GlobFilter } from './globs.ts';
import type { Output } from './output.ts';
import { readPaths } from './paths.ts';
import { tellAdded, tellLeftOut } from './tell-added.ts';
import { watchUntilSettled } from './watch.ts';

/** Queues files and folders, and runs until each is stored or needs the user; may be interrupted and repeated. */
export async function upload(
  app: App,
  args: UploadArguments,
  settings: AccountSettings,
  output: Output,
): Promise<ExitCode> {
  const listed = args.filesFrom === null ? ok([]) : await readPaths(args.filesFrom);
  if (!listed.ok) return output.refusal(EXIT.usage, listed.failure);
  const paths = [...args.paths, ...listed.value];
  const account = await accountWithVault(app, args.vault, settings);
  if (!account.ok) return output.failure(account.failure);
  const filter = args.globs && new GlobFilter(args.globs);
  const choice = choiceOf(app, args, account.value, filter);
  return args.dryRun
    ? previewUpload(app, paths, { choice, filter, account: account.value }, output)
    : addAndWatch(app, paths, { choice, filter }, output);
}

type Wanted = { choice: Choice; filter: GlobFilter | null };

async function addAndWatch(
  app: App,
  paths: readonly string[],
  { choice, filter }: Wanted,
  output: Output,
): Promise<ExitCode> {
  const stopTelling = app.on('adding:comparing', ({ path, size, hashed }) => {
    output.progress(`Comparing ${printable(path)} with its archive: ${describeAmount(hashed, size)}`);
  });
  const added = await app.queue.enqueue(paths, choice);
  stopTelling();
  if (!added.ok) return output.failure(added.failure);
  tellAdded(added.value, { what: plural(added.value.added, 'file'), known: 'already there' }, output);
  for (const note of describeUnexpected(added.value)) output.note(note);
  tellPassedOver(filter, output);
  const roots = await rootsOf(paths);
  const end = await watchUntilSettled(app, idsOf(app, choice, roots, filter), output);
  return worstOf([end, completeness(added.value, roots, output)]);
}

async function previewUpload(
  app: App,
  paths: readonly string[],
  { choice, filter, account }: Wanted & { account: Account },
  output: Output,
): Promise<ExitCode> {
  const preview = await app.queue.preview(paths, choice);
  if (!preview.ok) return output.failure(preview.failure);
  tellPreview(preview.value, vaultWords(choice.vault, account), output);
  tellPassedOver(filter, output);
  return EXIT.done;
}

/** What was named, as the system spells it. */
async function rootsOf(paths: readonly string[]): Promise<string[]> {
  const spelled = await Promise.all(paths.map(spelledBySystem));
  return spelled.flatMap((root) => (root.ok ? [root.value] : []));
}

function choiceOf(
  app: App,
  { vault, partSize, again }: UploadArguments,
  { id }: Account,
  filter: GlobFilter | null,
): Choice {
  const preferredPartSize = app.settings().partSize;
  return { accountId: id, vault, partSize, preferredPartSize, again, ...(filter && { filter }) };
}

/**
 * Links and devices below a folder are never meant; everything else that was left out is missing in the vault, and so is
 * what was named by hand and gave nothing at all.
 */
function completeness(added: EnqueuedUploads, roots: readonly string[], output: Output): ExitCode {
  const { added: count, alreadyThere, leftOut, leftOutCount, noFiles, stopped } = added;
  if (stopped !== null) return worstOf([EXIT.failed, output.failure(stopped)]);
  if (count + alreadyThere === 0) return output.refusal(EXIT.failed, 'There is no file to upload in what you named.');
  const isNamed = leftOut.some(({ path }) => roots.includes(path));
  return isNamed || leftOutCount > noFiles ? EXIT.failed : EXIT.done;
}

/** The account, added when it is new, once its vault is known to be there, or cannot be asked for. */
export async function accountWithVault(app: App, vault: string, settings: AccountSettings): Promise<Result<Account>> {
  const account = accountOf(app, settings);
  const found = await app.accounts.describeVault(account.id, vault);
  return found.ok || found.failure.kind !== 'vault-missing' ? ok(account) : found;
}

function tellPreview(preview: Preview, where: string, output: Output): void {
  const { files, bytes, requests, partSizes, alreadyThere } = preview;
  tellLeftOut(preview, output);
  const parts = partSizes.map((one) => `${plural(one.files, 'file')} in parts of ${formatBytes(one.partSize)}`);
  const before = alreadyThere > 0 ? `; ${alreadyThere} already there` : '';
  output.result(
    { event: 'would-upload', ...preview },
    `Would upload ${plural(files, 'file')}, ${formatBytes(bytes)}, into ${where}${before}.`,
  );
  if (files > 0) output.note(`  ${plural(requests, 'request')} that Amazon bills; ${parts.join(', ')}.`);
  for (const note of describeUnexpected(preview)) output.note(note);
}

function tellPassedOver(filter: GlobFilter | null, output: Output): void {
  if (!filter || filter.passedOver === 0) return;
  const what = plural(filter.passedOver, 'file or folder', 'files and folders');
  output.note(`${what} passed over by --include and --exclude.`);
}

/**
 * The open uploads of these files and folders, also those that were queued before. One that has failed is not waited for when
 * its file was added once more.
 */
function idsOf(
  app: App,
  { accountId, vault }: Choice,
  roots: readonly string[],
  filter: GlobFilter | null,
): UploadId[] {
  const meant = app.uploads.openIds().flatMap((id) => {
    const found = app.uploads.get(id);
    const isMeant = found?.accountId === accountId && found.vault === vault && isBelow(found.path, roots, filter);
    return isMeant ? [found] : [];
  });
  const newest = new Map(meant.map(({ path, id }) => [path, id]));
  return meant.flatMap(({ id, path, hold }) => (hold?.kind === 'failed' && newest.get(path) !== id ? [] : [id]));
}

function isBelow(path: string, roots: readonly string[], filter: GlobFilter | null): boolean {
  const isTaken = (below: string): boolean => !filter || filter.means(below);
  return roots.some((root) => {
    if (path === root) return isTaken(basename(path));
    const folder = root.endsWith(sep) ? root : root + sep;
    return path.startsWith(folder) && isTaken(path.slice(folder.length).split(sep).join('/'));
  });
}
