import { type ByteRange, DEFAULT_PART_SIZE, choosePartSize, partCount, partRange } from './part-plan.ts';
import { MiB } from './units.ts';

/** In such ranges an output is fetched: few enough to write each down, small enough that a lost one costs little. */
export function chooseRangeSize(size: number): number {
  return choosePartSize(size, DEFAULT_PART_SIZE);
}

/** What of the output is not on disk yet, in order; counted from the output's first byte. */
export function* rangesLeft(
  { size, rangeSize }: { size: number; rangeSize: number },
  recorded: readonly Pick<ByteRange, 'first'>[],
): Generator<ByteRange> {
  const done = new Set(recorded.map(({ first }) => first));
  for (let index = 0; index < partCount(size, rangeSize); index += 1) {
    const range = partRange(size, rangeSize, index);
    if (!done.has(range.first)) yield range;
  }
}

/** Why Glacier does not retrieve this range of an archive, in words; null when it does. */
export function byteRangeProblem({ first, last }: ByteRange, archiveSize: number): string | null {
  if (first > last) return 'The range ends before it begins.';
  if (last >= archiveSize) return 'The range ends after the archive.';
  if (first % MiB !== 0) return 'The range must begin at a multiple of 1 MiB (1,048,576 bytes).';
  if (last !== archiveSize - 1 && (last + 1) % MiB !== 0)
    return 'The range must end just before a multiple of 1 MiB, or at the end of the archive.';
  return null;
}

/**
 * Whether the range is one node of the archive's tree, so that Glacier tells its tree hash. What comes of any other range
 * can be checked by its length alone.
 */
export function hasTreeHash({ first, last }: ByteRange, archiveSize: number): boolean {
  if (byteRangeProblem({ first, last }, archiveSize) !== null) return false;
  const [from, to, leaves] = [first / MiB, Math.ceil((last + 1) / MiB), Math.ceil(archiveSize / MiB)];
  const width = 2 ** Math.ceil(Math.log2(to - from));
  return from % width === 0 && (to - from === width || to === leaves);
}
