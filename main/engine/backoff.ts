import { type Failure, isTransient } from '../../shared/failure.ts';
import type { HoldEvent } from '../../shared/hold.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/units.ts';

const FIRST_WAIT_MS = 1 * SECOND;
export const LONGEST_JITTERED_MS = 1 * MINUTE;
/** No wait is longer, whatever the service says. */
export const LONGEST_WAIT_MS = 1 * HOUR;
/** A drive that is plugged in again should be noticed soon, but looking for thousands of files must leave time for others. */
const SOURCE_LOOK_MS = 5 * SECOND;
const LONGEST_SOURCE_LOOK_MS = 30 * SECOND;
/** Room within the user's limits, or the account's policy, comes with the hours. */
const LIMIT_LOOK_MS = 15 * MINUTE;
const LINE_LOOK_MS = 1 * MINUTE;
const DISK_LOOK_MS = 15 * SECOND;
/** A clock that was just measured needs no wait: the next request is signed with the right time. */
const CLOCK_WAIT_MS = 50;

/** A drive that is only loose answers within this many looks, some five minutes; a bad sector never does. */
const DRIVE_FAULTS = 30;

/** `before`: what the last attempt failed with, when nothing has succeeded since. */
type Attempt = {
  attempt: number;
  before: Failure | null;
  now: number;
  random: () => number;
  inventoryLagMs: number;
};

/** What a failed attempt means: it is made again later, or waits for the user. */
export function afterFailure(
  told: Failure,
  { attempt, before, now: at, random, inventoryLagMs }: Attempt,
): Extract<HoldEvent, { kind: 'attempt-failed' | 'rejected' }> & { at: number } {
  const failure = withFaultsCounted(told, before);
  if (!isTransient(failure)) return { kind: 'rejected', failure, at };
  const retryAt = at + backoffMs(failure, attempt, random, inventoryLagMs);
  return { kind: 'attempt-failed', failure, retryAt, attempt, at };
}

/** A fault of the drive that stays is told as what only the user can mend. */
function withFaultsCounted(failure: Failure, before: Failure | null): Failure {
  if (!isDriveFault(failure)) return failure;
  const faults = (before && isDriveFault(before) ? (before.faults ?? 1) : 0) + 1;
  if (faults < DRIVE_FAULTS) return { ...failure, faults };
  return { kind: 'file-unreadable', path: failure.path, cause: 'drive-fault', detail: '' };
}

function isDriveFault(failure: Failure): failure is Extract<Failure, { kind: 'file-unavailable' }> {
  return failure.kind === 'file-unavailable' && failure.cause === 'drive';
}

/**
 * How long to wait before attempt `attempt + 1`, in milliseconds. Exponential with full jitter, so that many uploads
 * do not return at once, but never less than what the service asked for, up to an hour.
 */
export function backoffMs(failure: Failure, attempt: number, random: () => number, inventoryLagMs: number): number {
  switch (failure.kind) {
    case 'source-missing':
    case 'drive-missing':
    case 'file-unavailable':
    case 'target-missing':
      return Math.min(LONGEST_SOURCE_LOOK_MS, SOURCE_LOOK_MS * Math.ceil(attempt / 12));
    case 'awaiting-job':
    case 'request-unanswered':
    case 'no-inventory-yet':
    case 'inventory-under-way':
      return failure.lookInMs;
    case 'retrieval-limit':
    case 'retrieval-policy':
      return LIMIT_LOOK_MS;
    case 'line-busy':
      return LINE_LOOK_MS;
    case 'target-full':
    case 'disk-full':
      return DISK_LOOK_MS;
    case 'awaiting-inventory':
      return Math.min(15 * MINUTE, Math.max(SECOND, inventoryLagMs / 100));
    case 'vault-not-yet-empty':
      return Math.min(LONGEST_WAIT_MS, Math.max(SECOND, inventoryLagMs / 48));
    case 'multipart-lost':
      return jittered(failure.times, random);
    case 'clock-wrong':
      return attempt === 1 ? CLOCK_WAIT_MS : jittered(attempt, random);
    case 'throttled':
      return Math.min(LONGEST_WAIT_MS, Math.max(failure.retryAfterMs ?? 0, jittered(attempt, random)));
    default:
      return jittered(attempt, random);
  }
}

/** Whether a wait until then is over. One that is longer than any was begun by a clock that has been set back since. */
export function isWaitOver(until: number, now: number): boolean {
  return until <= now || until > now + LONGEST_WAIT_MS;
}

function jittered(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_JITTERED_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 30));
  return Math.ceil(random() * ceiling);
}
