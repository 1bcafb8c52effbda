import { formatDollars } from './prices.ts';
import { DAY, formatBytes } from './units.ts';

/** As much may be asked of Glacier in any 24 hours, and in any 30 days; null for as much as one likes. */
export type RetrievalLimits = {
  bytesPerDay: number | null;
  bytesPerMonth: number | null;
  /** US dollars, by the price table. */
  costPerDay: number | null;
  costPerMonth: number | null;
};

export const noRetrievalLimits: RetrievalLimits = {
  bytesPerDay: null,
  bytesPerMonth: null,
  costPerDay: null,
  costPerMonth: null,
};

/** How much Standard retrieval an account allows itself in a region. */
export type RetrievalPolicy = { strategy: 'FreeTier' | 'None' } | { strategy: 'BytesPerHour'; bytesPerHour: number };

/** A request that was made of Glacier. `cost` in US dollars. */
export type RetrievalRequest = { at: number; bytes: number; cost: number };

export const LIMIT_MONTH_MS = 30 * DAY;

type Limit = { name: keyof RetrievalLimits; windowMs: number; amount: 'bytes' | 'cost' };

const kinds: readonly Limit[] = [
  { name: 'bytesPerDay', windowMs: DAY, amount: 'bytes' },
  { name: 'costPerDay', windowMs: DAY, amount: 'cost' },
  { name: 'bytesPerMonth', windowMs: LIMIT_MONTH_MS, amount: 'bytes' },
  { name: 'costPerMonth', windowMs: LIMIT_MONTH_MS, amount: 'cost' },
];

/** Which limit stands in the way, and until when; `until` is null when the request alone is more than it allows. */
export type LimitProblem = { limit: keyof RetrievalLimits; allowed: number; until: number | null };

/**
 * Why a request cannot be made now; null when it can. `made` are the requests of the last 30 days, the oldest first.
 * Of several limits the one that lasts longest counts.
 */
export function limitProblem(
  request: Omit<RetrievalRequest, 'at'>,
  made: readonly RetrievalRequest[],
  limits: RetrievalLimits,
  now: number,
): LimitProblem | null {
  const problems = kinds.map((kind) => problemOf(kind, request, made, limits, now)).filter((one) => one !== null);
  return problems.reduce<LimitProblem | null>(
    (worst, one) => (worst === null || (one.until ?? Infinity) > (worst.until ?? Infinity) ? one : worst),
    null,
  );
}

function problemOf(
  { name, windowMs, amount }: Limit,
  request: Omit<RetrievalRequest, 'at'>,
  made: readonly RetrievalRequest[],
  limits: RetrievalLimits,
  now: number,
): LimitProblem | null {
  const allowed = limits[name];
  if (allowed === null) return null;
  if (request[amount] > allowed) return { limit: name, allowed, until: null };
  // A request of the future is one that a clock set back since has made: it counts, and as from now.
  const recent = made.map((one) => ({ ...one, at: Math.min(one.at, now) })).filter(({ at }) => at > now - windowMs);
  let sum = recent.reduce((total, one) => total + one[amount], 0);
  for (const one of [{ at: now - windowMs, bytes: 0, cost: 0 }, ...recent]) {
    sum -= one[amount];
    if (sum + request[amount] <= allowed + ROUNDING[amount]) {
      return one.at + windowMs <= now ? null : { limit: name, allowed, until: one.at + windowMs };
    }
  }
  return { limit: name, allowed, until: now + windowMs };
}

/** Sums of dollars are not exact. */
const ROUNDING = { bytes: 0, cost: 1e-9 };

/**
 * How long the limits stretch requests of so much in all, in milliseconds: 0 when all of it may be asked for at once.
 * Infinity when the largest request alone is more than a limit allows.
 */
export function stretchMs(
  total: Omit<RetrievalRequest, 'at'>,
  largest: Omit<RetrievalRequest, 'at'>,
  made: readonly RetrievalRequest[],
  limits: RetrievalLimits,
  now: number,
): number {
  const stretches = kinds.map(({ name, windowMs, amount }) => {
    const allowed = limits[name];
    if (allowed === null) return 0;
    if (largest[amount] > allowed) return Infinity;
    const recent = made.filter(({ at }) => at > now - windowMs).reduce((sum, one) => sum + one[amount], 0);
    const sum = recent + total[amount];
    return sum <= allowed + ROUNDING[amount] ? 0 : (Math.ceil(sum / allowed) - 1) * windowMs;
  });
  return Math.max(...stretches);
}

/** `10 GiB in 24 hours`, `$5.00 in 30 days`. */
export function describeLimit({ limit, allowed }: Pick<LimitProblem, 'limit' | 'allowed'>): string {
  const amount = limit.startsWith('bytes') ? formatBytes(allowed) : formatDollars(allowed);
  return `${amount} in ${limit.endsWith('Day') ? '24 hours' : '30 days'}`;
}
