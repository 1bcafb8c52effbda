import { expect, it } from 'vitest';
import type { AccountId } from '../../shared/account.ts';
import type { Failure } from '../../shared/failure.ts';
import type { TaskId } from '../../shared/task.ts';
import { MINUTE, SECOND } from '../../shared/units.ts';
import { AccountWaits } from '../../main/engine/account-waits.ts';
import { waitKey } from '../../shared/wait.ts';
import type { Watcher } from '../../main/engine/waits.ts';
import { type Step, addParcels, depot, openParcels } from './support/depot.ts';
import { LANES, PLACE, parcelKind } from './support/parcel.ts';

const shoots = waitKey('drive', '/Volumes/Shoots');
const away: Failure = { kind: 'drive-missing', drive: '/Volumes/Shoots' };
const offline: Failure = { kind: 'offline', detail: 'cut off' };
const refused: Failure = { kind: 'credentials-rejected', detail: 'unknown key' };

/** A step that carries a parcel to its end, when nothing stands in the way. */
function carrying(store: ReturnType<typeof openParcels>, trouble: (drive: string, id: TaskId) => Failure | null) {
  const tried: TaskId[] = [];
  const step: Step = (id) => {
    const { tasks } = store;
    const parcel = tasks.get(parcelKind, id)?.state;
    if (!parcel) return Promise.resolve(null);
    tried.push(id);
    const failure = trouble(parcel.drive, id);
    if (failure) return Promise.resolve(failure);
    const isWaiting = parcel.phase.kind === 'waiting';
    tasks.apply(
      parcelKind,
      id,
      isWaiting ? { kind: 'picked-up', ticket: 't', at: 1 } : { kind: 'delivered', receipt: 'r', at: 1 },
    );
    return Promise.resolve(null);
  };
  return { step, tried };
}

it('thousands of tasks of a drive that is away cost one look at a time and no write, and do not starve others', async () => {
  const store = openParcels();
  const waiting = new Set(addParcels(store.tasks, 5000, { drive: '/Volumes/Shoots' }));
  const others = addParcels(store.tasks, 20);
  let looks = 0;
  const watcher: Watcher = {
    firstProbeInMs: 5 * SECOND,
    opensForAll: true,
    probe() {
      looks += 1;
      return Promise.resolve({ kind: 'closed', failure: away, againInMs: 30 * SECOND });
    },
  };
  const { step, tried } = carrying(store, (drive) => (drive === '/' ? null : away));
  const { runner, clock, tasks, waits, queue } = depot(step, store, { watcher: () => watcher });
  const written: TaskId[] = [];
  tasks.onChange(parcelKind, (changed) => written.push(...changed.filter((id) => waiting.has(id))));
  runner.start();
  await clock.runUntil(() => others.every((id) => tasks.head(id)?.endedAt !== null));
  await clock.spend(60 * SECOND);
  expect(waits.list()).toMatchObject([{ key: shoots, failure: away }]);
  // After 5 and 35 seconds; and as many were tried as the lane has places, before the key was closed.
  expect(looks).toBe(2);
  expect(tried.filter((id) => waiting.has(id)).length).toBeLessThanOrEqual(4);
  expect(written).toEqual([]);
  await runner.stop();
  const next = (): TaskId[] => queue.due([LANES.light], clock.now(), 4, (keys) => waits.admits(keys));
  expect(next()).toEqual([]);
  waits.open(shoots);
  expect(next()).toEqual([...waiting].slice(0, 4));
});

it('a question with many answers lets only those go on that have one, and is asked once for all', async () => {
  const store = openParcels();
  const ids = addParcels(store.tasks, 500, { drive: '/jobs' });
  const ready = new Set<TaskId>();
  const { step, tried } = carrying(store, (_, id) => (ready.has(id) ? null : away));
  let lists = 0;
  const watcher: Watcher = {
    firstProbeInMs: 1 * MINUTE,
    opensForAll: false,
    probe() {
      const answered = ids.slice(lists * 200, (lists += 1) * 200);
      for (const id of answered) ready.add(id);
      return Promise.resolve({ kind: 'released', lane: LANES.light, tasks: answered, againInMs: 15 * MINUTE });
    },
  };
  const { runner, clock, tasks } = depot(step, store, { watcher: () => watcher });
  const delivered = (): number => tasks.sums(parcelKind).find(({ phase }) => phase === 'delivered')?.tasks ?? 0;
  runner.start();
  await clock.runUntil(() => tried.length === 4);
  await clock.runUntil(() => delivered() === 200);
  expect([lists, tried.length]).toEqual([1, 4 + 2 * 200]);
  await clock.runUntil(() => delivered() === 500);
  expect(lists).toBe(3);
  await runner.stop();
});

it('a service that cannot be reached is tried by one task, ever more rarely, and all go on when one gets through', async () => {
  const store = openParcels();
  const ids = addParcels(store.tasks, 100);
  let isUp = false;
  const { step, tried } = carrying(store, () => (isUp ? null : offline));
  const { runner, clock, tasks, waits } = depot(step, store);
  runner.start();
  await clock.spend(10 * MINUTE);
  // As many as the lane has places at first; then after 0.5, 1, 2, 4, 8 and 16 seconds, and every 30.
  expect(tried.length).toBeLessThanOrEqual(4 + 6 + 20);
  expect(tried.length).toBeGreaterThan(20);
  expect(tasks.sums(parcelKind)).toMatchObject([{ phase: 'waiting', hold: '', tasks: 100 }]);
  isUp = true;
  await clock.runUntil(() => ids.every((id) => tasks.head(id)?.endedAt !== null));
  expect(waits.list()).toEqual([]);
  await runner.stop();
});

it('one task whose answers are lost again and again waits by itself, ever longer, and keeps nobody else waiting', async () => {
  const store = openParcels();
  const ids = addParcels(store.tasks, 100);
  const [lost = '' as TaskId] = ids;
  const { step, tried } = carrying(store, (_, id) => (id === lost ? offline : null));
  const { runner, clock, tasks, waits } = depot(step, store);
  runner.start();
  await clock.runUntil(() => ids.slice(1).every((id) => tasks.head(id)?.endedAt !== null));
  await clock.spend(10 * MINUTE);
  expect(waits.list()).toEqual([]);
  expect(tasks.head(lost)?.hold).toMatchObject({ kind: 'backoff', failure: { kind: 'offline' } });
  expect(tried.filter((id) => id === lost).length).toBeLessThan(40);
  await runner.stop();
});

it('an account that is refused waits for the person, is not tried by itself, and keeps nobody else waiting', async () => {
  const store = openParcels();
  const [mine = '' as TaskId] = addParcels(store.tasks, 1);
  const other = { ...PLACE, accountId: 'other' as AccountId };
  const [theirs = '' as TaskId] = store.tasks.add(
    parcelKind,
    [
      {
        place: other,
        totalBytes: 1,
        state: { name: 'b', drive: '/', isHeavy: 0, phase: { kind: 'waiting', askedAt: null } },
      },
    ],
    0,
  );
  const { step, tried } = carrying(store, (_, id) => (id === mine ? refused : null));
  const { runner, clock, tasks, waits } = depot(step, store);
  const accounts = new AccountWaits(waits);
  runner.start();
  await clock.runUntil(() => tasks.head(theirs)?.endedAt !== null);
  await clock.spend(60 * MINUTE);
  expect(tried.filter((id) => id === mine)).toHaveLength(1);
  expect([accounts.problem(PLACE.accountId), accounts.waiting()]).toEqual([refused, [PLACE.accountId]]);
  accounts.release(PLACE.accountId);
  expect(runner.isRunning(mine)).toBe(true);
  await runner.stop();
});

it('what was refused before the person signed in again closes nothing', () => {
  const { waits } = depot(() => Promise.resolve(null));
  const before = waits.epoch;
  const accounts = new AccountWaits(waits);
  accounts.release(PLACE.accountId);
  waits.close(waitKey('account', PLACE.accountId), refused, { since: before });
  expect(accounts.problem(PLACE.accountId)).toBeNull();
  waits.close(waitKey('account', PLACE.accountId), refused);
  expect(accounts.problem(PLACE.accountId)).toEqual(refused);
});

it('an account that is offline first and refused then waits for the person, and no task tries it any more', async () => {
  const store = openParcels();
  addParcels(store.tasks, 1);
  let failure: Failure = offline;
  const { step, tried } = carrying(store, () => failure);
  const { runner, clock, waits } = depot(step, store);
  const accounts = new AccountWaits(waits);
  runner.start();
  await clock.spend(10 * SECOND);
  expect(accounts.problem(PLACE.accountId)).toBeNull();
  failure = refused;
  await clock.runUntil(() => accounts.problem(PLACE.accountId) !== null);
  const count = tried.length;
  await clock.spend(60 * MINUTE);
  expect(tried.length).toBe(count);
  await runner.stop();
});

it('a drive that no open task needs is not looked at', async () => {
  const store = openParcels();
  const [id = '' as TaskId] = addParcels(store.tasks, 1, { drive: '/Volumes/Shoots' });
  let looks = 0;
  const watcher: Watcher = {
    firstProbeInMs: 5 * SECOND,
    opensForAll: true,
    probe() {
      looks += 1;
      return Promise.resolve({ kind: 'closed', failure: away, againInMs: 30 * SECOND });
    },
  };
  const { step } = carrying(store, () => away);
  const { runner, clock, tasks, waits } = depot(step, store, { watcher: () => watcher });
  runner.start();
  await clock.runUntil(() => waits.problem(shoots) !== null);
  expect(tasks.cancel(id, clock.now())).toBe(true);
  await clock.spend(10 * MINUTE);
  expect([looks, waits.problem(shoots)]).toEqual([0, null]);
  await runner.stop();
});

it('what is closed after the end is probed no more', async () => {
  let probes = 0;
  const watcher: Watcher = {
    firstProbeInMs: SECOND,
    opensForAll: true,
    probe() {
      probes += 1;
      return Promise.resolve({ kind: 'closed', failure: away, againInMs: SECOND });
    },
  };
  const store = openParcels();
  addParcels(store.tasks, 1, { drive: '/Volumes/Shoots' });
  const { clock, waits } = depot(carrying(store, () => away).step, store, { watcher: () => watcher });
  waits.stop();
  waits.close(shoots, away);
  await clock.spend(10 * SECOND);
  expect(probes).toBe(0);
  expect(waits.problem(shoots)).toEqual(away);
});
