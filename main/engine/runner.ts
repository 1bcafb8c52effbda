import { errorTrace, errorText } from '../../shared/error-text.ts';
import type { TaskId } from '../../shared/task.ts';
import { RunLoop, type RunLoopPorts } from './run-loop.ts';
import type { Admits } from './store-ports.ts';
import { Stepper, type StepperPorts } from './stepper.ts';
import type { TaskHead } from './task.ts';
import type { Worker } from './worker.ts';

export type LaneRule = {
  name: string;
  /** Tasks of these lanes take the same places, each in its turn; none by default. */
  alsoFrom?: readonly string[];
  /** How many at once; asked each time. 0: the lane is paused, and what runs in it is interrupted. */
  limit: () => number;
  /** So many more when they are urgent; 0 by default. */
  urgent?: number;
  /** Beside all of them, so many more that are of one lane; none by default. */
  beside?: { lane: string; limit: () => number };
  /** What comes first: its place in the queue, or what is the most urgent. By default the former. */
  order?: 'position' | 'urgency';
  /** By the clock alone the limit may change, so it is asked again now and then while anything waits. */
  changesWithTime?: boolean;
};

/** On what grounds a task runs. */
type Seat = 'place' | 'beside' | 'urgent';
type Running = { rule: LaneRule; seat: Seat };

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
  readonly #seats = new Map<TaskId, Running>();
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
    if (!this.#loop.isHalted) for (const kind of only) this.#startKind(kind);
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

  /** Interrupts all that the veto is about, and begins no other until the returned function is called. */
  forbid(veto: Veto): () => void {
    this.#vetoes.add(veto);
    for (const id of this.#meantBy(veto)) this.interrupt(id);
    return () => {
      this.#vetoes.delete(veto);
    };
  }

  /** The same, and resolves when none of them runs. */
  async suspend(veto: Veto): Promise<() => void> {
    const allow = this.forbid(veto);
    await Promise.all(this.#meantBy(veto).map((id) => this.settle(id)));
    return allow;
  }

  /** Lanes in which tasks may begin now. */
  openLanes(): string[] {
    return this.#startedLanes()
      .filter(({ limit }) => limit() > 0)
      .flatMap(lanesOf);
  }

  isRunning(id: TaskId): boolean {
    return this.#loop.isRunning(id);
  }

  running(): TaskId[] {
    return this.#loop.running();
  }

  /** From `start` until `stop` or `halt`. */
  get isStarted(): boolean {
    return this.#loop.isStarted;
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
    for (const kind of this.#started) this.#stepper.workerOf(kind).look?.();
    const lanes = this.#startedLanes();
    let isPassedOver = false;
    for (const lane of lanes) if (this.#fill(lane, now, mayBegin)) isPassedOver = true;
    if (isPassedOver) return now;
    const next = queue.nextDue(now);
    const mayChange = lanes.some(({ changesWithTime }) => changesWithTime === true) && queue.hasWaiting();
    return next ?? (mayChange ? Infinity : null);
  }

  /** Returns whether released tasks could not run although there was a place: others may stand behind them. */
  #fill(rule: LaneRule, now: number, mayBegin: boolean): boolean {
    const { limit, urgent = 0, beside } = rule;
    const places = limit();
    if (places === 0) this.#interruptAllOf(rule);
    if (places === 0 || !mayBegin) return false;
    const { queue, waits } = this.#ports;
    const admits: Admits = (keys) => waits.admits(keys);
    const lanes = lanesOf(rule);
    const isPassedOver = this.#beginReleased(rule, places);
    // What runs already is found again.
    const found = (most: number): number => most + this.#countOf(rule);
    if (this.#countOf(rule, 'place') < places) {
      const find = rule.order === 'urgency' ? queue.urgent.bind(queue) : queue.due.bind(queue);
      this.#begin(find(lanes, now, found(places), admits), rule, 'place', places);
    }
    if (this.#countOf(rule, 'place') < places) return isPassedOver;
    if (beside) {
      const most = beside.limit();
      this.#begin(queue.due([beside.lane], now, found(most), admits), rule, 'beside', most);
    }
    if (urgent > 0) this.#begin(queue.urgent(lanes, now, found(urgent), admits, now), rule, 'urgent', urgent);
    return isPassedOver;
  }

  #beginReleased(rule: LaneRule, places: number): boolean {
    const { waits } = this.#ports;
    const released = lanesOf(rule).flatMap((lane) => waits.released(lane, MOST_RELEASED));
    const passedOver = this.#begin(released, rule, 'place', places);
    for (const id of passedOver) waits.unrelease(id);
    return passedOver.length > 0;
  }

  /** Returns those that could not run. */
  #begin(ids: readonly TaskId[], rule: LaneRule, seat: Seat, places: number): TaskId[] {
    let free = places - this.#countOf(rule, seat);
    const passedOver: TaskId[] = [];
    for (const id of ids) {
      if (free <= 0) break;
      if (this.isRunning(id)) continue;
      if (this.#beginOne(id, rule, seat)) free -= 1;
      else passedOver.push(id);
    }
    return passedOver;
  }

  #beginOne(id: TaskId, rule: LaneRule, seat: Seat): boolean {
    const task = this.#stepper.runnable(id, lanesOf(rule));
    if (task?.lane === undefined || task.lane === null || [...this.#vetoes].some((veto) => veto(task))) return false;
    this.#seats.set(id, { rule, seat });
    this.#run(task, task.lane);
    return true;
  }

  #run({ id, kind }: TaskHead, lane: string): void {
    const act = async (softSignal: AbortSignal): Promise<void> => {
      try {
        await this.#stepper.run(id, lane, { signal: this.#loop.hardSignal, softSignal });
      } finally {
        this.#seats.delete(id);
        this.#ports.waits.unrelease(id);
        this.#stepper.workerOf(kind).ended?.(id);
      }
    };
    this.#loop.run(id, act, (error) => {
      const { queue, clock, log } = this.#ports;
      log('a step failed', { id, error: errorTrace(error) });
      queue.hold(id, { kind: 'rejected', failure: { kind: 'unexpected', detail: errorText(error) }, at: clock.now() });
    });
  }

  #startKind(kind: string): void {
    if (this.#started.has(kind)) return;
    this.#started.add(kind);
    this.#loop.writing(() => this.#stepper.workerOf(kind).begin?.());
  }

  #startedLanes(): LaneRule[] {
    return this.#rules.filter(({ kind }) => this.#started.has(kind));
  }

  #meantBy(veto: Veto): TaskId[] {
    return this.running().filter((id) => {
      const task = this.#ports.queue.head(id);
      return task !== null && veto(task);
    });
  }

  #interruptAllOf(rule: LaneRule): void {
    for (const [id, running] of this.#seats) if (running.rule === rule) this.#loop.interrupt(id);
  }

  #countOf(rule: LaneRule, seat?: Seat): number {
    return [...this.#seats.values()].filter((one) => one.rule === rule && (seat === undefined || one.seat === seat))
      .length;
  }
}

function lanesOf({ name, alsoFrom = [] }: LaneRule): string[] {
  return [name, ...alsoFrom];
}
