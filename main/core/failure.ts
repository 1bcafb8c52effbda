import { errorText } from '../../shared/error-text.ts';
import { type Failure, titleOf } from '../../shared/failure.ts';
import type { Result } from '../../shared/result.ts';

/** Carries a failure through code that cannot return one. */
export class FailureError extends Error {
  override name = 'FailureError';
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(titleOf(failure), options);
    this.failure = failure;
  }
}

/** For those whose caller turns what is thrown back into data. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new FailureError(result.failure);
  return result.value;
}

/** What a thrown error means for a person; anything but a FailureError is a bug of ours. */
export function toFailure(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  return { kind: 'unexpected', detail: errorText(error) };
}
