import { printable } from '../../shared/failure.ts';
import { describeRetrieval } from '../../shared/retrieval-words.ts';
import { type LiveRetrieval, type RetrievalId, type RetrievalView, isOver } from '../../shared/retrieval.ts';
import { formatBytes } from '../../shared/units.ts';
import { shownHold } from '../../shared/wait.ts';
import { formatCount, plural } from '../../shared/words.ts';
import type { App } from '../app/app.ts';
import { besideUploads } from '../app/task-kinds.ts';
import { EXIT, type ExitCode, exitForNeed } from './exit-code.ts';
import { type Output, explainHere } from './output.ts';
import { progressWords } from './progress-words.ts';
import { type Settled, needOf, untilSettled } from './until-settled.ts';

/** `asked`: as soon as Glacier has been asked for each, as far as limits and the line allow. */
type Until = { until: 'over' | 'asked' };

/** Tells what becomes of the retrievals and resolves when each is over or needs the user, with how the command ends. */
export async function watchRetrievals(
  app: App,
  ids: readonly RetrievalId[],
  output: Output,
  { until }: Until,
): Promise<ExitCode> {
  const open = new Set(ids);
  const stops = tellProgress(app, ids, open, output);
  try {
    return await untilSettled(app, {
      open,
      event: 'retrievals:changed',
      settle: (id) => settle(app, id, until, output),
      start: () => {
        app.engine.runner.start(besideUploads);
      },
    });
  } finally {
    for (const stop of stops) stop();
  }
}

function settle(app: App, id: RetrievalId, until: Until['until'], output: Output): Settled {
  const [retrieval] = app.retrievalStore.views([id]).map((view) => shown(app, view));
  if (!retrieval) return EXIT.done;
  const { phase, hold, vault, archiveId, size } = retrieval;
  const name = nameOf(retrieval);
  if (phase.kind === 'retrieved') {
    output.event(
      { event: 'retrieved', id, archiveId, vault, size, file: phase.path },
      `Retrieved ${name} (${formatBytes(size)})\n  ${printable(phase.path)}`,
    );
    return EXIT.done;
  }
  if (isOver(phase)) {
    output.event({ event: 'cancelled', id, archiveId, vault }, `Cancelled ${name}`);
    return EXIT.done;
  }
  const failure = needOf(app, retrieval);
  if (failure) {
    const message = explainHere(failure, id);
    output.event({ event: 'needs-user', id, archiveId, vault, failure, message }, null);
    output.problem(`${name}: ${message}`);
    return exitForNeed(failure);
  }
  if (hold?.kind === 'paused') {
    output.event({ event: 'needs-user', id, archiveId, vault, failure: null, message: 'Paused' }, null);
    output.problem(`${name} is paused. "firn resume ${id}" lets it go on.`);
    return EXIT.needsYou;
  }
  return until === 'asked' && (isAsked(retrieval) || app.retrievals.isLineFull())
    ? tellAsked(retrieval, output)
    : 'open';
}

/** With what it waits for together with others as its own hold. */
function shown(app: App, retrieval: RetrievalView): RetrievalView {
  return { ...retrieval, hold: shownHold(retrieval, app.engine.waits.list()) };
}

/** What waits for a limit, or for its drive, is asked for by a later "firn run". */
function isAsked({ phase, hold }: RetrievalView): boolean {
  return phase.kind !== 'queued' || hold?.kind === 'backoff';
}

function tellAsked(retrieval: RetrievalView, output: Output): Settled {
  const { id, archiveId, vault, phase, hold } = retrieval;
  output.event(
    { event: 'left', id, archiveId, vault, phase, hold },
    `${nameOf(retrieval)}: ${describeRetrieval(retrieval, null, Date.now())}. "firn run" goes on with it.`,
  );
  return EXIT.done;
}

/** Waits are told when they begin; progress is a line on a terminal and an event a second for programs. */
function tellProgress(
  app: App,
  ids: readonly RetrievalId[],
  open: ReadonlySet<RetrievalId>,
  output: Output,
): (() => void)[] {
  const tally = new Map(app.retrievalStore.views(ids).map((view) => [view.id, view]));
  const told = new Map<RetrievalId, string>();
  let lastEventAt = 0;
  return [
    app.on('retrievals:changed', ({ items }) => {
      for (const retrieval of items) {
        if (open.has(retrieval.id)) tellWait(shown(app, retrieval), told, output);
        if (tally.has(retrieval.id)) tally.set(retrieval.id, retrieval);
      }
    }),
    app.on('waits:changed', () => {
      for (const retrieval of app.retrievalStore.views([...open])) tellWait(shown(app, retrieval), told, output);
    }),
    app.on('retrievals:progress', ({ retrievals, rate, remainingMs }) => {
      const all = [...tally.values()];
      const here = all.filter(({ phase }) => phase.kind === 'retrieved').length;
      const what = `Retrieving, ${formatCount(here)} of ${plural(all.length, 'file')} here`;
      output.progress(progressWords(what, received(all, retrievals), { rate, remainingMs }));
      if (!output.json || Date.now() - lastEventAt < 1000) return;
      lastEventAt = Date.now();
      for (const live of retrievals) output.event({ event: 'retrieval-progress', ...live }, null);
    }),
  ];
}

function received(all: readonly RetrievalView[], live: readonly LiveRetrieval[]): { done: number; total: number } {
  const onWire = new Map(live.map(({ id, receivedBytes }) => [id, receivedBytes]));
  const doneOf = ({ id, phase, size, receivedBytes }: RetrievalView): number =>
    phase.kind === 'retrieved' ? size : Math.max(receivedBytes, onWire.get(id) ?? 0);
  return {
    done: all.reduce((sum, one) => sum + doneOf(one), 0),
    total: all.reduce((sum, { size }) => sum + size, 0),
  };
}

function tellWait(retrieval: RetrievalView, told: Map<RetrievalId, string>, output: Output): void {
  const { id, archiveId, vault, hold } = retrieval;
  if (hold?.kind !== 'backoff') return;
  const { failure, until, attempt } = hold;
  const isPatience = failure.kind === 'awaiting-job' || failure.kind === 'retrieval-limit';
  const key = isPatience ? failure.kind : `${failure.kind} ${attempt}`;
  if (told.get(id) === key) return;
  told.set(id, key);
  const message = explainHere(failure, id);
  output.event({ event: 'waiting', id, archiveId, vault, failure, until, attempt, message }, null);
  // The first wait of a kind is worth a line; a long outage is not worth a hundred.
  if (attempt === 1 || attempt % 10 === 0 || isPatience)
    output.problem(`${nameOf(retrieval)}: ${describeRetrieval(retrieval, null, Date.now())}`);
}

function nameOf({ relativePath }: RetrievalView): string {
  return printable(relativePath);
}
