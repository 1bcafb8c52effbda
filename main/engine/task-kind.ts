import type { Hold, HoldEvent } from '../../shared/hold.ts';
import type { NewTask, TaskState } from './task.ts';
import type { WaitKey } from '../../shared/wait.ts';

/** Milliseconds since 1970: when it happened. */
export type At = { at: number };
export type KindEvent = { kind: string };
export type TaskEvent<E extends KindEvent> = At & (E | HoldEvent | { kind: 'cancelled' });

type PhaseOf<S extends TaskState, K> = Extract<S['phase'], { kind: K }>;

/** In which column each field of a state stands. A field that is forgotten does not compile. */
export type StateColumns<S extends TaskState> = {
  facts: { [F in Exclude<keyof S, 'phase'>]: string };
  phases: { [K in S['phase']['kind']]: { [F in Exclude<keyof PhaseOf<S, K>, 'kind'>]: string } };
};

/**
 * A kind of durable work as data and pure functions: all that the store must know to keep its tasks, and the scheduler to
 * place them. Methods, not function properties, so that kinds of different states fit into one registry.
 */
export interface TaskKind<S extends TaskState = TaskState, E extends KindEvent = KindEvent> {
  /** Also of its own table, which has `task_id`, `kind`, `phase` and the columns below; none is named as one of `task`. */
  readonly name: string;
  /** Fields of a state are numbers, strings or null. */
  readonly columns: StateColumns<S>;

  /** The state after an event; null when the event cannot happen in this phase. Total and pure. Also asked of what is over. */
  transition(state: S, event: E & At): S | null;
  /** Where the user's "cancel" leads; null when it cannot be had now. */
  cancel(state: S, hold: Hold | null): S | null;
  /** Whether "pause" is an answer the task can take now; by default it always is. */
  mayPause?(state: S): boolean;
  /** What "resume" does beyond ending the hold, as an event; null for nothing. By default nothing. */
  resume?(state: S, hold: Hold | null): E | null;

  /** Whether pausing and resuming it must be said of this one, as where going on may cost anew: commands about all pass it over. */
  needsOwnWord?(state: S, hold: Hold | null): boolean;

  /** Who it competes with for a place to run; null when it is over. */
  lane(state: S): string | null;
  /** What this phase shares with others, in a fixed order, because equal lists make one group. The account's key is added. */
  waitKeys(state: S, task: Pick<NewTask<S>, 'place'>): readonly WaitKey[];
  /** From when on it may run beside its lane; in a lane that is ordered by it, when it is to be done. Null for never. */
  urgentAt(state: S): number | null;
  /** Whether the pieces that were transferred are worth anything in this phase; else the store drops them. */
  keepsPieces(state: S): boolean;
}
