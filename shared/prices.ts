import { DAY, GiB } from './units.ts';
import type { Tier } from './tier.ts';

/** What Amazon takes in one region, in US dollars. A GB of a bill is 2^30 bytes. */
export type RegionPrices = {
  retrievalPerGb: Record<Tier, number>;
  requestsPerThousand: Record<Tier, number>;
  /** Out to the internet. */
  transferPerGb: number;
};

/** Prices with their date: they are the user's to check and to correct. */
export type PriceTable = {
  /** `YYYY-MM-DD`: on that day they were true. */
  date: string;
  source: string;
  /** By name of region; `*` counts where nothing else is known. */
  regions: Record<string, RegionPrices>;
};

/** Free transfer and volume discounts are left out, so that a bill is rather smaller than the quote. */
export const FIRN_PRICES: PriceTable = {
  date: '2026-11-22',
  source:
    'Published prices of us-east-1, gathered from public pages and not confirmed by Amazon; compare with your bill',
  regions: {
    'us-east-1': {
      retrievalPerGb: { Expedited: 0.03, Standard: 0.01, Bulk: 0.0025 },
      requestsPerThousand: { Expedited: 10, Standard: 0.05, Bulk: 0.025 },
      transferPerGb: 0.09,
    },
    // An estimate, a fifth above us-east-1 and more for transfer: rather too much than too little.
    '*': {
      retrievalPerGb: { Expedited: 0.036, Standard: 0.012, Bulk: 0.003 },
      requestsPerThousand: { Expedited: 12, Standard: 0.06, Bulk: 0.03 },
      transferPerGb: 0.12,
    },
  },
};

/** US dollars. */
export type Cost = { retrieval: number; requests: number; transfer: number; total: number };

const nothing: RegionPrices = {
  retrievalPerGb: { Expedited: 0, Standard: 0, Bulk: 0 },
  requestsPerThousand: { Expedited: 0, Standard: 0, Bulk: 0 },
  transferPerGb: 0,
};

/** `isKnown`: the table has prices of this very region. */
export function pricesOf(table: PriceTable, region: string): { prices: RegionPrices; isKnown: boolean } {
  const own = Object.hasOwn(table.regions, region) ? table.regions[region] : undefined;
  return { prices: own ?? table.regions['*'] ?? nothing, isKnown: own !== undefined };
}

export function costOf(
  { bytes, requests, tier }: { bytes: number; requests: number; tier: Tier },
  prices: RegionPrices,
): Cost {
  const gigabytes = bytes / GiB;
  const retrieval = gigabytes * prices.retrievalPerGb[tier];
  const perRequest = prices.requestsPerThousand[tier] / 1000;
  const transfer = gigabytes * prices.transferPerGb;
  return { retrieval, requests: requests * perRequest, transfer, total: retrieval + requests * perRequest + transfer };
}

export function addCosts(one: Cost, other: Cost): Cost {
  return {
    retrieval: one.retrieval + other.retrieval,
    requests: one.requests + other.requests,
    transfer: one.transfer + other.transfer,
    total: one.total + other.total,
  };
}

export const noCost: Cost = { retrieval: 0, requests: 0, transfer: 0, total: 0 };

/** How old the prices are, in whole days; never less than none. */
export function priceAgeDays({ date }: PriceTable, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(date)) / DAY));
}

/** `$12.30`, `$1,204.00`; `less than $0.01` for what is not nothing. */
export function formatDollars(amount: number): string {
  if (amount > 0 && amount < 0.01) return 'less than $0.01';
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
