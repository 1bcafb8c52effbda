import type { Checksum } from '../../../shared/checksum.ts';
import type { Failure } from '../../../shared/failure.ts';
import type { ByteRange } from '../../../shared/part-plan.ts';
import type { Result } from '../../../shared/result.ts';
import type { Usual } from '../../../shared/retrieval-quote.ts';
import type { Tier } from '../../../shared/tier.ts';
import type { ArchiveId } from '../../../shared/upload.ts';

export type ThawState =
  | { kind: 'in-progress' }
  /** `endsAt`: until then the bytes are kept. `checksum`: of the range; null when the service tells none. */
  | { kind: 'ready'; endsAt: number; checksum: Checksum | null }
  | { kind: 'failed'; message: string };

/** What was asked for once. Times by the service's clock, sizes in bytes. */
export type ThawJob = {
  job: string;
  /** What `request` was given; empty when the service keeps none, or somebody else asked. */
  label: string;
  askedAt: number;
  archiveId: ArchiveId;
  /** Null: all of the archive. */
  range: ByteRange | null;
  /** Null where the service does not tell, here and below. */
  tier: Tier | null;
  /** Of the whole archive, as the service has it. */
  size: number | null;
  checksum: Checksum | null;
  state: ThawState;
};

export type ThawRequest = {
  archiveId: ArchiveId;
  /** Null for all of it. */
  range: ByteRange | null;
  tier: Tier;
  /** Comes back from `jobs`, so that a lost answer is found. */
  label: string;
};

/** Takes bytes as they come; the next ones come when it is ready. */
export type Sink = (bytes: Uint8Array) => Promise<void> | void;

/** `confirmed`: the service told the same checksum; else only the length was checked. */
export type ReadRange = { checksum: Checksum; confirmed: boolean };

/** The bytes are no longer within reach, and have to be asked for anew. */
export type OutputGone = { kind: 'output-gone' };

/** Brings bytes within reach. */
export interface Thaw {
  /** Empty: bytes can be read at once, and `request` is never called. */
  readonly tiers: readonly { tier: Tier; usual: Usual }[];
  /** In bytes, what the ends of a range must be multiples of, but for the archive's own; null: only whole ones can be asked for. */
  readonly rangeUnit: number | null;
  /** How long bytes stay within reach. */
  readonly outputLifeMs: number;
  /** The service's time, milliseconds since 1970. */
  now(): number;
  /** Not idempotent, and paid for: the intent is committed before. `not-found` when there is no such archive. */
  request(wanted: ThawRequest, signal: AbortSignal): Promise<Result<{ job: string }>>;
  /** One call, with its pages, for all that were asked of the place, however many wait, and whoever asked. */
  jobs(signal: AbortSignal): Promise<Result<ThawJob[]>>;
  /** `not-found` when it is unknown, or ended long ago. */
  look(job: string, signal: AbortSignal): Promise<Result<ThawJob>>;
  /**
   * Streams bytes of the archive that the job brought into `write`, which may have got some when this fails. `answer-garbled`
   * when they are not the range, or do not have the checksum that the service tells. Throws what `write` throws. `job`: null
   * where nothing has to be asked for. `jobFirst`: the archive's byte with which the job's output begins.
   */
  read(
    wanted: { archiveId: ArchiveId; job: string | null; jobFirst: number; range: ByteRange },
    options: { write: Sink; signal: AbortSignal },
  ): Promise<Result<ReadRange, Failure | OutputGone>>;
}
