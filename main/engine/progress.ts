import { type Hold, holdAfter, isHoldEvent } from '../../shared/hold.ts';
import type { At, KindEvent, TaskEvent, TaskKind } from './task-kind.ts';
import type { TaskState } from './task.ts';

/** A bug of the step, or the answer to a request that came too late for the phase. */
export class IllegalTransition extends Error {
  override name = 'IllegalTransition';
  constructor(kind: string, phase: string, event: string) {
    super(`${event} of ${kind} in phase ${phase}`);
  }
}

export type Progress<S extends TaskState> = { state: S; hold: Hold | null };

/**
 * What an event makes of any task. Phase and hold are independent, except that nothing holds what is over or cancelled.
 * @throws IllegalTransition when the event cannot happen in this phase.
 */
export function progressAfter<S extends TaskState, E extends KindEvent>(
  kind: TaskKind<S, E>,
  { state, hold }: Progress<S>,
  event: TaskEvent<E>,
): Progress<S> {
  const next = nextProgress(kind, { state, hold }, event);
  if (!next) throw new IllegalTransition(kind.name, state.phase.kind, event.kind);
  return isOver(kind, next.state) ? { ...next, hold: null } : next;
}

/** Whether "cancel" is an answer the task can take now. */
export function canCancel<S extends TaskState>(kind: TaskKind<S>, { state, hold }: Progress<S>): boolean {
  return !isOver(kind, state) && kind.cancel(state, hold) !== null;
}

function nextProgress<S extends TaskState, E extends KindEvent>(
  kind: TaskKind<S, E>,
  { state, hold }: Progress<S>,
  event: TaskEvent<E>,
): Progress<S> | null {
  if (isHoldEvent(event)) return isOver(kind, state) ? null : { state, hold: holdAfter(hold, event) };
  if (event.kind !== 'cancelled') {
    const next = kind.transition(state, event as E & At);
    return next && { state: next, hold };
  }
  const next = isOver(kind, state) ? null : kind.cancel(state, hold);
  return next && { state: next, hold: null };
}

function isOver<S extends TaskState, E extends KindEvent>(kind: TaskKind<S, E>, state: S): boolean {
  return kind.lane(state) === null;
}
