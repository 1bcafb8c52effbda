import type { AccountId } from '../../shared/account.ts';
import { type Failure, isAccountFailure } from '../../shared/failure.ts';
import type { TaskId } from '../../shared/task.ts';
import { isWaitOver } from './backoff.ts';
import type { Clock } from './clock.ts';
import { reactionTo } from './reaction.ts';
import type { TaskQueue } from './store-ports.ts';
import type { TaskHead } from './task.ts';
import type { Waits } from './waits.ts';
import type { StepContext, Worker } from './worker.ts';

export type StepperPorts = {
  queue: TaskQueue;
  waits: Waits;
  clock: Clock;
  /** From [0, 1). */
  random: () => number;
  /** How long after a change an inventory of the account's places shows it. */
  inventoryLagMs: (accountId: AccountId) => number;
};

/** Takes one task as far as it goes now, and notes why it goes no further. */
export class Stepper {
  readonly #ports: StepperPorts;
  readonly #workers = new Map<string, Worker>();

  constructor(ports: StepperPorts) {
    this.#ports = ports;
  }

  employ(worker: Worker): void {
    this.#workers.set(worker.kind, worker);
  }

  /** The task, when it may run now in one of these lanes. */
  runnable(id: TaskId, lanes: readonly string[]): TaskHead | null {
    const { queue, waits, clock } = this.#ports;
    const task = queue.head(id);
    const isOfLanes = task !== null && task.lane !== null && lanes.includes(task.lane);
    if (!isOfLanes || !waits.admits(task.waitKeys, id)) return null;
    const { hold } = task;
    return hold === null || (hold.kind === 'backoff' && isWaitOver(hold.until, clock.now())) ? task : null;
  }

  /** Step after step, until the task is over, changes its lane, waits, or is interrupted. */
  async run(id: TaskId, lane: string, signals: Pick<StepContext, 'signal' | 'softSignal'>): Promise<void> {
    const { queue, clock, waits } = this.#ports;
    for (let follows = false; !signals.softSignal.aborted; follows = true) {
      const task = this.runnable(id, [lane]);
      if (!task) return;
      const epoch = waits.epoch;
      const gotThrough = (): void => {
        waits.gotThrough(task.waitKeys, id);
      };
      const failure = await this.workerOf(task.kind).step(id, { ...signals, follows, gotThrough });
      if (failure) {
        this.#note(id, failure, epoch);
        return;
      }
      gotThrough();
      if (queue.head(id)?.hold?.kind === 'backoff') queue.hold(id, { kind: 'recovered', at: clock.now() });
    }
  }

  /** @throws when nobody was employed for the kind. */
  workerOf(kind: string): Worker {
    const worker = this.#workers.get(kind);
    if (!worker) throw new Error(`No worker for ${kind}`);
    return worker;
  }

  #note(id: TaskId, failure: Failure, epoch: number): void {
    const { queue, waits, clock, random, inventoryLagMs } = this.#ports;
    const task = queue.head(id);
    // The user may have paused or cancelled meanwhile: that counts more than how the attempt ended.
    if (!task || task.lane === null || task.hold?.kind === 'paused') return;
    const last = task.hold?.kind === 'backoff' ? task.hold : null;
    const lag = task.place ? inventoryLagMs(task.place.accountId) : 0;
    // What keeps this task alone from an answer, while others get theirs, is no wait for all.
    const shared = isAccountFailure(failure) ? task.waitKeys : task.waitKeys.filter((key) => !waits.isAlone(key, id));
    const reaction = reactionTo(failure, shared, {
      attempt: (last?.attempt ?? 0) + 1,
      before: last?.failure ?? null,
      now: clock.now(),
      random,
      inventoryLagMs: lag,
    });
    if (reaction.kind === 'wait') waits.close(reaction.key, failure, { since: epoch, by: id });
    else queue.hold(id, reaction.event);
  }
}
