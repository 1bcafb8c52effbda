import { type Failure } from '../shared/failure.ts';
import { type Result, fail, ok } from '../shared/result.ts';
import type { Enqueued, Preview } from '../shared/selection.ts';
import { type UploadDetail, type UploadId, canCancel, isFinal } from '../shared/upload.ts';
import { type Choice, type EnqueuePorts, enqueue, partSizeFailure, preview } from './core/enqueue.ts';
import type { Runner } from './core/runner.ts';
import type { UploadStore } from './store/uploads.ts';

export type Which = readonly UploadId[] | 'all';

const SHOWN_EVENTS = 200;

/** What people ask of the queue. */
export class Queue {
  readonly #uploads: UploadStore;
  readonly #runner: Runner;
  readonly #ports: EnqueuePorts;
  readonly #closing = new AbortController();

  constructor(uploads: UploadStore, runner: Runner, ports: EnqueuePorts) {
    this.#uploads = uploads;
    this.#runner = runner;
    this.#ports = ports;
  }

  async preview(paths: readonly string[], choice: Choice): Promise<Result<Preview>> {
    const problem = partSizeFailure(choice.partSize);
    return problem ? fail(problem) : ok(await preview(paths, choice, this.#ports, this.#closing.signal));
  }

  async enqueue(paths: readonly string[], choice: Choice): Promise<Result<Enqueued>> {
    const problem = partSizeFailure(choice.partSize);
    if (problem) return fail(problem);
    const added = await enqueue(paths, choice, this.#ports, this.#closing.signal);
    this.#runner.look();
    return ok(added);
  }

  pause(which: Which): void {
    for (const id of this.#open(which)) {
      const upload = this.#uploads.get(id);
      if (!upload || upload.hold?.kind === 'paused' || upload.phase.kind === 'aborting') continue;
      this.#uploads.apply(id, { kind: 'paused', at: this.#now() });
      this.#runner.interrupt(id);
    }
  }

  /** Resumes what is paused, retries what failed, and ends a wait. */
  resume(which: Which): void {
    for (const id of this.#open(which)) {
      if (this.#uploads.get(id)?.hold) this.#uploads.apply(id, { kind: 'resumed', at: this.#now() });
    }
    this.#runner.look();
  }

  /** Puts uploads, in this order, before another one, or last. What runs already goes on. */
  move(ids: readonly UploadId[], before: UploadId | null): void {
    this.#uploads.move(ids, before);
    this.#runner.look();
  }

  /** Ends the waits that this kind of failure has caused: its cause is gone. */
  endWaits(kind: Failure['kind']): void {
    for (const id of this.#uploads.openIds()) {
      const hold = this.#uploads.get(id)?.hold;
      if (hold?.kind === 'backoff' && hold.failure.kind === kind) {
        this.#uploads.apply(id, { kind: 'resumed', at: this.#now() });
      }
    }
    this.#runner.look();
  }

  /** Resolves with the number of uploads whose answer to complete is still open, which therefore go on. */
  async cancel(which: Which): Promise<{ waiting: number }> {
    let waiting = 0;
    for (const id of this.#open(which)) if (!(await this.#cancelOne(id))) waiting += 1;
    this.#runner.look();
    return { waiting };
  }

  async startOver(id: UploadId, preferredPartSize: number): Promise<Result<Enqueued>> {
    const upload = this.#uploads.get(id);
    if (!upload) return fail(gone);
    if (!isFinal(upload.phase) && !(await this.#cancelOne(id))) {
      return fail({ kind: 'invalid-input', detail: "Glacier's answer to the last request is still open." });
    }
    const { accountId, vault, path, partSize } = upload;
    return this.enqueue([path], {
      accountId,
      vault,
      partSize: null,
      preferredPartSize: Math.max(partSize, preferredPartSize),
      again: true,
    });
  }

  clear(): { cleared: number } {
    return { cleared: this.#uploads.clearFinished() };
  }

  detail(id: UploadId): Result<UploadDetail> {
    const upload = this.#uploads.get(id);
    if (!upload) return fail(gone);
    const { description, identity, ...view } = upload;
    return ok({
      upload: view,
      description,
      modifiedAt: Number(BigInt(identity.modifiedNs) / 1_000_000n),
      parts: this.#uploads.parts(id),
      events: this.#uploads.events(id, SHOWN_EVENTS),
    });
  }

  close(): void {
    this.#closing.abort();
  }

  /** Hears out what runs first: an initiate on its way would leave a multipart upload that nobody aborts. */
  async #cancelOne(id: UploadId): Promise<boolean> {
    if (this.#runner.isRunning(id)) {
      this.#uploads.apply(id, { kind: 'paused', at: this.#now() });
      await this.#runner.settle(id);
    }
    const upload = this.#uploads.get(id);
    if (!upload || isFinal(upload.phase)) return upload?.phase.kind === 'cancelled';
    if (upload.phase.kind === 'aborting') return true;
    if (canCancel(upload)) {
      this.#uploads.apply(id, { kind: 'cancelled', at: this.#now() });
      return true;
    }
    if (upload.hold?.kind === 'paused') this.#uploads.apply(id, { kind: 'resumed', at: this.#now() });
    return false;
  }

  #open(which: Which): readonly UploadId[] {
    const open = this.#uploads.openIds();
    if (which === 'all') return open;
    const wanted = new Set(which);
    return open.filter((id) => wanted.has(id));
  }

  #now(): number {
    return this.#ports.clock.now();
  }
}

const gone: Failure = { kind: 'not-found', what: 'The upload' };
