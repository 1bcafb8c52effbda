import type { Tier } from '../../shared/tier.ts';
import { MINUTE, SECOND } from '../../shared/units.ts';

const SHORTEST_LOOK_MS: Readonly<Record<Tier, number>> = {
  Expedited: 2 * SECOND,
  Standard: 3 * SECOND,
  Bulk: 5 * SECOND,
};
const LONGEST_LOOK_MS = 15 * MINUTE;

/**
 * How long to wait before the next look at a job that was asked for so long ago: an eighth of that, so that what takes
 * minutes is noticed within seconds, and what takes hours costs some seventy requests, which Amazon does not bill. A service
 * in a hurry tells it by its inventories.
 */
export function patienceMs(tier: Tier, elapsedMs: number, inventoryLagMs: number): number {
  const shortest = Math.min(SHORTEST_LOOK_MS[tier], Math.max(SECOND / 2, inventoryLagMs / 10));
  return Math.min(LONGEST_LOOK_MS, Math.max(shortest, Math.round(elapsedMs / 8)));
}
