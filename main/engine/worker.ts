import type { Failure } from '../../shared/failure.ts';
import type { TaskId } from '../../shared/task.ts';

export type StepContext = {
  /** Firn ends: everything stops. */
  signal: AbortSignal;
  /** Paused, cancelled, or Firn ends: long transfers stop, while a request that only asks is heard out. */
  softSignal: AbortSignal;
  /** The step before was made in this very run, so nothing unknown has happened in between. */
  follows: boolean;
  /** To be called in the middle of a long step: what the task shares with others is there. */
  gotThrough: () => void;
};

/** What carries a kind's tasks on. */
export interface Worker {
  /** The kind's name. */
  readonly kind: string;
  /**
   * Takes the task one step further and commits what follows before it returns. Null when that went well; otherwise why not,
   * with the phase as it was. A transient failure is also how a task waits for something.
   * @throws the reason of one of the signals when it is aborted; anything else is a bug.
   */
  step(id: TaskId, context: StepContext): Promise<Failure | null>;
  /** Once, before its tasks run in this life. */
  begin?(): void;
  /** Before each look at what is due: settings, or what a schedule allows, may have changed. */
  look?(): void;
  /** Nothing of the task runs any more, whatever the reason. */
  ended?(id: TaskId): void;
}
