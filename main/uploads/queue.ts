import { type Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { EnqueuedUploads, Preview } from '../../shared/selection.ts';
import { type UploadDetail, type UploadEvent, type UploadId, canCancel, isFinal } from '../../shared/upload.ts';
import { applyInBatches } from './batches.ts';
import { cancelOne, hasUnansweredInitiate } from './cancel-one.ts';
import { type Choice, type EnqueuePorts, enqueue, partSizeFailure, preview } from './enqueue.ts';
import type { Runner } from './runner.ts';
import type { Upload } from '../core/store-ports.ts';
import type { UploadStore } from '../store/uploads.ts';

export type Which = readonly UploadId[] | 'all';

const SHOWN_EVENTS = 200;

/** What people ask of the queue. */
export class Queue {
  readonly #uploads: UploadStore;
  readonly #runner: Runner;
  readonly #ports: EnqueuePorts;
  readonly #closing = new AbortController();

  constructor(uploads: UploadStore, runner: Runner, ports: Omit<EnqueuePorts, 'giveUp'>) {
    this.#uploads = uploads;
    this.#runner = runner;
    this.#ports = { ...ports, giveUp: (id) => this.#cancelOne(id) };
  }

  /** What would be added. `signal` ends it. */
  async preview(paths: readonly string[], choice: Choice, signal?: AbortSignal): Promise<Result<Preview>> {
    return this.#problemWith(choice) ?? this.#untilStopped(signal, (end) => preview(paths, choice, this.#ports, end));
  }

  /** Adds the files. `signal` ends it; what is in the queue by then stays there. */
  async enqueue(paths: readonly string[], choice: Choice, signal?: AbortSignal): Promise<Result<EnqueuedUploads>> {
    const problem = this.#problemWith(choice);
    if (problem) return problem;
    const added = await this.#untilStopped(signal, (end) => enqueue(paths, choice, this.#ports, end));
    this.#runner.look();
    return added;
  }

  async pause(which: Which): Promise<void> {
    // From the end, so that nothing begins in place of what was just paused.
    await this.#change(
      this.#open(which).toReversed(),
      ({ phase, hold }) => (hold?.kind === 'paused' || phase.kind === 'aborting' ? null : 'paused'),
      (ids) => {
        for (const id of ids) this.#runner.interrupt(id);
      },
    );
  }

  /** Resumes what is paused, retries what failed, and ends a wait. */
  async resume(which: Which): Promise<void> {
    await this.#change(
      this.#open(which),
      ({ hold }) => (hold ? 'resumed' : null),
      () => {
        this.#runner.look();
      },
    );
  }

  /** Puts uploads, in this order, before another one, or last. What runs already goes on. */
  move(ids: readonly UploadId[], before: UploadId | null): void {
    this.#uploads.move(ids, before);
    this.#runner.look();
  }

  /** Ends the waits that this kind of failure has caused: its cause is gone. */
  async endWaits(kind: Failure['kind']): Promise<void> {
    await this.#change(this.#uploads.openIds(), ({ hold }) =>
      hold?.kind === 'backoff' && hold.failure.kind === kind ? 'resumed' : null,
    );
    this.#runner.look();
  }

  /** Resolves with the number of uploads whose last request has no answer yet, which therefore go on. */
  async cancel(which: Which): Promise<{ waiting: number }> {
    const ids = this.#open(which);
    // What is cancelled now still asks for its abort; to give that up is a decision of its own.
    const aborting = new Set(ids.filter((id) => this.#uploads.get(id)?.phase.kind === 'aborting'));
    // What waits comes before what runs, and from the end, so that nothing begins in place of what was just cancelled.
    await this.#change(ids.toReversed(), (upload) => (canCancel(upload) && !this.#isBusy(upload) ? 'cancelled' : null));
    const left = ids.filter((id) => {
      const phase = this.#uploads.get(id)?.phase;
      return phase && !isFinal(phase) && (phase.kind !== 'aborting' || aborting.has(id));
    });
    const outcomes = await Promise.all(left.map((id) => this.#cancelOne(id)));
    this.#runner.look();
    return { waiting: outcomes.filter((outcome) => outcome === 'goes on').length };
  }

  /** Cancels the upload and adds its file anew; changes nothing when the file cannot be added. */
  async startOver(id: UploadId, preferredPartSize: number): Promise<Result<EnqueuedUploads>> {
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

  #problemWith(choice: Choice): { ok: false; failure: Failure } | null {
    const failure: Failure | null = this.#ports.isClosed(choice)
      ? { kind: 'vault-being-emptied', vault: choice.vault }
      : partSizeFailure(choice.partSize);
    return failure && fail(failure);
  }

  async #untilStopped<T>(
    signal: AbortSignal | undefined,
    act: (signal: AbortSignal) => Promise<T>,
  ): Promise<Result<T>> {
    const closing = this.#closing.signal;
    try {
      return ok(await act(signal ? AbortSignal.any([signal, closing]) : closing));
    } catch (error) {
      if (!signal?.aborted) throw error;
      return fail({ kind: 'invalid-input', detail: 'It was stopped. What was added before stays in the queue.' });
    }
  }

  #cancelOne(id: UploadId): Promise<'over' | 'goes on'> {
    return cancelOne(id, { uploads: this.#uploads, runner: this.#runner, clock: this.#ports.clock });
  }

  #open(which: Which): readonly UploadId[] {
    return which === 'all' ? this.#uploads.openIds() : which.filter((id) => this.#isOpen(id));
  }

  #isBusy(upload: Upload): boolean {
    return this.#runner.isRunning(upload.id) || hasUnansweredInitiate(upload);
  }

  #isOpen(id: UploadId): boolean {
    const upload = this.#uploads.get(id);
    return upload !== null && !isFinal(upload.phase);
  }

  #change(
    ids: readonly UploadId[],
    kindFor: (upload: Upload) => 'paused' | 'resumed' | 'cancelled' | null,
    changed?: (ids: readonly UploadId[]) => void,
  ): Promise<void> {
    const eventFor = (upload: Upload): UploadEvent | null => {
      const kind = isFinal(upload.phase) ? null : kindFor(upload);
      return kind && { kind, at: this.#now() };
    };
    return applyInBatches(ids, this.#uploads, eventFor, changed);
  }

  #now(): number {
    return this.#ports.clock.now();
  }
}

const gone: Failure = { kind: 'not-found', what: 'The upload' };
