import { type ByteRange, rangeLength } from '../../shared/part-plan.ts';
import { rangesLeft } from '../../shared/retrieval-ranges.ts';
import type { RetrievalJob } from '../../shared/retrieval.ts';
import type { Retrieval, RetrievalQueue } from './ports.ts';

/** Ranges that are not on disk yet, counted from the first byte that is wanted, in order. */
export function missingRanges(retrieval: Retrieval, retrievals: Pick<RetrievalQueue, 'ranges'>): ByteRange[] {
  return [...rangesLeft(retrieval, retrievals.ranges(retrieval.id))];
}

/** Those of the ranges that lie within bytes of the archive. */
export function within(retrieval: Retrieval, ranges: readonly ByteRange[], bytes: ByteRange): ByteRange[] {
  const { first, last } = inRetrieval(retrieval, bytes);
  return ranges.filter((range) => range.first >= first && range.last <= last);
}

/** Those that no job brings whose output may still be there. */
export function uncovered(
  retrieval: Retrieval,
  ranges: readonly ByteRange[],
  jobs: readonly RetrievalJob[],
): ByteRange[] {
  const live = jobs.filter(({ hasEnded }) => !hasEnded).map((job) => inRetrieval(retrieval, job));
  return ranges.filter((range) => !live.some(({ first, last }) => range.first >= first && range.last <= last));
}

export function bytesOf(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, range) => sum + rangeLength(range), 0);
}

/** The same bytes counted from the archive's first one. */
export function inArchive({ range }: Pick<Retrieval, 'range'>, { first, last }: ByteRange): ByteRange {
  return { first: first + range.first, last: last + range.first };
}

/** The same bytes of the archive counted from the first one that is wanted; may begin before it. */
export function inRetrieval({ range }: Pick<Retrieval, 'range'>, { first, last }: ByteRange): ByteRange {
  return { first: first - range.first, last: last - range.first };
}
