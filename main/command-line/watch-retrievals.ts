import { explainInOneLine, printable } from '../../shared/failure.ts';
import { describeRetrieval } from '../../shared/retrieval-words.ts';
import { type RetrievalId, type RetrievalView, isOver } from '../../shared/retrieval.ts';
import { formatBytes, formatDuration } from '../../shared/units.ts';
import type { App } from '../open.ts';
import type { Output } from './output.ts';
import { type Settled, needOf, untilSettled } from './until-settled.ts';

/** `asked`: as soon as Glacier has been asked for each, as far as limits allow. */
type Until = { until: 'over' | 'asked' };

/** Tells what becomes of the retrievals and resolves when each is over or needs the user: true when none does. */
export async function watchRetrievals(
  app: App,
  ids: readonly RetrievalId[],
  output: Output,
  { until }: Until,
): Promise<boolean> {
  const open = new Set(ids);
  const stops = tellProgress(app, open, output);
  try {
    return await untilSettled(app, {
      open,
      event: 'retrievals:changed',
      settle: (id) => settle(app, id, until, output),
      start: () => {
        app.tasks.start();
      },
    });
  } finally {
    for (const stop of stops) stop();
  }
}

function settle(app: App, id: RetrievalId, until: Until['until'], output: Output): Settled {
  const [retrieval] = app.retrievalStore.views([id]);
  if (!retrieval) return 'done';
  const { phase, hold, vault, archiveId, size } = retrieval;
  const name = nameOf(retrieval);
  if (phase.kind === 'retrieved') {
    output.event(
      { event: 'retrieved', id, archiveId, vault, size, file: phase.path },
      `Retrieved ${name} (${formatBytes(size)})\n  ${printable(phase.path)}`,
    );
    return 'done';
  }
  if (isOver(phase)) {
    output.event({ event: 'cancelled', id, archiveId, vault }, `Cancelled ${name}`);
    return 'done';
  }
  const failure = needOf(app, retrieval);
  if (failure) {
    const hint = failure.kind === 'target-exists' ? ' Say --existing keep-both or --existing replace.' : '';
    const message = explainInOneLine(failure) + hint;
    output.event({ event: 'needs-user', id, archiveId, vault, failure, message }, null);
    output.problem(`${name}: ${message}`);
    return 'needs-user';
  }
  if (hold?.kind === 'paused') {
    output.event({ event: 'needs-user', id, archiveId, vault, failure: null, message: 'Paused' }, null);
    output.problem(`${name} is paused. "firn resume ${id}" lets it go on.`);
    return 'needs-user';
  }
  return until === 'asked' && isAsked(retrieval) ? tellAsked(retrieval, output) : 'open';
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
  return 'done';
}

/** Waits are told when they begin; progress is a line on a terminal and an event a second for programs. */
function tellProgress(app: App, open: ReadonlySet<RetrievalId>, output: Output): (() => void)[] {
  const told = new Map<RetrievalId, string>();
  let lastEventAt = 0;
  return [
    app.on('retrievals:changed', ({ items }) => {
      for (const retrieval of items) if (open.has(retrieval.id)) tellWait(retrieval, told, output);
    }),
    app.on('retrievals:progress', ({ retrievals, rate, remainingMs }) => {
      const received = retrievals.reduce((sum, live) => sum + live.receivedBytes, 0);
      const speed = rate === null ? '' : `, ${formatBytes(Math.round(rate))}/s`;
      const left = remainingMs === null ? '' : `, ${formatDuration(remainingMs)} left`;
      output.status(`Retrieving ${retrievals.length} file(s): ${formatBytes(received)} here${speed}${left}`);
      if (!output.json || Date.now() - lastEventAt < 1000) return;
      lastEventAt = Date.now();
      for (const live of retrievals) output.event({ event: 'retrieval-progress', ...live }, null);
    }),
  ];
}

function tellWait(retrieval: RetrievalView, told: Map<RetrievalId, string>, output: Output): void {
  const { id, archiveId, vault, hold } = retrieval;
  if (hold?.kind !== 'backoff') return;
  const { failure, until, attempt } = hold;
  const isPatience = failure.kind === 'awaiting-job' || failure.kind === 'retrieval-limit';
  const key = isPatience ? failure.kind : `${failure.kind} ${attempt}`;
  if (told.get(id) === key) return;
  told.set(id, key);
  const message = explainInOneLine(failure);
  output.event({ event: 'waiting', id, archiveId, vault, failure, until, attempt, message }, null);
  // The first wait of a kind is worth a line; a long outage is not worth a hundred.
  if (attempt === 1 || attempt % 10 === 0 || isPatience)
    output.problem(`${nameOf(retrieval)}: ${describeRetrieval(retrieval, null, Date.now())}`);
}

function nameOf({ relativePath }: RetrievalView): string {
  return printable(relativePath);
}
