import { assertNever } from './assert.ts';
import { titleOf } from './failure.ts';
import type { HoldEvent } from './hold.ts';

/** What moved a hold, in words that are the same for everything that can be held. */
export function describeHoldEvent(event: Exclude<HoldEvent, { kind: 'attempt-failed' }>): string {
  switch (event.kind) {
    case 'recovered':
      return 'Back to normal';
    case 'rejected':
      return `Stopped, because it needs you: ${titleOf(event.failure)}`;
    case 'paused':
      return event.by === 'recovery' ? 'Paused, because the records were restored from a backup' : 'Paused by you';
    case 'resumed':
      return 'Resumed';
    default:
      return assertNever(event);
  }
}
