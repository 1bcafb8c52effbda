import type { Failure } from '../../../shared/failure.ts';
import { partCount } from '../../../shared/part-plan.ts';
import { rangesLeft } from '../../../shared/retrieval-ranges.ts';
import type { RetrievalPhase, VerifiedRange } from '../../../shared/retrieval.ts';
import { combineTreeHashes } from '../tree-hash.ts';
import type { Outcome, RetrievalContext } from './context.ts';
import { fetchRanges } from './fetch-ranges.ts';
import { readyPartial } from './partial.ts';
import type { Retrieval } from './ports.ts';

type Downloading = Extract<RetrievalPhase, { kind: 'downloading' }>;

/** downloading → finishing: fetches what is not on disk yet, then asks the hash of the whole. */
export async function download(retrieval: Retrieval, phase: Downloading, context: RetrievalContext): Outcome {
  const { retrievals, clock } = context;
  const partial = await readyPartial(retrieval, context);
  if (!partial.ok) return partial.failure;
  const left = [...rangesLeft(retrieval, retrievals.ranges(retrieval.id))];
  const room = left.length === 0 ? null : await roomProblem(retrieval, context);
  if (room) return room;
  context.live.begin(retrieval.id);
  const work = { jobId: phase.jobId, partial: partial.value, ranges: left };
  const failure = await fetchRanges(retrieval, work, context).finally(() => {
    context.live.end(retrieval.id);
  });
  if (failure?.kind === 'not-found') {
    retrievals.apply(retrieval.id, { kind: 'output-gone', at: clock.now() });
    return null;
  }
  if (failure) return failure;
  context.softSignal.throwIfAborted();
  return judgeWhole(retrieval, phase, context);
}

/** Better to wait than to fill the disk to its last byte. */
async function roomProblem({ id, folder, size }: Retrieval, { files, retrievals }: RetrievalContext): Outcome {
  const free = await files.freeBytes(folder);
  const missing = size - (retrievals.get(id)?.receivedBytes ?? 0) - (free ?? Infinity);
  return missing > 0 ? { kind: 'target-full', folder, missingBytes: missing } : null;
}

/** The ranges make the whole, and the whole has the hash of the archive. */
function judgeWhole(retrieval: Retrieval, phase: Downloading, context: RetrievalContext): Failure | null {
  const { retrievals, clock } = context;
  const ranges = retrievals.ranges(retrieval.id);
  if (ranges.length !== partCount(retrieval.size, retrieval.rangeSize))
    throw new Error(`The ranges of ${retrieval.id} leave a gap`);
  const wanted = retrieval.size === retrieval.archiveSize ? retrieval.treeHash : phase.treeHash;
  if (wanted === null || combineTreeHashes(ranges.map(({ treeHash }) => treeHash)) === wanted) {
    retrievals.apply(retrieval.id, { kind: 'downloaded', at: clock.now() });
    return null;
  }
  return fetchDoubtfulAgain(retrieval, ranges, context);
}

/** Of ranges for which Glacier told no hash any may be the wrong one. When it told all, the whole is another archive. */
function fetchDoubtfulAgain(
  retrieval: Retrieval,
  ranges: readonly VerifiedRange[],
  context: RetrievalContext,
): Failure {
  const { retrievals, clock, wrongs } = context;
  const doubtful = ranges.filter(({ confirmed }) => !confirmed).map(({ first }) => first);
  if (doubtful.length === 0 || wrongs.add(retrieval.id) > 1)
    return { kind: 'archive-differs', what: 'the whole of what Glacier gave has another tree hash' };
  const what = 'together they do not have the tree hash of the archive';
  retrievals.apply(retrieval.id, { kind: 'damaged', ranges: doubtful, what, at: clock.now() });
  return { kind: 'answer-garbled', detail: 'its bytes do not have the tree hash of the archive' };
}
