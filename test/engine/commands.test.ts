import { expect, it } from 'vitest';
import type { TaskId } from '../../shared/task.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type Step, addParcels, depot, endless, openParcels } from './support/depot.ts';
import { newParcel, parcelKind } from './support/parcel.ts';

const all = { kind: 'all', of: 'parcel' } as const;
const idle: Step = () => Promise.resolve(null);

it('pauses, resumes, cancels and clears all of a kind', async () => {
  const store = openParcels();
  addParcels(store.tasks, 500);
  const { commands, tasks } = depot(idle, store);
  const sums = () => tasks.sums(parcelKind).map(({ phase, hold, tasks: count }) => ({ phase, hold, count }));
  expect(await commands.pause(all)).toEqual({ taken: 500, refused: [] });
  expect(sums()).toEqual([{ phase: 'waiting', hold: 'paused', count: 500 }]);
  await commands.resume(all);
  expect(sums()).toEqual([{ phase: 'waiting', hold: '', count: 500 }]);
  await commands.cancel(all);
  expect(sums()).toEqual([{ phase: 'cancelled', hold: '', count: 500 }]);
  expect((await commands.clear(all)).taken).toBe(500);
  expect(sums()).toEqual([]);
});

it('begins nothing of what is being paused, though the slices are still to be written, and interrupts what runs', async () => {
  const store = openParcels();
  addParcels(store.tasks, 3000);
  const { commands, runner, clock } = depot(endless, store);
  runner.start();
  expect(runner.running()).toHaveLength(4);
  const paused = commands.pause(all);
  await clock.runUntil(() => runner.isIdle);
  runner.look();
  expect(runner.isIdle).toBe(true);
  await paused;
  expect(runner.isIdle).toBe(true);
  const resumed = commands.resume(all);
  await resumed;
  expect(runner.running()).toHaveLength(4);
  await runner.stop();
});

it('hears out what runs before it cancels it, so that no answer comes to what is cancelled', async () => {
  const store = openParcels();
  const [id = '' as TaskId] = store.tasks.add(parcelKind, [newParcel('a')], 0);
  let answer: () => void = () => undefined;
  const asked: Step = async (task) => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    store.tasks.apply(parcelKind, task, { kind: 'picked-up', ticket: 't', at: 2 });
    return null;
  };
  const { commands, runner, tasks, log } = depot(asked, store);
  runner.start();
  const cancelled = commands.cancel({ kind: 'tasks', ids: [id] });
  await new Promise((resolve) => setImmediate(resolve));
  expect(tasks.head(id)?.phase).toBe('waiting');
  answer();
  expect(await cancelled).toEqual({ taken: 1, refused: [] });
  expect([tasks.head(id)?.phase, log]).toEqual(['returning', []]);
  answer();
  await runner.stop();
});

it('tells which tasks could not take the command', async () => {
  const store = openParcels();
  const [id = '' as TaskId] = store.tasks.add(
    parcelKind,
    [newParcel('a', { phase: { kind: 'returning', ticket: 't' } })],
    0,
  );
  const { commands } = depot(idle, store);
  expect(await commands.cancel({ kind: 'tasks', ids: [id] })).toEqual({ taken: 0, refused: [id] });
});

it('does what else the kind means by resuming, also to what is over', async () => {
  const store = openParcels();
  const [id = '' as TaskId] = addParcels(store.tasks, 1);
  const { commands, tasks } = depot(idle, store);
  const one = { kind: 'tasks', ids: [id] } as const;
  await commands.cancel(one);
  expect(tasks.head(id)?.lane).toBeNull();
  await commands.resume(one);
  expect(tasks.head(id)).toMatchObject({ phase: 'waiting', endedAt: null });
});

it('moves tasks before another one and to the end, and writes no more rows than it moves', async () => {
  const store = openParcels();
  const ids = addParcels(store.tasks, 6);
  const { commands, tasks } = depot(idle, store);
  const order = (): number[] => tasks.page(parcelKind, Number.MIN_SAFE_INTEGER, 9).map(({ id }) => ids.indexOf(id));
  const changed: TaskId[] = [];
  tasks.onChange(parcelKind, (some) => changed.push(...some));
  const [zero, one, , three, , five] = ids as [TaskId, TaskId, TaskId, TaskId, TaskId, TaskId];
  await commands.move([five, three], one);
  expect(order()).toEqual([0, 5, 3, 1, 2, 4]);
  expect(changed).toEqual([five, three]);
  await commands.move([zero], null);
  expect(order()).toEqual([5, 3, 1, 2, 4, 0]);
  for (let n = 0; n < 60; n += 1) await commands.move([ids[n % 6] ?? zero], ids[(n + 1) % 6] ?? one);
  expect(new Set(tasks.page(parcelKind, Number.MIN_SAFE_INTEGER, 9).map(({ position }) => position)).size).toBe(6);
});

it('goes on with a command that a crash cut off', async () => {
  const file = `${temporaryFolder()}/firn.db`;
  const before = openParcels(file);
  addParcels(before.tasks, 3000);
  const stopped = depot(idle, before);
  const cut = stopped.commands.pause(all);
  stopped.commands.stop();
  await cut;
  const left = before.tasks.sums(parcelKind).find(({ hold }) => hold === '')?.tasks ?? 0;
  expect(left).toBeGreaterThan(0);
  before.db.close();
  const after = depot(endless, openParcels(file));
  const goneOn = after.commands.goOn();
  after.runner.start();
  expect(after.runner.isIdle).toBe(true);
  await goneOn;
  expect(after.tasks.sums(parcelKind)).toMatchObject([{ hold: 'paused', tasks: 3000 }]);
  await after.runner.stop();
  after.db.close();
});

it('goes on with a command that a full disk cut off, once there is room', async () => {
  const store = openParcels();
  addParcels(store.tasks, 2000);
  const { commands, tasks, db } = depot(idle, store);
  const pages = db.pragma('page_count', { simple: true }) as number;
  db.pragma(`max_page_count = ${pages + 4}`);
  await expect(commands.pause(all)).rejects.toThrow(/full/);
  db.pragma('max_page_count = 1000000');
  await commands.goOn();
  expect(tasks.sums(parcelKind)).toMatchObject([{ hold: 'paused', tasks: 2000 }]);
  await commands.goOn();
});
