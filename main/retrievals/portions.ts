import { type ByteRange, partCount, partRange, rangeLength } from '../../shared/part-plan.ts';

/** What is smaller than this share of what the line can fetch in time is not cut up, but waits until there is room for it. */
export const WORTH_CUTTING = 1 / 4;

type Whole = { size: number; rangeSize: number };

/** `capacity`: bytes that the line can fetch in time; `room`: those of them that nothing else was asked for. */
type Room = {
  capacity: number;
  room: number;
  /** Something of the same archive was just asked for: more of it need not be asked for in small pieces. */
  hasBegun: boolean;
};

/**
 * Which bytes to ask for with one request: as many of the missing ones, from the first on, as make one node of the archive's
 * tree (so that Glacier tells the tree hash of each range) and fit into the room. Null when nothing is missing, or nothing
 * fits; on an idle line one range always does. All bytes are counted from the first one that is wanted; `missing` are
 * ranges of the plan, in order.
 */
export function nextPortion(
  whole: Whole,
  missing: readonly ByteRange[],
  { capacity, room, hasBegun }: Room,
): ByteRange | null {
  const [start] = missing;
  if (start === undefined) return null;
  const from = start.first / whole.rangeSize;
  const end = from + runLength(missing);
  const natural = largestNode(from, end, partCount(whole.size, whole.rangeSize));
  for (let width = natural; width >= 1; width /= 2) {
    const portion = { first: start.first, last: lastOf(whole, Math.min(from + width, end)) };
    const bytes = rangeLength(portion);
    if (bytes <= room && (width === natural || !hasBegun || bytes >= capacity * WORTH_CUTTING)) return portion;
    if (width === natural && bytes <= capacity * WORTH_CUTTING) return null;
  }
  return room >= capacity ? partRange(whole.size, whole.rangeSize, from) : null;
}

/** How many ranges follow one another without a gap. */
function runLength(ranges: readonly ByteRange[]): number {
  const gap = ranges.findIndex(({ first }, index) => index > 0 && first !== (ranges[index - 1]?.last ?? 0) + 1);
  return gap < 0 ? ranges.length : gap;
}

/** The width of the largest node that begins at a range and ends with the run at the latest; the tree's right edge is ragged. */
function largestNode(from: number, end: number, count: number): number {
  let width = 1;
  while (from % (width * 2) === 0 && (from + width * 2 <= end || (end === count && from + width < end))) width *= 2;
  return width;
}

function lastOf({ size, rangeSize }: Whole, endIndex: number): number {
  return Math.min(endIndex * rangeSize, size) - 1;
}
