import type { Failure } from '../../../shared/failure.ts';
import { type ByteRange, rangeLength } from '../../../shared/part-plan.ts';
import { describeLimit, limitProblem, LIMIT_MONTH_MS } from '../../../shared/retrieval-limits.ts';
import type { Asked } from '../../../shared/retrieval.ts';
import { DAY, SECOND } from '../../../shared/units.ts';
import { mayHaveHappened } from '../../uploads/steps/context.ts';
import { adoptJob } from './adopt.ts';
import { type Outcome, type RetrievalContext, placeOf } from './context.ts';
import { bytesOf, inArchive, missingRanges, uncovered, within } from '../missing.ts';
import type { Retrieval } from '../ports.ts';
import { nextPortion } from '../portions.ts';
import { targetProblem } from '../target.ts';

/** A request whose answer was lost may still arrive, and be listed, for this long. */
const AFTERLIFE_MS = 60 * SECOND;

/**
 * queued → requested: asks for as much of what is missing as the line can fetch in time, one request after the other. Each
 * intent is committed first, because asking twice is paid for twice.
 */
export async function askForJob(retrieval: Retrieval, asked: Asked | null, context: RetrievalContext): Outcome {
  if (asked !== null) return settleRequest(retrieval, asked, context);
  if (isHeldByLine(retrieval, context)) return { kind: 'line-busy' };
  const release = await context.turns.take(context.softSignal);
  let next: Next;
  try {
    next = await makeReady(retrieval, context);
  } finally {
    release();
  }
  return next.kind === 'ask' ? request(retrieval, next.asked, context) : next.outcome;
}

/** Whether what was asked for keeps the line busy: then nothing more is asked for, or small archives would overtake large ones for ever. */
function isHeldByLine({ id }: Retrieval, { line, retrievals }: RetrievalContext): boolean {
  return line.isFull() && retrievals.jobs(id).every(({ hasEnded }) => hasEnded);
}

type Next = { kind: 'ask'; asked: Asked } | { kind: 'end'; outcome: Failure | null };

/** Commits the intent to ask, unless there is a reason not to. */
async function makeReady(retrieval: Retrieval, context: RetrievalContext): Promise<Next> {
  const problem = (await targetProblem(retrieval, context)) ?? (await adoptJob(retrieval, context));
  if (problem === 'adopted') return { kind: 'end', outcome: null };
  if (problem !== 'none') return { kind: 'end', outcome: problem };
  const portion = plan(retrieval, context);
  const refusal = portion.kind === 'ask' ? limitFailure(retrieval, portion.range, context) : portion.refusal;
  if (portion.kind === 'ask' && refusal === null)
    return { kind: 'ask', asked: commit(retrieval, portion.range, context) };
  if (!portion.hasBegun) return { kind: 'end', outcome: refusal };
  // What was asked for must not wait for the rest: its outputs end.
  context.retrievals.apply(retrieval.id, { kind: 'all-asked', at: context.clock.now() });
  return { kind: 'end', outcome: null };
}

type Plan = { hasBegun: boolean } & ({ kind: 'ask'; range: ByteRange } | { kind: 'end'; refusal: Failure | null });

/** The bytes of the archive to ask for next. What Glacier has prepared once already is not asked for again without a word. */
function plan(retrieval: Retrieval, { retrievals, line, costOf }: RetrievalContext): Plan {
  const jobs = retrievals.jobs(retrieval.id);
  const missing = missingRanges(retrieval, retrievals);
  const open = uncovered(retrieval, missing, jobs);
  const hasBegun = open.length < missing.length;
  const ended = jobs.filter(({ hasEnded }) => hasEnded).flatMap((job) => within(retrieval, open, job));
  if (ended.length > 0) {
    const bytes = bytesOf(ended);
    return { kind: 'end', hasBegun, refusal: { kind: 'output-ended', bytes, cost: costOf(retrieval, bytes) } };
  }
  const portion = nextPortion(retrieval, open, { capacity: line.capacity(), room: line.room(), hasBegun });
  if (portion) return { kind: 'ask', hasBegun, range: inArchive(retrieval, portion) };
  return { kind: 'end', hasBegun, refusal: { kind: 'line-busy' } };
}

function commit({ id, tier, ...retrieval }: Retrieval, range: ByteRange, context: RetrievalContext): Asked {
  const at = context.clock.now();
  const cost = context.costOf({ ...retrieval, id, tier }, rangeLength(range));
  context.retrievals.apply(id, { kind: 'asked', tier, cost, ...range, at });
  return { ...range, at };
}

async function request(retrieval: Retrieval, asked: Asked, context: RetrievalContext): Outcome {
  const { retrievals, clock, service, signal } = context;
  const { id, vault, archiveId, tier, archiveSize } = retrieval;
  const { at, ...range } = asked;
  const description = jobDescription(retrieval, asked);
  const part = rangeLength(range) === archiveSize ? {} : { range };
  const answer = await service.requestArchive({ vault, archiveId, tier, description, ...part }, signal);
  if (answer.ok) {
    const { jobId } = answer.value;
    retrievals.apply(id, { kind: 'requested', jobId, adopted: false, ...range, at: clock.now() });
    const begun = { jobId, description, archiveId, tier, range: 'range' in part ? range : null };
    context.jobs.began(placeOf(retrieval, context), begun);
    return null;
  }
  if (!mayHaveHappened(answer.failure)) retrievals.apply(id, { kind: 'request-settled', at: clock.now() });
  return answer.failure;
}

/** Nothing overtakes one that waits for a limit, or the largest would wait for ever. */
function limitFailure(retrieval: Retrieval, range: ByteRange, context: RetrievalContext): Failure | null {
  const { retrievals, limits, clock, costOf } = context;
  const now = clock.now();
  const bytes = rangeLength(range);
  const wanted = { bytes, cost: costOf(retrieval, bytes) };
  if (isWithin(wanted, context)) return context.limitWait();
  const made = retrievals.requestsSince(now - LIMIT_MONTH_MS);
  const problem = limitProblem(wanted, made, limits(), now);
  if (problem?.until === null) return { kind: 'above-retrieval-limit', limit: describeLimit(problem) };
  if (problem) return { kind: 'retrieval-limit', limit: describeLimit(problem), until: problem.until };
  return context.limitWait();
}

/** By the sums alone: where that is so, nobody need go through all requests of a month. */
function isWithin(wanted: { bytes: number; cost: number }, { retrievals, limits, clock }: RetrievalContext): boolean {
  const { bytesPerDay, costPerDay, bytesPerMonth, costPerMonth } = limits();
  const fits = (windowMs: number, bytes: number | null, cost: number | null): boolean => {
    if (bytes === null && cost === null) return true;
    const made = retrievals.requestedSince(clock.now() - windowMs);
    return made.bytes + wanted.bytes <= (bytes ?? Infinity) && made.cost + wanted.cost <= (cost ?? Infinity);
  };
  return fits(DAY, bytesPerDay, costPerDay) && fits(LIMIT_MONTH_MS, bytesPerMonth, costPerMonth);
}

/** Finds out whether the unanswered request has made a job: its description names the retrieval and the moment. */
async function settleRequest(retrieval: Retrieval, asked: Asked, context: RetrievalContext): Outcome {
  const { retrievals, clock } = context;
  const listed = await context.jobs.list(placeOf(retrieval, context), 0, context.signal);
  if (!listed.ok) return listed.failure;
  const description = jobDescription(retrieval, asked);
  const job = listed.value.all.find((one) => one.description === description);
  const { first, last, at } = asked;
  if (job) {
    const { jobId } = job;
    retrievals.apply(retrieval.id, { kind: 'requested', jobId, adopted: false, first, last, at: clock.now() });
    return null;
  }
  const age = clock.now() - at;
  if (age >= 0 && age < AFTERLIFE_MS) return { kind: 'request-unanswered', lookInMs: AFTERLIFE_MS - age };
  retrievals.apply(retrieval.id, { kind: 'request-settled', at: clock.now() });
  return null;
}

function jobDescription({ id }: Retrieval, { at, first }: Asked): string {
  return `Firn retrieval ${id} ${at} ${first}`;
}
