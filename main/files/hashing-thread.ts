import { Worker } from 'node:worker_threads';
import type { ByteRange } from '../../shared/part-plan.ts';
import { type Result, fail } from '../../shared/result.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { SourceFiles } from '../core/ports.ts';
import { localFiles } from './local-files.ts';

export type ToHashThread =
  | { type: 'hash'; id: number; path: string; range: ByteRange }
  /** Nobody waits for it any more. */
  | { type: 'stop'; id: number };

/** Null when it was stopped. */
export type FromHashThread = { id: number; hash: Result<TreeHash> | null };

type Waiting = (hash: Result<TreeHash>) => void;

/** The files of this computer, hashed in a thread of its own. It starts when it is needed, and another when it died. */
export class HashingThread {
  readonly files: SourceFiles = {
    ...localFiles,
    hashRange: (path, range, signal) => this.#hashRange(path, range, signal),
  };
  readonly #threadFile: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #last = 0;

  /** `threadFile` is the built `hash-thread.ts`. */
  constructor(threadFile: string) {
    this.#threadFile = threadFile;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #hashRange(path: string, range: ByteRange, signal: AbortSignal): Promise<Result<TreeHash>> {
    signal.throwIfAborted();
    const id = (this.#last += 1);
    const worker = (this.#worker ??= this.#start());
    return new Promise<Result<TreeHash>>((resolve, reject) => {
      const stop = (): void => {
        this.#forget(id);
        worker.postMessage({ type: 'stop', id } satisfies ToHashThread);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.set(id, (hash) => {
        signal.removeEventListener('abort', stop);
        this.#forget(id);
        resolve(hash);
      });
      // Who waits for a hash keeps the process alive; an idle thread does not.
      worker.ref();
      worker.postMessage({ type: 'hash', id, path, range } satisfies ToHashThread);
    });
  }

  #forget(id: number): void {
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker?.unref();
  }

  #start(): Worker {
    const worker = new Worker(this.#threadFile, { name: 'hashes' });
    let problem = 'it ended';
    worker.on('message', ({ id, hash }: FromHashThread) => {
      if (hash !== null) this.#waiting.get(id)?.(hash);
    });
    worker.on('error', ({ message }) => {
      problem = message;
    });
    worker.on('exit', () => {
      this.#worker = null;
      const detail = `the thread that hashes files stopped: ${problem}`;
      for (const settle of [...this.#waiting.values()]) settle(fail({ kind: 'unexpected', detail }));
    });
    worker.unref();
    return worker;
  }
}
