import type { ArchiveChoice } from '../../shared/archive.ts';
import { type DeletionPreview, deletionWords } from '../../shared/deletion-preview.ts';
import { printable } from '../../shared/failure.ts';
import { plural } from '../../shared/words.ts';
import type { App } from '../open.ts';
import { askOnTerminal } from './ask.ts';
import { type NamedArchives, chooseArchives } from './choose-archives.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import { watchChores } from './watch-chores.ts';

export type DeleteArguments = { archives: NamedArchives; yes: boolean };

const SHOWN = 20;

/** Says what is lost, asks whether that is meant, and deletes; may be interrupted and repeated. */
export async function deleteArchives(app: App, { archives, yes }: DeleteArguments, output: Output): Promise<ExitCode> {
  const { choice, unknown } = chooseArchives(app, archives);
  if (!areDeleted(app, unknown, output)) return 1;
  const preview = await app.deleting.preview(choice);
  const { count } = preview;
  if (count === 0) {
    if ('search' in archives) output.problem(`Nothing found for "${printable(archives.search)}".`);
    return unknown.length > 0 ? 0 : 1;
  }
  tellPreview(preview, output);
  const question = `Type ${count} to delete ${plural(count, 'archive')} for good: `;
  if (!yes && (await askOnTerminal(question, output)) !== String(count)) return notMeant(output);
  return (await deleteChosen(app, choice, count, output)) ? 0 : 1;
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

function tellPreview(preview: DeletionPreview, output: Output): void {
  const { without } = preview.copies;
  output.event({ event: 'preview', ...preview }, null);
  for (const words of deletionWords(preview)) output.note(words);
  for (const path of without.slice(0, SHOWN)) output.note(`  no copy: ${printable(path)}`);
  if (without.length > SHOWN) output.note('  … and more');
}

/** Goes on with what an earlier command has begun, so that nothing is asked of Glacier twice, and then deletes the rest. */
async function deleteChosen(app: App, choice: ArchiveChoice, count: number, output: Output): Promise<boolean> {
  const { deleting, catalogue } = app;
  const begun = deleting.deletionsOf(choice);
  if (begun.length > 0) {
    for (const id of begun) deleting.resume(id);
    if (!(await watchChores(app, begun, output, { wait: true }))) return false;
  }
  const left = begun.length > 0 ? catalogue.sum(choice).count : count;
  if (left === 0) return true;
  const added = deleting.delete(choice, left);
  if (added.ok) return watchChores(app, added.value, output, { wait: true });
  output.failure(added.failure);
  return false;
}

export function notMeant(output: Output): ExitCode {
  output.problem('Nothing was deleted. Say --yes where nobody can be asked.');
  return 2;
}
