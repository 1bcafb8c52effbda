import type { ChoiceToken } from './archive.ts';
import type { Enqueued, LeftOut } from './selection.ts';
import { type Cost, type PriceTable, addCosts, costOf, noCost, priceAgeDays, pricesOf } from './prices.ts';
import { type RetrievalLimits, type RetrievalRequest, stretchMs } from './retrieval-limits.ts';
import { TIERS, type Tier } from './tier.ts';
import { HOUR, MINUTE } from './units.ts';

/** Expedited retrievals of more are rarely served in time (developer guide, "Archive retrieval options"): 250 MB. */
const EXPEDITED_MAX_BYTES = 250_000_000;

/** How long Glacier usually needs before an output is there, in milliseconds. */
export type Usual = { fromMs: number; toMs: number };

export const USUAL_WAIT: Readonly<Record<Tier, Usual>> = {
  Expedited: { fromMs: 1 * MINUTE, toMs: 5 * MINUTE },
  Standard: { fromMs: 3 * HOUR, toMs: 5 * HOUR },
  Bulk: { fromMs: 5 * HOUR, toMs: 12 * HOUR },
};

export type TierQuote = {
  tier: Tier;
  cost: Cost;
  wait: Usual;
  /** How long the limits stretch the requests, 0 for not at all; null when the largest archive is above a limit by itself. */
  stretchMs: number | null;
};

/** What a retrieval would be, before anything is asked for. Sizes in bytes, costs in US dollars. */
export type Quote = {
  archives: number;
  bytes: number;
  /** Jobs that Amazon bills: one for each archive, and a few more for those that take the line longer than a day. */
  requests: number;
  largest: number;
  tiers: TierQuote[];
  /** Archives too large for Expedited to be likely, with their bytes. */
  expeditedUnlikely: { archives: number; bytes: number };
  /** `regionsUnknown`: regions that the table has no prices of. `isEdited`: the user's own table. */
  prices: { date: string; source: string; ageDays: number; isEdited: boolean; regionsUnknown: string[] };
  /** All archives are where retrieving costs nothing. */
  isFree: boolean;
  /** Ranges that are no node of their archive's tree: Amazon tells no hash of them, so only their length can be checked. */
  unprovable: number;
  /** Different contents among the archives that were chosen, as their tree hashes tell. */
  contents: number;
  /** Archives for which a newer one that was chosen stands. */
  equals: number;
  /** Archives that stand for folders, which are made and cost nothing. */
  folders: number;
  /** Archives that the tool which stored them has compressed or encrypted, and no other can open. */
  encoded: number;
  /** Names that the folder's drive, or some system, does not take: they are shortened and get a mark. */
  shortened: number;
  /** Archives that the newest inventory of their vault does not list; they are among those left out. */
  missing: number;
  /** Already waiting or running, for the same folder. */
  alreadyThere: number;
  /** Files of the folder that have the name of an archive; among the first 2,000 archives. */
  existing: number;
  /** Free bytes where the folder is; null when no folder is chosen, or it does not say. */
  freeBytes: number | null;
  /** At most 100 of them; `leftOutCount` counts all. */
  leftOut: LeftOut[];
  leftOutCount: number;
};

/** `token`: stands for exactly what was quoted. */
export type QuotedRetrieval = Quote & { token: ChoiceToken };

/** Which of several archives of the same content, or of the same path, are retrieved. */
export const COPIES = ['each', 'one-of-equals', 'newest'] as const;
export type Copies = (typeof COPIES)[number];

/** What came of adding retrievals. `folders`: made; there was nothing to fetch for them. */
export type RetrievalsAdded = Enqueued & { folders: number };

/** What it is to retrieve from where an archive is. */
export type Retrievable = { isFree: boolean; usualWait: Readonly<Record<Tier, Usual>> };

/** What is to be retrieved. `bytes`: of the range, when it is not the whole archive; `requests`: as many as that takes. */
export type QuoteItem = { bytes: number; requests: number; region: string } & Retrievable;

type Rates = { table: PriceTable; limits: RetrievalLimits; made: readonly RetrievalRequest[]; now: number };

type Priced = Pick<Quote, 'archives' | 'bytes' | 'requests' | 'largest' | 'tiers' | 'expeditedUnlikely'> &
  Pick<Quote, 'isFree'> & { prices: Omit<Quote['prices'], 'isEdited'> };

/** What a quote is worked out from, added up as it comes: of a million archives no list is kept, and nothing waits for them. */
export class QuoteSums {
  archives = 0;
  requests = 0;
  bytes = 0;
  largest = 0;
  unlikely = 0;
  unlikelyBytes = 0;
  free = 0;
  /** The longest in each tier; null before the first item. */
  usualWait: Readonly<Record<Tier, Usual>> | null = null;
  readonly byRegion = new Map<string, Asked>();

  constructor(items: Iterable<QuoteItem> = []) {
    for (const item of items) this.add(item);
  }

  add({ bytes, requests, region, isFree, usualWait }: QuoteItem): void {
    this.archives += 1;
    this.requests += requests;
    this.bytes += bytes;
    this.largest = Math.max(this.largest, bytes);
    if (bytes > EXPEDITED_MAX_BYTES) {
      this.unlikely += 1;
      this.unlikelyBytes += bytes;
    }
    if (this.usualWait === null || usualWait.Bulk.toMs > this.usualWait.Bulk.toMs) this.usualWait = usualWait;
    if (isFree) this.free += 1;
    else add(this.byRegion, region, { bytes, requests });
  }
}

/** Sizes, times and costs of a retrieval in each tier. Pure; `rates.made` are the requests of the last 30 days. */
export function quote(sum: QuoteSums, rates: Rates): Priced {
  const { byRegion } = sum;
  const isFree = sum.archives > 0 && sum.free === sum.archives;
  const regionsUnknown = [...byRegion.keys()].filter((region) => !pricesOf(rates.table, region).isKnown);
  const { date, source } = rates.table;
  return {
    archives: sum.archives,
    bytes: sum.bytes,
    requests: sum.requests,
    largest: sum.largest,
    tiers: TIERS.map((tier) => tierQuote(tier, sum, byRegion, rates)),
    expeditedUnlikely: { archives: sum.unlikely, bytes: sum.unlikelyBytes },
    prices: { date, source, ageDays: priceAgeDays(rates.table, rates.now), regionsUnknown },
    isFree,
  };
}

type Asked = { requests: number; bytes: number };

function add(sums: Map<string, Asked>, region: string, { requests, bytes }: Asked): void {
  const sum = sums.get(region) ?? { requests: 0, bytes: 0 };
  sums.set(region, { requests: sum.requests + requests, bytes: sum.bytes + bytes });
}

function tierQuote(
  tier: Tier,
  { bytes, largest, usualWait }: Pick<QuoteSums, 'bytes' | 'largest' | 'usualWait'>,
  byRegion: ReadonlyMap<string, Asked>,
  { table, limits, made, now }: Rates,
): TierQuote {
  let cost = noCost;
  let largestCost = 0;
  for (const [region, sum] of byRegion) {
    const { prices } = pricesOf(table, region);
    cost = addCosts(cost, costOf({ ...sum, tier }, prices));
    largestCost = Math.max(
      largestCost,
      costOf({ bytes: Math.min(largest, sum.bytes), requests: 1, tier }, prices).total,
    );
  }
  const all = { bytes, cost: cost.total };
  const stretch = stretchMs(all, { bytes: largest, cost: largestCost }, made, limits, now);
  return {
    tier,
    cost,
    wait: (usualWait ?? USUAL_WAIT)[tier],
    stretchMs: Number.isFinite(stretch) ? stretch : null,
  };
}
