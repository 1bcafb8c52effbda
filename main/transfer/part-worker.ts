import { Worker } from 'node:worker_threads';
import { assertNever } from '../../shared/assert.ts';
import { type Result, fail } from '../../shared/result.ts';
import type { PartHashes } from '../core/tree-hash.ts';
import type { HttpAnswer, HttpRequestHead } from '../glacier/http.ts';
import type { PartToSend } from '../glacier/part-sender.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';

/** What becomes of a part that a worker carries. `done` comes once, last; null when the part was abandoned. */
export type PartEvents = {
  hashed: (hashes: PartHashes) => void;
  sent: (bytes: number) => void;
  done: (outcome: Result<HttpAnswer> | null) => void;
};

/** A part in the hands of a worker. */
export type Carriage = { prepared: (head: HttpRequestHead) => void; abandon: () => void };

/** One worker thread, seen from the thread that signs. When it dies, its parts end as `unexpected`. */
export class PartWorker {
  readonly #worker: Worker;
  readonly #parts = new Map<number, PartEvents>();
  #nextId = 1;
  #death: string | null = null;

  constructor(file: string | URL, settings: WorkerSettings) {
    this.#worker = new Worker(file, { workerData: settings, name: 'parts' });
    this.#worker.on('message', (message: FromWorker) => {
      this.#receive(message);
    });
    this.#worker.on('error', (error) => {
      this.#die(error instanceof Error ? error.message : String(error));
    });
    this.#worker.on('exit', () => {
      this.#die('it ended');
    });
    this.#worker.unref();
  }

  /** Parts that use its memory and its connections. */
  get load(): number {
    return this.#parts.size;
  }

  get isDead(): boolean {
    return this.#death !== null;
  }

  carry(part: PartToSend, events: PartEvents): Carriage {
    const id = this.#nextId++;
    this.#parts.set(id, events);
    // A part on its way keeps the process alive; an idle worker does not.
    this.#worker.ref();
    this.#tell({ type: 'send', id, part });
    return {
      prepared: (head) => {
        this.#tell({ type: 'prepared', id, head });
      },
      abandon: () => {
        this.#tell({ type: 'abandon', id });
      },
    };
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    const events = this.#parts.get(message.id);
    switch (message.type) {
      case 'hashed':
        events?.hashed(message.hashes);
        return;
      case 'sent':
        events?.sent(message.bytes);
        return;
      case 'done':
        this.#parts.delete(message.id);
        if (this.#parts.size === 0) this.#worker.unref();
        events?.done(message.outcome);
        return;
      default:
        assertNever(message);
    }
  }

  #die(reason: string): void {
    this.#death ??= reason;
    const parts = [...this.#parts.values()];
    this.#parts.clear();
    for (const { done } of parts)
      done(fail({ kind: 'unexpected', detail: `a thread that sends parts stopped: ${this.#death}` }));
  }
}
