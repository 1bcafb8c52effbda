import { choreTitle } from '../../shared/chore-words.ts';
import type { ChoreView } from '../../shared/chore.ts';
import { emptyingWords } from '../../shared/deletion-preview.ts';
import type { App } from '../open.ts';
import type { AccountPlace } from './account.ts';
import { askOnTerminal } from './ask.ts';
import { notMeant } from './delete.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import { watchChores } from './watch-chores.ts';

/** `alsoNew`: deletes also what was put into the vault since an earlier command began to empty it. */
export type EmptyArguments = { vault: string; closes: boolean; alsoNew: boolean; yes: boolean; wait: boolean };

/** Goes on with an emptying that an earlier command began, or says what is lost, asks, and begins one. */
export async function emptyVault(
  app: App,
  args: EmptyArguments,
  place: AccountPlace,
  output: Output,
): Promise<ExitCode> {
  const account = app.accounts.of(place.source, place.region, place.endpointUrl);
  const where = { accountId: account.id, vault: args.vault };
  const begun = app.deleting.emptyingOf(where);
  const detail = begun === null ? null : app.deleting.detail(begun);
  return detail?.ok ? goOn(app, detail.value.chore, args, output) : begin(app, where, args, output);
}

async function goOn(
  app: App,
  chore: ChoreView,
  { closes, alsoNew, wait }: EmptyArguments,
  output: Output,
): Promise<ExitCode> {
  const { id } = chore;
  if (chore.kind === 'emptying' && chore.closes !== closes) {
    output.problem(
      `${choreTitle(chore)} is under way, ${closes ? 'without' : 'with'} deleting the vault. To change that: "firn cancel ${id}", then the same again.`,
    );
    return 1;
  }
  if (alsoNew) app.deleting.widen(id);
  else app.deleting.resume(id);
  return (await watchChores(app, [id], output, { wait })) ? 0 : 1;
}

async function begin(
  app: App,
  where: Parameters<App['deleting']['empty']>[0],
  { closes, yes, wait }: EmptyArguments,
  output: Output,
): Promise<ExitCode> {
  const preview = await app.deleting.previewEmptying(where);
  if (!preview.ok) {
    output.failure(preview.failure);
    return 1;
  }
  output.event({ event: 'preview', ...preview.value }, null);
  for (const words of emptyingWords(preview.value, closes)) output.note(words);
  const question = "Type the vault's name to delete all that is in it for good: ";
  if (!yes && (await askOnTerminal(question, output)) !== where.vault) return notMeant(output);
  const added = await app.deleting.empty(where, closes);
  if (added.ok) return (await watchChores(app, [added.value], output, { wait })) ? 0 : 1;
  output.failure(added.failure);
  return 1;
}
