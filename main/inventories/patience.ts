import { SECOND } from '../../shared/units.ts';

const SHORTEST_LOOK_MS = 1 * SECOND;

/** How long until the next look at what has been awaited for so long: an eighth of that, as long as there is hope that it is quick. */
export function patienceMs(elapsedMs: number, longestMs: number): number {
  return Math.min(longestMs, Math.max(SHORTEST_LOOK_MS, Math.round(elapsedMs / 8)));
}
