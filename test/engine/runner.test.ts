import { expect, it } from 'vitest';
import type { Failure } from '../../shared/failure.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/units.ts';
import { type Step, addParcels, depot, endless, openParcels } from './support/depot.ts';
import { LANES, type Parcel, newParcel, parcelKind } from './support/parcel.ts';

const timedOut: Failure = { kind: 'timed-out', detail: '' };

function played(step: Step, facts: Partial<Parcel>[] = [{}]) {
  const store = openParcels();
  const ids = facts.map((own, n) => store.tasks.add(parcelKind, [newParcel(`${n}`, own)], 0)).flat();
  const [first] = ids;
  if (first === undefined) throw new Error('No task');
  return { ...depot(step, store), ids, first };
}

it('begins as many of each lane as it has places, and one more when it grows stale', async () => {
  const at = Date.UTC(2026, 10, 30);
  const stale: Parcel['phase'] = { kind: 'carried', ticket: 't', staleAt: at + 12 * HOUR };
  const heavy = { isHeavy: 1 };
  const { runner, ids, clock } = played(endless, [heavy, heavy, heavy, { ...heavy, phase: stale }, {}]);
  const running = (): number[] => ids.flatMap((id, n) => (runner.isRunning(id) ? [n] : []));
  runner.start();
  expect(running()).toEqual([0, 1, 2, 4]);
  await clock.spend(12 * HOUR + MINUTE);
  expect(running()).toEqual([0, 1, 2, 3, 4]);
  await runner.stop();
  expect(runner.isIdle).toBe(true);
});

it('lets lanes share their places in the order of the queue, with so many more of one lane beside them', async () => {
  const heavy = { isHeavy: 1 };
  const store = openParcels();
  const ids = [{}, heavy, heavy, {}, {}].flatMap((own, n) => store.tasks.add(parcelKind, [newParcel(`${n}`, own)], 0));
  const beside = { lane: LANES.light, limit: () => 1 };
  const lanes = [{ name: LANES.heavy, alsoFrom: [LANES.light], limit: () => 2, beside }];
  const { runner } = depot(endless, store, { lanes });
  runner.start();
  expect(ids.map((id) => runner.isRunning(id))).toEqual([true, true, false, true, false]);
  await runner.stop();
});

it('finds what is urgent also when it has waited in vain, once that wait is over', async () => {
  const at = Date.UTC(2026, 10, 30);
  const stale: Parcel['phase'] = { kind: 'carried', ticket: 't', staleAt: at + HOUR };
  const heavy = { isHeavy: 1 };
  const { runner, ids, tasks, clock } = played(endless, [heavy, heavy, heavy, { ...heavy, phase: stale }]);
  const last = ids[3] ?? ids[0];
  if (last === undefined) throw new Error('No task');
  tasks.hold(last, { kind: 'attempt-failed', failure: timedOut, retryAt: at + 1, attempt: 1, at });
  runner.start();
  await clock.spend(10 * MINUTE);
  expect(runner.isRunning(last)).toBe(false);
  await clock.spend(HOUR);
  runner.look();
  expect(runner.isRunning(last)).toBe(true);
  await runner.stop();
});

it('runs the most urgent first in a lane that is ordered by urgency', async () => {
  const store = openParcels();
  const ends = (staleAt: number): Partial<Parcel> => ({ phase: { kind: 'carried', ticket: 't', staleAt } });
  const ids = [30, 10, 20].flatMap((at) => store.tasks.add(parcelKind, [newParcel(`${at}`, ends(at))], 0));
  const lanes = [{ name: LANES.light, limit: () => 2, order: 'urgency' as const }];
  const { runner } = depot(endless, store, { lanes });
  runner.start();
  expect(ids.map((id) => runner.isRunning(id))).toEqual([false, true, true]);
  await runner.stop();
});

it('waits longer each time something fails, notes it in one line, and starts small again after a success', async () => {
  const answers: (Failure | null)[] = [timedOut, timedOut, null];
  const attempts: (number | null)[] = [];
  const { runner, tasks, first, clock } = played((id) => {
    const hold = tasks.head(id)?.hold;
    attempts.push(hold?.kind === 'backoff' ? hold.attempt : null);
    return Promise.resolve(answers[(attempts.length - 1) % 3] ?? null);
  });
  const from = clock.now();
  runner.start();
  await clock.runUntil(() => attempts.length === 4);
  await runner.stop();
  expect(attempts).toEqual([null, 1, 2, null]);
  // Half of 1 and of 2 seconds, and a millisecond of the timer each.
  expect(clock.now() - from).toBe(1500 + 2);
  const kinds = tasks.events(first).map(({ kind }) => kind);
  expect(kinds).toEqual(['attempt-failed', 'recovered', 'attempt-failed']);
});

it('shows a bug at the one task that has it; a pause of the user counts more than how the attempt ended', async () => {
  const { runner, tasks, ids, clock, log } = played(
    (id) => {
      if (id === ids[0]) return Promise.reject(new Error('a bug'));
      tasks.hold(id, { kind: 'paused', at: clock.now() });
      return Promise.resolve(timedOut);
    },
    [{}, {}],
  );
  runner.start();
  await clock.runUntil(() => runner.isIdle);
  expect(ids.map((id) => tasks.head(id)?.hold?.kind)).toEqual(['failed', 'paused']);
  expect(log[0]).toContain('a bug');
  await runner.stop();
});

it('lets a task that waits for what its row does not name back off, rather than run again at once', async () => {
  let steps = 0;
  const { runner, tasks, first, clock } = played(() => {
    steps += 1;
    return Promise.resolve({ kind: 'awaiting-job', usualMs: HOUR, lookInMs: MINUTE });
  });
  runner.start();
  await clock.runUntil(() => runner.isIdle);
  expect([steps, tasks.head(first)?.hold?.kind]).toEqual([1, 'backoff']);
  await runner.stop();
});

it('stops everything on a full disk until there is room, and fails nothing by it', async () => {
  const store = openParcels();
  const pages = store.db.pragma('page_count', { simple: true }) as number;
  let hasRoom = false;
  let looks = 0;
  const isUsable = (): boolean => {
    looks += 1;
    return hasRoom;
  };
  const step: Step = (id) => {
    const { tasks } = store;
    const phase = tasks.get(parcelKind, id)?.state.phase.kind;
    const at = 1;
    if (phase === 'waiting') tasks.apply(parcelKind, id, { kind: 'picked-up', ticket: 'x'.repeat(1000), at });
    else tasks.apply(parcelKind, id, { kind: 'delivered', receipt: 'x'.repeat(1000), at });
    return Promise.resolve(null);
  };
  addParcels(store.tasks, 200);
  const { runner, disk, clock, tasks } = depot(step, store, { isUsable });
  store.db.pragma(`max_page_count = ${pages}`);
  runner.start();
  await clock.runUntil(() => disk.isWaiting && runner.isIdle);
  await clock.spend(70 * SECOND);
  expect([disk.isWaiting, looks]).toEqual([true, 4]);
  expect(tasks.sums(parcelKind).filter(({ hold }) => hold !== '')).toEqual([]);
  store.db.pragma('max_page_count = 1000000');
  hasRoom = true;
  await clock.runUntil(() => tasks.sums(parcelKind).every(({ phase }) => phase === 'delivered'));
  expect(tasks.sums(parcelKind)).toMatchObject([{ phase: 'delivered', tasks: 200 }]);
  await runner.stop();
});

it('ends everything at once and for good when the database is damaged', async () => {
  const damaged = Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT' });
  const { runner, clock, damage, tasks, ids } = played(
    (id, context) => (id === ids[1] ? Promise.reject(damaged) : endless(id, context)),
    [{}, {}],
  );
  runner.start();
  await clock.runUntil(() => runner.isIdle);
  expect(damage).toEqual([damaged]);
  runner.start();
  expect(runner.isIdle).toBe(true);
  expect(tasks.sums(parcelKind)).toMatchObject([{ phase: 'waiting', hold: '', tasks: 2 }]);
});

it('interrupts a lane that is paused, while the others go on', async () => {
  const places = { light: 4 };
  const store = openParcels();
  const back: Partial<Parcel> = { phase: { kind: 'returning', ticket: 't' } };
  const ids = [{}, back].flatMap((facts, n) => store.tasks.add(parcelKind, [newParcel(`${n}`, facts)], 0));
  const lanes = [
    { name: LANES.light, limit: () => places.light },
    { name: LANES.back, limit: () => 4 },
  ];
  const { runner, clock } = depot(endless, store, { lanes });
  runner.start();
  expect(ids.map((id) => runner.isRunning(id))).toEqual([true, true]);
  places.light = 0;
  runner.look();
  await clock.runUntil(() => !ids.every((id) => runner.isRunning(id)));
  expect(ids.map((id) => runner.isRunning(id))).toEqual([false, true]);
  await runner.stop();
});

it('looks again by itself at a lane whose places change with time, as long as something waits in it', async () => {
  let isNight = false;
  const store = openParcels();
  const [id] = addParcels(store.tasks, 1);
  const lanes = [{ name: LANES.light, limit: () => (isNight ? 1 : 0), changesWithTime: true }];
  const { runner, clock } = depot(endless, store, { lanes });
  runner.start();
  isNight = true;
  await clock.spend(2 * MINUTE);
  expect(id && runner.isRunning(id)).toBe(true);
  await runner.stop();
});

it('begins nothing while the computer goes to sleep', async () => {
  const { runner, clock, sleep, first } = played(endless);
  sleep.begin();
  runner.start();
  expect(runner.isRunning(first)).toBe(false);
  sleep.end();
  expect(runner.isRunning(first)).toBe(true);
  sleep.begin();
  await clock.runUntil(() => !runner.isRunning(first));
  await runner.stop();
});

/** What the look at what is due throws, as when the database cannot be read. */
function looking(trouble: { now: Error | null }, isUsable = () => trouble.now === null) {
  const limit = (): number => {
    if (trouble.now) throw trouble.now;
    return 1;
  };
  const store = openParcels();
  addParcels(store.tasks, 1);
  const tried: string[] = [];
  const step: Step = (id) => {
    tried.push(id);
    return Promise.resolve({ kind: 'vault-missing', vault: 'photos' });
  };
  return { ...depot(step, store, { isUsable, lanes: [{ name: LANES.light, limit }] }), tried };
}

it('waits when the database cannot be read, says so, and goes on by itself', async () => {
  const trouble = { now: Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' }) as Error | null };
  const { runner, clock, disk, tried } = looking(trouble);
  runner.start();
  expect(disk.isWaiting).toBe(true);
  trouble.now = null;
  await clock.runUntil(() => tried.length > 0);
  expect(disk.isWaiting).toBe(false);
  await runner.stop();
});

it('ends its work on a bug of its own, logs and tells it, and does not end the process', () => {
  const bug = new TypeError('x is not a function');
  const { runner, bugs, log } = looking({ now: bug });
  runner.start();
  expect(bugs).toEqual([bug]);
  expect(log).toEqual([expect.stringMatching(/^the queue has stopped/)]);
  runner.look();
  expect(bugs).toHaveLength(1);
});
