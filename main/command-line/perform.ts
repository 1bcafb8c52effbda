import { assertNever } from '../../shared/assert.ts';
import { adoptFormerFolder } from '../app/former-folder.ts';
import { placesOfData, surroundings as systemSurroundings } from '../app/places-of-data.ts';
import type { App } from '../app/app.ts';
import { printable } from '../../shared/printable.ts';
import { type AccountSettings, passingAccount, settingsOf } from './account.ts';
import type { Arguments, Command } from './command.ts';
import { exportArchives, importArchives } from './catalogue.ts';
import { changeTasks } from './change.ts';
import { confirmAccount } from './confirm-account.ts';
import { completionScript } from './completion.ts';
import { retrieveCatalogue } from './copy.ts';
import { deleteArchives } from './delete.ts';
import { doctor } from './doctor.ts';
import { emptyVault } from './empty-vault.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { cancelTasks, startOver } from './give-up.ts';
import { rebuildCatalogue, takeInventories } from './inventory.ts';
import { showAccounts, showCatalogue, showDeletions, showQueue, showRetrievals } from './look.ts';
import { manualPage } from './manual-page.ts';
import type { Output } from './output.ts';
import { relocate } from './relocate.ts';
import { retrieve } from './retrieve.ts';
import { archiveCatalogue, run } from './run.ts';
import { upload } from './upload.ts';
import { createVault, listVaults } from './vaults.ts';
import { verify } from './verify.ts';
import { type Surroundings, withApp } from './with-app.ts';

type Kind = Command['kind'];
type CommandOf<K extends Kind> = Extract<Command, { kind: K }>;
type Printing = CommandOf<'help' | 'version' | 'completion' | 'man'>;
type Asking = CommandOf<'doctor' | 'vault-create' | 'vault-list'>;
type Looking = CommandOf<'queue' | 'retrievals' | 'deletions' | 'accounts' | 'catalogue' | 'catalogue-export'>;
type Going = CommandOf<'upload' | 'vault-empty' | 'inventory' | 'catalogue-rebuild' | 'catalogue-archive'>;
type Working = Exclude<Command, Printing | Asking | Looking | Going>;

export async function perform(args: Arguments, surroundings: Surroundings): Promise<ExitCode> {
  const { command } = args;
  const { output } = surroundings;
  switch (command.kind) {
    case 'help':
    case 'version':
    case 'completion':
    case 'man':
      return print(command, surroundings);
    case 'doctor':
    case 'vault-create':
    case 'vault-list':
      return withSettings(args, output, (settings) => ask(command, settings, surroundings));
    default:
      break;
  }
  const places = placesOfData(systemSurroundings());
  const dataFolder = args.dataFolder ?? places.data;
  const failure = args.dataFolder === null ? adoptFormerFolder(places.former, dataFolder) : null;
  if (failure) return output.failure(failure);
  switch (command.kind) {
    case 'queue':
    case 'retrievals':
    case 'deletions':
    case 'accounts':
    case 'catalogue':
    case 'catalogue-export':
      return look(command, dataFolder, output);
    case 'upload':
    case 'vault-empty':
    case 'inventory':
    case 'catalogue-rebuild':
    case 'catalogue-archive':
      return withSettings(args, output, (settings) =>
        withApp(args, dataFolder, surroundings, (app) => go(app, command, settings, output)),
      );
    default:
      return withApp(args, dataFolder, surroundings, (app) => work(app, command, args, output));
  }
}

/** What needs neither a folder nor a network. */
function print(command: Printing, { output, version }: Surroundings): ExitCode {
  const text = textOf(command, version);
  output.result({ text }, text);
  return EXIT.done;
}

function textOf(command: Printing, version: string): string {
  switch (command.kind) {
    case 'help':
      return command.text;
    case 'version':
      return `firn ${version}`;
    case 'completion':
      return completionScript(command.shell);
    case 'man':
      return manualPage(version);
    default:
      return assertNever(command);
  }
}

/** What is asked of Amazon without a folder. */
function ask(command: Asking, settings: AccountSettings, { codeFolder, output }: Surroundings): Promise<ExitCode> {
  const account = passingAccount(settings);
  switch (command.kind) {
    case 'doctor':
      return doctor(account, command.vaults, codeFolder, output);
    case 'vault-create':
      return createVault(account, command, output);
    case 'vault-list':
      return listVaults(account, output);
    default:
      return assertNever(command);
  }
}

/** What only reads, also while another Firn works with the folder. */
function look(command: Looking, dataFolder: string, output: Output): Promise<ExitCode> {
  switch (command.kind) {
    case 'queue':
      return showQueue(dataFolder, output);
    case 'retrievals':
      return showRetrievals(dataFolder, output);
    case 'deletions':
      return showDeletions(dataFolder, output);
    case 'accounts':
      return showAccounts(dataFolder, output);
    case 'catalogue':
      return showCatalogue(dataFolder, command.filter, output);
    case 'catalogue-export':
      return exportArchives(dataFolder, command, output);
    default:
      return assertNever(command);
  }
}

/** What goes to the vaults of the account that the command line says. */
function go(app: App, command: Going, settings: AccountSettings, output: Output): Promise<ExitCode> {
  switch (command.kind) {
    case 'upload':
      return upload(app, command, settings, output);
    case 'vault-empty':
      return emptyVault(app, command, settings, output);
    case 'inventory':
      return takeInventories(app, command, settings, output);
    case 'catalogue-rebuild':
      return rebuildCatalogue(app, command, settings, output);
    case 'catalogue-archive':
      return archiveCatalogue(app, command, settings, output);
    default:
      return assertNever(command);
  }
}

/** What works with what the folder knows. */
function work(app: App, command: Working, { account }: Arguments, output: Output): Promise<ExitCode> {
  switch (command.kind) {
    case 'retrieve':
      return retrieve(app, command, output);
    case 'verify':
      return verify(app, command, output);
    case 'delete':
      return deleteArchives(app, command, output);
    case 'catalogue-import':
      return importArchives(app, command, account, output);
    case 'catalogue-retrieve':
      return retrieveCatalogue(app, command, output);
    case 'run':
      return run(app, command, output);
    case 'confirm-account':
      return confirmAccount(app, command, output);
    case 'pause':
    case 'resume':
    case 'retry':
      return changeTasks(app, command, output);
    case 'relocate':
      return relocate(app, command, output);
    case 'cancel':
      return cancelTasks(app, command, output);
    case 'start-over':
      return startOver(app, command, output);
    default:
      return assertNever(command);
  }
}

async function withSettings(
  { account }: Arguments,
  output: Output,
  act: (settings: AccountSettings) => Promise<ExitCode>,
): Promise<ExitCode> {
  const settings = await settingsOf(account);
  if (!settings.ok) return output.refusal(EXIT.usage, settings.failure);
  const { endpointUrl } = settings.value;
  // Nobody typed it, so it must be seen.
  if (endpointUrl !== null && endpointUrl !== account.endpointUrl)
    output.note(`The AWS configuration says which service is used: ${printable(endpointUrl)}`);
  return act(settings.value);
}
