import { type LaneRule, Runner, type RunnerPorts } from '../../../main/engine/runner.ts';
import { DiskWatch } from '../../../main/engine/disk-watch.ts';
import { Sleep } from '../../../main/engine/sleep.ts';
import { TaskCommands } from '../../../main/engine/task-commands.ts';
import { trial } from '../../../main/engine/trial.ts';
import type { WaitKey } from '../../../shared/wait.ts';
import { type Watcher, Waits } from '../../../main/engine/waits.ts';
import type { Worker } from '../../../main/engine/worker.ts';
import { type Db, isDatabaseDamaged, isDiskFull, openDatabase } from '../../../main/store/database.ts';
import { BulkStore } from '../../../main/store/tasks/bulk-store.ts';
import { SqliteTaskQueue } from '../../../main/store/tasks/task-queue.ts';
import { TaskStore } from '../../../main/store/tasks/task-store.ts';
import type { Failure } from '../../../shared/failure.ts';
import type { TaskId } from '../../../shared/task.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { LANES, type Parcel, newParcel, parcelKind, parcelSchema } from './parcel.ts';

export function openParcels(file = ':memory:'): { db: Db; tasks: TaskStore } {
  const db = openDatabase(file);
  const isThere = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'parcel'`).get() !== undefined;
  if (!isThere) db.exec(parcelSchema);
  return { db, tasks: new TaskStore(db, [parcelKind]) };
}

export function addParcels(tasks: TaskStore, count: number, facts: Partial<Parcel> = {}): TaskId[] {
  return Array.from({ length: Math.ceil(count / 1000) }, (_, piece) => {
    const length = Math.min(1000, count - piece * 1000);
    const news = Array.from({ length }, (__, n) => newParcel(`${piece}-${n}`, facts));
    return tasks.add(parcelKind, news, 1);
  }).flat();
}

const LANE_RULES: LaneRule[] = [
  { name: LANES.heavy, limit: () => 3, urgent: 1 },
  { name: LANES.light, limit: () => 4 },
  { name: LANES.back, limit: () => 4 },
];

export type Step = Worker['step'];
type Changes = {
  lanes?: LaneRule[];
  watcher?: (key: WaitKey, failure: Failure) => Watcher | null;
  isUsable?: () => boolean;
};

/** All that runs tasks, on a database of its own, with steps that a test plays. */
export function depot(step: Step, { db, tasks } = openParcels(), changes: Changes = {}) {
  const clock = new ManualClock(Date.UTC(2026, 10, 30));
  const queue = new SqliteTaskQueue(db, tasks);
  const log: string[] = [];
  const damage: unknown[] = [];
  const bugs: unknown[] = [];
  const lanes = changes.lanes ?? LANE_RULES;
  const byTrial = (key: WaitKey, failure: Failure): Watcher | null =>
    failure.kind === 'offline'
      ? trial(key, failure, {
          queue,
          waits,
          clock,
          random: () => 0.5,
          running: () => runner.running(),
          lanes: () => runner.openLanes(),
        })
      : null;
  const waits: Waits = new Waits({
    clock,
    watcher: changes.watcher ?? byTrial,
    isNeeded: (key) => queue.isNeeded(key),
    log: (message) => log.push(message),
  });
  const disk = new DiskWatch({ clock, isUsable: changes.isUsable ?? (() => true), onTrouble: () => undefined });
  const sleep = new Sleep(clock);
  const ports: RunnerPorts = {
    clock,
    queue,
    waits,
    disk,
    sleep,
    random: () => 0.5,
    inventoryLagMs: () => 0,
    troubleOf: (error) => (isDiskFull(error) ? { kind: 'disk-full', path: '/data' } : null),
    isDamaged: isDatabaseDamaged,
    onDamaged: (error) => damage.push(error),
    onBug: (error) => bugs.push(error),
    log: (message, details) => log.push(`${message} ${JSON.stringify(details)}`),
  };
  const runner: Runner = new Runner(ports);
  runner.employ({ kind: 'parcel', step }, lanes);
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const commands = new TaskCommands({ queue: new BulkStore(db, tasks), runner, clock, turn });
  return { db, tasks, clock, queue, waits, disk, sleep, runner, commands, log, damage, bugs };
}

/** Runs until it is interrupted. */
export const endless: Step = (_id, { softSignal }) =>
  new Promise((_resolve, reject) => {
    const end = (): void => {
      reject(softSignal.reason as Error);
    };
    if (softSignal.aborted) end();
    else softSignal.addEventListener('abort', end);
  });
