import { USUAL_WAIT, PRACTICE_WAIT } from '../../../shared/retrieval-quote.ts';
import type { RetrievalPhase } from '../../../shared/retrieval.ts';
import type { ArchiveRetrieval, Job } from '../archive-service.ts';
import { OUTPUT_LIFE_MS, placeOf } from './ask.ts';
import type { Outcome, RetrievalContext } from './context.ts';
import { patienceMs } from './patience.ts';
import type { Retrieval } from './ports.ts';

type Requested = Extract<RetrievalPhase, { kind: 'requested' }>;

/** requested → downloading, when Glacier is ready. Until then the job is looked at ever more rarely. */
export async function awaitJob(retrieval: Retrieval, phase: Requested, context: RetrievalContext): Outcome {
  const { retrievals, clock, service, signal } = context;
  const elapsedMs = Math.max(0, clock.now() - phase.requestedAt);
  const lookInMs = patienceMs(retrieval.tier, elapsedMs, service.inventoryLagMs);
  const isOneOfMany = retrievals.countRequested(retrieval.accountId, retrieval.vault) > 1;
  const options = { isOneOfMany, maxAgeMs: lookInMs / 2, signal };
  const found = await context.jobs.describe(placeOf(retrieval, context), phase.jobId, options);
  if (!found.ok) {
    if (found.failure.kind !== 'not-found') return found.failure;
    // A job of yesterday has ended and is forgotten; a younger one must be known.
    const kind = elapsedMs >= OUTPUT_LIFE_MS ? 'output-gone' : 'job-lost';
    retrievals.apply(retrieval.id, { kind, at: clock.now() });
    return null;
  }
  const job = found.value;
  switch (job.status) {
    case 'in-progress':
      return { kind: 'awaiting-job', usualMs: usualMs(retrieval, context), lookInMs };
    case 'failed':
      retrievals.apply(retrieval.id, { kind: 'job-failed', message: job.message, at: clock.now() });
      return null;
    case 'succeeded':
      return beginDownload(retrieval, job, context);
  }
}

function usualMs({ tier }: Retrieval, { account }: RetrievalContext): number {
  return (account.source.kind === 'practice' ? PRACTICE_WAIT : USUAL_WAIT[tier]).toMs;
}

async function beginDownload(retrieval: Retrieval, job: Job, context: RetrievalContext): Outcome {
  const { retrievals, clock, service } = context;
  const { purpose, completedAt } = job;
  if (purpose.kind !== 'archive') return { kind: 'answer-garbled', detail: 'the job is not about an archive' };
  const what = difference(purpose, retrieval);
  if (what !== null) return { kind: 'archive-differs', what };
  const outputEndsAt = (completedAt ?? service.now()) + OUTPUT_LIFE_MS;
  const treeHash = purpose.treeHash;
  retrievals.apply(retrieval.id, { kind: 'ready', outputEndsAt, treeHash, at: clock.now() });
  return Promise.resolve(null);
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
