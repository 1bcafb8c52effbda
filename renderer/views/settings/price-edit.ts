import { type PriceTable, type RegionPrices, pricesOf } from '../../../shared/prices.ts';
import type { Tier } from '../../../shared/tier.ts';

/** One price of a region. */
export type PriceName = { of: 'retrievalPerGb' | 'requestsPerThousand'; tier: Tier } | { of: 'transferPerGb' };

export function priceOf(table: PriceTable, region: string, name: PriceName): number {
  const { prices } = pricesOf(table, region);
  return name.of === 'transferPerGb' ? prices.transferPerGb : prices[name.of][name.tier];
}

/** The table with another price, as of `now`: it is the user's from here on. */
export function withPrice(table: PriceTable, region: string, name: PriceName, price: number, now: number): PriceTable {
  const { prices } = pricesOf(table, region);
  const changed: RegionPrices =
    name.of === 'transferPerGb'
      ? { ...prices, transferPerGb: price }
      : { ...prices, [name.of]: { ...prices[name.of], [name.tier]: price } };
  const date = new Date(now).toISOString().slice(0, 10);
  return { date, source: 'Edited by you', regions: { ...table.regions, [region]: changed } };
}
