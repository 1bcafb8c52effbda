import type { AccountId } from '../../shared/account.ts';
import type { Failure } from '../../shared/failure.ts';
import type { ByteRange } from '../../shared/part-plan.ts';
import type { Result } from '../../shared/result.ts';
import type { RetrievalRequest } from '../../shared/retrieval-limits.ts';
import type {
  OnExisting,
  RetrievalEvent,
  RetrievalId,
  RetrievalJob,
  RetrievalView,
  Undone,
  VerifiedRange,
} from '../../shared/retrieval.ts';
import type { Tier } from '../../shared/tier.ts';
import type { ArchiveId, TreeHash } from '../../shared/upload.ts';
import type { TaskPlace } from '../engine/task.ts';

/** The temporary file as it was after the last range that was recorded: what is not like that is in doubt. */
export type Partial = {
  path: string;
  /** Device and inode (or file index). */
  fileId: string;
  /** Time of last change in nanoseconds since 1970; null before the first range. */
  modifiedNs: string | null;
  /** Whether bytes that were not written take no room; where they do, the drive fills gaps with zeros before it goes on. */
  isSparse: boolean;
};

/** A retrieval as the queue works with it. */
export type Retrieval = RetrievalView & {
  region: string;
  /** Of the whole archive, as the catalogue tells it. */
  treeHash: TreeHash;
  /** Of the file that became the archive, in nanoseconds since 1970; null when nobody knows. */
  modifiedNs: string | null;
  /** 1 MiB × 2ⁿ, so that each range is a node of the tree and Glacier tells its hash. */
  rangeSize: number;
  /** What tells the target folder from another one that appears at its path, as where a drive is missing. */
  folderId: string;
  /** Names the file in it that says the same when drives are numbered anew. */
  folderMark: string;
  partial: Partial | null;
};

export type NewRetrieval = {
  accountId: AccountId;
  region: string;
  vault: string;
  archiveId: ArchiveId;
  archiveSize: number;
  treeHash: TreeHash;
  path: string | null;
  modifiedNs: string | null;
  range: ByteRange;
  rangeSize: number;
  tier: Tier;
  folder: string;
  folderId: string;
  folderMark: string;
  relativePath: string;
  onExisting: OnExisting;
};

/** The durable retrievals. Every write is one transaction, on disk when the method returns. */
export interface RetrievalQueue {
  get(id: RetrievalId): Retrieval | null;
  /** @throws IllegalTransition for an event that cannot happen in this phase. */
  apply(id: RetrievalId, event: RetrievalEvent): void;
  /** The requests made since, the oldest first, whether their retrievals are still listed or not. */
  requestsSince(at: number): RetrievalRequest[];
  /** The sums of them. */
  requestedSince(at: number): { bytes: number; cost: number };
  /** What was asked for, in the order of asking; those whose outputs ended as well, until the user lets them be asked for anew. */
  jobs(id: RetrievalId): RetrievalJob[];
  /** Bytes that Glacier was asked for and that are not here yet. */
  outstanding(): number;
  /** Bytes that all that are not over have still to bring. */
  openBytes(): number;
  /** Those of them that others have asked for, or fetch, into folders of the same drive. */
  expectedInto(retrieval: Pick<Retrieval, 'id' | 'folderId'>): number;
  /** Whether another open one goes to the folder of this mark. */
  isMarkNeeded(mark: string, exceptFor: RetrievalId): boolean;
  /** Its file is gone. */
  forgetMark(mark: string): void;
  /** Jobs of those that wait for Glacier alone in a vault, in the order of the queue. */
  awaited(place: TaskPlace): { id: RetrievalId; jobId: string }[];
  /** When the last of them was asked for, and how many there are, by tier. */
  youngest(place: TaskPlace): { tier: Tier; requestedAt: number; waiting: number }[];
  setPartial(id: RetrievalId, partial: Partial | null): void;
  /** Only for a range that is on disk with this tree hash; `modifiedNs` of the temporary file afterwards. */
  recordRange(id: RetrievalId, range: VerifiedRange, modifiedNs: string): void;
  /** In order of range. */
  ranges(id: RetrievalId): VerifiedRange[];
}

/** `allocated`: bytes of the drive that the file has taken, whatever was written. */
export type FileIdentity = { fileId: string; size: number; modifiedNs: string; allocated: number };

/**
 * The files that retrievals write. What cannot be done is an answer: `target-missing` (waits), `target-full` (waits) or
 * `target-unusable`.
 */
export interface TargetFiles {
  /** The identity of a folder that is there. */
  folder(path: string): Promise<Result<string>>;
  /** Leaves the mark in the folder, a small file, unless it is there. */
  mark(folder: string, mark: string): Promise<Result<null>>;
  hasMark(folder: string, mark: string): Promise<boolean>;
  /** Whether it could be removed, or was not there. */
  unmark(folder: string, mark: string): Promise<boolean>;
  /** `target-unusable` when no file of that size can be on the drive. */
  takesSize(folder: string, size: number): Promise<Result<null>>;
  /** Bytes of the longest name that the drive takes. */
  longestName(folder: string): Promise<number>;
  /** Free bytes where the folder is; null when it does not say. */
  freeBytes(folder: string): Promise<number | null>;
  /** Makes the folders on the way from `folder` to the file. Nothing on it may be a link: it could lead anywhere. */
  makeWay(folder: string, relativePath: string): Promise<Result<null>>;
  /** Null when there is nothing of that name; `target-unusable` when it is no regular file. */
  identify(path: string): Promise<Result<FileIdentity | null>>;
  /** Whether anything at all has that name. */
  exists(path: string): Promise<boolean>;
  /** A new file, empty; null when there is anything of that name. */
  create(path: string): Promise<Result<FileIdentity | null>>;
  /** Whether gaps in this empty file take no room. */
  isSparse(path: string): Promise<boolean>;
  /** Cuts off what is longer. */
  shorten(path: string, size: number): Promise<Result<null>>;
  /** Opens the file of that identity for writing; `target-unusable` when it is another one. */
  open(path: string, fileId: string): Promise<Result<OpenTarget>>;
  /** The tree hash of bytes on disk; `target-unusable` when the file ends before. */
  hashRange(path: string, range: ByteRange, signal: AbortSignal): Promise<Result<TreeHash>>;
  /**
   * Gives the whole file its name and its time, durably: after that a crash leaves it under one of the names, or both.
   * `taken` when there is anything of that name and `replace` is false. A name that this very file has is in order. What
   * the drive refuses and the bytes do not need is `undone`, and no failure.
   */
  place(from: string, to: string, options: { replace: boolean; modifiedNs: string | null }): Promise<Result<Placed>>;
  /** Whether it could be removed, or was not there. */
  remove(path: string): Promise<boolean>;
}

/** What came of giving a file its name. */
export type Placed = 'taken' | { undone: Undone[] };

/** A file open for writing. Bytes are on disk only after `sync`. */
export interface OpenTarget {
  write(bytes: Uint8Array, at: number): Promise<Failure | null>;
  /** Makes what was written durable; the identity afterwards. */
  sync(): Promise<Result<FileIdentity>>;
  close(): Promise<void>;
}
