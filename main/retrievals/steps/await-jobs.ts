import type { Failure } from '../../../shared/failure.ts';
import {
  OUTPUT_LIFE_MS,
  type RetrievalJob,
  type RetrievalOutput,
  type RetrievalPhase,
} from '../../../shared/retrieval.ts';
import type { ArchiveRetrieval, Job } from '../../places/ports/archive-service.ts';
import { traitsOf } from '../../places/traits.ts';
import { type Outcome, type RetrievalContext, placeOf } from './context.ts';
import { missingRanges, within } from '../missing.ts';
import { patienceMs } from '../patience.ts';
import type { Retrieval } from '../ports.ts';

type Requested = Extract<RetrievalPhase, { kind: 'requested' }>;

/** requested → downloading, when Glacier has all ready. Until then the jobs are looked at ever more rarely. */
export async function awaitJobs(retrieval: Retrieval, { requestedAt }: Requested, context: RetrievalContext): Outcome {
  const { retrievals, clock } = context;
  const outputs: RetrievalOutput[] = [];
  for (const job of neededJobs(retrieval, context)) {
    const look = await lookAt(job, retrieval, requestedAt, context);
    if (look.kind === 'wait') return look.failure;
    // What became of the job is written down, and the rest is seen to in the phase that follows.
    if (look.kind === 'moved') return null;
    outputs.push(look.output);
  }
  const at = clock.now();
  retrievals.apply(retrieval.id, outputs.length > 0 ? { kind: 'ready', outputs, at } : { kind: 'outputs-fetched', at });
  return null;
}

function neededJobs(retrieval: Retrieval, { retrievals }: RetrievalContext): RetrievalJob[] {
  const missing = missingRanges(retrieval, retrievals);
  return retrievals.jobs(retrieval.id).filter((job) => !job.hasEnded && within(retrieval, missing, job).length > 0);
}

type Look = { kind: 'ready'; output: RetrievalOutput } | { kind: 'wait'; failure: Failure } | { kind: 'moved' };

async function lookAt(
  { jobId, requestedAt }: RetrievalJob,
  retrieval: Retrieval,
  lastRequestedAt: number,
  context: RetrievalContext,
): Promise<Look> {
  const { retrievals, clock, service, signal } = context;
  const now = clock.now();
  const lookInMs = patienceMs(retrieval.tier, Math.max(0, now - lastRequestedAt), service.inventoryLagMs);
  const found = await context.jobs.describe(placeOf(retrieval, context), jobId, lookInMs / 2, signal);
  if (!found.ok) {
    if (found.failure.kind !== 'not-found') return { kind: 'wait', failure: found.failure };
    // A job of yesterday has ended and is forgotten; a younger one must be known.
    const at = clock.now();
    if (now - requestedAt >= OUTPUT_LIFE_MS)
      retrievals.apply(retrieval.id, { kind: 'output-gone', jobIds: [jobId], at });
    else retrievals.apply(retrieval.id, { kind: 'job-lost', jobId, at });
    return { kind: 'moved' };
  }
  const job = found.value;
  switch (job.status) {
    case 'in-progress':
      return { kind: 'wait', failure: { kind: 'awaiting-job', usualMs: usualMs(retrieval, context), lookInMs } };
    case 'failed':
      retrievals.apply(retrieval.id, { kind: 'job-failed', jobId, message: job.message, at: clock.now() });
      return { kind: 'moved' };
    case 'succeeded':
      return outputOf(job, retrieval, service.now());
  }
}

function usualMs({ tier }: Retrieval, { account }: RetrievalContext): number {
  return traitsOf(account).usualWait[tier].toMs;
}

function outputOf({ jobId, purpose, completedAt }: Job, retrieval: Retrieval, serviceNow: number): Look {
  if (purpose.kind !== 'archive')
    return { kind: 'wait', failure: { kind: 'answer-garbled', detail: 'the job is not about an archive' } };
  const what = difference(purpose, retrieval);
  if (what !== null) return { kind: 'wait', failure: { kind: 'archive-differs', what } };
  const endsAt = (completedAt ?? serviceNow) + OUTPUT_LIFE_MS;
  return { kind: 'ready', output: { jobId, endsAt, treeHash: purpose.treeHash } };
}

/** What of the vault's archive is not as the catalogue tells; null when nothing is, as far as the job tells. */
function difference(told: ArchiveRetrieval, { archiveId, archiveSize, treeHash }: Retrieval): string | null {
  if (told.archiveId !== archiveId) return 'the job is about another archive';
  if (told.archiveSize !== null && told.archiveSize !== archiveSize)
    return `the vault has ${told.archiveSize} bytes of it, and the catalogue tells of ${archiveSize}`;
  if (told.archiveTreeHash !== null && told.archiveTreeHash !== treeHash)
    return 'its tree hash in the vault is another';
  return null;
}
