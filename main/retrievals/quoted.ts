import type { ArchiveChoice, ChoiceToken } from '../../shared/archive.ts';
import type { Failure } from '../../shared/failure.ts';
import { formatDollars } from '../../shared/prices.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { Quote, QuotedRetrieval } from '../../shared/retrieval-quote.ts';
import type { Tier } from '../../shared/tier.ts';
import { plural } from '../../shared/words.ts';
import { choiceChanged, choiceForgotten, choiceLeft } from '../catalogue/confirmed-choice.ts';
import { type Previewed, type PreviewPorts, type PreviewWanted, previewRetrieval } from './preview.ts';
import type { CatalogueReader } from '../store/catalogue-reader.ts';

export type QuotedPorts = PreviewPorts & { reader: Pick<CatalogueReader, 'ask' | 'chosen'> };

/** What a token stands for beside its archives. */
export type Quoted = Previewed & { wanted: PreviewWanted };

/** The reader keeps no more choices either. */
const KEPT = 8;

/** Quotes as they were shown, by the token of their archives. A retrieval is of what was quoted, or not at all. */
export class QuotedRetrievals {
  readonly #ports: QuotedPorts;
  readonly #kept = new Map<ChoiceToken, Quoted>();

  constructor(ports: QuotedPorts) {
    this.#ports = ports;
  }

  async quote(choice: ArchiveChoice, wanted: PreviewWanted): Promise<QuotedRetrieval> {
    const { reader, clock } = this.#ports;
    const { token } = await reader.ask('freeze', choice, clock.now());
    const previewed = await previewRetrieval(reader.chosen(token), wanted, this.#ports);
    this.#kept.set(token, { ...previewed, wanted });
    for (const old of this.#kept.keys()) if (this.#kept.size > KEPT) this.#kept.delete(old);
    return { ...previewed.quote, token };
  }

  /** What was quoted, when it is still there; `choice-changed` when that is forgotten. */
  find(token: ChoiceToken): Result<Quoted> {
    const quoted = this.#kept.get(token);
    return quoted ? ok(quoted) : fail(choiceForgotten);
  }

  /** Why what was quoted cannot be had any more as it was quoted; null when it can. Looks at all of the archives again. */
  async whatChanged(token: ChoiceToken, tier: Tier): Promise<Failure | null> {
    const { reader, clock } = this.#ports;
    const quoted = this.#kept.get(token);
    const frozen = await reader.ask('frozen', token, clock.now());
    if (!quoted || !frozen) return choiceForgotten;
    const left = choiceLeft(frozen);
    if (left) return left;
    const now = await previewRetrieval(reader.chosen(token), quoted.wanted, this.#ports);
    const words = archivesChanged(quoted, now) ?? costGrew(quoted.quote, now.quote, tier);
    return words === null ? null : choiceChanged(words);
  }
}

/** In words; null when the same bytes of the same archives would be retrieved, or fewer. */
function archivesChanged(then: Previewed, now: Previewed): string | null {
  const lost = now.quote.leftOutCount - then.quote.leftOutCount;
  if (lost > 0) return `${plural(lost, 'archive')} of those that were shown cannot be retrieved any more.`;
  if (now.digest !== then.digest) return 'The catalogue tells something else of some of these archives since.';
  const more = now.quote.archives - then.quote.archives;
  if (more <= 0) return null;
  return `${plural(more, 'archive')} more would be asked for than was shown, as what was on the way to the folder is not any more.`;
}

/** In words; null when it does not cost more than was shown. Fractions of a cent are not shown. */
function costGrew(then: Quote, now: Quote, tier: Tier): string | null {
  const [was, is] = [costOf(then, tier), costOf(now, tier)];
  if (is <= was || formatDollars(is) === formatDollars(was)) return null;
  const why =
    now.requests > then.requests
      ? `it takes ${plural(now.requests, 'request')} now, and took ${then.requests.toLocaleString('en-US')}`
      : 'the prices have changed';
  return `It would cost ${formatDollars(is)} now, and ${formatDollars(was)} was shown: ${why}.`;
}

function costOf({ tiers }: Quote, tier: Tier): number {
  return tiers.find((one) => one.tier === tier)?.cost.total ?? 0;
}
