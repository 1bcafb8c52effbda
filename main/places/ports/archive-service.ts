import type { Result } from '../../../shared/result.ts';
import type { ByteRange } from '../../../shared/part-plan.ts';
import type { RetrievalPolicy } from '../../../shared/retrieval-limits.ts';
import type { Tier } from '../../../shared/tier.ts';
import type { ArchiveId, TreeHash } from '../../../shared/upload.ts';
import type { Destination, JobState } from '../../core/ports.ts';

/** A job as the service describes it. Sizes in bytes, times in milliseconds since 1970. */
export type Job = JobState & {
  description: string;
  completedAt: number | null;
  /** Null when the job needs no topic. */
  snsTopic: string | null;
  purpose: ArchiveRetrieval | InventoryRetrieval | { kind: 'other'; action: string };
};

export type ArchiveRetrieval = {
  kind: 'archive';
  archiveId: ArchiveId;
  archiveSize: number | null;
  archiveTreeHash: TreeHash | null;
  /** The bytes of the archive that the output holds. */
  range: ByteRange | null;
  /** Of the range; null when it is not aligned, or not known yet. */
  treeHash: TreeHash | null;
  tier: Tier | null;
};

export type InventoryRetrieval = {
  kind: 'inventory';
  format: string;
  /** Bytes of the output, once it is there. */
  size: number | null;
  /** Whether all archives of the vault were asked for: no range of dates, no limit. */
  isWhole: boolean;
  /** Where the inventory goes on, when it was asked for with a limit; null at its end. */
  marker: string | null;
};

export type { RetrievalPolicy };

type JobRequest = { vault: string; description?: string; snsTopic?: string };

export type ArchiveRequest = JobRequest & {
  archiveId: ArchiveId;
  tier: Tier;
  /** In whole MiB, but for the end of the archive; all of it without a range. */
  range?: ByteRange;
};

export type InventoryRequest = JobRequest & {
  format: 'JSON' | 'CSV';
  /** Only archives made at this time or later, milliseconds since 1970. */
  from?: number;
  /** Only archives made before this time. */
  until?: number;
  /** At most so many archives; the job then says where the next request goes on. */
  limit?: number;
  marker?: string;
};

export type JobFilter = { completed?: boolean; status?: 'InProgress' | 'Succeeded' | 'Failed' };

export type OutputRequest = {
  vault: string;
  jobId: string;
  /** Bytes of the output, which need not begin at the archive's first; all of it without a range. */
  range?: ByteRange;
};

export type JobOutput = {
  /** Bytes handed to the sink. */
  length: number;
  /** Of those bytes, as Firn computed it. */
  treeHash: TreeHash;
  /** Whether the service told the same tree hash; it tells none of inventories and of ranges that are not aligned. */
  confirmed: boolean;
  contentType: string;
  /** Of the archive; empty for inventories. */
  description: string;
};

/** Takes bytes as they come; the next ones come when it is ready. */
export type Sink = (bytes: Uint8Array) => Promise<void> | void;

/** A destination whose archives can be listed, fetched and deleted as well. The same rules hold. */
export interface ArchiveService extends Destination {
  /** Whom it speaks with: host and port. */
  readonly host: string;
  /** Not idempotent: each call is a job of its own, and is paid for. `not-found` when the archive is unknown. */
  requestArchive(request: ArchiveRequest, signal: AbortSignal): Promise<Result<{ jobId: string }>>;
  /** As `requestInventory`, with all that can be asked for. */
  requestInventoryJob(request: InventoryRequest, signal: AbortSignal): Promise<Result<{ jobId: string }>>;
  /** `not-found` when the job is unknown or too old: jobs are kept for about a day after they ended. */
  describeJob(vault: string, jobId: string, signal: AbortSignal): Promise<Result<Job>>;
  /** The jobs of a vault that are running or ended not long ago. */
  listJobs(vault: string, filter: JobFilter, signal: AbortSignal): Promise<Result<Job[]>>;
  /**
   * Streams the output into `write`, which may have got bytes when this fails. `answer-garbled` when they are not the range
   * or do not have the tree hash that the service tells; `not-found` when the output is gone. Throws what `write` throws.
   */
  jobOutput(request: OutputRequest, options: { write: Sink; signal: AbortSignal }): Promise<Result<JobOutput>>;
  /** Deleting an archive that is gone already succeeds. Inventories go on listing it for about a day. */
  deleteArchive(archive: { vault: string; archiveId: ArchiveId }, signal: AbortSignal): Promise<Result<null>>;
  /** Refused (`rejected`) while the last inventory shows archives or anything was written since. */
  deleteVault(vault: string, signal: AbortSignal): Promise<Result<null>>;
  getRetrievalPolicy(signal: AbortSignal): Promise<Result<RetrievalPolicy>>;
  /** Takes effect within minutes. */
  setRetrievalPolicy(policy: RetrievalPolicy, signal: AbortSignal): Promise<Result<null>>;
}
