import { errorTrace } from '../../shared/error-text.ts';
import type { Account, AccountId } from '../../shared/account.ts';
import { type Failure, isAccountFailure } from '../../shared/failure.ts';
import type { Hold, HoldEvent } from '../../shared/hold.ts';
import type { ArchiveService } from '../places/ports/archive-service.ts';
import type { AccountWaits } from '../engine/account-waits.ts';
import { afterFailure, isWaitOver } from '../engine/backoff.ts';
import { toFailure } from './failure.ts';
import type { Clock } from './ports.ts';
import { RunLoop, type RunLoopPorts } from '../engine/run-loop.ts';

/** All that a task needs of the world beyond its own kind's stores. */
export type TaskContext = {
  account: Account;
  service: ArchiveService;
  clock: Clock;
  /** Firn ends: everything stops. */
  signal: AbortSignal;
  /** The user paused or cancelled, or Firn ends: long transfers stop, while a request that only asks is heard out. */
  softSignal: AbortSignal;
};

/**
 * One kind of durable work beside uploads: inventories, retrievals, deletions. Its store says what is due and is told
 * each outcome; the runner keeps no list. All times in milliseconds since 1970.
 */
export interface TaskKind {
  /** For logs, and to tell tasks of different kinds apart. */
  readonly name: string;
  /** How many may run at the same time; none also ends what runs. */
  parallel(): number;
  /** What may run at `now`, in order; accounts in `waiting` are passed over. */
  due(now: number, limit: number, waiting: readonly AccountId[]): string[];
  /** When to look again at the latest, as when the next back-off after `now` ends; Infinity for now and then; null for not at all. */
  nextDue(now: number): number | null;
  /** Whose task it is and why it is held; null when it is over or gone. A task without an account asks no service. */
  state(id: string): { accountId: AccountId | null; hold: Hold | null } | null;
  /**
   * Takes the task one phase further, and commits what follows before it returns. Null when that went well; otherwise why
   * not, with the phase as it was. A transient failure is also how a task waits for something.
   * @throws the reason of one of the signals when it is aborted.
   */
  advance(id: string, context: TaskContext): Promise<Failure | null>;
  /** Moves the hold and leaves the phase. */
  hold(id: string, event: HoldEvent & { at: number }): void;
}

export type TaskRunnerPorts = RunLoopPorts & {
  accounts: AccountWaits;
  random: () => number;
  account: (id: AccountId) => Account | null;
  service: (account: Account) => ArchiveService;
};

/** Runs tasks as the queue's runner runs uploads: what is due, one phase at a time, each outcome written down. */
export class TaskRunner {
  readonly #ports: TaskRunnerPorts;
  readonly #kinds: readonly TaskKind[];
  readonly #loop: RunLoop<string>;
  #active: readonly TaskKind[] = [];

  constructor(ports: TaskRunnerPorts, kinds: readonly TaskKind[]) {
    this.#ports = ports;
    this.#kinds = kinds;
    this.#loop = new RunLoop(ports, (now, mayBegin) => this.#beginDue(now, mayBegin));
  }

  /** `only`: the kinds that run; all by default. */
  start(only: readonly TaskKind[] = this.#kinds): void {
    this.#active = only;
    this.#loop.start();
  }

  /** Stops transfers at once, hears short requests out, and resolves when nothing runs any more. */
  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** Ends for good, at once: the database can no longer be trusted. */
  halt(): void {
    this.#loop.halt();
  }

  /** To be called whenever something may be due: after a command, a changed setting, wake-up, a new network. */
  look(): void {
    this.#loop.look();
  }

  /** Ends what the task is doing, and resolves when nothing of it runs any more. */
  async settle(kind: TaskKind, id: string): Promise<void> {
    await this.#loop.settle(keyOf(kind, id));
  }

  get isIdle(): boolean {
    return this.#loop.size === 0;
  }

  isRunning(kind: TaskKind, id: string): boolean {
    return this.#loop.isRunning(keyOf(kind, id));
  }

  /** Calls back each time nothing runs after a look. */
  onIdle(listener: () => void): () => void {
    return this.#loop.onIdle(listener);
  }

  #beginDue(now: number, mayBegin: boolean): number | null {
    if (mayBegin) for (const kind of this.#active) this.#startDue(kind, now);
    const next = this.#active.map((kind) => kind.nextDue(now)).filter((at) => at !== null);
    return next.length === 0 ? null : Math.min(...next);
  }

  #startDue(kind: TaskKind, now: number): void {
    const running = this.#countRunning(kind);
    let free = kind.parallel() - running;
    if (kind.parallel() === 0) this.#interrupt(kind);
    if (free <= 0) return;
    for (const id of kind.due(now, free + running, this.#ports.accounts.waiting())) {
      if (free > 0 && !this.isRunning(kind, id)) {
        this.#run(kind, id);
        free -= 1;
      }
    }
  }

  #run(kind: TaskKind, id: string): void {
    const { clock, log } = this.#ports;
    this.#loop.run(
      keyOf(kind, id),
      (softSignal) => this.#advanceAll(kind, id, softSignal),
      (error) => {
        log('task failed', { kind: kind.name, id, error: errorTrace(error) });
        kind.hold(id, { kind: 'rejected', failure: toFailure(error), at: clock.now() });
      },
    );
  }

  /** Phase after phase, until the task is over, waits, or is interrupted. */
  async #advanceAll(kind: TaskKind, id: string, soft: AbortSignal): Promise<void> {
    const { accounts, clock } = this.#ports;
    for (let task = this.#runnable(kind, id); task && !soft.aborted; task = this.#runnable(kind, id)) {
      const { accountId } = task;
      const releases = accountId === null ? 0 : accounts.releases(accountId);
      const failure = await kind.advance(id, this.#context(accountId, soft));
      if (failure) {
        const isOutdated = accountId !== null && isAccountFailure(failure) && accounts.releases(accountId) !== releases;
        if (!isOutdated) this.#note(kind, id, failure);
        return;
      }
      if (kind.state(id)?.hold?.kind === 'backoff') kind.hold(id, { kind: 'recovered', at: clock.now() });
    }
  }

  #context(accountId: AccountId | null, softSignal: AbortSignal): TaskContext {
    const { clock, service } = this.#ports;
    const common = { clock, signal: this.#loop.hardSignal, softSignal };
    if (accountId === null) return withoutAccount(common);
    const account = this.#ports.account(accountId);
    if (!account) throw new Error(`The account ${accountId} is gone`);
    return { ...common, account, service: service(account) };
  }

  /** The task, when it may run now. */
  #runnable(kind: TaskKind, id: string): { accountId: AccountId | null } | null {
    const state = this.#loop.isStarted ? kind.state(id) : null;
    if (!state || (state.accountId !== null && this.#ports.accounts.isWaiting(state.accountId))) return null;
    const { hold } = state;
    const mayRun = hold === null || (hold.kind === 'backoff' && isWaitOver(hold.until, this.#ports.clock.now()));
    return mayRun ? state : null;
  }

  #note(kind: TaskKind, id: string, failure: Failure): void {
    const { accounts, clock, random } = this.#ports;
    // The user may have paused or cancelled in the meantime: that counts more than how the attempt ended.
    const state = kind.state(id);
    if (!state || state.hold?.kind === 'paused') return;
    if (isAccountFailure(failure) && state.accountId !== null) {
      accounts.hold(state.accountId, failure);
      return;
    }
    const last = state.hold?.kind === 'backoff' ? state.hold : null;
    const attempt = (last?.attempt ?? 0) + 1;
    const inventoryLagMs = this.#lagOf(state.accountId);
    kind.hold(
      id,
      afterFailure(failure, { attempt, before: last?.failure ?? null, now: clock.now(), random, inventoryLagMs }),
    );
  }

  #lagOf(accountId: AccountId | null): number {
    const account = accountId === null ? null : this.#ports.account(accountId);
    return account ? this.#ports.service(account).inventoryLagMs : 0;
  }

  #interrupt(kind: TaskKind): void {
    for (const key of this.#keysOf(kind)) this.#loop.interrupt(key);
  }

  #countRunning(kind: TaskKind): number {
    return this.#keysOf(kind).length;
  }

  #keysOf(kind: TaskKind): string[] {
    return this.#loop.running().filter((key) => key.startsWith(keyOf(kind, '')));
  }
}

/** For tasks that work on this computer alone, also when their account is gone. */
function withoutAccount(common: Pick<TaskContext, 'clock' | 'signal' | 'softSignal'>): TaskContext {
  const refuse = (): never => {
    throw new Error('A task without an account asked for one');
  };
  return Object.defineProperties({ ...common } as TaskContext, { account: { get: refuse }, service: { get: refuse } });
}

function keyOf(kind: TaskKind, id: string): string {
  return `${kind.name} ${id}`;
}
