import type { Failure } from '../../shared/failure.ts';
import type { Result } from '../../shared/result.ts';
import type { Handlers } from '../commands/answer.ts';

export type Served = { handlers: Handlers; failureOf: (error: unknown) => Failure };

/** The window is there before the records are open: what it asks for meanwhile waits for this. */
export class Opening {
  #resolve: (opened: Result<Served>) => void = () => undefined;
  readonly done = new Promise<Result<Served>>((resolve) => (this.#resolve = resolve));

  end(opened: Result<Served>): void {
    this.#resolve(opened);
  }
}
