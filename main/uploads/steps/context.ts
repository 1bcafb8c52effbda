import type { Failure, OfflineCause } from '../../../shared/failure.ts';
import { MINUTE } from '../../../shared/units.ts';
import type { MultipartUploadId, UploadId } from '../../../shared/upload.ts';
import type { Clock, Destination, MultipartMissing, SourceFiles } from '../../core/ports.ts';
import type { LostInitiates } from '../lost-initiates.ts';
import type { Parallelism } from '../../core/parallelism.ts';
import type { Slots } from '../../core/slots.ts';
import type { ArchiveCatalogue, InventoryJobs, Upload, UploadQueue } from '../../core/store-ports.ts';
import type { Uplink } from '../uplink.ts';
import type { Tally } from '../../core/tally.ts';

/** All that a step needs of the world. */
export type StepContext = {
  uploads: UploadQueue;
  catalogue: ArchiveCatalogue;
  jobs: InventoryJobs;
  destination: Destination;
  region: string;
  files: SourceFiles;
  /** Where drives that come and go are mounted now. */
  volumes: () => Promise<readonly string[]>;
  clock: Clock;
  /** Places on the wire for parts, shared by all uploads. */
  slots: Slots;
  /** Learns from every part how many the line carries. */
  parallelism: Parallelism;
  /** Learns how fast the line is. */
  uplink: Uplink;
  /** Firn ends: everything stops. */
  signal: AbortSignal;
  /** The user paused or cancelled: no further byte of a part leaves, while a request that only asks is heard out. */
  partSignal: AbortSignal;
  /** Tells that what the upload shares with others is there: steps may take long. */
  gotThrough: () => void;
  /** The multipart uploads whose parts are recorded exactly as the service has them. */
  reconciled: Map<UploadId, MultipartUploadId>;
  lostInitiates: LostInitiates;
  /** How often each upload lost its multipart upload, and how often its completion was refused: a bound for both. */
  losses: Tally<UploadId>;
  refusals: Tally<UploadId>;
  /** How often in a row a part came too late although it had the line for itself. */
  tooSlow: Tally<UploadId>;
  /** Bytes of parts on the wire. */
  onSent: (first: number, bytes: number) => void;
  onPartEnd: (first: number) => void;
};

/** Two clocks that are no further apart than this are taken for one; Glacier signs within the same window. */
export const CLOCK_TOLERANCE_MS = 5 * MINUTE;

/**
 * The service knows no such multipart upload: it expired, or an earlier complete succeeded, or it went with its vault.
 * What follows is the state machine's to say, except when the vault itself is gone, which only the user can mend.
 */
export async function loseMultipart({ id, vault, phase }: Upload, context: StepContext): Promise<Failure | null> {
  const { uploads, destination, signal, losses } = context;
  const found = await destination.describeVault(vault, signal);
  if (!found.ok) return found.failure;
  // The dates of inventories are compared with it, so it is the service's time.
  uploads.apply(id, { kind: 'multipart-lost', at: destination.now() });
  if (phase.kind !== 'uploading') return null;
  // Once is expiry; what is lost time and again would be begun, and left behind, as fast as the line allows.
  const times = losses.add(id);
  return times === 1 ? null : { kind: 'multipart-lost', times };
}

/** Whether the service may have done what it was asked for although this is how it ended. */
export function mayHaveHappened(failure: Failure | MultipartMissing): boolean {
  const { kind } = failure;
  if (kind === 'offline') return failure.cause === undefined || !beforeAnything.has(failure.cause);
  return kind === 'timed-out' || kind === 'answer-garbled' || kind === 'service-error';
}

/** No connection came about, so no byte of the request has left. */
const beforeAnything: ReadonlySet<OfflineCause> = new Set(['name', 'refused', 'proxy', 'proxy-login', 'ca-file']);
