import type { FoundCopy } from '../../shared/catalogue-copy.ts';
import { explainCopy } from '../../shared/copy-words.ts';
import type { App } from '../app/app.ts';
import { EXIT, type ExitCode, worstOf } from './exit-code.ts';
import type { Output } from './output.ts';
import { watchRetrievals } from './watch-retrievals.ts';

type Waiting = { wait: boolean };
type Retrieving = Waiting & { dryRun: boolean };

/** `firn catalogue retrieve`: brings back the copies of the catalogue that inventories have found; may be repeated. */
export async function retrieveCatalogue(app: App, { wait, dryRun }: Retrieving, output: Output): Promise<ExitCode> {
  await app.copyReturns.start();
  if (app.copyReturns.list().length === 0) {
    const words =
      'No inventory has found a copy of the catalogue that is not here. "firn catalogue rebuild" takes inventories.';
    output.event({ event: 'no-copy' }, words);
    return EXIT.done;
  }
  return dryRun ? tellOffers(app, output) : bringBackCopies(app, { wait }, output);
}

/** Offers need nobody. */
export function tellOffers({ copyReturns }: App, output: Output): ExitCode {
  for (const copy of copyReturns.list()) {
    if (copy.state.kind !== 'offered') continue;
    const { title, remedy } = explainCopy(copy, 'command-line');
    output.event(eventOf(copy), `${title} ${remedy}\n  To bring it in: firn catalogue retrieve`);
  }
  return EXIT.done;
}

/** Resolves when each copy is in the catalogue or needs the user, with how the command ends. Without `wait`, once they are asked for. */
export async function bringBackCopies(app: App, { wait }: Waiting, output: Output): Promise<ExitCode> {
  const { copyReturns } = app;
  const ids = copyReturns.list().map(({ id }) => id);
  for (const id of ids) await copyReturns.bringBack(id);
  const end = await watchRetrievals(app, copyReturns.openRetrievals(), output, { until: wait ? 'over' : 'asked' });
  await copyReturns.rest();
  return worstOf([end, tellReturns(app, output)]);
}

/** Tells of those that are back, and of those that cannot come: then something needs the user. */
export function tellReturns({ copyReturns }: App, output: Output): ExitCode {
  let end: ExitCode = EXIT.done;
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
      end = EXIT.needsYou;
    }
  }
  return end;
}

function eventOf({ vault, archiveId, madeAt, size, state }: FoundCopy): Record<string, unknown> {
  const { kind, ...rest } = state;
  const copy = { vault, archiveId, madeAt: new Date(madeAt).toISOString(), size };
  return { event: 'catalogue-copy', state: kind, ...copy, ...rest };
}
