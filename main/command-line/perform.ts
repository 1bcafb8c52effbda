import { sep } from 'node:path';
import { assertNever } from '../../shared/assert.ts';
import { explainInOneLine, printable } from '../../shared/failure.ts';
import { noticeInOneLine } from '../../shared/notice.ts';
import type { Enqueued, LeftOut } from '../../shared/selection.ts';
import type { RetrievalId } from '../../shared/retrieval.ts';
import { formatBytes } from '../../shared/units.ts';
import type { UploadId } from '../../shared/upload.ts';
import type { Account } from '../../shared/account.ts';
import { type App, openApp } from '../open.ts';
import { noKeyring } from '../secrets.ts';
import { type AccountPlace, passingAccount, placeOf } from './account.ts';
import type { Arguments, Command, UploadArguments } from './arguments.ts';
import { exportArchives, importArchives } from './catalogue.ts';
import { retrieveCatalogue, tellReturns } from './copy.ts';
import { doctor } from './doctor.ts';
import type { ExitCode } from './exit-code.ts';
import { help } from './help.ts';
import { rebuildCatalogue, takeInventories } from './inventory.ts';
import { showCatalogue, showQueue, showRetrievals } from './look.ts';
import type { Output } from './output.ts';
import { changeRetrieval } from './change-retrieval.ts';
import { retrieve } from './retrieve.ts';
import { createVault, listVaults } from './vaults.ts';
import { finishChecks, verify } from './verify.ts';
import { watchRetrievals } from './watch-retrievals.ts';
import { watchUntilSettled } from './watch.ts';

export type Surroundings = {
  codeFolder: string;
  version: string;
  output: Output;
  onClose: (close: () => Promise<void>) => void;
};

export async function perform(args: Arguments, surroundings: Surroundings): Promise<ExitCode> {
  const { command, dataFolder } = args;
  const { output } = surroundings;
  if (command.kind === 'help') return said(output, help);
  if (command.kind === 'version') return said(output, `firn ${surroundings.version}`);
  if (command.kind === 'doctor') {
    return withPlace(args, output, (place) =>
      doctor(passingAccount(place), command.vaults, surroundings.codeFolder, output),
    );
  }
  if (dataFolder === null) {
    output.problem('Say where queue and catalogue are: --data DIR.');
    return 2;
  }
  switch (command.kind) {
    case 'queue':
      await showQueue(dataFolder, output);
      return 0;
    case 'retrievals':
      await showRetrievals(dataFolder, output);
      return 0;
    case 'retrieve':
      return withApp(args, dataFolder, surroundings, (app) => retrieve(app, command, output));
    case 'catalogue':
      await showCatalogue(dataFolder, command.search, output);
      return 0;
    case 'catalogue-export':
      return exportArchives(dataFolder, command, output);
    case 'catalogue-import':
      return withApp(args, dataFolder, surroundings, (app) => importArchives(app, command, args.place, output));
    case 'verify':
      return withApp(args, dataFolder, surroundings, (app) => verify(app, command, output));
    case 'vault-create':
    case 'vault-list':
      return withPlace(args, output, (place) => vaultCommand(command, passingAccount(place), output));
    case 'upload':
      return withPlace(args, output, (place) =>
        withApp(args, dataFolder, surroundings, (app) => upload(app, command, place, output)),
      );
    case 'inventory':
      return withPlace(args, output, (place) =>
        withApp(args, dataFolder, surroundings, (app) => takeInventories(app, command, place, output)),
      );
    case 'catalogue-rebuild':
      return withPlace(args, output, (place) =>
        withApp(args, dataFolder, surroundings, (app) => rebuildCatalogue(app, command, place, output)),
      );
    case 'catalogue-retrieve':
      return withApp(args, dataFolder, surroundings, (app) => retrieveCatalogue(app, command, output));
    case 'catalogue-archive':
      return withPlace(args, output, (place) =>
        withApp(args, dataFolder, surroundings, (app) => archiveCatalogue(app, command.vault, place, output)),
      );
    case 'run':
      return withApp(args, dataFolder, surroundings, (app) => run(app, output));
    case 'pause':
    case 'resume':
    case 'cancel':
      return withApp(args, dataFolder, surroundings, (app) => changeOne(app, command.kind, command.id, output));
    default:
      return assertNever(command);
  }
}

function said(output: Output, words: string): ExitCode {
  output.event({ text: words }, words);
  return 0;
}

async function withPlace(
  args: Arguments,
  output: Output,
  act: (place: AccountPlace) => Promise<ExitCode>,
): Promise<ExitCode> {
  const place = await placeOf(args.place);
  if (place.ok) return act(place.value);
  output.problem(place.failure);
  return 2;
}

async function withApp(
  { parallel, limit, gentle }: Arguments,
  dataFolder: string,
  { codeFolder, output, onClose }: Surroundings,
  act: (app: App) => Promise<ExitCode>,
): Promise<ExitCode> {
  const opened = await openApp({
    dataFolder,
    codeFolder,
    secrets: noKeyring,
    log: (message, details) => {
      output.problem(`${message}: ${JSON.stringify(details)}`);
    },
    // Whoever types "run" wants it to run, also when the window left the queue paused.
    settings: {
      queuePaused: false,
      ...(parallel !== null && { parallelParts: parallel }),
      ...(limit !== null && { bytesPerSecond: limit }),
      ...(gentle && { cpuUse: 'gentle' as const }),
    },
  });
  if (!opened.ok) {
    output.failure(opened.failure);
    return 1;
  }
  const app = opened.value;
  onClose(() => app.close());
  tellNotices(app, output);
  // The application's own timers keep no process alive, but a command is not over while it waits for one.
  const alive = setInterval(() => undefined, 60_000);
  try {
    return await act(app);
  } catch (error) {
    const failure = app.failureOf(error);
    if (failure.kind !== 'database-damaged' && failure.kind !== 'disk-full') throw error;
    output.failure(failure);
    return 1;
  } finally {
    clearInterval(alive);
    await app.close();
  }
}

/** Once told, there is no window in which they would have to stay. */
function tellNotices({ notices }: App, output: Output): void {
  for (const notice of notices.list()) {
    const message = noticeInOneLine(notice);
    output.event({ event: 'notice', notice, message }, null);
    output.problem(message);
    notices.dismiss(notice.id);
  }
}

function vaultCommand(
  command: Extract<Command, { kind: 'vault-create' | 'vault-list' }>,
  account: Account,
  output: Output,
): Promise<ExitCode> {
  return command.kind === 'vault-create' ? createVault(account, command.name, output) : listVaults(account, output);
}

/** The account, added when it is new, once its vault is known to be there. Null after having said why not. */
async function accountWithVault(app: App, vault: string, place: AccountPlace, output: Output): Promise<Account | null> {
  const account = app.accounts.of(place.source, place.region, place.endpointUrl);
  const found = await app.accounts.describeVault(account.id, vault);
  if (found.ok || found.failure.kind !== 'vault-missing') return account;
  output.failure(found.failure);
  return null;
}

async function upload(app: App, args: UploadArguments, place: AccountPlace, output: Output): Promise<ExitCode> {
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
  tellAdded(added.value, output);
  const allWell = await watchUntilSettled(app, idsOf(app, account, args), output);
  return allWell && added.value.leftOut.every(isHarmless) ? 0 : 1;
}

/** Archives the catalogue itself, and goes on with whatever the queue holds. */
async function archiveCatalogue(app: App, vault: string, place: AccountPlace, output: Output): Promise<ExitCode> {
  const account = await accountWithVault(app, vault, place, output);
  if (!account) return 1;
  const added = await app.copies.make({ accountId: account.id, vault });
  if (added.ok) return run(app, output);
  output.failure(added.failure);
  return 1;
}

/** Links and devices below a folder are never meant; everything else that was left out is missing in the vault. */
function isHarmless({ failure }: LeftOut): boolean {
  return failure.kind === 'not-a-file';
}

function tellAdded({ added, bytes, alreadyThere, leftOut, leftOutCount }: Enqueued, output: Output): void {
  for (const { path, failure } of leftOut) {
    const message = explainInOneLine(failure);
    output.event({ event: 'left-out', path, failure, message }, null);
    output.problem(`Left out ${printable(path)}: ${message}`);
  }
  if (leftOutCount > leftOut.length) output.problem(`… and ${leftOutCount - leftOut.length} more were left out.`);
  const known = alreadyThere > 0 ? `; ${alreadyThere} already there` : '';
  output.event(
    { event: 'added', added, bytes, alreadyThere, leftOut: leftOutCount },
    `Added ${added} file(s), ${formatBytes(bytes)}${known}`,
  );
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

async function run(app: App, output: Output): Promise<ExitCode> {
  await app.copyReturns.start();
  const ids = app.uploads.openIds();
  const retrievals = app.retrievalStore.openIds();
  const isIdle = ids.length + retrievals.length + app.checks.progress().waiting.count === 0;
  if (isIdle) output.event({ event: 'idle' }, 'Nothing is waiting.');
  const wells = await Promise.all([
    watchUntilSettled(app, ids, output),
    watchRetrievals(app, retrievals, output, { until: 'over' }),
    finishChecks(app, output),
  ]);
  await app.copyReturns.rest();
  wells.push(tellReturns(app, output));
  return wells.every((isWell) => isWell) ? 0 : 1;
}

async function changeOne(
  app: App,
  kind: 'pause' | 'resume' | 'cancel',
  name: string,
  output: Output,
): Promise<ExitCode> {
  const id = name as UploadId;
  const found = app.uploads.get(id);
  if (!found && app.retrievalStore.get(name as RetrievalId))
    return changeRetrieval(app, kind, name as RetrievalId, output);
  if (!found) {
    output.failure({ kind: 'not-found', what: `The upload or retrieval ${printable(id)}` });
    return 1;
  }
  if (kind === 'cancel') return cancelOne(app, id, output);
  if (kind === 'pause') await app.queue.pause([id]);
  else await app.queue.resume([id]);
  output.event(
    { event: `${kind}d`, id, path: found.path },
    `${kind === 'pause' ? 'Paused' : 'Resumed'} ${printable(found.path)}`,
  );
  return 0;
}

/** Runs until the multipart upload is aborted at Glacier, too. */
async function cancelOne(app: App, id: UploadId, output: Output): Promise<ExitCode> {
  const { waiting } = await app.queue.cancel([id]);
  if (waiting > 0) {
    output.problem('It cannot be cancelled now: the answer to its last request is still open. "firn run" settles it.');
    return 1;
  }
  return (await watchUntilSettled(app, [id], output)) ? 0 : 1;
}
