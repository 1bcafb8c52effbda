import { errorTrace, errorText } from '../../shared/error-text.ts';
import type { TaskId } from '../../shared/task.ts';
import { RunLoop, type RunLoopPorts } from './run-loop.ts';
import { Stepper, type StepperPorts } from './stepper.ts';
import type { TaskHead } from './task.ts';
import type { Worker } from './worker.ts';

export type LaneRule = {
  name: string;
  /** How many at once; asked each time. 0: the lane is paused, and what runs in it is interrupted. */
  limit: () => number;
  /** So many more when they are urgent; 0 by default. */
  urgent?: number;
  /** What comes first: its place in the queue, or what is the most urgent. By default the former. */
  order?: 'position' | 'urgency';
  /** By the clock alone the limit may change, so it is asked again now and then while anything waits. */
  changesWithTime?: boolean;
};

export type RunnerPorts = RunLoopPorts & StepperPorts;

/** Tasks that a command under way is about to stop are not begun. */
export type Veto = (task: TaskHead) => boolean;

/** Released tasks that are tried in one pass, lest it take long when most of them are paused. */
const MOST_RELEASED = 200;

/** Asks the store what is due and runs it, lane by lane. Keeps no list: all it remembers is what runs right now. */
export class Runner {
  readonly #ports: RunnerPorts;
  readonly #rules: (LaneRule & { kind: string })[] = [];
  readonly #stepper: Stepper;
  readonly #loop: RunLoop<TaskId>;
  readonly #lanes = new Map<TaskId, string>();
  readonly #vetoes = new Set<Veto>();
  readonly #started = new Set<string>();

  constructor(ports: RunnerPorts) {
    this.#ports = ports;
    this.#stepper = new Stepper(ports);
    this.#loop = new RunLoop(ports, (now, mayBegin) => this.#beginDue(now, mayBegin));
  }

  /** Gives the tasks of a kind somebody who carries them on, and places to run in; lanes are filled in the order in which they came. */
  employ(worker: Worker, lanes: readonly LaneRule[]): void {
    this.#stepper.employ(worker);
    this.#rules.push(...lanes.map((lane) => ({ ...lane, kind: worker.kind })));
  }

  /** Nothing runs before. `only`: tasks of these kinds, beside those that were started already; all by default. */
  start(only: readonly string[] = this.#rules.map(({ kind }) => kind)): void {
    for (const kind of only) this.#started.add(kind);
    this.#loop.start();
  }

  /** Stops transfers at once, hears short requests out, and resolves when nothing runs any more. */
  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** Ends for good, at once: what the database says can no longer be trusted. */
  halt(): void {
    this.#loop.halt();
  }

  /** To be called whenever something may be due: after a command, a changed setting, a wake-up. */
  look(): void {
    this.#loop.look();
  }

  interrupt(id: TaskId): void {
    this.#loop.interrupt(id);
  }

  /** Interrupts the task and resolves when nothing of it runs any more. */
  async settle(id: TaskId): Promise<void> {
    await this.#loop.settle(id);
  }

  /** Interrupts all that the veto is about, begins no other until it is lifted, and resolves when none of them runs. */
  async suspend(veto: Veto): Promise<() => void> {
    this.#vetoes.add(veto);
    const meant = this.running().filter((id) => {
      const task = this.#ports.queue.head(id);
      return task !== null && veto(task);
    });
    await Promise.all(meant.map((id) => this.settle(id)));
    return () => {
      this.#vetoes.delete(veto);
    };
  }

  /** Lanes in which tasks may begin now. */
  openLanes(): string[] {
    return this.#startedLanes()
      .filter(({ limit }) => limit() > 0)
      .map(({ name }) => name);
  }

  isRunning(id: TaskId): boolean {
    return this.#loop.isRunning(id);
  }

  running(): TaskId[] {
    return this.#loop.running();
  }

  get isIdle(): boolean {
    return this.#loop.size === 0;
  }

  /** Calls back each time nothing runs after a look. */
  onIdle(listener: () => void): () => void {
    return this.#loop.onIdle(listener);
  }

  #beginDue(now: number, mayBegin: boolean): number | null {
    const { queue } = this.#ports;
    const lanes = this.#startedLanes();
    let isPassedOver = false;
    for (const lane of lanes) if (this.#fill(lane, now, mayBegin)) isPassedOver = true;
    if (isPassedOver) return now;
    const next = queue.nextDue(now);
    const mayChange = lanes.some(({ changesWithTime }) => changesWithTime === true) && queue.hasWaiting();
    return next ?? (mayChange ? Infinity : null);
  }

  /** Returns whether released tasks could not run although there was a place: others may stand behind them. */
  #fill({ name, limit, urgent = 0, order }: LaneRule, now: number, mayBegin: boolean): boolean {
    const places = limit();
    if (places === 0) this.#interruptLane(name);
    if (places === 0 || !mayBegin) return false;
    const { queue, waits } = this.#ports;
    const admits: Parameters<typeof queue.due>[3] = (keys) => waits.admits(keys);
    const isPassedOver = this.#beginReleased(name, places);
    const running = this.#countIn(name);
    if (running < places) {
      const find = order === 'urgency' ? queue.urgent.bind(queue) : queue.due.bind(queue);
      this.#begin(find(name, now, places + running, admits), name, places);
    }
    if (urgent > 0 && this.#countIn(name) >= places) {
      this.#begin(queue.urgent(name, now, places + urgent, admits, now), name, places + urgent);
    }
    return isPassedOver;
  }

  #beginReleased(lane: string, places: number): boolean {
    const { waits } = this.#ports;
    const passedOver = this.#begin(waits.released(lane, MOST_RELEASED), lane, places);
    for (const id of passedOver) waits.unrelease(id);
    return passedOver.length > 0;
  }

  /** Returns those that could not run. */
  #begin(ids: readonly TaskId[], lane: string, places: number): TaskId[] {
    let free = places - this.#countIn(lane);
    const passedOver: TaskId[] = [];
    for (const id of ids) {
      if (free <= 0) break;
      if (this.isRunning(id)) continue;
      if (this.#mayRun(id, lane)) {
        this.#run(id, lane);
        free -= 1;
      } else passedOver.push(id);
    }
    return passedOver;
  }

  #mayRun(id: TaskId, lane: string): boolean {
    const task = this.#stepper.runnable(id, lane);
    return task !== null && ![...this.#vetoes].some((veto) => veto(task));
  }

  #run(id: TaskId, lane: string): void {
    this.#lanes.set(id, lane);
    const act = async (softSignal: AbortSignal): Promise<void> => {
      try {
        await this.#stepper.run(id, lane, { signal: this.#loop.hardSignal, softSignal });
      } finally {
        this.#lanes.delete(id);
        this.#ports.waits.unrelease(id);
      }
    };
    this.#loop.run(id, act, (error) => {
      const { queue, clock, log } = this.#ports;
      log('a step failed', { id, error: errorTrace(error) });
      queue.hold(id, { kind: 'rejected', failure: { kind: 'unexpected', detail: errorText(error) }, at: clock.now() });
    });
  }

  #startedLanes(): LaneRule[] {
    return this.#rules.filter(({ kind }) => this.#started.has(kind));
  }

  #interruptLane(lane: string): void {
    for (const [id, of] of this.#lanes) if (of === lane) this.#loop.interrupt(id);
  }

  #countIn(lane: string): number {
    return [...this.#lanes.values()].filter((of) => of === lane).length;
  }
}
