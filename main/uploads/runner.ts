import { errorTrace } from '../../shared/error-text.ts';
import type { Account, AccountId } from '../../shared/account.ts';
import { type Failure, isAccountFailure } from '../../shared/failure.ts';
import type { Allowance } from '../../shared/schedule.ts';
import type { Settings } from '../../shared/settings.ts';
import { MULTIPART_IDLE_LIMIT_MS, type MultipartUploadId, type UploadId, isFinal } from '../../shared/upload.ts';
import { MiB } from '../../shared/units.ts';
import type { AccountWaits } from '../engine/account-waits.ts';
import { afterFailure, isWaitOver } from '../engine/backoff.ts';
import { toFailure } from '../core/failure.ts';
import { Live } from '../core/live.ts';
import { LostInitiates } from './lost-initiates.ts';
import { Parallelism } from '../core/parallelism.ts';
import type { Destination, SourceFiles } from '../core/ports.ts';
import { RunLoop, type RunLoopPorts } from '../engine/run-loop.ts';
import { Slots } from '../core/slots.ts';
import { advance } from './step.ts';
import type { StepContext } from './steps/context.ts';
import { sweepStrays } from './steps/initiate.ts';
import type { ArchiveCatalogue, InventoryJobs, Upload, UploadQueue } from '../core/store-ports.ts';
import { Tally } from '../core/tally.ts';
import { Uplink } from './uplink.ts';

export type RunnerPorts = RunLoopPorts & {
  accounts: AccountWaits;
  uploads: UploadQueue;
  catalogue: ArchiveCatalogue;
  jobs: InventoryJobs;
  files: SourceFiles;
  random: () => number;
  settings: () => Settings;
  /** What limit and schedule allow now. */
  allowance: () => Allowance;
  /** Bytes per second for all parts together from now on; null for no limit. */
  setRate: (bytesPerSecond: number | null) => void;
  account: (id: AccountId) => Account | null;
  destination: (account: Account) => Destination;
};

/** A file of at most this size gets a place of its own, so that it need not wait for huge ones to end. */
const SMALL_FILE = 64 * MiB;
/** A begun upload that others have kept from its place for so long gets one, too, before Glacier forgets it. */
const STALE_MS = MULTIPART_IDLE_LIMIT_MS / 2;

/**
 * Runs the queue: asks the store what is due, takes each upload one phase further at a time, and writes down what came
 * of it. It keeps no list of its own; all it remembers is what it is doing right now.
 */
export class Runner {
  readonly live = new Live<UploadId>();
  readonly accounts: AccountWaits;
  readonly parallelism: Parallelism;
  readonly #ports: RunnerPorts;
  readonly #loop: RunLoop<UploadId>;
  readonly #slots: Slots;
  readonly #reconciled = new Set<MultipartUploadId>();
  readonly #lostInitiates: LostInitiates;
  readonly #losses = new Tally<UploadId>();
  readonly #refusals = new Tally<UploadId>();
  readonly #tooSlow = new Tally<UploadId>();
  readonly #uplink: Uplink;

  constructor(ports: RunnerPorts) {
    this.#ports = ports;
    this.accounts = ports.accounts;
    this.#lostInitiates = new LostInitiates(ports.clock.now());
    this.parallelism = new Parallelism(() => ports.settings().parallelParts);
    this.#uplink = new Uplink({
      kept: () => ports.uploads.lineRate(),
      keep: (bytesPerSecond) => {
        ports.uploads.keepLineRate(bytesPerSecond);
      },
      limit: () => {
        const allowed = ports.allowance();
        return allowed === 'paused' ? null : allowed;
      },
      now: () => ports.clock.now(),
    });
    this.#slots = new Slots(
      () => this.parallelism.current(),
      () => this.#uplink.room(),
    );
    ports.sleep.onChange(() => {
      // Much may have happened to the service's state in the meantime: it is asked again.
      if (ports.sleep.isAsleep) return;
      this.#reconciled.clear();
      this.#uplink.woke();
    });
    this.#loop = new RunLoop(ports, (now, mayBegin) => this.#beginDue(now, mayBegin));
  }

  start(): void {
    if (!this.#loop.isHalted) this.#noteInterruptions();
    this.#loop.start();
  }

  /** Stops parts at once, hears short requests out, and resolves when nothing runs any more. */
  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** Ends for good, at once, without waiting for anything: the queue can no longer be trusted. */
  halt(): void {
    this.#loop.halt();
  }

  /** To be called whenever something may be due: after a command, a changed setting, wake-up, a new network. */
  look(): void {
    this.#loop.look();
  }

  /** Ends what the upload is doing: parts at once, a request that only asks when it is answered. */
  interrupt(id: UploadId): void {
    this.#loop.interrupt(id);
  }

  /** Interrupts the upload and resolves when nothing of it runs any more. */
  async settle(id: UploadId): Promise<void> {
    await this.#loop.settle(id);
  }

  get isStarted(): boolean {
    return this.#loop.isStarted;
  }

  get isBusy(): boolean {
    return this.#loop.size > 0;
  }

  isRunning(id: UploadId): boolean {
    return this.#loop.isRunning(id);
  }

  /**
   * Aborts what an unanswered initiate of an upload that does not run may have left. Null when nothing is left of it,
   * otherwise why that is not known.
   */
  async sweep(id: UploadId): Promise<Failure | null> {
    const upload = this.#ports.uploads.get(id);
    const account = upload && this.#ports.account(upload.accountId);
    if (upload?.phase.kind !== 'queued' || upload.phase.initiateAskedAt === null || !account) return null;
    return sweepStrays(upload, upload.phase.initiateAskedAt, this.#context(upload, account, this.#loop.hardSignal));
  }

  /**
   * Asks for the multipart upload of an upload that does not run, which changes nothing. Null when the service tells of it, or
   * that there is none; otherwise why not. An account that is not let in waits for the user from then on.
   */
  async lookAt(id: UploadId): Promise<Failure | null> {
    const upload = this.#ports.uploads.get(id);
    const account = upload && this.#ports.account(upload.accountId);
    if (!account || !('multipartUploadId' in upload.phase)) return null;
    const known = this.accounts.problem(account.id);
    if (known) return known;
    const { vault, phase } = upload;
    const asked = { vault, multipartUploadId: phase.multipartUploadId };
    const answer = await this.#ports.destination(account).listParts(asked, this.#loop.hardSignal);
    if (answer.ok || answer.failure.kind === 'multipart-missing') return null;
    const { failure } = answer;
    if (isAccountFailure(failure)) this.accounts.hold(account.id, failure);
    return failure;
  }

  /** Calls back each time nothing runs after a look at the queue. */
  onIdle(listener: () => void): () => void {
    return this.#loop.onIdle(listener);
  }

  /** Written down once, so that a chain of short lives does not wait anew in each. */
  #noteInterruptions(): void {
    const { uploads, clock } = this.#ports;
    this.#loop.writing(() => {
      for (const id of uploads.interrupted()) {
        const at = clock.now();
        uploads.apply(id, { kind: 'attempt-failed', failure: { kind: 'interrupted' }, retryAt: at, attempt: 1, at });
      }
    });
  }

  #beginDue(now: number, mayBegin: boolean): number | null {
    const { uploads, settings, allowance, setRate } = this.#ports;
    const allowed = allowance();
    this.#slots.resized();
    if (settings().queuePaused || allowed === 'paused') {
      this.#loop.interruptAll();
      // A pause is about sending: what was cancelled is no upload any more.
      if (mayBegin) this.#startAborts(now);
    } else {
      setRate(allowed);
      if (mayBegin) this.#startDue(now);
    }
    // By the clock alone a schedule changes, and a half-sent upload becomes stale.
    const changesWithTime = settings().schedule !== null || this.#loop.size >= settings().parallelUploads;
    return uploads.nextDue(now) ?? (changesWithTime ? Infinity : null);
  }

  #startDue(now: number): void {
    const { uploads, settings } = this.#ports;
    const { parallelUploads } = settings();
    const waiting = this.accounts.waiting();
    const places = parallelUploads + this.#loop.size;
    for (const id of uploads.due(now, places, waiting)) {
      if (this.#loop.size < parallelUploads && !this.#loop.isRunning(id)) this.#run(id);
    }
    const waits = (id: UploadId): boolean => !this.#loop.isRunning(id);
    if (this.#loop.size === parallelUploads) {
      const small = uploads.due(now, places + 1, waiting, SMALL_FILE).find(waits);
      if (small !== undefined) this.#run(small);
    }
    if (this.#loop.size < parallelUploads || this.#loop.size > parallelUploads + 1) return;
    const stale = uploads.dueStale(now, places + 2, waiting, now - STALE_MS).find(waits);
    if (stale !== undefined) this.#run(stale);
  }

  #startAborts(now: number): void {
    const { uploads, settings } = this.#ports;
    const { parallelUploads } = settings();
    for (const id of uploads.dueAborts(now, parallelUploads + this.#loop.size, this.accounts.waiting())) {
      if (this.#loop.size < parallelUploads && !this.#loop.isRunning(id)) this.#run(id);
    }
  }

  #run(id: UploadId): void {
    const { uploads, clock, log } = this.#ports;
    const act = async (softSignal: AbortSignal): Promise<void> => {
      this.live.begin(id);
      try {
        await this.#advanceAll(id, softSignal);
      } finally {
        this.live.end(id, uploads.get(id)?.phase.kind === 'stored');
      }
    };
    this.#loop.run(id, act, (error) => {
      log('upload step failed', { id, error: errorTrace(error) });
      const upload = uploads.get(id);
      if (!upload || isFinal(upload.phase)) return;
      uploads.apply(id, { kind: 'rejected', failure: toFailure(error), at: clock.now() });
    });
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
      signal: this.#loop.hardSignal,
      partSignal,
      reconciled: this.#reconciled,
      lostInitiates: this.#lostInitiates,
      losses: this.#losses,
      refusals: this.#refusals,
      tooSlow: this.#tooSlow,
      uplink: this.#uplink,
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
    if (!upload || isFinal(upload.phase) || !this.#loop.isStarted) return null;
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
    const last = hold?.kind === 'backoff' && current.hold?.kind === 'backoff' ? hold : null;
    const attempt = (last?.attempt ?? 0) + 1;
    const owner = account(accountId);
    const inventoryLagMs = owner ? destination(owner).inventoryLagMs : 0;
    uploads.apply(
      id,
      afterFailure(failure, { attempt, before: last?.failure ?? null, now: clock.now(), random, inventoryLagMs }),
    );
  }
}
