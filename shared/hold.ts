import { assertNever } from './assert.ts';
import type { Failure } from './failure.ts';

/** Why nothing is running now. Orthogonal to the phase, so that resuming needs no memory. */
export type Hold =
  | { kind: 'paused' }
  | { kind: 'backoff'; until: number; attempt: number; failure: Failure }
  | { kind: 'failed'; failure: Failure };

/** What moves the hold and leaves the phase as it is. */
export type HoldEvent =
  | { kind: 'attempt-failed'; failure: Failure; retryAt: number; attempt: number }
  /** A request succeeded, so the wait starts small again. */
  | { kind: 'recovered' }
  | { kind: 'rejected'; failure: Failure }
  /** `by`: who did it, when it was not the user. */
  | { kind: 'paused'; by?: 'recovery' }
  /** Ends a pause, a wait, or a failure. */
  | { kind: 'resumed' };

const holdKinds: ReadonlySet<string> = new Set<HoldEvent['kind']>([
  'attempt-failed',
  'recovered',
  'rejected',
  'paused',
  'resumed',
]);

export function isHoldEvent<E extends { kind: string }>(event: E): event is Extract<E, HoldEvent> {
  return holdKinds.has(event.kind);
}

export function holdAfter(hold: Hold | null, event: HoldEvent): Hold | null {
  switch (event.kind) {
    case 'attempt-failed':
      return { kind: 'backoff', until: event.retryAt, attempt: event.attempt, failure: event.failure };
    case 'rejected':
      return { kind: 'failed', failure: event.failure };
    case 'recovered':
      return withoutWait(hold);
    case 'paused':
      return { kind: 'paused' };
    case 'resumed':
      return null;
    default:
      return assertNever(event);
  }
}

/** What was waited for is there. */
function withoutWait(hold: Hold | null): Hold | null {
  return hold?.kind === 'backoff' ? null : hold;
}
