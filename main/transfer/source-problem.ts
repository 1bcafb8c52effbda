import type { Failure } from '../../shared/failure.ts';

/** Carries why a source cannot be sent out of the reading of it. */
export class SourceProblem extends Error {
  override name = 'SourceProblem';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.kind);
    this.failure = failure;
  }
}
