import type { HoldEvent } from '../../shared/hold.ts';
import type { TaskId } from '../../shared/task.ts';
import type { At } from './task-kind.ts';
import type { TaskHead } from './task.ts';
import type { WaitKey } from '../../shared/wait.ts';

/** Says of the keys of a group of tasks whether all of them are open. */
export type Admits = (keys: readonly WaitKey[]) => boolean;

/** What the scheduler asks of the tasks, whatever their kind. Nothing here grows with the length of the queue. */
export interface TaskQueue {
  head(id: TaskId): TaskHead | null;
  /** What may run at `now`, in the order of the queue: neither held nor over, and of a group that is admitted. */
  due(lanes: readonly string[], now: number, limit: number, admits: Admits): TaskId[];
  /** Those of the lanes whose `urgentAt` is not after `until`, the most urgent first. */
  urgent(lanes: readonly string[], now: number, limit: number, admits: Admits, until?: number): TaskId[];
  /** When the next back-off ends or the next task becomes urgent after `now`; null when nothing comes by time alone. */
  nextDue(now: number): number | null;
  /** Whether any task is open and not paused or failed. */
  hasWaiting(): boolean;
  /** Whether any task that is neither held nor over needs the key. */
  isNeeded(key: WaitKey): boolean;
  /** Moves the hold and leaves the phase; committed when it returns. Does nothing when the task is over or gone. */
  hold(id: TaskId, event: HoldEvent & At): void;
}

/** Which tasks a command of the user is about. */
export type TaskSelection = { kind: 'all'; of: string } | { kind: 'tasks'; ids: readonly TaskId[] };

export type BulkCommand =
  | { kind: 'pause' | 'resume' | 'cancel' | 'clear'; selection: TaskSelection }
  /** Puts the tasks, in this order, before another one, or last when that is null. */
  | { kind: 'move'; ids: readonly TaskId[]; before: TaskId | null };

export type BulkId = number & { readonly __brand: 'BulkId' };

/** How a command went: so many tasks took it, and these could not (the first ones; the rest is counted). */
export type BulkOutcome = { taken: number; refused: readonly TaskId[] };

/** Commands about many tasks. Each is committed as an intent, then carried out in slices, and goes on after a crash. */
export interface BulkQueue {
  begin(command: BulkCommand, now: number): BulkId;
  /** What was begun and not ended, oldest first. */
  unfinished(): { id: BulkId; command: BulkCommand }[];
  /** One transaction of about `budgetMs`. `done`: nothing of the command is left. */
  slice(id: BulkId, now: number, budgetMs: number): { done: boolean } & BulkOutcome;
}
