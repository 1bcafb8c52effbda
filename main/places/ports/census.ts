import type { Checksum } from '../../../shared/checksum.ts';
import type { Failure } from '../../../shared/failure.ts';
import type { StorageClass } from '../../../shared/place.ts';
import type { Result } from '../../../shared/result.ts';
import type { ArchiveId } from '../../../shared/upload.ts';

/** `checksum` and `storageClass`: null where the list does not tell. Sizes in bytes. */
export type CensusEntry = {
  archiveId: ArchiveId;
  /** As the place's NameCodec reads it. */
  name: string;
  size: number;
  createdAt: number;
  checksum: Checksum | null;
  storageClass: StorageClass | null;
};

/** What nobody can read is reported and passed over, never a reason to refuse the rest. `archiveId`: null when it has none. */
export type UnreadableEntry = { archiveId: ArchiveId | null };

export type CensusPage = {
  entries: CensusEntry[];
  unreadable: UnreadableEntry[];
  /** Where to go on; null at the end, which is said only when the list was whole. */
  next: string | null;
  /** The list is that of this time or later, by the service's clock. */
  asOf: number;
  /** The path under which the service has the archives of the list; empty when it does not tell. */
  location: string;
};

/** A list that is being made or is ready. Times by the service's clock. */
export type CensusJob = {
  job: string;
  /** What `begin` was given; empty when somebody else asked for it. */
  label: string;
  askedAt: number;
  state:
    | { kind: 'in-progress' }
    | { kind: 'ready'; endsAt: number | null; bytes: number | null }
    | { kind: 'failed'; message: string };
};

/** The list is no longer kept. */
export type ListGone = { kind: 'list-gone' };

/** The place has never had an archive for long enough to be listed. */
export type NothingListed = { kind: 'nothing-listed' };

/** All archives of a place, page after page, so that nothing is held in memory. */
export interface Census {
  /** What happened less than this before a list was asked for may be missing from it. 0: nothing is. */
  readonly lagMs: number;
  /** How long a list usually takes; 0 when it is there at once. */
  readonly usualMs: number;
  /** Lists of everything that are there or on their way, whoever asked for them; also finds the job of a lost answer again. */
  jobs(signal: AbortSignal): Promise<Result<CensusJob[]>>;
  /** Asks for a new list. Not idempotent where lists are jobs: the intent is committed before. */
  begin(label: string, signal: AbortSignal): Promise<Result<{ job: string }, Failure | NothingListed>>;
  look(job: string, signal: AbortSignal): Promise<Result<CensusJob, Failure | ListGone>>;
  /**
   * From the start when the cursor is null. A page may be read again, and a crash goes on at the cursor that was committed
   * last. `answer-garbled` when it is no such list.
   */
  page(job: string, cursor: string | null, signal: AbortSignal): Promise<Result<CensusPage, Failure | ListGone>>;
}
