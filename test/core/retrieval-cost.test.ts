import { describe, expect, it } from 'vitest';
import { FIRN_PRICES, costOf, formatDollars, priceAgeDays, pricesOf } from '../../shared/prices.ts';
import { limitProblem, noRetrievalLimits, stretchMs } from '../../shared/retrieval-limits.ts';
import { QuoteSums, USUAL_WAIT, quote } from '../../shared/retrieval-quote.ts';
import { byteRangeProblem, hasTreeHash } from '../../shared/retrieval-ranges.ts';
import { DAY, GiB, HOUR, MiB } from '../../shared/units.ts';

const amazon = { isFree: false, usualWait: USUAL_WAIT };
const quick = { fromMs: 1, toMs: 2 };
const practice = { isFree: true, usualWait: { Expedited: quick, Standard: quick, Bulk: quick } };
const NOW = Date.UTC(2026, 10, 25);

describe('the cost of a retrieval', () => {
  it.each([
    ['Expedited', 100 * 0.03 + 0.01 + 100 * 0.09],
    ['Standard', 100 * 0.01 + 0.00005 + 100 * 0.09],
    ['Bulk', 100 * 0.0025 + 0.000025 + 100 * 0.09],
  ] as const)('%s of 100 GiB in us-east-1 is retrieval, request and transfer', (tier, dollars) => {
    const { prices } = pricesOf(FIRN_PRICES, 'us-east-1');
    expect(costOf({ bytes: 100 * GiB, requests: 1, tier }, prices).total).toBeCloseTo(dollars, 9);
  });

  it('of a region that the table does not have is estimated, and never less', () => {
    const here = pricesOf(FIRN_PRICES, 'us-east-1');
    const there = pricesOf(FIRN_PRICES, 'eu-north-1');
    expect([here.isKnown, there.isKnown]).toEqual([true, false]);
    expect(there.prices.transferPerGb).toBeGreaterThan(here.prices.transferPerGb);
    expect(pricesOf(FIRN_PRICES, 'constructor').isKnown).toBe(false);
  });

  it('is in words', () => {
    expect([0, 0.004, 1204, 12.345].map(formatDollars)).toEqual(['$0.00', 'less than $0.01', '$1,204.00', '$12.35']);
    expect(priceAgeDays(FIRN_PRICES, NOW)).toBe(3);
    expect(priceAgeDays(FIRN_PRICES, 0)).toBe(0);
  });
});

describe('a quote', () => {
  const rates = { table: FIRN_PRICES, limits: noRetrievalLimits, made: [], now: NOW };

  it('adds up sizes, requests and costs by region, and says what it does not know', () => {
    const sums = new QuoteSums([
      { bytes: GiB, requests: 1, region: 'us-east-1', ...amazon },
      { bytes: 2 * GiB, requests: 1, region: 'eu-north-1', ...amazon },
    ]);
    const quoted = quote(sums, rates);
    expect(quoted).toMatchObject({ archives: 2, bytes: 3 * GiB, requests: 2, largest: 2 * GiB, isFree: false });
    expect(quoted.prices.regionsUnknown).toEqual(['eu-north-1']);
    expect(quoted.expeditedUnlikely).toEqual({ archives: 2, bytes: 3 * GiB });
    const standard = quoted.tiers.find(({ tier }) => tier === 'Standard');
    expect(standard?.cost.total).toBeCloseTo(0.1 + 0.00005 + 2 * 0.132 + 0.00006, 9);
    expect(standard).toMatchObject({ stretchMs: 0, wait: { fromMs: 3 * HOUR, toMs: 5 * HOUR } });
  });

  it('costs nothing in the practice vault, and is quick', () => {
    const quoted = quote(new QuoteSums([{ bytes: GiB, requests: 1, region: 'us-east-1', ...practice }]), rates);
    expect(quoted.isFree).toBe(true);
    expect(quoted.tiers.map(({ cost }) => cost.total)).toEqual([0, 0, 0]);
    expect(quoted.tiers.map(({ wait }) => wait)).toEqual([quick, quick, quick]);
  });

  it('says how long the limits stretch it, or that it is above them', () => {
    const items = [1, 2, 3].map(() => ({ bytes: GiB, requests: 1, region: 'us-east-1', ...amazon }) as const);
    const stretched = (bytesPerDay: number) =>
      quote(new QuoteSums(items), { ...rates, limits: { ...noRetrievalLimits, bytesPerDay } }).tiers[0]?.stretchMs;
    expect([3 * GiB, GiB, GiB - 1].map(stretched)).toEqual([0, 2 * DAY, null]);
  });
});

describe('the limits', () => {
  const limits = { ...noRetrievalLimits, bytesPerDay: 10, costPerMonth: 5 };
  const made = (hoursAgo: number, bytes: number, cost = 0) => ({ at: NOW - hoursAgo * HOUR, bytes, cost });

  it.each([
    ['nothing was asked for', { bytes: 10, cost: 5 }, [], null],
    ['it alone is too much', { bytes: 11, cost: 0 }, [], { limit: 'bytesPerDay', allowed: 10, until: null }],
    ['enough is left', { bytes: 4, cost: 0 }, [made(1, 6)], null],
    [
      'the last day took it',
      { bytes: 5, cost: 0 },
      [made(3, 2), made(1, 6)],
      { limit: 'bytesPerDay', until: NOW + 23 * HOUR },
    ],
    [
      'the oldest will do',
      { bytes: 5, cost: 0 },
      [made(3, 4), made(1, 5)],
      { limit: 'bytesPerDay', until: NOW + 21 * HOUR },
    ],
    ['yesterday no longer counts', { bytes: 10, cost: 0 }, [made(24, 10)], null],
    ['the month took it', { bytes: 1, cost: 1 }, [made(48, 1, 4.5)], { limit: 'costPerMonth', until: NOW + 28 * DAY }],
    ['the longer wait counts', { bytes: 9, cost: 1 }, [made(2, 5, 4.5)], { limit: 'costPerMonth' }],
    ['a clock was set back', { bytes: 5, cost: 0 }, [made(-9, 6)], { limit: 'bytesPerDay', until: NOW + DAY }],
  ] as const)('when %s', (_, request, requests, problem) => {
    const found = limitProblem(request, requests, limits, NOW);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatchObject(problem);
  });

  it('that are none stretch nothing', () => {
    expect(stretchMs({ bytes: 1e15, cost: 1e9 }, { bytes: 1e15, cost: 1e9 }, [], noRetrievalLimits, NOW)).toBe(0);
  });
});

describe('a range of an archive', () => {
  const size = 6.5 * MiB;
  const range = (from: number, to: number) => ({ first: from * MiB, last: Math.min(to * MiB, size) - 1 });

  it('is of whole MiB, but for the end', () => {
    expect(byteRangeProblem(range(2, 4), size)).toBeNull();
    expect(byteRangeProblem(range(2, 7), size)).toBeNull();
    for (const wrong of [
      { first: 1, last: MiB - 1 },
      { first: 0, last: 5 },
      { first: MiB, last: 0 },
      { first: 0, last: size },
    ])
      expect(byteRangeProblem(wrong, size)).toMatch(/range/);
  });

  it('has a tree hash when it is one node of the tree', () => {
    const told = [range(0, 7), range(2, 4), range(4, 7), range(6, 7), range(1, 2)];
    const untold = [range(3, 5), range(2, 7), range(0, 3)];
    expect(told.map((one) => hasTreeHash(one, size))).toEqual(told.map(() => true));
    expect(untold.map((one) => hasTreeHash(one, size))).toEqual(untold.map(() => false));
  });
});
