import type { AccountId } from '../../shared/account.ts';
import type { Hold } from '../../shared/hold.ts';
import type { TaskId } from '../../shared/task.ts';
import type { WaitKey } from '../../shared/wait.ts';

/** What a kind alone knows of its task. The other fields of the phase are only those that it has in that phase. */
export type TaskState = { phase: { kind: string } };

/** Where archives are. */
export type TaskPlace = { accountId: AccountId; vault: string };

/** What all kinds have. Sizes in bytes, times in milliseconds since 1970. */
export type TaskHead = {
  id: TaskId;
  kind: string;
  /** Null: work on this computer alone. */
  place: TaskPlace | null;
  /** Grows along the queue of the kind, with gaps. */
  position: number;
  addedAt: number;
  /** Null while the task is open. */
  endedAt: number | null;
  phase: string;
  /** Null when the task is over. */
  lane: string | null;
  /** All that its present phase needs and shares with others. */
  waitKeys: readonly WaitKey[];
  hold: Hold | null;
  doneBytes: number;
  totalBytes: number;
};

export type Task<S extends TaskState = TaskState> = TaskHead & { state: S };

/** Of a kind that always has a place. */
export type PlacedTask<S extends TaskState> = Task<S> & { place: TaskPlace };

export type NewTask<S extends TaskState> = {
  /** When something refers to it before it is added; else it gets one. */
  id?: TaskId;
  place: TaskPlace | null;
  totalBytes: number;
  state: S;
};
