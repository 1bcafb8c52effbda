import { GiB, MiB } from './units.ts';

/** Glacier's limits for multipart uploads (API reference, "Quick facts"). Sizes in bytes. */
export const MIN_PART_SIZE = 1 * MiB;
export const MAX_PART_SIZE = 4 * GiB;
export const MAX_PARTS = 10_000;
export const MAX_ARCHIVE_SIZE = MAX_PARTS * MAX_PART_SIZE;

/** Small enough that a lost connection costs little, large enough that requests stay cheap. */
export const DEFAULT_PART_SIZE = 16 * MiB;

/** All thirteen part sizes that Glacier takes: 1 MiB × 2ⁿ up to 4 GiB. */
export const PART_SIZES: readonly number[] = Array.from({ length: 13 }, (_, n) => MIN_PART_SIZE * 2 ** n);

/** Bytes `first` to `last` of the archive, both included, as in Glacier's Content-Range. */
export type ByteRange = { first: number; last: number };

export type PartSizeProblem = 'not-a-power-of-two' | 'too-many-parts' | 'archive-too-large' | 'archive-empty';

/** Why an archive of `size` bytes cannot be uploaded in parts of `partSize`; null when it can. */
export function partSizeProblem(size: number, partSize: number): PartSizeProblem | null {
  if (size === 0) return 'archive-empty';
  if (size > MAX_ARCHIVE_SIZE) return 'archive-too-large';
  if (!PART_SIZES.includes(partSize)) return 'not-a-power-of-two';
  return partCount(size, partSize) > MAX_PARTS ? 'too-many-parts' : null;
}

/**
 * The part size for an archive of `size` bytes: the preferred one, or the smallest larger one that fits the archive
 * into 10,000 parts. The answer never changes for an upload once it was started.
 */
export function choosePartSize(size: number, preferred = DEFAULT_PART_SIZE): number {
  return (
    PART_SIZES.find((partSize) => partSize >= preferred && partCount(size, partSize) <= MAX_PARTS) ?? MAX_PART_SIZE
  );
}

/** A part should arrive within this time: half of what its signature counts for, so that two can be on the wire. */
const PART_TIME_S = 120;

/** The part size to prefer on a line of this rate, in bytes per second: not more than the line carries in time. */
export function partSizeForLine(preferred: number, bytesPerSecond: number | null): number {
  if (bytesPerSecond === null) return preferred;
  const inTime = PART_SIZES.findLast((partSize) => partSize <= bytesPerSecond * PART_TIME_S) ?? MIN_PART_SIZE;
  return Math.min(preferred, inTime);
}

export function partCount(size: number, partSize: number): number {
  return Math.ceil(size / partSize);
}

/** The range of part `index`, counted from 0; the last part may be shorter than the others. */
export function partRange(size: number, partSize: number, index: number): ByteRange {
  const first = index * partSize;
  return { first, last: Math.min(first + partSize, size) - 1 };
}

export function rangeLength({ first, last }: ByteRange): number {
  return last - first + 1;
}

/** Requests that an upload costs: initiate, one for each part, complete. */
export function requestCount(size: number, partSize: number): number {
  return partCount(size, partSize) + 2;
}
