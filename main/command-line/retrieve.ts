import { printable } from '../../shared/failure.ts';
import type { ArchiveChoice } from '../../shared/archive.ts';
import { formatDollars } from '../../shared/prices.ts';
import { quoteWarnings } from '../../shared/quote-words.ts';
import { type Quote } from '../../shared/retrieval-quote.ts';
import { describeUsualWait } from '../../shared/retrieval-words.ts';
import type { RetrievalId, Tier } from '../../shared/retrieval.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { DAY, formatBytes, formatDuration } from '../../shared/units.ts';
import { plural } from '../../shared/words.ts';
import type { App } from '../open.ts';
import { askOnTerminal } from './ask.ts';
import { chooseArchives } from './choose-archives.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import type { RetrieveArguments } from './retrieve-arguments.ts';
import { tellAdded } from './tell-added.ts';
import { watchRetrievals } from './watch-retrievals.ts';

/** Tells what it costs, asks whether that is all right, and fetches; may be interrupted and repeated. */
export async function retrieve(app: App, args: RetrieveArguments, output: Output): Promise<ExitCode> {
  const choice = choose(app, args.archives);
  if (!choice.ok) {
    output.problem(choice.failure);
    return 1;
  }
  const quote = await app.retrievals.preview(choice.value, args);
  tellQuote(quote, args.tier, output);
  if (quote.archives > 0 && !args.yes && !(await isAgreed(output))) return 2;
  const added = await app.retrievals.enqueue(choice.value, args);
  if (!added.ok) {
    output.failure(added.failure);
    return 1;
  }
  tellAdded(added.value, { what: plural(added.value.added, 'retrieval'), known: 'already on the way' }, output);
  const ids = idsOf(app, choice.value, args);
  if (args.onExisting !== 'ask') app.retrievals.answerExisting(ids, args.onExisting);
  const allWell = await watchRetrievals(app, ids, output, { until: args.wait ? 'over' : 'asked' });
  return allWell && added.value.leftOutCount === 0 ? 0 : 1;
}

/** The archives that were named. A failure is a sentence. */
function choose(app: App, archives: RetrieveArguments['archives']): Result<ArchiveChoice, string> {
  const { choice, unknown } = chooseArchives(app, archives);
  const [first] = unknown;
  if (first !== undefined) return fail(`The catalogue has no archive ${printable(first)}.`);
  if ('search' in archives && app.catalogue.sum(choice).count === 0)
    return fail(`Nothing found for "${archives.search}".`);
  return ok(choice);
}

/** The open retrievals of these archives into this folder, also those that were queued before. */
function idsOf(app: App, choice: ArchiveChoice, { folder }: RetrieveArguments): RetrievalId[] {
  const chosen = new Set<string>();
  for (const { archive_id } of app.catalogue.chosen(choice)) chosen.add(archive_id);
  return app.retrievalStore
    .views(app.retrievalStore.openIds())
    .flatMap((view) => (view.folder === folder && chosen.has(view.archiveId) ? [view.id] : []));
}

function tellQuote(quote: Quote, tier: Tier, output: Output): void {
  const { archives, bytes, tiers, prices } = quote;
  output.event({ event: 'quote', ...quote }, `${plural(archives, 'archive')}, ${formatBytes(bytes)}`);
  for (const one of tiers) {
    const cost = quote.isPractice ? 'nothing (practice vault)' : `about ${formatDollars(one.cost.total)}`;
    const stretch =
      one.stretchMs === null
        ? '; above your limits'
        : one.stretchMs > 0
          ? `; by your limits over ${formatDuration(Math.max(DAY, one.stretchMs))}`
          : '';
    const line = `${one.tier === tier ? '→' : ' '} ${one.tier.padEnd(9)}  ${cost}, usually ${describeUsualWait(one.wait)}${stretch}`;
    output.note(line);
  }
  const notes = [
    quote.isPractice
      ? null
      : `The cost is for ${plural(quote.requests, 'request')}, retrieval and transfer, by prices of ${prices.date} (${plural(prices.ageDays, 'day')} old): ${prices.source}.`,
    prices.regionsUnknown.length > 0 ? `Of ${prices.regionsUnknown.join(', ')} the prices are estimated.` : null,
    ...quoteWarnings(quote, tier),
  ];
  for (const note of notes) if (note !== null) output.note(note);
}

/** Programs say --yes; people are asked. */
async function isAgreed(output: Output): Promise<boolean> {
  const answer = await askOnTerminal('Retrieve? [y/N] ', output);
  if (answer === null) output.problem('Nothing was asked for. Say --yes to retrieve at this cost.');
  return /^y(es)?$/i.test(answer ?? '');
}
