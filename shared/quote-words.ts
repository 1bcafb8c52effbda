import { formatDollars } from './prices.ts';
import { describeLimit, type RetrievalLimits } from './retrieval-limits.ts';
import type { Quote, TierQuote } from './retrieval-quote.ts';
import type { Tier } from './tier.ts';
import { DAY, formatBytes } from './units.ts';
import { plural } from './words.ts';

/** The lines of a bill, the last one its sum. */
export function costLines({ requests, bytes }: Quote, { tier, cost }: TierQuote): { name: string; amount: string }[] {
  return [
    { name: `${plural(requests, 'request')}, ${tier}`, amount: formatDollars(cost.requests) },
    { name: `Retrieval of ${formatBytes(bytes)}`, amount: formatDollars(cost.retrieval) },
    { name: 'Transfer out to the internet', amount: formatDollars(cost.transfer) },
    { name: 'Together, about', amount: formatDollars(cost.total) },
  ];
}

/** `Prices of 2026-11-22, 3 days old.` and whether they are to be trusted. */
export function priceWords({ date, ageDays, isEdited, regionsUnknown }: Quote['prices']): string {
  const whose = isEdited ? 'Your own prices' : 'Prices';
  const guessed =
    regionsUnknown.length > 0 ? ` The table has none of ${regionsUnknown.join(', ')}, so these are guessed.` : '';
  return `${whose} of ${date}, ${ageDays === 0 ? 'from today' : `${plural(ageDays, 'day')} old`}.${guessed}`;
}

/** Why it does not all go at once, in words; null when it does. */
export function stretchWords({ stretchMs }: TierQuote, limits: RetrievalLimits): string | null {
  if (stretchMs === 0) return null;
  const set = (Object.keys(limits) as (keyof RetrievalLimits)[]).flatMap((limit) => {
    const allowed = limits[limit];
    return allowed === null ? [] : [describeLimit({ limit, allowed })];
  });
  const yours = `your ${set.length === 1 ? 'limit' : 'limits'} of ${set.join(' and ')}`;
  if (stretchMs === null) return `The largest archive alone is above ${yours}. It waits until you raise the limit.`;
  return `Asked for over ${plural(Math.ceil(stretchMs / DAY) + 1, 'day')}, because of ${yours}.`;
}

/** What is odd about the archives themselves. */
function contentWords({ archives, contents, equals, folders, encoded, shortened, missing }: Quote): (string | null)[] {
  return [
    contents < archives
      ? `These are ${plural(archives, 'archive')} of ${plural(contents, 'content')}: the same bytes are stored, and would be fetched and paid for, several times.`
      : null,
    equals > 0 ? `${plural(equals, 'archive is', 'archives are')} left out, because a newer one stands for it.` : null,
    missing > 0
      ? `${plural(missing, 'archive is', 'archives are')} missing from the newest inventory of the vault and left out.`
      : null,
    folders > 0
      ? `${plural(folders, 'archive stands', 'archives stand')} for a folder, which is made without asking Glacier.`
      : null,
    encoded > 0
      ? `${plural(encoded, 'archive was', 'archives were')} compressed or encrypted by the tool that stored it, such as FastGlacier, and only it can open the file; the name says so.`
      : null,
    shortened > 0
      ? `${plural(shortened, 'name is', 'names are')} too long for the drive, shortened, and marked with ~.`
      : null,
  ];
}

/** What else is to be known before one says yes. */
export function quoteWarnings(quote: Quote, tier: Tier): string[] {
  const { expeditedUnlikely, alreadyThere, existing, unprovable, freeBytes, bytes } = quote;
  const found = [
    ...contentWords(quote),
    tier === 'Expedited' && expeditedUnlikely.archives > 0
      ? `${plural(expeditedUnlikely.archives, 'archive is', 'archives are')} larger than 250 MB; Expedited seldom serves such in minutes.`
      : null,
    freeBytes !== null && freeBytes < bytes
      ? `The folder's drive has room for ${formatBytes(freeBytes)} only; Firn waits for more when it is full.`
      : null,
    existing > 0
      ? `${plural(existing, 'file')} in the folder ${existing === 1 ? 'has such a name' : 'have such names'} already.`
      : null,
    alreadyThere > 0
      ? `${plural(alreadyThere, 'archive is', 'archives are')} on the way into this folder already and left out.`
      : null,
    unprovable > 0 ? 'Amazon tells no tree hash of this range, so only its length can be checked.' : null,
  ];
  return found.filter((one) => one !== null);
}
