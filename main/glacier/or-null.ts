import { type Result, ok } from '../../shared/result.ts';

/** For things that a vault may have or not: `not-found` is an answer, too. */
export function orNull<T>(result: Result<T>): Result<T | null> {
  return !result.ok && result.failure.kind === 'not-found' ? ok(null) : result;
}
