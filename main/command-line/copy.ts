import type { FoundCopy } from '../../shared/catalogue-copy.ts';
import { explainCopy } from '../../shared/copy-words.ts';
import type { App } from '../open.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import { watchRetrievals } from './watch-retrievals.ts';

type Waiting = { wait: boolean };

/** `firn catalogue retrieve`: brings back the copies of the catalogue that inventories have found; may be repeated. */
export async function retrieveCatalogue(app: App, waiting: Waiting, output: Output): Promise<ExitCode> {
  await app.copyReturns.start();
  if (app.copyReturns.list().length === 0) {
    const words =
      'No inventory has found a copy of the catalogue that is not here. "firn catalogue rebuild" takes inventories.';
    output.event({ event: 'no-copy' }, words);
    return 0;
  }
  return (await bringBackCopies(app, waiting, output)) ? 0 : 1;
}

/** True, since offers need nobody. */
export function tellOffers({ copyReturns }: App, output: Output): true {
  for (const copy of copyReturns.list()) {
    if (copy.state.kind !== 'offered') continue;
    const { title, remedy } = explainCopy(copy, 'command-line');
    output.event(eventOf(copy), `${title} ${remedy}\n  To bring it in: firn catalogue retrieve`);
  }
  return true;
}

/** Resolves when each copy is in the catalogue or needs the user: true when all are. Without `wait`, once they are asked for. */
export async function bringBackCopies(app: App, { wait }: Waiting, output: Output): Promise<boolean> {
  const { copyReturns } = app;
  const ids = copyReturns.list().map(({ id }) => id);
  for (const id of ids) await copyReturns.bringBack(id);
  const allWell = await watchRetrievals(app, copyReturns.openRetrievals(), output, { until: wait ? 'over' : 'asked' });
  await copyReturns.rest();
  return tellReturns(app, output) && allWell;
}

/** Tells of those that are back, and of those that cannot come: false when there are any. */
export function tellReturns({ copyReturns }: App, output: Output): boolean {
  let allWell = true;
  for (const copy of copyReturns.list()) {
    const { title, remedy } = explainCopy(copy, 'command-line');
    if (copy.state.kind === 'back') {
      output.event(eventOf(copy), `${title} ${remedy}`);
      // Once told, there is no window in which it would have to stay.
      void copyReturns.dismiss(copy.id);
    } else if (copy.state.kind === 'failed') {
      output.event(eventOf(copy), null);
      output.problem(`${title} ${remedy}`);
      copyReturns.offerAgain(copy.id);
      allWell = false;
    }
  }
  return allWell;
}

function eventOf({ vault, archiveId, madeAt, size, state }: FoundCopy): Record<string, unknown> {
  const { kind, ...rest } = state;
  const copy = { vault, archiveId, madeAt: new Date(madeAt).toISOString(), size };
  return { event: 'catalogue-copy', state: kind, ...copy, ...rest };
}
