import type { Effort } from '../../shared/cpu-use.ts';
import type { Failure } from '../../shared/failure.ts';
import { fail } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import type { DeadConnections } from '../aws/dead-connections.ts';
import type { ConnectionOptions } from '../aws/connections.ts';
import type { PartSender } from '../aws/part-sender.ts';
import { Delivery } from './delivery.ts';
import { Memory } from './memory.ts';
import type { WorkerSettings } from './messages.ts';
import { Pace } from './pace.ts';
import { PartWorker } from './part-worker.ts';
import { setProcessEffort } from './priority.ts';

export type PartPoolOptions = {
  /** The built `worker.ts`. */
  workerFile: string | URL;
  /** Worker threads at full speed. Two hash faster than most lines carry. */
  threads: number;
  /** Parts that one thread has under way at the same time; more wait for their turn. */
  partsPerThread?: number;
  /** For all parts together, a multiple of 1 MiB and at least 64 MiB. Parts wait until there is room. */
  memoryBytes?: number;
  connections?: ConnectionOptions;
};

export type PartPool = PartSender & {
  /** Parts will come soon: starts the threads, which takes longer than it takes to begin a multipart upload. */
  expectParts(): void;
  /** Closes connections that lead nowhere any more; parts on their way over them fail as `offline`. */
  dropConnections(dead: DeadConnections): void;
  /** Bytes per second for all parts together, from the next slice on; null for no limit. */
  setRate(bytesPerSecond: number | null): void;
  /** Counts for parts that have not begun yet; those that have are finished gently, too. */
  setEffort(effort: Effort): void;
  /** Ends the threads. Parts under way or waiting fail as `unexpected`. */
  close(): Promise<void>;
};

const PARTS_PER_THREAD = 16;
/** One and a half of the largest parts that are held: the next is read while the last is sent. */
const MEMORY_BYTES = 96 * MiB;

/** Starts threads when parts are expected or come, and others for those that died. */
export function openPartPool(options: PartPoolOptions): PartPool {
  const pool = new Pool(options);
  return {
    async send(part, prepare, sendOptions) {
      sendOptions.signal.throwIfAborted();
      const delivery = new Delivery(part, prepare, sendOptions);
      pool.add(delivery);
      return delivery.outcome;
    },
    expectParts: () => {
      pool.start();
    },
    dropConnections: (dead) => {
      pool.dropConnections(dead);
    },
    setRate: (bytesPerSecond) => {
      pool.pace.setRate(bytesPerSecond);
    },
    setEffort: (effort) => {
      pool.setEffort(effort);
    },
    close: () => pool.close(),
  };
}

class Pool {
  readonly pace: Pace;
  readonly #file: string | URL;
  readonly #memory: Memory;
  readonly #settings: Omit<WorkerSettings, 'memory'>;
  readonly #partsPerThread: number;
  readonly #threads: number;
  #workers: PartWorker[] = [];
  #waiting: Delivery[] = [];
  #effort: Effort = 'full';
  #closed = false;

  constructor({ workerFile, threads, partsPerThread, memoryBytes, connections }: PartPoolOptions) {
    this.#file = workerFile;
    this.#threads = threads;
    this.#partsPerThread = partsPerThread ?? PARTS_PER_THREAD;
    const pace = Pace.newMemory();
    this.pace = new Pace(pace);
    this.#memory = new Memory(memoryBytes ?? MEMORY_BYTES);
    this.#settings = { pace, connections: connections ?? {} };
  }

  start(): void {
    this.#workers = this.#workers.filter((worker) => !worker.isDead);
    const wanted = this.#effort === 'gentle' ? 1 : this.#threads;
    for (let count = this.#active().length; count < wanted && !this.#closed; count += 1) {
      this.#workers.push(new PartWorker(this.#file, this.#memory, this.#settings, this.#effort));
    }
  }

  /** Threads that were lowered cannot be raised again, so others take their place. */
  setEffort(effort: Effort): void {
    if (effort === this.#effort) return;
    this.#effort = effort;
    setProcessEffort(effort);
    const isAtWork = this.#active().length > 0;
    for (const worker of this.#active()) worker.retire(effort);
    if (isAtWork) this.start();
    this.#serve();
  }

  dropConnections(dead: DeadConnections): void {
    for (const worker of this.#workers) worker.drop(dead);
  }

  add(delivery: Delivery): void {
    if (this.#closed) {
      delivery.end(fail(closed));
      return;
    }
    this.#waiting.push(delivery);
    this.#serve();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const delivery of this.#waiting.splice(0)) delivery.end(fail(closed));
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }

  #serve(): void {
    this.#waiting = this.#waiting.filter((delivery) => !delivery.ended);
    while (this.#waiting.length > 0 && !this.#closed) {
      const worker = this.#freest();
      if (worker === null) return;
      const delivery = this.#waiting.shift();
      delivery?.begin(
        worker,
        () => {
          this.#serve();
        },
        () => {
          this.add(delivery);
        },
      );
    }
  }

  #active(): PartWorker[] {
    return this.#workers.filter((worker) => !worker.isDead && !worker.isRetired);
  }

  /** The worker with the fewest parts; null when all have enough. */
  #freest(): PartWorker | null {
    this.start();
    const [freest] = this.#active().toSorted((a, b) => a.load - b.load);
    return freest !== undefined && freest.load < this.#partsPerThread ? freest : null;
  }
}

const closed: Failure = { kind: 'unexpected', detail: 'the threads that send parts were ended' };
