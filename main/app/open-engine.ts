import type { AccountId } from '../../shared/account.ts';
import type { TaskId } from '../../shared/task.ts';
import { familyOf } from '../../shared/wait.ts';
import type { Clock } from '../engine/clock.ts';
import type { RunLoopPorts } from '../engine/run-loop.ts';
import { Runner } from '../engine/runner.ts';
import { TaskCommands } from '../engine/task-commands.ts';
import { trial } from '../engine/trial.ts';
import { Waits, type Watchers } from '../engine/waits.ts';
import { BulkStore } from '../store/tasks/bulk-store.ts';
import type { Db } from '../store/database.ts';
import { SqliteTaskQueue } from '../store/tasks/task-queue.ts';
import { TaskStore } from '../store/tasks/task-store.ts';
import { taskKinds } from './task-kinds.ts';

/** The durable tasks, and what they wait for together. */
export type KeptTasks = {
  tasks: TaskStore;
  queue: SqliteTaskQueue;
  waits: Waits;
  /** Rooms say here who probes the keys of a family. */
  watchers: Watchers;
};

/** `runner`: a room gives its kind a worker and lanes by `employ`. `commands`: what people want of tasks. */
export type Engine = KeptTasks & { runner: Runner; commands: TaskCommands };

export function keepTasks(db: Db, { clock, log }: { clock: Clock; log: RunLoopPorts['log'] }): KeptTasks {
  const tasks = new TaskStore(db, taskKinds);
  const queue = new SqliteTaskQueue(db, tasks);
  const watchers: Watchers = new Map();
  const waits = new Waits({
    clock,
    watcher: (key, failure) => watchers.get(familyOf(key))?.(key, failure) ?? null,
    isNeeded: (key) => queue.isNeeded(key),
    log,
  });
  return { tasks, queue, waits, watchers };
}

type World = {
  db: Db;
  loop: RunLoopPorts;
  random: () => number;
  /** How long after a change an inventory of the account's vaults shows it. */
  inventoryLagMs: (accountId: AccountId) => number;
};

/** Builds what runs tasks of all kinds. */
export function openEngine(kept: KeptTasks, { db, loop, random, inventoryLagMs }: World): Engine {
  const { tasks, queue, waits, watchers } = kept;
  const runner = new Runner({ ...loop, queue, waits, random, inventoryLagMs });
  const lanes = (): string[] => runner.openLanes();
  const running = (): TaskId[] => runner.running();
  // A service that could not be reached is tried by a task; credentials that were refused are for a person to mend.
  watchers.set('account', (key, failure) =>
    failure.kind === 'offline'
      ? trial(key, failure, { queue, waits, clock: loop.clock, random, running, lanes })
      : null,
  );
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const commands = new TaskCommands({ queue: new BulkStore(db, tasks), runner, clock: loop.clock, turn });
  return { ...kept, runner, commands };
}
