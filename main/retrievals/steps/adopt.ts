import type { Failure } from '../../../shared/failure.ts';
import type { ByteRange } from '../../../shared/part-plan.ts';
import { OUTPUT_LIFE_MS, type RetrievalJob } from '../../../shared/retrieval.ts';
import { HOUR, MINUTE } from '../../../shared/units.ts';
import type { Job } from '../../places/ports/archive-service.ts';
import { type RetrievalContext, placeOf } from './context.ts';
import { bytesOf, missingRanges, uncovered, within } from '../missing.ts';
import type { Retrieval } from '../ports.ts';

/** An output that ends sooner is not worth beginning with. */
const WORTH_IT_MS = 1 * HOUR;
/** A list of jobs this old still serves to find one that was there before. */
const LIST_AGE_MS = 1 * MINUTE;

/** A job that is there already and brings something that is missing, whoever asked for it, costs nothing more. */
export async function adoptJob(retrieval: Retrieval, context: RetrievalContext): Promise<Failure | 'adopted' | 'none'> {
  const { retrievals, clock, service } = context;
  const listed = await context.jobs.list(placeOf(retrieval, context), LIST_AGE_MS, context.signal);
  // Who may retrieve but not list jobs asks for each.
  if (!listed.ok) return listed.failure.kind === 'access-denied' ? 'none' : listed.failure;
  const known = retrievals.jobs(retrieval.id);
  const missing = uncovered(retrieval, missingRanges(retrieval, retrievals), known);
  const [best] = listed.value
    .of(retrieval.archiveId)
    .map((job) => ({ jobId: job.jobId, bytes: bytesIn(job, retrieval, service.now()) }))
    .flatMap(({ jobId, bytes }) => (bytes && !isKnown(jobId, known) ? [{ jobId, ...bytes }] : []))
    .map((job) => ({ job, brings: bytesOf(within(retrieval, missing, job)) }))
    .filter(({ brings }) => brings > 0)
    .sort((one, other) => other.brings - one.brings);
  if (!best) return 'none';
  retrievals.apply(retrieval.id, { kind: 'requested', ...best.job, adopted: true, at: clock.now() });
  return 'adopted';
}

function isKnown(jobId: string, known: readonly RetrievalJob[]): boolean {
  return known.some((job) => job.jobId === jobId);
}

/** The bytes of the archive that the job brings; null when it brings none of this archive in time. */
function bytesIn(job: Job, { archiveId, archiveSize, tier }: Retrieval, now: number): ByteRange | null {
  const { purpose, status, completedAt } = job;
  if (purpose.kind !== 'archive' || purpose.archiveId !== archiveId || status === 'failed') return null;
  if (status === 'in-progress' && purpose.tier !== tier) return null;
  if (status === 'succeeded' && (completedAt ?? 0) + OUTPUT_LIFE_MS - now <= WORTH_IT_MS) return null;
  return purpose.range ?? { first: 0, last: archiveSize - 1 };
}
