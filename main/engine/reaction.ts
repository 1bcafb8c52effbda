import { type Failure, isAccountFailure } from '../../shared/failure.ts';
import type { HoldEvent } from '../../shared/hold.ts';
import { afterFailure } from './backoff.ts';
import type { At } from './task-kind.ts';
import { type WaitFamily, type WaitKey, isOf } from '../../shared/wait.ts';

export type Reaction =
  /** All that need the key wait together: no row is written. */
  | { kind: 'wait'; key: WaitKey }
  /** The task alone: it tries again by itself, or somebody has to act. */
  | { kind: 'hold'; event: HoldEvent & At };

type Attempt = Parameters<typeof afterFailure>[1];

/**
 * What is done about a failure: the only place that knows. What others wait for as well closes the key of it that the task
 * names; a task that names none would run again at once, so it waits by itself.
 */
export function reactionTo(failure: Failure, waitKeys: readonly WaitKey[], attempt: Attempt): Reaction {
  const family = sharedBy(failure);
  const key = family && waitKeys.find((one) => isOf(family, one));
  return key ? { kind: 'wait', key } : { kind: 'hold', event: afterFailure(failure, attempt) };
}

/** What is missing for others, too; null when the failure is this task's alone. */
function sharedBy(failure: Failure): WaitFamily | null {
  if (isAccountFailure(failure)) return 'account';
  switch (failure.kind) {
    case 'offline':
      return 'account';
    case 'drive-missing':
      return 'drive';
    case 'target-missing':
      return 'target';
    case 'awaiting-job':
      return 'jobs';
    case 'inventory-under-way':
      return 'inventory';
    case 'retrieval-limit':
      return 'limit';
    case 'retrieval-policy':
    case 'no-capacity':
      return 'policy';
    case 'line-busy':
      return 'line';
    default:
      return null;
  }
}
