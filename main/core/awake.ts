/**
 * How much of the time between two signs of life of a busy line counts, in milliseconds. After more than `longestMs` the
 * computer has slept or its clock was set, which says nothing about the line.
 */
export function awakeMs(passedMs: number, longestMs: number): number {
  return passedMs < 0 || passedMs > longestMs ? 0 : passedMs;
}
