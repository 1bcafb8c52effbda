import { assertNever } from '../../shared/assert.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Hold } from '../../shared/hold.ts';

/** A hold as columns; the CHECKs of each table that has them guarantee which are null together. */
export type HoldColumns = {
  hold: Hold['kind'] | null;
  resume_at: number | null;
  attempt: number | null;
  failure: string | null;
};

const nothing = { resume_at: null, attempt: null, failure: null };

export function holdColumns(hold: Hold | null): HoldColumns {
  switch (hold?.kind) {
    case undefined:
      return { ...nothing, hold: null };
    case 'paused':
      return { ...nothing, hold: 'paused' };
    case 'backoff':
      return { hold: 'backoff', resume_at: hold.until, attempt: hold.attempt, failure: JSON.stringify(hold.failure) };
    case 'failed':
      return { ...nothing, hold: 'failed', failure: JSON.stringify(hold.failure) };
    default:
      return assertNever(hold);
  }
}

export function toHold(row: HoldColumns): Hold | null {
  switch (row.hold) {
    case null:
      return null;
    case 'paused':
      return { kind: 'paused' };
    case 'failed':
      return { kind: 'failed', failure: JSON.parse(present(row.failure)) as Failure };
    case 'backoff':
      return {
        kind: 'backoff',
        until: present(row.resume_at),
        attempt: present(row.attempt),
        failure: JSON.parse(present(row.failure)) as Failure,
      };
    default:
      return assertNever(row.hold);
  }
}

/** What the phase or hold of a row guarantees to be there. */
export function present<T>(value: T | null): T {
  if (value === null) throw new Error('A row lacks a column that its phase needs');
  return value;
}
