import type { AccountId } from '../../shared/account.ts';
import type {
  ArchiveId,
  Progress,
  RecordedPart,
  TreeHash,
  UploadEvent,
  UploadId,
  UploadView,
} from '../../shared/upload.ts';
import type { SourceFile, SourceIdentity } from './ports.ts';

/** An upload as the queue works with it. */
/** `drive`: what its file is on; empty when nobody can say. */
export type Upload = UploadView & { description: string; identity: SourceIdentity; drive: string };

export type NewUpload = {
  accountId: AccountId;
  vault: string;
  /** `drive`: what the file is on; absent or empty when nobody can say. */
  source: SourceFile & { drive?: string };
  description: string;
  partSize: number;
};

/**
 * The archive that an upload has become, apart from what its row says already. `storedAt`: milliseconds since 1970 by the
 * service's clock, as inventories tell it; this computer's may be days off.
 */
export type StoredArchive = { location: string; region: string; storedAt: number };

/** An archive that was found to be the one of an upload. */
export type FoundArchive = Omit<StoredArchive, 'region'> & { archiveId: ArchiveId };

/**
 * The durable queue. Every write is one transaction, on disk when the method returns; listeners hear of it afterwards.
 * `apply` is the only way to move an upload on: it throws IllegalTransition for an event that cannot happen.
 */
export interface UploadQueue {
  /** Bytes per second, as the line was measured last; null when it never was. */
  lineRate(): number | null;
  keepLineRate(bytesPerSecond: number): void;
  get(id: UploadId): Upload | null;
  /** What an earlier life asked to be initiated when it ended, with no answer and nothing noted since. */
  interrupted(): UploadId[];
  /** Uploads that are neither stored nor cancelled. */
  countOpen(): number;

  apply(id: UploadId, event: UploadEvent, archive?: StoredArchive): Progress;
  /** Only for a part that the service acknowledged with this tree hash. */
  recordPart(id: UploadId, part: RecordedPart): void;
  forgetParts(id: UploadId, firstBytes: readonly number[]): void;
  /** In order of range. */
  parts(id: UploadId): RecordedPart[];
  /** The file is the same, but its drive gave it another index, or another time. */
  adoptIdentity(id: UploadId, identity: SourceIdentity): void;

  /** Those that `accepts`, which is asked inside the transaction, still lets in. */
  add(uploads: readonly NewUpload[], now: number, accepts?: (upload: NewUpload) => boolean): UploadId[];
  /** What waits or runs for the same vault under this path, or another spelling of it. */
  openOf(accountId: AccountId, vault: string, path: string): Upload[];
  /** Whether any upload of ours works with this multipart upload. */
  knowsMultipart(multipartUploadId: string): boolean;
}

/** The catalogue of archives. */
export interface ArchiveCatalogue {
  /**
   * Whether it is known not to be the archive of an upload that waits to be settled: another upload has become it, or it
   * was deleted. One that only an inventory or an import has told of may well be.
   */
  isTaken(accountId: AccountId, vault: string, archiveId: string): boolean;
  /**
   * The newest archive that an inventory or an import has told of, made at `madeAfter` or later by the service's clock,
   * which says of itself what this upload would: vault, description, size and tree hash.
   */
  newestLike(upload: Upload, treeHash: TreeHash, madeAfter: number): FoundArchive | null;
}

/** A file that has become an archive, as the catalogue and the newest check of it tell. */
export type ArchivedFile = {
  archive: number;
  path: string;
  treeHash: TreeHash;
  /** The times, in nanoseconds since 1970, under which a file of this path is known to have been the archive's. */
  times: string[];
};

/** What the catalogue knows of local files. */
export interface ArchivedFiles {
  /** Archives of the vault with the file's size whose path may be another spelling of its own. */
  of(accountId: AccountId, vault: string, file: SourceFile): ArchivedFile[];
  /** The file, in this state, was read and has the archive's tree hash. */
  confirm(archive: number, file: SourceIdentity, at: number): void;
}

/** Inventory jobs in flight, one for each vault. */
export interface InventoryJobs {
  get(accountId: AccountId, vault: string): { jobId: string; askedAt: number } | null;
  put(accountId: AccountId, vault: string, job: { jobId: string; askedAt: number }): void;
  remove(accountId: AccountId, vault: string): void;
}
