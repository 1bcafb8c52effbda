import { type Failure } from '../shared/failure.ts';
import { type Result, fail, ok } from '../shared/result.ts';
import type { Enqueued, Preview } from '../shared/selection.ts';
import { type UploadDetail, type UploadEvent, type UploadId, canCancel, isFinal } from '../shared/upload.ts';
import { applyInBatches } from './batches.ts';
import { cancelOne, hasUnansweredInitiate } from './cancel-one.ts';
import { type Choice, type EnqueuePorts, enqueue, partSizeFailure, preview } from './core/enqueue.ts';
import type { Runner } from './core/runner.ts';
import type { Upload } from './core/store-ports.ts';
import type { UploadStore } from './store/uploads.ts';

export type Which = readonly UploadId[] | 'all';

const SHOWN_EVENTS = 200;

/** What people ask of the queue. */
export class Queue {
  readonly #uploads: UploadStore;
  readonly #runner: Runner;
  readonly #ports: EnqueuePorts;
  readonly #isClosed: (place: Pick<Choice, 'accountId' | 'vault'>) => boolean;
  readonly #closing = new AbortController();

  /** `isClosed`: nothing may be put into a vault that is being emptied. */
  constructor(
    uploads: UploadStore,
    runner: Runner,
    ports: EnqueuePorts,
    isClosed: (place: Pick<Choice, 'accountId' | 'vault'>) => boolean,
  ) {
    this.#uploads = uploads;
    this.#runner = runner;
    this.#ports = ports;
    this.#isClosed = isClosed;
  }

  async preview(paths: readonly string[], choice: Choice): Promise<Result<Preview>> {
    const problem = this.#problemWith(choice);
    return problem ? fail(problem) : ok(await preview(paths, choice, this.#ports, this.#closing.signal));
  }

  async enqueue(paths: readonly string[], choice: Choice): Promise<Result<Enqueued>> {
    const problem = this.#problemWith(choice);
    if (problem) return fail(problem);
    const added = await enqueue(paths, choice, this.#ports, this.#closing.signal);
    this.#runner.look();
    return ok(added);
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
    // What waits comes before what runs, and from the end, so that nothing begins in place of what was just cancelled.
    await this.#change(ids.toReversed(), (upload) => (canCancel(upload) && !this.#isBusy(upload) ? 'cancelled' : null));
    const outcomes = await Promise.all(ids.filter((id) => this.#isOpen(id)).map((id) => this.#cancelOne(id)));
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

  #problemWith(choice: Choice): Failure | null {
    if (this.#isClosed(choice)) return { kind: 'vault-being-emptied', vault: choice.vault };
    return partSizeFailure(choice.partSize);
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
