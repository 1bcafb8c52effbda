import type { TaskId } from '../../shared/task.ts';
import type { Clock } from './clock.ts';
import type { Runner, Veto } from './runner.ts';
import type { BulkCommand, BulkId, BulkOutcome, BulkQueue, TaskSelection } from './store-ports.ts';

/** Of a slice, before its commit. With it, the process is held for less than 20 ms. */
const BUDGET_MS = 5;
const SHOWN_REFUSED = 100;

type TaskCommandsPorts = {
  queue: BulkQueue;
  runner: Pick<Runner, 'forbid' | 'suspend' | 'look'>;
  clock: Pick<Clock, 'now'>;
  /** Resolves when whatever else wanted to run has had its turn. */
  turn: () => Promise<void>;
};

/**
 * What people want of tasks of any kind, one or a hundred thousand. The intent is committed at once; then it is carried out,
 * one command after the other, in slices that hold the process for some milliseconds. What is paused or cancelled is
 * interrupted, and nothing of it begins meanwhile; what is cancelled is heard out first, too.
 */
export class TaskCommands {
  readonly #ports: TaskCommandsPorts;
  readonly #enqueued = new Set<BulkId>();
  #last: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(ports: TaskCommandsPorts) {
    this.#ports = ports;
  }

  pause(selection: TaskSelection): Promise<BulkOutcome> {
    return this.run({ kind: 'pause', selection });
  }

  /** Ends pauses, waits and failures; whatever else the kind does then. */
  resume(selection: TaskSelection): Promise<BulkOutcome> {
    return this.run({ kind: 'resume', selection });
  }

  /** Refuses those that cannot be cancelled now, as while their last answer is open. */
  cancel(selection: TaskSelection): Promise<BulkOutcome> {
    return this.run({ kind: 'cancel', selection });
  }

  /** Takes those that are over off the list. */
  clear(selection: TaskSelection): Promise<BulkOutcome> {
    return this.run({ kind: 'clear', selection });
  }

  /** Puts the tasks, in this order, before another one, or last when that is null. */
  move(ids: readonly TaskId[], before: TaskId | null): Promise<BulkOutcome> {
    return this.run({ kind: 'move', ids, before });
  }

  /** Resolves when it is done. */
  run(command: BulkCommand): Promise<BulkOutcome> {
    const { queue, clock } = this.#ports;
    return this.#enqueue(queue.begin(command, clock.now()), command);
  }

  /** Goes on with what a crash or a full disk cut off. To be called before the runner starts, and when there is room again. */
  async goOn(): Promise<void> {
    const left = this.#ports.queue.unfinished().filter(({ id }) => !this.#enqueued.has(id));
    await Promise.all(left.map(({ id, command }) => this.#enqueue(id, command)));
  }

  stop(): void {
    this.#stopped = true;
  }

  #enqueue(id: BulkId, command: BulkCommand): Promise<BulkOutcome> {
    this.#enqueued.add(id);
    // At once, whatever other commands are still carried out before it.
    const suspended = this.#suspend(command);
    const done = this.#last.then(async () => {
      const resumeRunning = await suspended;
      try {
        return await this.#carryOut(id);
      } finally {
        this.#enqueued.delete(id);
        resumeRunning();
        this.#ports.runner.look();
      }
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #suspend(command: BulkCommand): Promise<() => void> {
    const { runner } = this.#ports;
    switch (command.kind) {
      case 'pause':
        return runner.forbid(vetoOf(command.selection));
      case 'cancel':
        return runner.suspend(vetoOf(command.selection));
      default:
        return () => undefined;
    }
  }

  async #carryOut(id: BulkId): Promise<BulkOutcome> {
    const { queue, clock, turn } = this.#ports;
    const outcome = { taken: 0, refused: [] as TaskId[] };
    for (let isDone = this.#stopped; !isDone && !this.#stopped;) {
      const { done, taken, refused } = queue.slice(id, clock.now(), BUDGET_MS);
      outcome.taken += taken;
      outcome.refused.push(...refused.slice(0, SHOWN_REFUSED - outcome.refused.length));
      isDone = done;
      if (!done) await turn();
    }
    return outcome;
  }
}

function vetoOf(selection: TaskSelection): Veto {
  if (selection.kind === 'all') return ({ kind }) => kind === selection.of;
  const ids = new Set(selection.ids);
  return ({ id }) => ids.has(id);
}
