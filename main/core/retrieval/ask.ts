import { join } from 'node:path';
import type { Failure } from '../../../shared/failure.ts';
import { describeLimit, limitProblem, LIMIT_MONTH_MS } from '../../../shared/retrieval-limits.ts';
import { HOUR, SECOND } from '../../../shared/units.ts';
import type { Job } from '../archive-service.ts';
import { mayHaveHappened } from '../steps/context.ts';
import type { Outcome, RetrievalContext } from './context.ts';
import type { Retrieval } from './ports.ts';

/** Glacier keeps the output of a job, and its ID, for at least so long (developer guide, "Downloading an archive"). */
export const OUTPUT_LIFE_MS = 24 * HOUR;
/** An output that ends sooner is not worth beginning with. */
const WORTH_IT_MS = 1 * HOUR;
/** A list of jobs this old still serves to find one that was there before. */
const LIST_AGE_MS = 30 * SECOND;
/** A request whose answer was lost may still arrive, and be listed, for this long. */
const AFTERLIFE_MS = 60 * SECOND;

/** queued → requested. The intent is committed first, because asking twice is paid for twice. */
export async function askForJob(retrieval: Retrieval, askedAt: number | null, context: RetrievalContext): Outcome {
  if (askedAt !== null) return settleRequest(retrieval, askedAt, context);
  const release = await context.turns.take(context.softSignal);
  let next: Next;
  try {
    next = await makeReady(retrieval, context);
  } finally {
    release();
  }
  return next.kind === 'ask' ? request(retrieval, next.askedAt, context) : next.outcome;
}

type Next = { kind: 'ask'; askedAt: number } | { kind: 'end'; outcome: Failure | null };

/** Commits the intent to ask, unless there is a reason not to. */
async function makeReady(retrieval: Retrieval, context: RetrievalContext): Promise<Next> {
  const { retrievals, clock } = context;
  const problem = (await targetProblem(retrieval, context)) ?? (await adoptJob(retrieval, context));
  if (problem !== 'none') return { kind: 'end', outcome: problem === 'adopted' ? null : problem };
  const askedAt = clock.now();
  const cost = context.costOf(retrieval);
  const limited = limitFailure(retrieval, cost, askedAt, context);
  if (limited) return { kind: 'end', outcome: limited };
  const { id, tier, size } = retrieval;
  retrievals.apply(id, { kind: 'asked', tier, bytes: size, cost, at: askedAt });
  return { kind: 'ask', askedAt };
}

/** Whether there is anywhere to put the file: outputs do not wait for drives. */
async function targetProblem({ folder, relativePath, onExisting }: Retrieval, { files }: RetrievalContext): Outcome {
  const there = await files.folder(folder);
  if (!there.ok) return there.failure;
  const path = join(folder, relativePath);
  return onExisting === 'ask' && (await files.exists(path)) ? { kind: 'target-exists', path } : null;
}

/** A job that is there already, whoever asked for it, costs nothing more. */
async function adoptJob(retrieval: Retrieval, context: RetrievalContext): Promise<Failure | 'adopted' | 'none'> {
  const { retrievals, clock, service } = context;
  const listed = await context.jobs.list(placeOf(retrieval, context), LIST_AGE_MS, context.signal);
  // Who may retrieve but not list jobs asks for each.
  if (!listed.ok) return listed.failure.kind === 'access-denied' ? 'none' : listed.failure;
  const job = listed.value.find((one) => isUseful(one, retrieval, service.now()));
  if (!job) return 'none';
  retrievals.apply(retrieval.id, { kind: 'requested', jobId: job.jobId, adopted: true, at: clock.now() });
  return 'adopted';
}

function isUseful({ purpose, status, completedAt }: Job, { archiveId, range, tier }: Retrieval, now: number): boolean {
  if (purpose.kind !== 'archive' || purpose.archiveId !== archiveId) return false;
  if (purpose.range?.first !== range.first || purpose.range.last !== range.last) return false;
  if (status === 'in-progress') return purpose.tier === tier;
  return status === 'succeeded' && (completedAt ?? 0) + OUTPUT_LIFE_MS - now > WORTH_IT_MS;
}

async function request(retrieval: Retrieval, askedAt: number, context: RetrievalContext): Outcome {
  const { retrievals, clock, service, signal } = context;
  const { id, vault, archiveId, tier, range, size, archiveSize } = retrieval;
  const description = jobDescription(retrieval, askedAt);
  const part = size === archiveSize ? {} : { range };
  const answer = await service.requestArchive({ vault, archiveId, tier, description, ...part }, signal);
  if (answer.ok) {
    retrievals.apply(id, { kind: 'requested', jobId: answer.value.jobId, adopted: false, at: clock.now() });
    return null;
  }
  if (!mayHaveHappened(answer.failure)) retrievals.apply(id, { kind: 'request-settled', at: clock.now() });
  return answer.failure;
}

/** Nothing overtakes one that waits for a limit, or the largest would wait for ever. */
function limitFailure(
  { size, position }: Retrieval,
  cost: number,
  now: number,
  { retrievals, limits }: RetrievalContext,
): Failure | null {
  const made = retrievals.requestsSince(now - LIMIT_MONTH_MS);
  const problem = limitProblem({ bytes: size, cost }, made, limits(), now);
  if (problem?.until === null) return { kind: 'above-retrieval-limit', limit: describeLimit(problem) };
  if (problem) return { kind: 'retrieval-limit', limit: describeLimit(problem), until: problem.until };
  const first = retrievals.limitBefore(position);
  return first ? { ...first, kind: 'retrieval-limit' } : null;
}

/** Finds out whether the unanswered request has made a job: its description names the retrieval and the moment. */
async function settleRequest(retrieval: Retrieval, askedAt: number, context: RetrievalContext): Outcome {
  const { retrievals, clock } = context;
  const listed = await context.jobs.list(placeOf(retrieval, context), 0, context.signal);
  if (!listed.ok) return listed.failure;
  const description = jobDescription(retrieval, askedAt);
  const job = listed.value.find((one) => one.description === description);
  if (job) {
    retrievals.apply(retrieval.id, { kind: 'requested', jobId: job.jobId, adopted: false, at: clock.now() });
    return null;
  }
  const age = clock.now() - askedAt;
  if (age >= 0 && age < AFTERLIFE_MS) return { kind: 'request-unanswered', lookInMs: AFTERLIFE_MS - age };
  retrievals.apply(retrieval.id, { kind: 'request-settled', at: clock.now() });
  return null;
}

function jobDescription({ id }: Retrieval, askedAt: number): string {
  return `Firn retrieval ${id} ${askedAt}`;
}

export function placeOf({ accountId, vault }: Retrieval, { service }: RetrievalContext) {
  return { service, accountId, vault };
}
