import { choreTitle } from '../../shared/chore-words.ts';
import { printable } from '../../shared/failure.ts';
import { asksAnew } from '../../shared/retrieval.ts';
import type { App } from '../app/app.ts';
import { type ChosenTask, type TypedTaskFilter, chooseTasks, isOver } from './choose-tasks.ts';
import { EXIT, type ExitCode, worstOf } from './exit-code.ts';
import type { Output } from './output.ts';

export type Change = 'pause' | 'resume' | 'retry';

const past = { pause: 'paused', resume: 'resumed', retry: 'retried' } as const;

/** Pauses, resumes or retries the tasks that are meant, without letting anything run. */
export async function changeTasks(
  app: App,
  { kind, filter }: { kind: Change; filter: TypedTaskFilter },
  output: Output,
): Promise<ExitCode> {
  const chosen = chooseTasks(app, filter);
  if (!chosen.ok) return output.refusal(EXIT.failed, chosen.failure);
  const refused: ExitCode[] = [];
  const changed: ChosenTask[] = [];
  for (const task of chosen.value) {
    const refusal = refusalOf(task, kind);
    if (refusal === null) changed.push(task);
    else if (refusal !== 'of no concern') refused.push(output.refusal(refusal.exit, `${nameOf(task)}${refusal.words}`));
  }
  await apply(app, kind, changed);
  for (const task of changed) {
    const words = `${past[kind].replace(/^./, (letter) => letter.toUpperCase())} ${nameOf(task)}`;
    output.event({ event: past[kind], id: task.view.id, kind: task.kind, vault: task.view.vault }, words);
  }
  if (chosen.value.length === 0 || (changed.length === 0 && refused.length === 0)) {
    output.event({ event: `nothing-${past[kind]}` }, `There was nothing to be ${past[kind]}.`);
  }
  return worstOf(refused);
}

type Refusal = { exit: ExitCode; words: string } | 'of no concern' | null;

/** Why the task is left as it is; null when it is not. */
function refusalOf(task: ChosenTask, kind: Change): Refusal {
  const { view, wasNamed } = task;
  const failed = (words: string): Refusal => (wasNamed ? { exit: EXIT.failed, words } : 'of no concern');
  const isRefused = task.kind === 'deletions' && task.view.failed > 0;
  if (isOver(task) && !(kind !== 'pause' && isRefused)) return failed(': it is over already.');
  if (task.kind === 'uploads' && kind === 'pause' && task.view.phase.kind === 'aborting')
    return failed(' is being cancelled; that cannot be paused.');
  if (kind === 'pause') return view.hold?.kind === 'paused' ? 'of no concern' : null;
  if (kind === 'retry' && view.hold?.kind !== 'failed' && !isRefused) return failed(' has not failed.');
  if (view.hold === null && !isRefused && !wasNamed) return 'of no concern';
  if (!wasNamed && task.kind === 'retrievals' && asksAnew(task.view)) {
    return { exit: EXIT.needsYou, words: `: Amazon may bill it once more. If that is meant: firn ${kind} ${view.id}` };
  }
  return null;
}

async function apply(app: App, kind: Change, tasks: readonly ChosenTask[]): Promise<void> {
  const uploads = tasks.flatMap((task) => (task.kind === 'uploads' ? [task.view.id] : []));
  const retrievals = tasks.flatMap((task) => (task.kind === 'retrievals' ? [task.view.id] : []));
  const chores = tasks.flatMap((task) => (task.kind === 'deletions' ? [task.view.id] : []));
  if (kind === 'pause') {
    await app.queue.pause(uploads);
    await app.retrievals.pause(retrievals);
    for (const id of chores) await app.deleting.pause(id);
  } else {
    await app.queue.resume(uploads);
    await app.retrievals.resume(retrievals);
    for (const id of chores) await app.deleting.resume(id);
  }
}

/** A task as people know it. */
export function nameOf(task: ChosenTask): string {
  if (task.kind === 'uploads') return printable(task.view.path);
  return task.kind === 'retrievals' ? printable(task.view.relativePath) : choreTitle(task.view);
}
