import type { Failure } from '../../shared/failure.ts';
import type { FileIdentity } from '../../shared/local-check.ts';
import type { ByteRange } from '../../shared/part-plan.ts';
import type { Result } from '../../shared/result.ts';
import type { ArchiveId, MultipartUploadId, TreeHash } from '../../shared/upload.ts';
import type { Vault } from '../../shared/vault.ts';

export type { Clock } from '../engine/clock.ts';

/** What tells one state of a file from another. */
export type SourceIdentity = FileIdentity;

export type SourceFile = { path: string; identity: SourceIdentity };

/** `isPlaceholder`: it has bytes, and none of them on this computer: a cloud would have to bring them first. */
export type FoundFile = SourceFile & { isPlaceholder: boolean };

/** Which files are meant. `below`: the path below what was named by hand, with slashes; of a file that was named, its name. */
export interface PathFilter {
  takes(below: string, what: 'file' | 'folder'): boolean;
}

/** The local files. Every method answers with data; a file that vanishes is an answer, too. */
export interface SourceFiles {
  /** Whether names that differ in nothing but case are one file's. */
  readonly foldsCase: boolean;
  /** The identity of a readable regular file, following no link; else `source-missing`, `not-a-file` or `file-unreadable`. */
  identify(path: string): Promise<Result<SourceIdentity>>;
  /**
   * Every file in or below the paths, in order of name; links, devices and what cannot be read come as failures. What is
   * named itself is followed when it is a link, and all paths are spelled as the system spells them. What the filter does not
   * take is passed over without a word, folders with all that is in them.
   */
  walk(
    paths: readonly string[],
    signal: AbortSignal,
    filter?: PathFilter,
  ): AsyncIterable<Result<FoundFile, { path: string; failure: Failure }>>;
  /** The tree hash of the bytes of a range, or why it could not be read. `file-changed` when the file ends before it. */
  hashRange(path: string, range: ByteRange, signal: AbortSignal): Promise<Result<TreeHash>>;
}

/** The service has no such multipart upload: it expired, was aborted, or was completed some time ago. */
export type MultipartMissing = { kind: 'multipart-missing' };
/** Complete was refused because bytes, ranges or hashes do not fit; the multipart upload stays open. */
export type CompletionRefused = { kind: 'completion-refused'; message: string };

export type RemotePart = ByteRange & { treeHash: TreeHash };
export type OpenMultipartUpload = {
  multipartUploadId: MultipartUploadId;
  description: string;
  partSize: number;
  createdAt: number;
};
export type InventoryArchive = {
  archiveId: ArchiveId;
  description: string;
  createdAt: number;
  size: number;
  treeHash: TreeHash;
};
/**
 * `unreadable`: entries that nobody can read, which are passed over. `location`: the path under which the service has the
 * vault's archives; empty when it does not tell.
 */
export type Inventory = { inventoryAt: number; archives: InventoryArchive[]; unreadable: number; location: string };
export type JobState = {
  jobId: string;
  createdAt: number;
  status: 'in-progress' | 'succeeded' | 'failed';
  message: string;
};

type Multipart = { vault: string; multipartUploadId: MultipartUploadId };

/**
 * A service that keeps archives in vaults, seen with one account's eyes. Every method sends what it says and nothing
 * else, tries once, and returns failures as data; the caller decides on repetition. A method whose signal is aborted
 * closes its connection and throws the signal's reason. Listings are whole, however many pages they take.
 */
export interface Destination {
  listVaults(signal: AbortSignal): Promise<Result<Vault[]>>;
  /** `vault-missing` when there is none. */
  describeVault(vault: string, signal: AbortSignal): Promise<Result<Vault>>;
  /** Creating a vault that exists succeeds and changes nothing. */
  createVault(vault: string, signal: AbortSignal): Promise<Result<null>>;

  /** Not idempotent: a repetition after a lost answer leaves a stray multipart upload. */
  initiate(
    upload: { vault: string; description: string; partSize: number },
    signal: AbortSignal,
  ): Promise<Result<MultipartUploadId>>;
  /**
   * Reads the range once, sends exactly the bytes it hashed, and returns their tree hash only when the service
   * confirmed the same one. `file-changed` when the file is no longer `source.identity` after the read. Idempotent.
   */
  uploadPart(
    part: Multipart & { source: SourceFile; range: ByteRange },
    options: { signal: AbortSignal; onSent: (bytes: number) => void },
  ): Promise<Result<TreeHash, Failure | MultipartMissing>>;
  listParts(
    upload: Multipart,
    signal: AbortSignal,
  ): Promise<Result<{ partSize: number; parts: RemotePart[] }, Failure | MultipartMissing>>;
  listMultipartUploads(vault: string, signal: AbortSignal): Promise<Result<OpenMultipartUpload[]>>;
  /** Idempotent for a short while. Succeeds only with an archive ID and the same tree hash in the answer. */
  complete(
    upload: Multipart & { size: number; treeHash: TreeHash },
    signal: AbortSignal,
  ): Promise<Result<{ archiveId: ArchiveId; location: string }, Failure | MultipartMissing | CompletionRefused>>;
  abort(upload: Multipart, signal: AbortSignal): Promise<Result<null, Failure | MultipartMissing>>;

  /** Not idempotent: each call is a job of its own. `not-found` when the vault never had an inventory. */
  requestInventory(vault: string, signal: AbortSignal): Promise<Result<{ jobId: string }>>;
  /** `not-found` when the job is unknown or too old. */
  describeJob(vault: string, jobId: string, signal: AbortSignal): Promise<Result<JobState>>;
  /** With the archives to `keep`: an inventory may be far longer than memory. All of them by default. */
  inventory(
    vault: string,
    jobId: string,
    signal: AbortSignal,
    keep?: (archive: InventoryArchive) => boolean,
  ): Promise<Result<Inventory>>;
  /** An inventory asked for this long after a change shows the change, even when its date has not moved. */
  readonly inventoryLagMs: number;
  /**
   * The service's time, milliseconds since 1970: what its dates may be compared with. As its answers told it, whatever
   * this computer's clock says; this computer's time before the first answer.
   */
  now(): number;
}
