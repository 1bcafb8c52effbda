import { type Failure, explainInOneLine } from '../../shared/failure.ts';

/** Carries a failure through code that cannot return one. */
export class FailureError extends Error {
  override name = 'FailureError';
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(explainInOneLine(failure), options);
    this.failure = failure;
  }
}

/** What a thrown error means for a person; anything but a FailureError is a bug of ours. */
export function toFailure(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  return { kind: 'unexpected', detail: error instanceof Error ? error.message : String(error) };
}

export function isAbort(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'));
}
