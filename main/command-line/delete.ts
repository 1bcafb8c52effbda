import { type DeletionPreview, deletionWords } from '../../shared/deletion-preview.ts';
import { printable } from '../../shared/failure.ts';
import { formatBytes } from '../../shared/units.ts';
import { plural } from '../../shared/words.ts';
import type { App } from '../app/app.ts';
import { vaultWords } from './account.ts';
import type { DeleteArguments } from './command.ts';
import { confirm } from './ask.ts';
import { chooseArchives, nothingFound } from './choose-archives.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import { watchChores } from './watch-chores.ts';

const SHOWN = 20;

/** Says what is lost, asks whether that is meant, and deletes; may be interrupted and repeated. */
export async function deleteArchives(app: App, args: DeleteArguments, output: Output): Promise<ExitCode> {
  const chosen = chooseArchives(app, args.filter);
  if (!chosen.ok) return output.refusal(EXIT.failed, chosen.failure);
  const { choice, unknown } = chosen.value;
  if (!areDeleted(app, unknown, output)) return EXIT.failed;
  const preview = await app.deleting.preview(choice);
  const { count } = preview;
  if (count === 0) return unknown.length > 0 ? EXIT.done : output.refusal(EXIT.failed, nothingFound(args.filter));
  const asks = !args.yes && !args.dryRun;
  tellPreview(app, preview, asks || args.dryRun ? output.aloud() : output);
  if (args.dryRun) return EXIT.done;
  if (asks) {
    const text = `Type ${count} to delete ${plural(count, 'archive')} for good: `;
    const isYes = (answer: string): boolean => answer === String(count);
    const answer = await confirm({ text, isYes, otherwise: 'Nothing was deleted.' }, output);
    if (answer !== EXIT.done) return answer;
  }
  const begun = await app.deleting.delete(preview.token);
  return begun.ok ? watchChores(app, begun.value, output, { wait: true }) : output.failure(begun.failure);
}

/** Whether the catalogue lacks these because they were deleted before, as when the command is repeated; says so, or says not. */
function areDeleted({ catalogue }: App, archiveIds: readonly string[], output: Output): boolean {
  const strangers = archiveIds.filter((archiveId) => !catalogue.wasDeleted(archiveId));
  for (const archiveId of strangers) output.problem(`The catalogue has no archive ${printable(archiveId)}.`);
  if (strangers.length > 0) return false;
  for (const archiveId of archiveIds) {
    output.event({ event: 'already-deleted', archiveId }, `Already deleted: ${printable(archiveId)}`);
  }
  return true;
}

function tellPreview({ accounts }: App, preview: DeletionPreview, output: Output): void {
  const { without } = preview.copies;
  output.event({ event: 'preview', ...preview }, null);
  for (const words of deletionWords(preview)) output.note(words);
  for (const { accountId, vault, count, bytes } of preview.vaults) {
    output.note(`  ${vaultWords(vault, accounts.get(accountId))}: ${plural(count, 'archive')}, ${formatBytes(bytes)}`);
  }
  for (const path of without.slice(0, SHOWN)) output.note(`  no copy: ${printable(path)}`);
  if (without.length > SHOWN) output.note('  … and more');
}
