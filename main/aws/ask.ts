import type { Failure } from '../../shared/failure.ts';
import { type Result, fail } from '../../shared/result.ts';
import { SECOND, formatDuration } from '../../shared/units.ts';

/** Whoever waits for an answer before anything else can happen does not wait longer. */
const PATIENCE_MS = 30 * SECOND;

export type AskOptions = {
  patienceMs?: number;
  /** Nobody waits for the answer any more: it counts as one that did not come in time. */
  signal?: AbortSignal;
};

/**
 * Asks a service something that somebody waits for, and once more when the first answer taught the right time. A service that
 * takes the connection and never answers is `timed-out`, which says who does not answer and since when.
 */
export async function ask<S extends { host: string }, T, F extends { kind: string }>(
  service: S,
  question: (service: S, signal: AbortSignal) => Promise<Result<T, F>>,
  options: AskOptions = {},
): Promise<Result<T, F | Failure>> {
  const first = await askOnce(service, question, options);
  return !first.ok && first.failure.kind === 'clock-wrong' ? askOnce(service, question, options) : first;
}

async function askOnce<S extends { host: string }, T, F extends { kind: string }>(
  service: S,
  question: (service: S, signal: AbortSignal) => Promise<Result<T, F>>,
  { patienceMs = PATIENCE_MS, signal: outer }: AskOptions,
): Promise<Result<T, F | Failure>> {
  const askedAt = Date.now();
  const late = AbortSignal.timeout(patienceMs);
  const signal = outer ? AbortSignal.any([late, outer]) : late;
  try {
    return await question(service, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return fail(unanswered(service.host, askedAt));
  }
}

/** Nothing has come from the host since it was asked. */
function unanswered(host: string, askedAt: number, now = Date.now()): Failure {
  const time = new Date(askedAt).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return { kind: 'timed-out', detail: `${host} has not answered since ${time}, for ${formatDuration(now - askedAt)}` };
}
