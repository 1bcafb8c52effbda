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
    // All at once: what waits for its turn must not begin while another is heard out.
    const outcomes = await Promise.all(this.#open(which).map((id) => this.#cancelOne(id)));
    this.#runner.look();
    return { waiting: outcomes.filter((outcome) => outcome === 'goes on').length };
  }

  /** Cancels the upload and adds its file anew; changes nothing when the file cannot be added. */
  async startOver(id: UploadId, preferredPartSize: number): Promise<Result<Enqueued>> {
    const upload = this.#uploads.get(id);
    if (!upload) return fail(gone);
    const { accountId, vault, path, partSize } = upload;
    const preferred = Math.max(partSize, preferredPartSize);
    const choice = { accountId, vault, partSize: null, preferredPartSize: preferred, again: true };
    const { leftOut } = await preview([path], choice, this.#ports, this.#closing.signal);
    if (leftOut[0]) return fail(leftOut[0].failure);
    if (!isFinal(upload.phase) && (await this.#cancelOne(id)) === 'goes on') {
      return fail({ kind: 'invalid-input', detail: "Glacier's answer to the last request is still open." });
    }
    return this.enqueue([path], choice);
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
  async #cancelOne(id: UploadId): Promise<'over' | 'goes on'> {
    const isPausedForIt = this.#pauseIfRunning(id);
    await this.#runner.settle(id);
    const upload = this.#uploads.get(id);
    if (!upload || isFinal(upload.phase) || upload.phase.kind === 'aborting') return 'over';
    if (canCancel(upload)) {
      this.#uploads.apply(id, { kind: 'cancelled', at: this.#now() });
      return 'over';
    }
    if (isPausedForIt && upload.hold?.kind === 'paused') this.#uploads.apply(id, { kind: 'resumed', at: this.#now() });
    return 'goes on';
  }

  /** So that it does not begin again once it has been heard out. False when there was nothing to pause. */
  #pauseIfRunning(id: UploadId): boolean {
    const upload = this.#uploads.get(id);
    if (!upload || !this.#runner.isRunning(id) || isFinal(upload.phase)) return false;
    if (upload.phase.kind === 'aborting' || upload.hold?.kind === 'paused') return false;
    this.#uploads.apply(id, { kind: 'paused', at: this.#now() });
    return true;
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
