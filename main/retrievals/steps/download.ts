import type { Failure } from '../../../shared/failure.ts';
import { partCount } from '../../../shared/part-plan.ts';
import type { RetrievalJob, VerifiedRange } from '../../../shared/retrieval.ts';
import { combineTreeHashes } from '../../core/tree-hash.ts';
import type { Outcome, RetrievalContext } from './context.ts';
import { fetchRanges } from './fetch-ranges.ts';
import { inRetrieval, missingRanges, within } from '../missing.ts';
import { readyPartial } from '../partial.ts';
import type { Partial, Retrieval } from '../ports.ts';
import { roomProblem } from '../target.ts';

/** downloading → finishing, or back to queued when there is more to ask for: fetches what is not on disk yet. */
export async function download(retrieval: Retrieval, context: RetrievalContext): Outcome {
  const { retrievals, clock } = context;
  const partial = await readyPartial(retrieval, context);
  if (!partial.ok) return partial.failure;
  const left = missingRanges(retrieval, retrievals);
  const room = left.length === 0 ? null : await roomProblem(retrieval, context);
  if (room) return room;
  context.live.begin(retrieval.id);
  const fetched = await fetchOutputs(retrieval, partial.value, context).finally(() => {
    context.live.end(retrieval.id);
  });
  if (fetched.failure) return fetched.failure;
  context.softSignal.throwIfAborted();
  const at = clock.now();
  const isWhole = fetched.gone.length === 0 && missingRanges(retrieval, retrievals).length === 0;
  if (isWhole) return judgeWhole(retrieval, context);
  const { gone } = fetched;
  retrievals.apply(
    retrieval.id,
    gone.length > 0 ? { kind: 'output-gone', jobIds: gone, at } : { kind: 'outputs-fetched', at },
  );
  return null;
}

/** `gone`: jobs whose outputs Glacier has given up with something missing. */
async function fetchOutputs(
  retrieval: Retrieval,
  partial: Partial,
  context: RetrievalContext,
): Promise<{ failure: Failure | null; gone: string[] }> {
  const { retrievals } = context;
  const gone: string[] = [];
  for (const job of retrievals.jobs(retrieval.id).filter(({ hasEnded }) => !hasEnded)) {
    const ranges = within(retrieval, missingRanges(retrieval, retrievals), job);
    if (ranges.length === 0) continue;
    const work = { jobId: job.jobId, offset: inRetrieval(retrieval, job).first, partial, ranges };
    const failure = await fetchRanges(retrieval, work, context);
    if (failure?.kind === 'not-found') gone.push(job.jobId);
    else if (failure) return { failure, gone: [] };
  }
  return { failure: null, gone };
}

/** The ranges make the whole, and the whole has the hash of the archive. */
function judgeWhole(retrieval: Retrieval, context: RetrievalContext): Failure | null {
  const { retrievals, clock } = context;
  const ranges = retrievals.ranges(retrieval.id);
  if (ranges.length !== partCount(retrieval.size, retrieval.rangeSize))
    throw new Error(`The ranges of ${retrieval.id} leave a gap`);
  const wanted =
    retrieval.size === retrieval.archiveSize ? retrieval.treeHash : toldHash(retrieval, retrievals.jobs(retrieval.id));
  if (wanted === null || combineTreeHashes(ranges.map(({ treeHash }) => treeHash)) === wanted) {
    retrievals.apply(retrieval.id, { kind: 'downloaded', at: clock.now() });
    return null;
  }
  return fetchDoubtfulAgain(retrieval, ranges, context);
}

/** Of a part of an archive Glacier tells the hash only with the job that brings all of it. */
function toldHash({ range }: Retrieval, jobs: readonly RetrievalJob[]): string | null {
  const whole = jobs.find(({ first, last }) => first === range.first && last === range.last);
  return whole?.output?.treeHash ?? null;
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
