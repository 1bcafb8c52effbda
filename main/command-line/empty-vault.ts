import { choreTitle, describeChore } from '../../shared/chore-words.ts';
import type { ChoreView } from '../../shared/chore.ts';
import { emptyingWords } from '../../shared/deletion-preview.ts';
import type { App } from '../app/app.ts';
import { type AccountSettings, accountOf } from './account.ts';
import type { EmptyArguments } from './command.ts';
import { confirm } from './ask.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import { watchChores } from './watch-chores.ts';

/** Goes on with an emptying that an earlier command began, or says what is lost, asks, and begins one. */
export async function emptyVault(
  app: App,
  args: EmptyArguments,
  settings: AccountSettings,
  output: Output,
): Promise<ExitCode> {
  const account = accountOf(app, settings);
  const where = { accountId: account.id, vault: args.vault };
  const begun = app.deleting.emptyingOf(where);
  const detail = begun === null ? null : app.deleting.detail(begun);
  return detail?.ok ? goOn(app, detail.value.chore, args, output) : begin(app, where, args, output);
}

async function goOn(
  app: App,
  chore: ChoreView,
  { closes, alsoNew, wait, dryRun }: EmptyArguments,
  output: Output,
): Promise<ExitCode> {
  const { id } = chore;
  if (chore.kind === 'emptying' && chore.closes !== closes) {
    return output.refusal(
      EXIT.failed,
      `${choreTitle(chore)} is under way, ${closes ? 'without' : 'with'} deleting the vault. To change that: "firn cancel ${id}", then the same again.`,
    );
  }
  if (dryRun) {
    const words = `${choreTitle(chore)}: ${describeChore(chore, Date.now())}. It would go on.`;
    output.result({ event: 'would-go-on', ...chore }, words);
    return EXIT.done;
  }
  const failure = chore.hold?.kind === 'failed' ? chore.hold.failure : null;
  if (alsoNew && failure?.kind === 'vault-in-use') app.deleting.widen(id, failure.newestAt);
  else await app.deleting.resume(id);
  return watchChores(app, [id], output, { wait });
}

async function begin(
  app: App,
  where: Parameters<App['deleting']['empty']>[0],
  { closes, yes, wait, dryRun }: EmptyArguments,
  output: Output,
): Promise<ExitCode> {
  const preview = await app.deleting.previewEmptying(where);
  if (!preview.ok) return output.failure(preview.failure);
  const asks = !yes && !dryRun;
  const told = asks || dryRun ? output.aloud() : output;
  told.event({ event: 'preview', ...preview.value }, null);
  for (const words of emptyingWords(preview.value, closes)) told.note(words);
  if (dryRun) return EXIT.done;
  if (asks) {
    const text = "Type the vault's name to delete all that is in it for good: ";
    const isYes = (answer: string): boolean => answer === where.vault;
    const answer = await confirm({ text, isYes, otherwise: 'Nothing was deleted.' }, output);
    if (answer !== EXIT.done) return answer;
  }
  const added = await app.deleting.empty(where, closes, preview.value.until);
  return added.ok ? watchChores(app, [added.value], output, { wait }) : output.failure(added.failure);
}
