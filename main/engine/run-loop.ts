import { errorText, errorTrace } from '../../shared/error-text.ts';
import type { Failure } from '../../shared/failure.ts';
import { SECOND } from '../../shared/units.ts';
import { isAbort } from './abort.ts';
import type { Clock } from './clock.ts';
import type { DiskWatch } from './disk-watch.ts';
import type { Sleep } from './sleep.ts';
import type { Waits } from './waits.ts';

export type RunLoopPorts = {
  clock: Clock;
  waits: Pick<Waits, 'onChange'>;
  disk: DiskWatch;
  sleep: Sleep;
  /** Why the records can be neither written nor read for now, when that is what the error says: then all waits. */
  troubleOf: (error: unknown) => Failure | null;
  /** Whether the error says that the database is damaged: then nothing may be written any more. */
  isDamaged: (error: unknown) => boolean;
  /** Such an error was met, and the loop has halted. */
  onDamaged: (error: unknown) => void;
  /** The loop itself has a bug, and has halted. */
  onBug: (error: unknown) => void;
  log: (message: string, details: Record<string, unknown>) => void;
};

type Run = { soft: AbortController; done: Promise<void> };

/**
 * Begins what is due at `now`, as long as it `mayBegin`. When to look again at the latest, in milliseconds since 1970; null
 * for not before something happens.
 */
export type BeginDue = (now: number, mayBegin: boolean) => number | null;

/** Requests that only ask get this long to be answered when Firn ends. */
const GRACE_MS = 3 * SECOND;
/** The clock may be set, and the computer may sleep: no wait is trusted for longer. */
const LONGEST_LOOK_MS = 60 * SECOND;

/**
 * Looks again and again at what is due, and knows what runs right now and how to stop it: long transfers alone (soft), or
 * everything (hard). What is due and what a run does is told by its owner.
 */
export class RunLoop<Id> {
  readonly #ports: RunLoopPorts;
  readonly #beginDue: BeginDue;
  readonly #running = new Map<Id, Run>();
  readonly #hard = new AbortController();
  readonly #idleListeners = new Set<() => void>();
  #stopWaiting: () => void = () => undefined;
  #started = false;
  #halted = false;

  constructor(ports: RunLoopPorts, beginDue: BeginDue) {
    this.#ports = ports;
    this.#beginDue = beginDue;
    const look = (): void => {
      this.look();
    };
    ports.waits.onChange(look);
    for (const pause of [ports.disk, ports.sleep]) {
      pause.onChange(() => {
        if (ports.disk.isWaiting || ports.sleep.isAsleep) this.interruptAll();
        else look();
      });
    }
  }

  /** Nothing is begun before. Does nothing when the loop has halted. */
  start(): void {
    this.#started = !this.#halted;
    this.look();
  }

  /** Stops transfers at once, hears short requests out, and resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#stopWaiting();
    this.interruptAll();
    const cancel = this.#ports.clock.after(GRACE_MS, () => {
      this.#hard.abort();
    });
    await Promise.allSettled([...this.#running.values()].map(({ done }) => done));
    cancel();
    this.#hard.abort();
  }

  /** Ends for good, at once, without waiting for anything: the database can no longer be trusted. */
  halt(): void {
    this.#halted = true;
    this.#started = false;
    this.#stopWaiting();
    this.interruptAll();
  }

  /** To be called whenever something may be due: after a command, a changed setting, wake-up, a new network. */
  look(): void {
    if (!this.#started) return;
    try {
      this.#lookNow();
    } catch (error) {
      this.#cannotLook(error);
    }
  }

  /** Runs `act` until it ends or is interrupted. What it throws beyond the state of disk and database is a bug. */
  run(id: Id, act: (softSignal: AbortSignal) => Promise<void>, onBug: (error: unknown) => void): void {
    const soft = new AbortController();
    const done = act(soft.signal)
      .catch((error: unknown) => {
        this.#absorb(error, soft.signal, onBug);
      })
      .finally(() => {
        this.#running.delete(id);
        this.look();
      });
    this.#running.set(id, { soft, done });
  }

  /** Ends what runs: transfers at once, a request that only asks when it is answered. */
  interrupt(id: Id): void {
    this.#running.get(id)?.soft.abort();
  }

  interruptAll(): void {
    for (const { soft } of this.#running.values()) soft.abort();
  }

  /** Interrupts it and resolves when nothing of it runs any more. */
  async settle(id: Id): Promise<void> {
    this.interrupt(id);
    await this.#running.get(id)?.done;
  }

  /** Runs what writes, and waits for room, or halts, when it cannot. */
  writing(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#cannotWrite(error);
    }
  }

  /** Calls back each time nothing runs after a look. */
  onIdle(listener: () => void): () => void {
    this.#idleListeners.add(listener);
    return () => this.#idleListeners.delete(listener);
  }

  /** Firn ends: everything stops. */
  get hardSignal(): AbortSignal {
    return this.#hard.signal;
  }

  get isStarted(): boolean {
    return this.#started;
  }

  get isHalted(): boolean {
    return this.#halted;
  }

  get size(): number {
    return this.#running.size;
  }

  isRunning(id: Id): boolean {
    return this.#running.has(id);
  }

  running(): Id[] {
    return [...this.#running.keys()];
  }

  #lookNow(): void {
    this.#stopWaiting();
    const { clock, disk, sleep } = this.#ports;
    const now = clock.now();
    const next = this.#beginDue(now, !disk.isWaiting && !sleep.isAsleep);
    if (next !== null) {
      this.#stopWaiting = clock.after(Math.min(next - now + 1, LONGEST_LOOK_MS), () => {
        this.look();
      });
    }
    if (this.size === 0) for (const listener of this.#idleListeners) listener();
  }

  /** An interruption is no failure; a full disk stops everything for a while; the rest is a bug that one run shows. */
  #absorb(error: unknown, soft: AbortSignal, onBug: (error: unknown) => void): void {
    if (isAbort(error, soft) || isAbort(error, this.#hard.signal)) return;
    if (this.#ports.isDamaged(error) || this.#ports.troubleOf(error)) this.#cannotWrite(error);
    else
      this.writing(() => {
        onBug(error);
      });
  }

  /** Nothing can be written down, so nothing may be done. */
  #cannotWrite(error: unknown): void {
    const { troubleOf, disk, log } = this.#ports;
    if (this.#haltIfDamaged(error) || disk.isWaiting) return;
    log('the database cannot be used', { error: errorText(error) });
    disk.wait(troubleOf(error) ?? { kind: 'unexpected', detail: errorText(error) });
  }

  /** What is due is not known. A bug would show at each look, and end the process from inside a timer: it ends the work instead. */
  #cannotLook(error: unknown): void {
    const { isDamaged, troubleOf, log, onBug } = this.#ports;
    if (isDamaged(error) || troubleOf(error)) {
      this.#cannotWrite(error);
      return;
    }
    log('the queue has stopped', { error: errorTrace(error) });
    this.halt();
    onBug(error);
  }

  #haltIfDamaged(error: unknown): boolean {
    const { isDamaged, onDamaged } = this.#ports;
    if (!isDamaged(error)) return false;
    this.halt();
    onDamaged(error);
    return true;
  }
}
