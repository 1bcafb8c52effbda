import { type Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { EnqueuedUploads, Preview } from '../../shared/selection.ts';
import { type UploadDetail, type UploadId, canCancel, isFinal } from '../../shared/upload.ts';
import { cancelOne, hasUnansweredInitiate } from './cancel-one.ts';
import { type Choice, type EnqueuePorts, enqueue, partSizeFailure, preview } from './enqueue.ts';
import type { Upload } from '../core/store-ports.ts';
import type { Runner } from '../engine/runner.ts';
import type { TaskSelection } from '../engine/store-ports.ts';
import type { TaskCommands } from '../engine/task-commands.ts';
import type { UploadStore } from '../store/uploads.ts';
import { uploadKind } from './upload-kind.ts';
import type { UploadWorker } from './worker.ts';

export type Which = readonly UploadId[] | 'all';

const SHOWN_EVENTS = 200;
/** Many enough that commits cost little, few enough that nothing else has to wait for long. */
const BATCH = 100;

type QueuePorts = {
  uploads: UploadStore;
  runner: Runner;
  worker: UploadWorker;
  commands: TaskCommands;
  adding: Omit<EnqueuePorts, 'giveUp'>;
};

/** What people ask of the queue. */
export class Queue {
  readonly #ports: QueuePorts;
  readonly #adding: EnqueuePorts;
  readonly #closing = new AbortController();

  constructor(ports: QueuePorts) {
    this.#ports = ports;
    this.#adding = { ...ports.adding, giveUp: (id) => this.#cancelOne(id) };
  }

  /** What would be added. `signal` ends it. */
  async preview(paths: readonly string[], choice: Choice, signal?: AbortSignal): Promise<Result<Preview>> {
    return this.#problemWith(choice) ?? this.#untilStopped(signal, (end) => preview(paths, choice, this.#adding, end));
  }

  /** Adds the files. `signal` ends it; what is in the queue by then stays there. */
  async enqueue(paths: readonly string[], choice: Choice, signal?: AbortSignal): Promise<Result<EnqueuedUploads>> {
    const problem = this.#problemWith(choice);
    if (problem) return problem;
    const added = await this.#untilStopped(signal, (end) => enqueue(paths, choice, this.#adding, end));
    this.#ports.runner.look();
    return added;
  }

  /** What is being cancelled goes on all the same. */
  async pause(which: Which): Promise<void> {
    await this.#ports.commands.pause(selectionOf(which));
  }

  /** Resumes what is paused, retries what failed, and ends a wait. */
  async resume(which: Which): Promise<void> {
    await this.#ports.commands.resume(selectionOf(which));
  }

  /** Puts uploads, in this order, before another one, or last. What runs already goes on. */
  async move(ids: readonly UploadId[], before: UploadId | null): Promise<void> {
    await this.#ports.commands.move(ids, before);
  }

  /** Resolves with the number of uploads whose last request has no answer yet, which therefore go on. */
  async cancel(which: Which): Promise<{ waiting: number }> {
    const { uploads, runner } = this.#ports;
    const ids = which === 'all' ? uploads.openIds() : which.filter((id) => this.#isOpen(id));
    const meant = new Set(ids);
    // Nothing begins in place of what was just cancelled.
    const letGoOn = runner.forbid(({ id, phase }) => meant.has(id) && phase !== 'aborting');
    try {
      const left = await this.#cancelWhatWaits(ids);
      const outcomes = await Promise.all(left.map((id) => this.#cancelOne(id)));
      return { waiting: outcomes.filter((outcome) => outcome === 'goes on').length };
    } finally {
      letGoOn();
      runner.look();
    }
  }

  /** Cancels the upload and adds its file anew; changes nothing when the file cannot be added. */
  async startOver(id: UploadId, preferredPartSize: number): Promise<Result<EnqueuedUploads>> {
    const upload = this.#ports.uploads.get(id);
    if (!upload) return fail(gone);
    const { accountId, vault, path, partSize } = upload;
    const preferred = Math.max(partSize, preferredPartSize);
    const choice = { accountId, vault, partSize: null, preferredPartSize: preferred, again: true };
    const { leftOut } = await preview([path], choice, this.#adding, this.#closing.signal);
    if (leftOut[0]) return fail(leftOut[0].failure);
    if (!isFinal(upload.phase) && (await this.#cancelOne(id)) === 'goes on') {
      return fail({ kind: 'invalid-input', detail: "Glacier's answer to the last request is still open." });
    }
    return this.enqueue([path], choice);
  }

  /** Takes stored and cancelled uploads off the list. */
  async clear(): Promise<{ cleared: number }> {
    const { taken } = await this.#ports.commands.clear(selectionOf('all'));
    return { cleared: taken };
  }

  detail(id: UploadId): Result<UploadDetail> {
    const upload = this.#ports.uploads.get(id);
    if (!upload) return fail(gone);
    const { description, identity, drive, ...view } = upload;
    return ok({
      upload: view,
      description,
      modifiedAt: Number(BigInt(identity.modifiedNs) / 1_000_000n),
      parts: this.#ports.uploads.parts(id),
      events: this.#ports.uploads.events(id, SHOWN_EVENTS),
    });
  }

  close(): void {
    this.#closing.abort();
  }

  #problemWith(choice: Choice): { ok: false; failure: Failure } | null {
    const failure: Failure | null = this.#adding.isClosed(choice)
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

  /** Cancels what neither runs nor has asked to be initiated; the others are left. Others get their turn in between. */
  async #cancelWhatWaits(ids: readonly UploadId[]): Promise<UploadId[]> {
    const { uploads } = this.#ports;
    const left: UploadId[] = [];
    for (let at = 0; at < ids.length; at += BATCH) {
      if (at > 0) await new Promise((resolve) => setImmediate(resolve));
      const events = ids.slice(at, at + BATCH).flatMap((id) => {
        const upload = uploads.get(id);
        if (!upload || isFinal(upload.phase)) return [];
        // What is cancelled now still asks for its abort; to give that up is a decision of its own.
        if (this.#isBusy(upload) || upload.phase.kind === 'aborting' || !canCancel(upload)) left.push(id);
        else return [{ id, event: { kind: 'cancelled', at: this.#now() } as const }];
        return [];
      });
      uploads.applyAll(events);
    }
    return left;
  }

  #cancelOne(id: UploadId): Promise<'over' | 'goes on'> {
    return cancelOne(id, { ...this.#ports, clock: this.#adding.clock, signal: this.#closing.signal });
  }

  #isBusy(upload: Upload): boolean {
    return this.#ports.runner.isRunning(upload.id) || hasUnansweredInitiate(upload);
  }

  #isOpen(id: UploadId): boolean {
    const upload = this.#ports.uploads.get(id);
    return upload !== null && !isFinal(upload.phase);
  }

  #now(): number {
    return this.#adding.clock.now();
  }
}

function selectionOf(which: Which): TaskSelection {
  return which === 'all' ? { kind: 'all', of: uploadKind.name } : { kind: 'tasks', ids: which };
}

const gone: Failure = { kind: 'not-found', what: 'The upload' };
