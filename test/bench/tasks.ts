import { join } from 'node:path';
import { ManualClock } from '../support/manual-clock.ts';
import { Runner } from '../../main/engine/runner.ts';
import { DiskWatch } from '../../main/engine/disk-watch.ts';
import { Sleep } from '../../main/engine/sleep.ts';
import { TaskCommands } from '../../main/engine/task-commands.ts';
import { Waits } from '../../main/engine/waits.ts';
import { openDatabase } from '../../main/store/database.ts';
import { BulkStore } from '../../main/store/tasks/bulk-store.ts';
import { SqliteTaskQueue } from '../../main/store/tasks/task-queue.ts';
import { TaskStore } from '../../main/store/tasks/task-store.ts';
import type { TaskId } from '../../shared/task.ts';
import { waitKey } from '../../shared/wait.ts';
import { LANES, newParcel, parcelKind, parcelSchema } from '../engine/support/parcel.ts';
import type { Row } from './bench.ts';

/** No command of the user and no look of the runner may hold main for longer. */
const LONGEST_MS = 20;
/** How many are added in one transaction. */
const PIECE = 100;

/** What people want of many tasks at once, and what the runner asks of them, in a file on a disk. */
export async function commandsOnMany(folder: string, count: number): Promise<Row[]> {
  const { tasks, commands, runner, waits, db } = openTasks(join(folder, 'tasks.db'));
  const rows: Row[] = [];
  const measure = async (what: string, act: () => Promise<unknown>): Promise<void> => {
    const { total, longest } = await held(act);
    rows.push({
      what: `${what}: the longest that main is held up`,
      value: `${longest.toFixed(1)} ms`,
      note: `${(total / 1000).toFixed(1)} s in all`,
      check: { measured: longest, atMost: LONGEST_MS },
    });
  };
  const all = { kind: 'all', of: parcelKind.name } as const;
  const ids: TaskId[] = [];
  await measure(`add ${count} tasks in pieces of ${PIECE}`, () => addAll(tasks, count, ids));
  await measure(`pause ${count} tasks`, () => commands.pause(all));
  await measure(`resume ${count} tasks`, () => commands.resume(all));
  await measure('move one task to the front', () => commands.move(ids.slice(-1), ids[0] ?? null));
  await measure(`move ${count / 2} tasks to the front`, () => commands.move(ids.slice(count / 2), ids[0] ?? null));
  waits.close(waitKey('drive', '/away'), { kind: 'drive-missing', drive: '/away' });
  await measure(`a look at ${count / 2} tasks of a drive that is away and as many others`, () => {
    runner.start();
    return Promise.resolve();
  });
  await runner.stop();
  await measure(`cancel ${count} tasks`, () => commands.cancel(all));
  await measure(`clear ${count} tasks`, () => commands.clear(all));
  db.close();
  return rows;
}

function openTasks(file: string) {
  const db = openDatabase(file);
  db.exec(parcelSchema);
  const tasks = new TaskStore(db, [parcelKind]);
  const queue = new SqliteTaskQueue(db, tasks);
  const clock = new ManualClock(Date.now());
  const log = (): void => undefined;
  const waits = new Waits({ clock, watcher: () => null, isNeeded: (key) => queue.isNeeded(key), log });
  const runner = new Runner({
    clock,
    queue,
    waits,
    disk: new DiskWatch({ clock, isUsable: () => true, onTrouble: log }),
    sleep: new Sleep(clock),
    random: Math.random,
    inventoryLagMs: () => 0,
    troubleOf: () => null,
    isDamaged: () => false,
    onDamaged: log,
    onBug: log,
    log,
  });
  // Whatever is begun waits until the runner stops.
  const step = (_: TaskId, { softSignal }: { softSignal: AbortSignal }): Promise<null> =>
    new Promise((_resolve, reject) => {
      softSignal.addEventListener('abort', () => {
        reject(softSignal.reason as Error);
      });
    });
  runner.employ({ kind: parcelKind.name, step }, [{ name: LANES.light, limit: () => 4 }]);
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const commands = new TaskCommands({ queue: new BulkStore(db, tasks), runner, clock, turn });
  return { db, tasks, commands, runner, waits };
}

/** Every other one of a drive that will be away. */
async function addAll(tasks: TaskStore, count: number, ids: TaskId[]): Promise<void> {
  for (let at = 0; at < count; at += PIECE) {
    const news = Array.from({ length: PIECE }, (_, n) =>
      newParcel(`${at + n}`, { drive: n % 2 === 0 ? '/' : '/away' }),
    );
    ids.push(...tasks.add(parcelKind, news, at));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** How long it took, and the longest time, in milliseconds, in which nothing else had its turn. */
async function held(act: () => Promise<unknown>): Promise<{ total: number; longest: number }> {
  const from = performance.now();
  let last = from;
  let longest = 0;
  let isOver = false;
  const beat = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(beat);
  };
  setImmediate(beat);
  await act();
  isOver = true;
  const end = performance.now();
  longest = Math.max(longest, end - last);
  return { total: end - from, longest };
}
