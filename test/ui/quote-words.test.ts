import { describe, expect, test } from 'vitest';
import { costLines, priceWords, quoteWarnings, stretchWords } from '../../shared/quote-words.ts';
import { noRetrievalLimits } from '../../shared/retrieval-limits.ts';
import { DAY, GiB, MiB } from '../../shared/units.ts';
import { sampleWorld } from '../support/window-samples.ts';

const { quote } = sampleWorld();
const [expedited, standard] = quote.tiers;
if (!expedited || !standard) throw new Error('a tier is missing');

test('a quote is told line by line as a bill would be, with its sum', () => {
  expect(costLines(quote, standard)).toEqual([
    { name: '1 request, Standard', amount: 'less than $0.01' },
    { name: 'Retrieval of 1 GiB', amount: '$0.01' },
    { name: 'Transfer out to the internet', amount: '$0.12' },
    { name: 'Together, about', amount: '$0.13' },
  ]);
});

test('prices say their date, their age, whose they are, and where they are guessed', () => {
  const prices = { date: '2026-11-22', source: '', ageDays: 0, isEdited: false, regionsUnknown: [] };
  expect(priceWords(prices)).toBe('Prices of 2026-11-22, from today.');
  expect(priceWords({ ...prices, ageDays: 400, isEdited: true, regionsUnknown: ['eu-north-1'] })).toBe(
    'Your own prices of 2026-11-22, 400 days old. The table has none of eu-north-1, so these are guessed.',
  );
});

describe('limits', () => {
  const limits = { ...noRetrievalLimits, bytesPerDay: 10 * GiB };

  test('that do not matter are not mentioned', () => {
    expect(stretchWords({ ...standard, stretchMs: 0 }, limits)).toBeNull();
  });

  test('that stretch a retrieval say over how long, and which', () => {
    expect(stretchWords({ ...standard, stretchMs: 2 * DAY }, limits)).toBe(
      'Asked for over 3 days, because of your limit of 10 GiB in 24 hours.',
    );
    expect(stretchWords({ ...standard, stretchMs: 30 * DAY }, { ...limits, costPerMonth: 5 })).toBe(
      'Asked for over 31 days, because of your limits of 10 GiB in 24 hours and $5.00 in 30 days.',
    );
  });

  test('that one archive alone is above say that it waits', () => {
    expect(stretchWords({ ...standard, stretchMs: null }, limits)).toBe(
      'The largest archive alone is above your limit of 10 GiB in 24 hours. It waits until you raise the limit.',
    );
  });
});

test('what else is to be known is said, and only where it is so', () => {
  expect(quoteWarnings(quote, 'Standard')).toEqual([]);
  expect(quoteWarnings(quote, 'Expedited')).toEqual([
    '1 archive is larger than 250 MB; Expedited seldom serves such in minutes.',
  ]);
  expect(
    quoteWarnings({ ...quote, freeBytes: 1 * MiB, existing: 2, alreadyThere: 1, unprovable: 1 }, 'Standard'),
  ).toEqual([
    "The folder's drive has room for 1 MiB only; Firn waits for more when it is full.",
    '2 files in the folder have such names already.',
    '1 archive is on the way into this folder already and left out.',
    'Amazon tells no tree hash of this range, so only its length can be checked.',
  ]);
});
