import { describe, expect, it } from 'vitest';
import type { Account, AccountId } from '../../shared/account.ts';
import type { Failure } from '../../shared/failure.ts';
import { type Hold, holdAfter } from '../../shared/hold.ts';
import { AccountWaits } from '../../main/engine/account-waits.ts';
import type { ArchiveService } from '../../main/places/ports/archive-service.ts';
import { DiskWatch } from '../../main/engine/disk-watch.ts';
import { Sleep } from '../../main/engine/sleep.ts';
import { Waits } from '../../main/engine/waits.ts';
import { type TaskContext, type TaskKind, TaskRunner } from '../../main/core/task-runner.ts';
import { ManualClock } from '../support/manual-clock.ts';

const accountId = 'account' as AccountId;
const account: Account = {
  id: accountId,
  name: 'Studio',
  source: { kind: 'practice' },
  region: 'eu-central-1',
  endpointUrl: null,
  number: null,
};
const offline: Failure = { kind: 'offline', detail: 'cut off' };

type Step = (context: TaskContext) => Promise<Failure | null>;

/** Tasks whose steps a test writes down; each is over after its last. */
class Scripted implements TaskKind {
  readonly name = 'scripted';
  readonly #tasks = new Map<string, { steps: Step[]; hold: Hold | null }>();
  parallelNow = 2;
  owner: AccountId | null = accountId;
  /** What asking for what is due throws. */
  trouble: Error | null = null;

  add(id: string, ...steps: Step[]): void {
    this.#tasks.set(id, { steps, hold: null });
  }

  holdOf(id: string): Hold | null | undefined {
    return this.#tasks.get(id)?.hold;
  }

  parallel(): number {
    return this.parallelNow;
  }

  due(now: number, limit: number, waiting: readonly AccountId[]): string[] {
    if (this.trouble) throw this.trouble;
    if (this.owner !== null && waiting.includes(this.owner)) return [];
    const isDue = ({ hold }: { hold: Hold | null }): boolean =>
      hold === null || (hold.kind === 'backoff' && hold.until <= now);
    return [...this.#tasks]
      .filter(([, task]) => isDue(task))
      .map(([id]) => id)
      .slice(0, limit);
  }

  nextDue(now: number): number | null {
    const ends = [...this.#tasks.values()].flatMap(({ hold }) => (hold?.kind === 'backoff' ? [hold.until] : []));
    const later = ends.filter((until) => until > now);
    return later.length === 0 ? null : Math.min(...later);
  }

  state(id: string): { accountId: AccountId | null; hold: Hold | null } | null {
    const task = this.#tasks.get(id);
    return task ? { accountId: this.owner, hold: task.hold } : null;
  }

  async advance(id: string, context: TaskContext): Promise<Failure | null> {
    const task = this.#tasks.get(id);
    const failure = (await task?.steps[0]?.(context)) ?? null;
    if (failure === null) task?.steps.shift();
    if (task?.steps.length === 0) this.#tasks.delete(id);
    return failure;
  }

  hold(id: string, event: Parameters<TaskKind['hold']>[1]): void {
    const task = this.#tasks.get(id);
    if (task) task.hold = holdAfter(task.hold, event);
  }
}

function bench() {
  const clock = new ManualClock(1_000_000);
  const kind = new Scripted();
  const log: string[] = [];
  const full: boolean[] = [];
  let hasRoom = true;
  const disk = new DiskWatch({ clock, isUsable: () => hasRoom, onTrouble: (failure) => full.push(failure !== null) });
  const sleep = new Sleep(clock);
  const waits = new Waits({ clock, watcher: () => null, isNeeded: () => true, log: () => undefined });
  const accounts = new AccountWaits(waits);
  const damaged: unknown[] = [];
  const bugs: unknown[] = [];
  const runner = new TaskRunner(
    {
      clock,
      random: () => 1,
      disk,
      sleep,
      accounts,
      waits,
      account: () => account,
      service: () => ({ inventoryLagMs: 0 }) as ArchiveService,
      troubleOf: (error) =>
        error instanceof Error && error.message === 'full' ? { kind: 'disk-full', path: '/data' } : null,
      isDamaged: (error) => error instanceof Error && error.message === 'damaged',
      onDamaged: (error) => damaged.push(error),
      onBug: (error) => bugs.push(error),
      log: (message) => log.push(message),
    },
    [kind],
  );
  return {
    clock,
    kind,
    runner,
    log,
    full,
    disk,
    sleep,
    accounts,
    damaged,
    bugs,
    setRoom: (room: boolean) => (hasRoom = room),
  };
}

const idle = (runner: TaskRunner): Promise<void> =>
  new Promise((resolve) => {
    const stop = runner.onIdle(() => {
      stop();
      resolve();
    });
    runner.look();
  });

const well: Step = () => Promise.resolve(null);

describe('The runner of tasks', () => {
  it('runs tasks without an account, also when no account is there, and gives them no service', async () => {
    const { kind, runner, accounts } = bench();
    accounts.hold(accountId, { kind: 'credentials-missing', detail: 'gone' });
    kind.owner = null;
    let service: unknown = null;
    kind.add('a', (context) => {
      try {
        service = context.service;
      } catch (error) {
        service = error;
      }
      return Promise.resolve(null);
    });
    runner.start();
    await idle(runner);
    expect(service).toBeInstanceOf(Error);
    expect(kind.holdOf('a')).toBe(undefined);
  });

  it('leaves alone the kinds that were not asked for', async () => {
    const { kind, runner } = bench();
    kind.add('a', well);
    runner.start([]);
    await idle(runner);
    expect(kind.holdOf('a')).toBe(null);
    runner.start();
    await idle(runner);
    expect(kind.holdOf('a')).toBe(undefined);
  });

  it('takes a task through all its phases without waiting between them', async () => {
    const { kind, runner } = bench();
    const seen: number[] = [];
    kind.add(
      'one',
      ...[1, 2, 3].map(
        (n): Step =>
          () =>
            Promise.resolve(void seen.push(n)).then(() => null),
      ),
    );
    runner.start();
    await idle(runner);
    expect(seen).toEqual([1, 2, 3]);
    expect(kind.state('one')).toBeNull();
  });

  it('waits after a transient failure, longer each time, and forgets the wait after a success', async () => {
    const { clock, kind, runner } = bench();
    let fails = 2;
    kind.add('one', () => Promise.resolve(fails-- > 0 ? offline : null), well);
    runner.start();
    await idle(runner);
    expect(kind.holdOf('one')).toMatchObject({ kind: 'backoff', attempt: 1, until: clock.now() + 1000 });
    clock.pass(1001);
    await idle(runner);
    expect(kind.holdOf('one')).toMatchObject({ kind: 'backoff', attempt: 2, until: clock.now() + 2000 });
    clock.pass(2001);
    await idle(runner);
    expect(kind.state('one')).toBeNull();
  });

  it('leaves to the user what waiting cannot cure', async () => {
    const { kind, runner } = bench();
    kind.add('one', () => Promise.resolve({ kind: 'not-found', what: 'The archive' }));
    runner.start();
    await idle(runner);
    expect(kind.holdOf('one')).toEqual({ kind: 'failed', failure: { kind: 'not-found', what: 'The archive' } });
  });

  it('holds the account and fails nothing when credentials do not work', async () => {
    const { kind, runner, accounts } = bench();
    let signedIn = false;
    kind.add('one', () => Promise.resolve(signedIn ? null : { kind: 'credentials-expired', detail: 'yesterday' }));
    runner.start();
    await idle(runner);
    expect(accounts.isWaiting(accountId)).toBe(true);
    expect(kind.holdOf('one')).toBeNull();
    signedIn = true;
    accounts.release(accountId);
    await idle(runner);
    expect(kind.state('one')).toBeNull();
  });

  it('runs no more at once than its kind allows', async () => {
    const { kind, runner } = bench();
    let now = 0;
    let most = 0;
    const step: Step = async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return null;
    };
    for (const id of ['a', 'b', 'c', 'd', 'e']) kind.add(id, step);
    runner.start();
    await idle(runner);
    expect(most).toBe(2);
    expect(kind.due(0, 9, [])).toEqual([]);
  });

  it('begins nothing while the computer goes to sleep, and goes on when it wakes', async () => {
    const { kind, runner, sleep } = bench();
    runner.start();
    sleep.begin();
    kind.add('one', well);
    await idle(runner);
    expect(kind.state('one')).not.toBeNull();
    sleep.end();
    await idle(runner);
    expect(kind.state('one')).toBeNull();
  });

  it('waits for room on a full disk, and says when it is full and when no longer', async () => {
    const { clock, kind, runner, full, disk, setRoom } = bench();
    let isFull = true;
    kind.add('one', () => (isFull ? Promise.reject(new Error('full')) : Promise.resolve(null)));
    setRoom(false);
    runner.start();
    await idle(runner);
    expect(full).toEqual([true]);
    clock.pass(15_000);
    expect(disk.isWaiting).toBe(true);
    setRoom(true);
    isFull = false;
    clock.pass(15_000);
    await idle(runner);
    expect(full).toEqual([true, false]);
    expect(kind.state('one')).toBeNull();
  });

  it('halts for good when the database is damaged', async () => {
    const { kind, runner, damaged } = bench();
    kind.add('one', () => Promise.reject(new Error('damaged')));
    runner.start();
    await new Promise((resolve) => setImmediate(resolve));
    expect(damaged).toHaveLength(1);
    runner.start();
    expect(runner.isRunning(kind, 'one')).toBe(false);
  });

  it('shows a bug at the task that met it, and goes on with the others', async () => {
    const { kind, runner, log } = bench();
    kind.add('bad', () => Promise.reject(new Error('a bug')));
    kind.add('good', well);
    runner.start();
    await idle(runner);
    expect(kind.holdOf('bad')).toEqual({ kind: 'failed', failure: { kind: 'unexpected', detail: 'a bug' } });
    expect(kind.state('good')).toBeNull();
    expect(log).toEqual(['task failed']);
  });

  it('interrupts a transfer without calling that a failure', async () => {
    const { kind, runner } = bench();
    kind.add(
      'one',
      ({ softSignal }) =>
        new Promise((_, reject) => {
          softSignal.addEventListener('abort', () => {
            reject(softSignal.reason as Error);
          });
        }),
    );
    runner.start();
    await runner.stop();
    expect(kind.holdOf('one')).toBeNull();
    expect(runner.isRunning(kind, 'one')).toBe(false);
  });
});

it('when the database cannot be read, everything waits, says so, and goes on by itself', async () => {
  const { clock, kind, runner, full, setRoom } = bench();
  const ran: string[] = [];
  kind.add('a', () => {
    ran.push('a');
    return Promise.resolve(null);
  });
  kind.trouble = new Error('full');
  setRoom(false);
  runner.start();
  expect(full).toEqual([true]);
  setRoom(true);
  kind.trouble = null;
  clock.pass(15_000);
  await idle(runner);
  expect(full).toEqual([true, false]);
  expect(ran).toEqual(['a']);
});

it('a bug in the loop ends its work, is logged and told, and does not end the process', () => {
  const { kind, runner, log, bugs } = bench();
  kind.trouble = new TypeError('x is not a function');
  runner.start();
  expect(bugs).toEqual([kind.trouble]);
  expect(log).toEqual(['the queue has stopped']);
  runner.look();
  expect(bugs).toHaveLength(1);
});
