import { printable } from '../../shared/failure.ts';
import type { ArchiveChoice, ChoiceToken } from '../../shared/archive.ts';
import { formatDollars } from '../../shared/prices.ts';
import { quoteWarnings } from '../../shared/quote-words.ts';
import { type Quote } from '../../shared/retrieval-quote.ts';
import { describeUsualWait } from '../../shared/retrieval-words.ts';
import type { RetrievalId } from '../../shared/retrieval.ts';
import type { Tier } from '../../shared/tier.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { DAY, formatBytes, formatDuration } from '../../shared/units.ts';
import { plural } from '../../shared/words.ts';
import type { App } from '../app/app.ts';
import type { RetrieveArguments } from './command.ts';
import { confirm, isYes } from './ask.ts';
import { chooseArchives, nothingFound } from './choose-archives.ts';
import { EXIT, type ExitCode, worstOf } from './exit-code.ts';
import type { TypedFilter } from './filter.ts';
import type { Output } from './output.ts';
import { tellAdded } from './tell-added.ts';
import { watchRetrievals } from './watch-retrievals.ts';

/** Tells what it costs, asks whether that is all right, and fetches; may be interrupted and repeated. */
export async function retrieve(app: App, args: RetrieveArguments, output: Output): Promise<ExitCode> {
  const chosen = choose(app, args.filter);
  if (!chosen.ok) return output.refusal(EXIT.failed, chosen.failure);
  const choice = chosen.value;
  const asks = !args.yes && !args.dryRun;
  const { token, ...quote } = await app.retrievals.preview(choice, args);
  tellQuote(quote, args.tier, asks || args.dryRun ? output.aloud() : output);
  if (args.dryRun) return EXIT.done;
  if (quote.archives > 0 && asks) {
    const question = { text: 'Retrieve? [y/N] ', isYes, otherwise: 'Nothing was asked for.' };
    const answer = await confirm(question, output);
    if (answer !== EXIT.done) return answer;
  }
  const added = await app.retrievals.enqueue(token, args);
  if (!added.ok) return output.failure(added.failure);
  tellAdded(added.value, { what: plural(added.value.added, 'retrieval'), known: 'already on the way' }, output);
  const ids = await idsOf(app, token, args);
  if (args.onExisting !== 'ask') app.retrievals.answerExisting(ids, args.onExisting);
  const end = await watchRetrievals(app, ids, output, { until: args.wait ? 'over' : 'asked' });
  return worstOf([end, added.value.leftOutCount === 0 ? EXIT.done : EXIT.failed]);
}

/** The archives that were named. A failure is a sentence. */
function choose(app: App, filter: TypedFilter): Result<ArchiveChoice, string> {
  const chosen = chooseArchives(app, filter);
  if (!chosen.ok) return chosen;
  const { choice, unknown } = chosen.value;
  const [first] = unknown;
  if (first !== undefined) return fail(`The catalogue has no archive ${printable(first)}.`);
  return app.catalogue.sum(choice).count === 0 ? fail(nothingFound(filter)) : ok(choice);
}

/** The open retrievals of these archives into this folder, also those that were queued before. */
async function idsOf(app: App, token: ChoiceToken, { folder }: RetrieveArguments): Promise<RetrievalId[]> {
  const chosen = new Set<string>();
  for await (const { archive_id } of app.catalogueReader.chosen(token)) chosen.add(archive_id);
  return app.retrievalStore
    .views(app.retrievalStore.openIds())
    .flatMap((view) => (view.folder === folder && chosen.has(view.archiveId) ? [view.id] : []));
}

function tellQuote(quote: Quote, tier: Tier, output: Output): void {
  const { archives, bytes, tiers, prices } = quote;
  output.event({ event: 'quote', ...quote }, `${plural(archives, 'archive')}, ${formatBytes(bytes)}`);
  for (const one of tiers) {
    const cost = quote.isFree ? 'nothing (practice vault)' : costWords(one.cost.total);
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
    quote.isFree
      ? null
      : `The cost is for ${plural(quote.requests, 'request')}, retrieval and transfer, by prices of ${prices.date} (${plural(prices.ageDays, 'day')} old): ${prices.source}.`,
    prices.regionsUnknown.length > 0 ? `Of ${prices.regionsUnknown.join(', ')} the prices are estimated.` : null,
    ...quoteWarnings(quote, tier),
  ];
  for (const note of notes) if (note !== null) output.note(note);
}

/** `about $1.20`, `less than $0.01`. */
function costWords(dollars: number): string {
  const words = formatDollars(dollars);
  return words.startsWith('$') ? `about ${words}` : words;
}
