import { choreTitle, describeChore } from '../../shared/chore-words.ts';
import { type ChoreDetail, type ChoreId, type ChoreView, type RefusedArchive, isOver } from '../../shared/chore.ts';
import { printable } from '../../shared/failure.ts';
import { percentage } from '../../shared/words.ts';
import type { App } from '../app/app.ts';
import { besideUploads } from '../app/task-kinds.ts';
import { EXIT, type ExitCode, exitForNeed } from './exit-code.ts';
import { type Output, explainHere } from './output.ts';
import { type Settled, needOf, untilSettled } from './until-settled.ts';

type Waiting = { wait: boolean };
/** `told`: the wait that each was told of last. */
type Watch = Waiting & { told: Map<ChoreId, string>; lastEventAt: number };

/**
 * Tells what becomes of deletions and emptyings, and resolves when each is over or needs the user, with how the command
 * ends. Without `wait`, one that waits for hours may go on with a later command.
 */
export function watchChores(app: App, ids: readonly ChoreId[], output: Output, { wait }: Waiting): Promise<ExitCode> {
  const watch: Watch = { wait, told: new Map(), lastEventAt: Date.now() };
  return untilSettled(app, {
    open: new Set(ids),
    event: 'chores:changed',
    settle: (id) => settle(app, id, watch, output),
    start: () => {
      app.engine.runner.start(besideUploads);
    },
  });
}

function settle(app: App, id: ChoreId, watch: Watch, output: Output): Settled {
  const found = app.deleting.detail(id);
  if (!found.ok) return EXIT.done;
  const { chore, refused } = found.value;
  if (isOver(chore)) return tellEnd(found.value, output);
  const { hold } = chore;
  const failure = needOf(app, chore);
  if (failure ?? hold?.kind === 'paused') {
    const message = failure ? explainHere(failure, id) : `Paused. "firn resume ${id}" lets it go on.`;
    output.event({ event: 'needs-user', ...rowOf(chore), failure, message }, null);
    output.problem(`${choreTitle(chore)}: ${message}`);
    if (failure?.kind === 'archives-refused') tellRefused(refused, output);
    return exitForNeed(failure);
  }
  tellProgress(chore, watch, output);
  return tellWait(chore, watch, output);
}

function tellEnd({ chore, refused }: ChoreDetail, output: Output): Settled {
  const words = wordsOf(chore);
  tellRefused(refused, output);
  output.event({ event: chore.phase, ...rowOf(chore), message: words }, words);
  return chore.failed === 0 ? EXIT.done : EXIT.needsYou;
}

function tellRefused(refused: readonly RefusedArchive[], output: Output): void {
  for (const { archiveId, path, failure } of refused) {
    const message = explainHere(failure, null);
    output.event({ event: 'refused', archiveId, path, failure, message }, null);
    output.problem(`${printable(path ?? archiveId)}: ${message}`);
  }
}

/** A line on a terminal, and an event a second for programs. */
function tellProgress(chore: ChoreView, watch: Watch, output: Output): void {
  const words = wordsOf(chore);
  output.progress(progressOf(chore));
  if (!output.json || Date.now() - watch.lastEventAt < 1000) return;
  watch.lastEventAt = Date.now();
  output.event({ event: 'progress', ...rowOf(chore), message: words }, null);
}

/** Waits are told when they begin. */
function tellWait(chore: ChoreView, { wait, told }: Watch, output: Output): Settled {
  const { id, phase, hold } = chore;
  if (hold?.kind !== 'backoff') return 'open';
  const { failure, until } = hold;
  const key = `${phase} ${failure.kind}`;
  if (told.get(id) !== key) {
    told.set(id, key);
    const message = explainHere(failure, id);
    output.event({ event: 'waiting', ...rowOf(chore), failure, until, message }, null);
    output.problem(`${choreTitle(chore)}: ${message}`);
  }
  const isLong = failure.kind === 'awaiting-job' || failure.kind === 'vault-not-yet-empty';
  if (wait || !isLong) return 'open';
  output.event({ event: 'left', ...rowOf(chore) }, 'Repeat the command later; it goes on where this ended.');
  return EXIT.done;
}

/** With per cent where it is known how many there are. */
function progressOf(chore: ChoreView): string {
  const { phase, deleted, total } = chore;
  return `${wordsOf(chore)}${phase === 'deleting' && total > 0 ? ` (${percentage(deleted, total)} %)` : ''}`;
}

function wordsOf(chore: ChoreView): string {
  return `${choreTitle(chore)}: ${describeChore(chore, Date.now())}`;
}

function rowOf({ id, kind, vault, phase, total, deleted, deletedBytes, failed }: ChoreView): Record<string, unknown> {
  return { id, kind, vault, phase, total, deleted, deletedBytes, failed };
}
