import { printable } from '../../shared/printable.ts';
import { type UploadId, type UploadView, isFinal, mayBeStored } from '../../shared/upload.ts';
import { describeLoss, plural } from '../../shared/words.ts';
import type { App } from '../app/app.ts';
import type { GivingUp } from './command.ts';
import { confirm, isYes } from './ask.ts';
import { nameOf } from './change.ts';
import { type ChosenTask, chooseTasks, isOver } from './choose-tasks.ts';
import { EXIT, type ExitCode, exitForNeed, worstOf } from './exit-code.ts';
import { type Output, explainHere } from './output.ts';
import { type Settled, needOf, untilSettled } from './until-settled.ts';
import { settleUpload } from './watch.ts';

/** Of an abort that is not answered, before the command ends: some seconds. */
const TRIES = 3;

/** `firn cancel`: gives up the tasks that are meant, at Amazon, too. */
export async function cancelTasks(app: App, args: GivingUp, output: Output): Promise<ExitCode> {
  const chosen = await chooseToGiveUp(app, args, 'cancel', output);
  if (!Array.isArray(chosen)) return chosen;
  const ends = [
    await cancelUploads(
      app,
      chosen.flatMap((task) => (task.kind === 'uploads' ? [task.view] : [])),
      output,
    ),
    await cancelRetrievals(app, chosen, output),
  ];
  for (const task of chosen) {
    if (task.kind !== 'deletions') continue;
    await app.deleting.cancel(task.view.id);
    tellCancelled(task, 'What was deleted stays deleted.', output);
  }
  return worstOf(ends);
}

/** `firn start-over`: gives up what was sent of uploads and adds their files anew. */
export async function startOver(app: App, args: GivingUp, output: Output): Promise<ExitCode> {
  const chosen = await chooseToGiveUp(app, args, 'start over with', output);
  if (!Array.isArray(chosen)) return chosen;
  const ends: ExitCode[] = [];
  for (const task of chosen) {
    if (task.kind !== 'uploads') continue;
    const added = await app.queue.startOver(task.view.id, app.settings().partSize);
    if (!added.ok) ends.push(output.failure(added.failure));
    else
      output.event({ event: 'started-over', id: task.view.id }, `Added anew ${nameOf(task)}. "firn run" uploads it.`);
  }
  return worstOf(ends);
}

/** The tasks that are to be given up, once it was asked where they were not named by their IDs; otherwise how the command ends. */
async function chooseToGiveUp(
  app: App,
  { filter, dryRun, yes }: GivingUp,
  what: string,
  output: Output,
): Promise<ChosenTask[] | ExitCode> {
  const chosen = chooseTasks(app, filter);
  if (!chosen.ok) return output.refusal(EXIT.failed, chosen.failure);
  const over = chosen.value.find(isOver);
  if (over) return output.refusal(EXIT.failed, `${nameOf(over)}: it is over already.`);
  const tasks = chosen.value;
  if (tasks.length === 0) {
    output.event({ event: 'nothing-found' }, `There is nothing to ${what}.`);
    return EXIT.done;
  }
  const asks = !yes && !dryRun && tasks.some(({ wasNamed }) => !wasNamed);
  if (dryRun || asks) tellLosses(tasks, what, output.aloud());
  if (dryRun) return EXIT.done;
  if (!asks) return tasks;
  const text = `${what.replace(/^./, (letter) => letter.toUpperCase())} ${plural(tasks.length, 'task')}? [y/N] `;
  const answer = await confirm({ text, isYes, otherwise: 'Nothing was changed.' }, output);
  return answer === EXIT.done ? tasks : answer;
}

function tellLosses(tasks: readonly ChosenTask[], what: string, output: Output): void {
  for (const task of tasks) {
    const { id, vault } = task.view;
    const loss = task.kind === 'uploads' ? ` ${describeLoss(task.view)}` : '';
    output.result({ event: 'would-give-up', id, kind: task.kind, vault }, `Would ${what} ${nameOf(task)}.${loss}`);
  }
}

/** Runs until the multipart uploads are aborted at Glacier, too, or Glacier cannot be told of it. */
async function cancelUploads(app: App, uploads: readonly UploadView[], output: Output): Promise<ExitCode> {
  if (uploads.length === 0) return EXIT.done;
  const ids = uploads.map(({ id }) => id);
  const { waiting } = await app.queue.cancel(ids);
  if (waiting > 0) {
    const words = `${plural(waiting, 'upload')} cannot be cancelled now: the answer to the last request is still open. "firn run" settles it.`;
    return output.refusal(EXIT.failed, words);
  }
  const end = await untilSettled(app, {
    open: new Set(ids),
    event: 'uploads:changed',
    settle: (id) => settleCancelled(app, id, output),
    start: () => {
      app.engine.runner.start(['upload']);
    },
  });
  for (const upload of uploads) if (mayBeLeft(app, upload)) output.note(describeLoss(upload));
  return end;
}

/** A cancellation that Glacier has not been told of is no reason to wait for ever: it was cancelled here. */
function settleCancelled(app: App, id: UploadId, output: Output): Settled {
  const [upload] = app.uploads.views([id]);
  if (!upload || isFinal(upload.phase)) return settleUpload(app, id, output);
  const { phase, hold, path, vault } = upload;
  const need = needOf(app, upload);
  const failure = need ?? (hold?.kind === 'backoff' && hold.attempt >= TRIES ? hold.failure : null);
  if (phase.kind !== 'aborting' || failure === null) return 'open';
  const message = `${explainHere(failure, id)} It is cancelled here, but Amazon does not know: "firn run" tells it. To leave what was sent to Amazon, which removes it about a day after the last part: firn cancel ${id}`;
  output.event({ event: 'needs-user', id, path, vault, failure, message }, null);
  output.problem(`${printable(path)}: ${message}`);
  return need === null ? EXIT.unreachable : exitForNeed(failure);
}

/** Whether something of a cancelled upload may still be at Glacier. */
function mayBeLeft({ uploads }: App, before: UploadView): boolean {
  if (uploads.get(before.id)?.phase.kind !== 'cancelled') return false;
  return mayBeStored(before) || uploads.events(before.id, 1)[0]?.kind === 'given-up';
}

async function cancelRetrievals(app: App, tasks: readonly ChosenTask[], output: Output): Promise<ExitCode> {
  const retrievals = tasks.flatMap((task) => (task.kind === 'retrievals' ? [task] : []));
  const { named } = await app.retrievals.cancel(retrievals.map(({ view }) => view.id));
  for (const task of retrievals) {
    if (app.retrievalStore.get(task.view.id)?.phase.kind === 'cancelled') tellCancelled(task, '', output);
  }
  if (named > 0)
    output.note(
      `${plural(named, 'file was', 'files were')} about to get a name: what is in the folder already stays there.`,
    );
  return EXIT.done;
}

function tellCancelled(task: ChosenTask, note: string, output: Output): void {
  const { id, vault } = task.view;
  output.event({ event: 'cancelled', id, kind: task.kind, vault }, `Cancelled ${nameOf(task)}. ${note}`.trimEnd());
}
