import type { Account, AccountId } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';
import { type Failure, isAccountFailure } from '../../shared/failure.ts';
import type { Allowance } from '../../shared/schedule.ts';
import type { Settings } from '../../shared/settings.ts';
import { type MultipartUploadId, type UploadId, isFinal } from '../../shared/upload.ts';
import { Live } from '../core/live.ts';
import { Parallelism } from '../core/parallelism.ts';
import type { Clock, Destination, SourceFiles } from '../core/ports.ts';
import { Slots } from '../core/slots.ts';
import type { ArchiveCatalogue, InventoryJobs, Upload, UploadQueue } from '../core/store-ports.ts';
import { Tally } from '../core/tally.ts';
import type { AccountWaits } from '../engine/account-waits.ts';
import type { Sleep } from '../engine/sleep.ts';
import type { StepContext as EngineContext, Worker } from '../engine/worker.ts';
import { LostInitiates } from './lost-initiates.ts';
import { abortMultipart } from './steps/abort.ts';
import { completeArchive } from './steps/complete.ts';
import type { StepContext } from './steps/context.ts';
import { initiate, sweepStrays } from './steps/initiate.ts';
import { settleUnconfirmed } from './steps/settle.ts';
import { uploadParts } from './steps/upload-parts.ts';
import { uploadKind } from './upload-kind.ts';
import { Uplink } from './uplink.ts';

export type UploadWorkerPorts = {
  uploads: UploadQueue;
  catalogue: ArchiveCatalogue;
  jobs: InventoryJobs;
  files: SourceFiles;
  volumes: () => Promise<readonly string[]>;
  clock: Clock;
  sleep: Sleep;
  accounts: AccountWaits;
  settings: () => Pick<Settings, 'parallelParts'>;
  /** What limit and schedule allow now. */
  allowance: () => Allowance;
  /** Bytes per second for all parts together from now on; null for no limit. */
  setRate: (bytesPerSecond: number | null) => void;
  account: (id: AccountId) => Account | null;
  destination: (account: Account) => Destination;
};

/**
 * Takes an upload one phase further at a time: asks the service, and commits what follows before it returns. What it
 * remembers is only what a restart may forget: how much the line carries, and what was asked of each upload in this life.
 */
export class UploadWorker implements Worker {
  readonly kind = uploadKind.name;
  readonly live = new Live<UploadId>();
  readonly parallelism: Parallelism;
  readonly #ports: UploadWorkerPorts;
  readonly #slots: Slots;
  readonly #uplink: Uplink;
  readonly #reconciled = new Map<UploadId, MultipartUploadId>();
  readonly #lostInitiates: LostInitiates;
  readonly #losses = new Tally<UploadId>();
  readonly #refusals = new Tally<UploadId>();
  readonly #tooSlow = new Tally<UploadId>();

  constructor(ports: UploadWorkerPorts) {
    this.#ports = ports;
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
  }

  /** Whether anything of an upload runs. */
  get isBusy(): boolean {
    return !this.live.isEmpty;
  }

  /** Notes what an earlier life left unanswered: once, so that a chain of short lives does not wait anew in each. */
  begin(): void {
    const { uploads, clock } = this.#ports;
    for (const id of uploads.interrupted()) {
      const at = clock.now();
      uploads.apply(id, { kind: 'attempt-failed', failure: { kind: 'interrupted' }, retryAt: at, attempt: 1, at });
    }
  }

  /** Settings, and what the schedule allows, may be others now. */
  look(): void {
    const allowed = this.#ports.allowance();
    if (allowed !== 'paused') this.#ports.setRate(allowed);
    this.#slots.resized();
  }

  step(id: UploadId, context: EngineContext): Promise<Failure | null> {
    if (!context.follows) this.live.begin(id);
    const found = this.#find(id);
    return found ? advance(found.upload, this.#context(found, context)) : Promise.resolve(null);
  }

  /** Nothing of it runs any more. Of what is over nothing is remembered. */
  ended(id: UploadId): void {
    const phase = this.#ports.uploads.get(id)?.phase;
    this.live.end(id, phase?.kind === 'stored');
    if (phase && !isFinal(phase)) return;
    for (const memory of [this.#losses, this.#refusals, this.#tooSlow, this.#lostInitiates]) memory.clear(id);
    this.#reconciled.delete(id);
  }

  /**
   * Aborts what an unanswered initiate of an upload that does not run may have left. Null when nothing is left of it,
   * otherwise why that is not known.
   */
  async sweep(id: UploadId, signal: AbortSignal): Promise<Failure | null> {
    const found = this.#find(id);
    if (found?.upload.phase.kind !== 'queued' || found.upload.phase.initiateAskedAt === null) return null;
    const context = this.#context(found, { signal, softSignal: signal, gotThrough: () => undefined });
    return sweepStrays(found.upload, found.upload.phase.initiateAskedAt, context);
  }

  /**
   * Asks for the multipart upload of an upload that does not run, which changes nothing. Null when the service tells of it, or
   * that there is none; otherwise why not. An account that is not let in waits for the user from then on.
   */
  async lookAt(id: UploadId, signal: AbortSignal): Promise<Failure | null> {
    const found = this.#find(id);
    if (!found || !('multipartUploadId' in found.upload.phase)) return null;
    const { accounts, destination } = this.#ports;
    const { account, upload } = found;
    const { multipartUploadId } = found.upload.phase;
    const known = accounts.problem(account.id);
    if (known) return known;
    const asked = { vault: upload.vault, multipartUploadId };
    const answer = await destination(account).listParts(asked, signal);
    if (answer.ok || answer.failure.kind === 'multipart-missing') return null;
    if (isAccountFailure(answer.failure)) accounts.hold(account.id, answer.failure);
    return answer.failure;
  }

  /** @throws when the account is gone, which cannot be while an upload of it is open. */
  #find(id: UploadId): Found | null {
    const upload = this.#ports.uploads.get(id);
    if (!upload) return null;
    const account = this.#ports.account(upload.accountId);
    if (!account) throw new Error(`The account of ${upload.path} is gone`);
    return { upload, account };
  }

  #context({ upload, account }: Found, engine: Omit<EngineContext, 'follows'>): StepContext {
    const { uploads, catalogue, jobs, files, volumes, clock, destination } = this.#ports;
    return {
      uploads,
      catalogue,
      jobs,
      files,
      volumes,
      clock,
      destination: destination(account),
      region: account.region,
      slots: this.#slots,
      parallelism: this.parallelism,
      signal: engine.signal,
      partSignal: engine.softSignal,
      gotThrough: engine.gotThrough,
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
}

type Found = { upload: Upload; account: Account };

/**
 * Null when that went well; otherwise why not, with the phase as it was.
 * @throws the reason of `context.signal` or `context.partSignal` when it is aborted.
 */
function advance(upload: Upload, context: StepContext): Promise<Failure | null> {
  switch (upload.phase.kind) {
    case 'queued':
      return initiate(upload, upload.phase.initiateAskedAt, context);
    case 'uploading':
      return uploadParts(upload, upload.phase.multipartUploadId, context);
    case 'completing':
      return completeArchive(upload, upload.phase, context);
    case 'unconfirmed':
      return settleUnconfirmed(upload, upload.phase, context);
    case 'aborting':
      return abortMultipart(upload, upload.phase.multipartUploadId, context);
    case 'stored':
    case 'cancelled':
      return Promise.resolve(null);
    default:
      return assertNever(upload.phase);
  }
}
