import { Worker } from 'node:worker_threads';
import { errorText } from '../../shared/error-text.ts';
import { assertNever } from '../../shared/assert.ts';
import type { Effort } from '../../shared/cpu-use.ts';
import { rangeLength } from '../../shared/part-plan.ts';
import type { Result } from '../../shared/result.ts';
import type { HttpRequestHead } from '../aws/connections.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import type { DeadConnections } from '../aws/dead-connections.ts';
import type { PartToSend, SentHashes } from '../aws/part-sender.ts';
import { type Loan, type Memory, piecesFor } from './memory.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';

/** What becomes of a part that a worker carries. `done` comes once, last; null when the part was abandoned. */
export type PartEvents = {
  hashed: (hashes: SentHashes) => void;
  sent: (bytes: number) => void;
  done: (outcome: Result<HttpAnswer> | null) => void;
  /** Instead of `done`: the thread ended, for this reason. Whatever it did, it does no more. */
  died: (reason: string) => void;
};

/** A part in the hands of a worker. */
export type Carriage = { prepared: (head: HttpRequestHead) => void; abandon: () => void };

type Carried = { events: PartEvents; loan: Loan };

/** One worker thread, seen from the thread that signs. */
export class PartWorker {
  readonly #worker: Worker;
  readonly #memory: Memory;
  readonly #parts = new Map<number, Carried>();
  #nextId = 1;
  #effort: Effort;
  #isRetired = false;
  #isEnding = false;
  #death: string | null = null;

  constructor(file: string | URL, memory: Memory, settings: Omit<WorkerSettings, 'memory'>, effort: Effort) {
    this.#memory = memory;
    this.#effort = effort;
    const workerData: WorkerSettings = { ...settings, memory: memory.shared };
    this.#worker = new Worker(file, { workerData, name: 'parts', resourceLimits });
    this.#worker.on('message', (message: FromWorker) => {
      this.#receive(message);
    });
    this.#worker.on('error', (error) => {
      this.#death ??= errorText(error);
    });
    this.#worker.on('exit', () => {
      this.#death ??= 'it ended';
      this.#buryAll(this.#death);
    });
    this.#worker.unref();
    if (effort === 'gentle') this.#tell({ type: 'be-gentle' });
  }

  /** Parts that use its memory and its connections. */
  get load(): number {
    return this.#parts.size;
  }

  get isDead(): boolean {
    return this.#death !== null;
  }

  get isRetired(): boolean {
    return this.#isRetired;
  }

  /** Other parts are for others; it finishes those that it has, gently if that is what is asked for, and ends. */
  retire(effort: Effort): void {
    if (effort === 'gentle' && this.#effort !== effort) this.#tell({ type: 'be-gentle' });
    this.#effort = effort;
    this.#isRetired = true;
    this.#endIfDone();
  }

  carry(part: PartToSend, events: PartEvents): Carriage {
    const id = this.#nextId++;
    // A part on its way keeps the process alive; an idle worker does not.
    this.#worker.ref();
    this.#tell({ type: 'send', id, part });
    const loan = this.#memory.borrow(piecesFor(rangeLength(part.range)), (pieces) => {
      this.#tell({ type: 'lend', id, pieces });
    });
    this.#parts.set(id, { events, loan });
    return {
      prepared: (head) => {
        this.#tell({ type: 'prepared', id, head });
      },
      abandon: () => {
        this.#tell({ type: 'abandon', id });
      },
    };
  }

  /** Closes connections that lead nowhere any more. */
  drop(dead: DeadConnections): void {
    this.#tell({ type: 'drop', dead });
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#worker.terminate();
  }

  #endIfDone(): void {
    if (this.#isRetired && this.#parts.size === 0) void this.#worker.terminate();
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    const part = this.#parts.get(message.id);
    switch (message.type) {
      case 'returned':
        part?.loan.giveBack(message.pieces);
        return;
      case 'hashed':
        part?.events.hashed(message.hashes);
        return;
      case 'sent':
        part?.events.sent(message.bytes);
        return;
      case 'done':
        this.#parts.delete(message.id);
        // Whoever awaits its end must not find the process over instead.
        if (this.#parts.size === 0 && !this.#isEnding) this.#worker.unref();
        part?.loan.end();
        part?.events.done(message.outcome);
        this.#endIfDone();
        return;
      default:
        assertNever(message);
    }
  }

  /** Only when the thread has ended does it certainly not write into the memory any more. */
  #buryAll(reason: string): void {
    const parts = [...this.#parts.values()];
    this.#parts.clear();
    for (const { events, loan } of parts) {
      loan.end();
      events.died(reason);
    }
  }
}

/** Hardly anything is allocated in a worker, and what is, lives short. */
const resourceLimits = { maxYoungGenerationSizeMb: 2 };
