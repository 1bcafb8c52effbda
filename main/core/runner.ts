import type { Account, AccountId } from '../../shared/account.ts';
import { type Failure, isAccountFailure, isTransient } from '../../shared/failure.ts';
import type { Allowance } from '../../shared/schedule.ts';
import type { Settings } from '../../shared/settings.ts';
import { type MultipartUploadId, type UploadId, isFinal } from '../../shared/upload.ts';
import { MiB, SECOND } from '../../shared/units.ts';
import { AccountWaits } from './account-waits.ts';
import { backoffMs, isWaitOver } from './backoff.ts';
import type { DiskWatch } from './disk-watch.ts';
import { isAbort, toFailure } from './failure.ts';
import { Live } from './live.ts';
import { LostInitiates } from './lost-initiates.ts';
import { Parallelism } from './parallelism.ts';
import type { Clock, Destination, SourceFiles } from './ports.ts';
import type { Sleep } from './sleep.ts';
import { Slots } from './slots.ts';
import { advance } from './step.ts';
import type { StepContext } from './steps/context.ts';
import { sweepStrays } from './steps/initiate.ts';
import type { ArchiveCatalogue, InventoryJobs, Upload, UploadQueue } from './store-ports.ts';
import { Tally } from './tally.ts';

export type RunnerPorts = {
  uploads: UploadQueue;
  catalogue: ArchiveCatalogue;
  jobs: InventoryJobs;
  files: SourceFiles;
  clock: Clock;
  random: () => number;
  settings: () => Settings;
  /** What limit and schedule allow now. */
  allowance: () => Allowance;
  /** Bytes per second for all parts together from now on; null for no limit. */
  setRate: (bytesPerSecond: number | null) => void;
  account: (id: AccountId) => Account | null;
  destination: (account: Account) => Destination;
  /** Whether the error says that the disk is full: then nothing can be written, and all waits. */
  isDiskFull: (error: unknown) => boolean;
  disk: DiskWatch;
  sleep: Sleep;
  /** Whether the error says that the database is damaged: then nothing may be written any more. */
  isDamaged: (error: unknown) => boolean;
  /** The runner met such an error and has halted. */
  onDamaged: (error: unknown) => void;
  log: (message: string, details: Record<string, unknown>) => void;
};

/** Requests that only ask get this long to be answered when Firn ends. */
const GRACE_MS = 3 * SECOND;
/** A file of at most this size gets a place of its own, so that it need not wait for huge ones to end. */
const SMALL_FILE = 64 * MiB;

type Run = { soft: AbortController; done: Promise<void> };

/**
 * Runs the queue: asks the store what is due, takes each upload one phase further at a time, and writes down what came
 * of it. It keeps no list of its own; all it remembers is what it is doing right now.
 */
export class Runner {
  readonly live = new Live<UploadId>();
  readonly accounts: AccountWaits;
  readonly parallelism: Parallelism;
  readonly #ports: RunnerPorts;
  readonly #slots: Slots;
  readonly #runs = new Map<UploadId, Run>();
  readonly #reconciled = new Set<MultipartUploadId>();
  readonly #lostInitiates: LostInitiates;
  readonly #losses = new Tally<UploadId>();
  readonly #refusals = new Tally<UploadId>();
  readonly #hard = new AbortController();
  readonly #idleListeners = new Set<() => void>();
  #stopWaiting: () => void = () => undefined;
  #started = false;
  #halted = false;

  constructor(ports: RunnerPorts) {
    this.#ports = ports;
    this.#lostInitiates = new LostInitiates(ports.clock.now());
    this.parallelism = new Parallelism(() => ports.settings().parallelParts);
    this.#slots = new Slots(() => this.parallelism.current());
    this.accounts = new AccountWaits(() => {
      this.look();
    });
    ports.disk.onChange(() => {
      if (ports.disk.isWaiting) this.#softStopAll();
      else this.look();
    });
    ports.sleep.onChange(() => {
      if (ports.sleep.isAsleep) this.#softStopAll();
      else this.#doubtEverything();
    });
  }

  start(): void {
    this.#started = !this.#halted;
    if (this.#started) this.#noteInterruptions();
    this.look();
  }

  /** Stops parts at once, hears short requests out, and resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#stopWaiting();
    for (const run of this.#runs.values()) run.soft.abort();
    const cancel = this.#ports.clock.after(GRACE_MS, () => {
      this.#hard.abort();
    });
    await Promise.allSettled([...this.#runs.values()].map((run) => run.done));
    cancel();
    this.#hard.abort();
  }

  /** Ends for good, at once, without waiting for anything: the queue can no longer be trusted. */
  halt(): void {
    this.#halted = true;
    this.#started = false;
    this.#stopWaiting();
    this.#softStopAll();
  }

  /** To be called whenever something may be due: after a command, a changed setting, wake-up, a new network. */
  look(): void {
    if (!this.#started) return;
    try {
      this.#lookNow();
    } catch (error) {
      if (!this.#haltIfDamaged(error)) throw error;
    }
  }

  /** Ends what the upload is doing: parts at once, a request that only asks when it is answered. */
  interrupt(id: UploadId): void {
    this.#runs.get(id)?.soft.abort();
  }

  /** Interrupts the upload and resolves when nothing of it runs any more. */
  async settle(id: UploadId): Promise<void> {
    const run = this.#runs.get(id);
    run?.soft.abort();
    await run?.done;
  }

  get isStarted(): boolean {
    return this.#started;
  }

  get isBusy(): boolean {
    return this.#runs.size > 0;
  }

  isRunning(id: UploadId): boolean {
    return this.#runs.has(id);
  }

  /**
   * Aborts what an unanswered initiate of an upload that does not run may have left. Null when nothing is left of it,
   * otherwise why that is not known.
   */
  async sweep(id: UploadId): Promise<Failure | null> {
    const upload = this.#ports.uploads.get(id);
    const account = upload && this.#ports.account(upload.accountId);
    if (upload?.phase.kind !== 'queued' || upload.phase.initiateAskedAt === null || !account) return null;
    return sweepStrays(upload, upload.phase.initiateAskedAt, this.#context(upload, account, this.#hard.signal));
  }

  /** Calls back each time nothing runs after a look at the queue. */
  onIdle(listener: () => void): () => void {
    this.#idleListeners.add(listener);
    return () => this.#idleListeners.delete(listener);
  }

  /** Much may have happened to the service's state in the meantime: it is asked again. */
  #doubtEverything(): void {
    this.#reconciled.clear();
    this.look();
  }

  /** Written down once, so that a chain of short lives does not wait anew in each. */
  #noteInterruptions(): void {
    const { uploads, clock } = this.#ports;
    try {
      for (const id of uploads.interrupted()) {
        const now = clock.now();
        uploads.apply(id, {
          kind: 'attempt-failed',
          failure: { kind: 'interrupted' },
          retryAt: now,
          attempt: 1,
          at: now,
        });
      }
    } catch (error) {
      if (!this.#haltIfDamaged(error)) this.#waitForRoom(error);
    }
  }

  #lookNow(): void {
    this.#stopWaiting();
    const { clock, settings, allowance, setRate, disk, sleep } = this.#ports;
    const now = clock.now();
    const allowed = allowance();
    const mayStart = !disk.isWaiting && !sleep.isAsleep;
    this.#slots.resized();
    if (settings().queuePaused || allowed === 'paused') {
      this.#softStopAll();
      // A pause is about sending: what was cancelled is no upload any more.
      if (mayStart) this.#startAborts(now);
    } else {
      setRate(allowed);
      if (mayStart) this.#startDue(now);
    }
    this.#waitForNext(now);
    if (this.#runs.size === 0) for (const listener of this.#idleListeners) listener();
  }

  #startDue(now: number): void {
    const { uploads, settings } = this.#ports;
    const { parallelUploads } = settings();
    const waiting = this.accounts.waiting();
    const places = parallelUploads + this.#runs.size;
    for (const id of uploads.due(now, places, waiting)) {
      if (this.#runs.size < parallelUploads && !this.#runs.has(id)) this.#run(id);
    }
    if (this.#runs.size !== parallelUploads) return;
    const small = uploads.due(now, places + 1, waiting, SMALL_FILE).find((id) => !this.#runs.has(id));
    if (small !== undefined) this.#run(small);
  }

  #startAborts(now: number): void {
    const { uploads, settings } = this.#ports;
    const { parallelUploads } = settings();
    for (const id of uploads.dueAborts(now, parallelUploads + this.#runs.size, this.accounts.waiting())) {
      if (this.#runs.size < parallelUploads && !this.#runs.has(id)) this.#run(id);
    }
  }

  #run(id: UploadId): void {
    const soft = new AbortController();
    this.live.begin(id);
    const done = this.#advanceAll(id, soft.signal)
      .catch((error: unknown) => {
        this.#absorb(id, error);
      })
      .finally(() => {
        this.#runs.delete(id);
        this.live.end(id);
        this.look();
      });
    this.#runs.set(id, { soft, done });
  }

  /** Phase after phase, until the upload is final, waits, or is interrupted. */
  async #advanceAll(id: UploadId, partSignal: AbortSignal): Promise<void> {
    for (let upload = this.#runnable(id); upload && !partSignal.aborted; upload = this.#runnable(id)) {
      const account = this.#ports.account(upload.accountId);
      if (!account) throw new Error(`The account of ${upload.path} is gone`);
      const releases = this.accounts.releases(account.id);
      const failure = await advance(upload, this.#context(upload, account, partSignal));
      if (failure) {
        const isOutdated = isAccountFailure(failure) && this.accounts.releases(account.id) !== releases;
        if (!isOutdated) this.#note(upload, failure);
        return;
      }
      this.#recover(id);
    }
  }

  #context(upload: Upload, account: Account, partSignal: AbortSignal): StepContext {
    const { uploads, catalogue, jobs, files, clock, destination } = this.#ports;
    return {
      uploads,
      catalogue,
      jobs,
      files,
      clock,
      destination: destination(account),
      region: account.region,
      slots: this.#slots,
      parallelism: this.parallelism,
      signal: this.#hard.signal,
      partSignal,
      reconciled: this.#reconciled,
      lostInitiates: this.#lostInitiates,
      losses: this.#losses,
      refusals: this.#refusals,
      onSent: (first, bytes) => {
        this.live.moved(upload.id, first, bytes);
      },
      onPartEnd: (first) => {
        this.live.partEnded(upload.id, first);
      },
    };
  }

  /** The upload as it stands, when it may run now. */
  #runnable(id: UploadId): Upload | null {
    const upload = this.#ports.uploads.get(id);
    if (!upload || isFinal(upload.phase) || !this.#started) return null;
    const { hold } = upload;
    const waits = hold !== null && !(hold.kind === 'backoff' && isWaitOver(hold.until, this.#ports.clock.now()));
    return waits || this.accounts.isWaiting(upload.accountId) ? null : upload;
  }

  #recover(id: UploadId): void {
    const { uploads, clock } = this.#ports;
    const upload = uploads.get(id);
    if (upload?.hold?.kind === 'backoff') uploads.apply(id, { kind: 'recovered', at: clock.now() });
  }

  #note({ id, accountId, hold }: Upload, failure: Failure): void {
    const { uploads, clock, random, account, destination } = this.#ports;
    if (isAccountFailure(failure)) {
      this.accounts.hold(accountId, failure);
      return;
    }
    // The user may have paused or cancelled in the meantime: that counts more than how the attempt ended.
    const current = uploads.get(id);
    if (!current || isFinal(current.phase) || current.hold?.kind === 'paused') return;
    const now = clock.now();
    if (!isTransient(failure)) {
      uploads.apply(id, { kind: 'rejected', failure, at: now });
      return;
    }
    const attempt = (hold?.kind === 'backoff' && current.hold?.kind === 'backoff' ? hold.attempt : 0) + 1;
    const owner = account(accountId);
    const lagMs = owner ? destination(owner).inventoryLagMs : 0;
    const retryAt = now + backoffMs(failure, attempt, random, lagMs);
    uploads.apply(id, { kind: 'attempt-failed', failure, retryAt, attempt, at: now });
  }

  /** An interruption is no failure; a full disk stops everything for a while; the rest is a bug that one upload shows. */
  #absorb(id: UploadId, error: unknown): void {
    const run = this.#runs.get(id);
    if (run && (isAbort(error, run.soft.signal) || isAbort(error, this.#hard.signal))) return;
    if (this.#haltIfDamaged(error)) return;
    const { uploads, clock, isDiskFull, log } = this.#ports;
    if (isDiskFull(error)) {
      this.#waitForRoom(error);
      return;
    }
    log('upload step failed', { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    try {
      uploads.apply(id, { kind: 'rejected', failure: toFailure(error), at: clock.now() });
    } catch (another) {
      if (!this.#haltIfDamaged(another)) this.#waitForRoom(another);
    }
  }

  /** Nothing can be written down, so nothing may be done. */
  #waitForRoom(error: unknown): void {
    const { isDiskFull, disk, log } = this.#ports;
    if (disk.isWaiting) return;
    log('the queue cannot be written', { error: error instanceof Error ? error.message : String(error) });
    disk.wait(isDiskFull(error));
  }

  #haltIfDamaged(error: unknown): boolean {
    const { isDamaged, onDamaged } = this.#ports;
    if (!isDamaged(error)) return false;
    this.halt();
    onDamaged(error);
    return true;
  }

  #softStopAll(): void {
    for (const run of this.#runs.values()) run.soft.abort();
  }

  #waitForNext(now: number): void {
    const { uploads, clock, settings } = this.#ports;
    const next = uploads.nextDue(now) ?? Infinity;
    if (next === Infinity && settings().schedule === null) return;
    // No longer than a minute at once, since the clock may be set or the computer may sleep.
    this.#stopWaiting = clock.after(Math.min(next - now + 1, 60 * SECOND), () => {
      this.look();
    });
  }
}
