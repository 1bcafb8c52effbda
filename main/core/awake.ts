import { MINUTE } from '../../shared/units.ts';

/** No request stays on the wire for so long without a sign of life: its signature has run out by then. */
const LONGEST_SILENCE_MS = 5 * MINUTE;

/**
 * How much of the time between two signs of life of a busy line counts, in milliseconds. After a longer one the computer has
 * slept or its clock was set, which says nothing about the line.
 */
export function awakeMs(passedMs: number): number {
  return passedMs < 0 || passedMs > LONGEST_SILENCE_MS ? 0 : passedMs;
}
