import type { Account } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';
import { type AccountPlace, passingAccount, placeOf } from './account.ts';
import type { Arguments, Command } from './arguments.ts';
import { exportArchives, importArchives } from './catalogue.ts';
import { changeOne } from './change.ts';
import { retrieveCatalogue } from './copy.ts';
import { deleteArchives } from './delete.ts';
import { doctor } from './doctor.ts';
import { emptyVault } from './empty-vault.ts';
import type { ExitCode } from './exit-code.ts';
import { help } from './help.ts';
import { rebuildCatalogue, takeInventories } from './inventory.ts';
import { showCatalogue, showDeletions, showQueue, showRetrievals } from './look.ts';
import type { Output } from './output.ts';
import { retrieve } from './retrieve.ts';
import { archiveCatalogue, run } from './run.ts';
import { upload } from './upload.ts';
import { createVault, listVaults } from './vaults.ts';
import { verify } from './verify.ts';
import { type Surroundings, withApp } from './with-app.ts';

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
    case 'deletions':
      await showDeletions(dataFolder, output);
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
    case 'delete':
      return withApp(args, dataFolder, surroundings, (app) => deleteArchives(app, command, output));
    case 'vault-empty':
      return withPlace(args, output, (place) =>
        withApp(args, dataFolder, surroundings, (app) => emptyVault(app, command, place, output)),
      );
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

function vaultCommand(
  command: Extract<Command, { kind: 'vault-create' | 'vault-list' }>,
  account: Account,
  output: Output,
): Promise<ExitCode> {
  return command.kind === 'vault-create' ? createVault(account, command.name, output) : listVaults(account, output);
}
