import type { Checksum, Piece } from '../../../shared/checksum.ts';
import type { Failure } from '../../../shared/failure.ts';
import type { ByteRange } from '../../../shared/part-plan.ts';
import type { StorageClass } from '../../../shared/place.ts';
import type { Result } from '../../../shared/result.ts';
import type { ArchiveId, MultipartUploadId } from '../../../shared/upload.ts';
import type { CompletionRefused, MultipartMissing, SourceFile } from '../../core/ports.ts';

export type UploadRules = {
  /** In bytes, ascending: what the parts of an upload may be as long as. */
  partSizes: readonly number[];
  mostParts: number;
  /** Bytes of the longest file that one request takes. */
  wholeUpTo: number;
  /** A multipart upload without a new part for this long may be removed; null: they do not end. */
  sessionLifeMs: number | null;
  /** Among which an upload can choose; empty where there is but one. */
  storageClasses: readonly StorageClass[];
};

/**
 * What is to be stored: the same for each call about one upload. `name`: as the place's NameCodec made it. `storageClass`:
 * null for the place's own.
 */
export type UploadRequest = { name: string; size: number; partSize: number; storageClass: StorageClass | null };

/**
 * An archive that the service has confirmed. `location`: the path, with the account's number, under which it has it.
 * `storedAt`: the service's time.
 */
export type Stored = { archiveId: ArchiveId; location: string; storedAt: number };

/** How the question "was it stored, although the answer was lost?" is answered. */
export type Settlement =
  | ({ kind: 'stored' } & Stored)
  | { kind: 'absent' }
  /** The service cannot say yet; asking again sooner is no use. */
  | { kind: 'ask-later'; askInMs: number }
  /**
   * Only a census tells. An archive like it that any census lists settles it; that there is none, only one that was asked for
   * after `askedAfter` proves. The service's time.
   */
  | { kind: 'census'; askedAfter: number };

export type LostFinish = {
  request: UploadRequest;
  upload: MultipartUploadId;
  checksum: Checksum;
  /** When it was first asked to finish; what was made before is not this upload's. The service's time. */
  askedAt: number;
  /** When the answer was found to be lost. The service's time. */
  since: number;
  /** Whether an archive is known already to be another upload's, or to be deleted. */
  isTaken: (archiveId: ArchiveId) => boolean;
};

/** `onSent` hears of bytes as they leave. */
export type SendOptions = { signal: AbortSignal; onSent: (bytes: number) => void };

/**
 * Takes archives in. Every method tries once, changes nothing else, and returns failures as data; the caller decides on
 * repetition. A method whose signal is aborted closes its connection and throws the signal's reason. `multipart-missing` is
 * said only when the place itself is there: it expired, was aborted, or was finished some time ago.
 */
export interface UploadTarget {
  readonly rules: UploadRules;
  /** The service's time, milliseconds since 1970, as its answers tell it: only this is compared with its dates. */
  now(): number;
  /** Not idempotent: a repetition after a lost answer leaves a second multipart upload. */
  begin(request: UploadRequest, signal: AbortSignal): Promise<Result<MultipartUploadId>>;
  /**
   * Open multipart uploads without a part that an unanswered `begin` of this very request, made at `since` or later by the
   * service's time, may have left. Those that `isKnown` are others'.
   */
  findOrphans(
    wanted: { request: UploadRequest; since: number; isKnown: (upload: MultipartUploadId) => boolean },
    signal: AbortSignal,
  ): Promise<Result<MultipartUploadId[]>>;
  /**
   * Reads the range once and sends exactly the bytes it hashed; succeeds only when the service confirmed their checksum.
   * `file-changed` when the file is no longer the `source` after the read. Idempotent.
   */
  sendPart(
    part: { upload: MultipartUploadId; request: UploadRequest; source: SourceFile; range: ByteRange },
    options: SendOptions,
  ): Promise<Result<Piece, Failure | MultipartMissing>>;
  /**
   * Whole, however many pages it takes. What it says wins over the rows. `known`: the rows; where the service tells a part's receipt
   * and no checksum, the one of the row that has the same receipt stands, and a part that no row has is left out.
   */
  listParts(
    upload: MultipartUploadId,
    request: UploadRequest,
    signal: AbortSignal,
    known?: readonly Piece[],
  ): Promise<Result<Piece[], Failure | MultipartMissing>>;
  /**
   * Succeeds only with the archive's ID, and never with another checksum in the answer. May be repeated: one that was finished
   * gives the same archive or `multipart-missing`, never a second one. `completion-refused`: bytes, ranges or hashes do not
   * fit, and the multipart upload stays open.
   */
  finish(
    whole: { upload: MultipartUploadId; request: UploadRequest; checksum: Checksum; pieces: readonly Piece[] },
    signal: AbortSignal,
  ): Promise<Result<Stored, Failure | MultipartMissing | CompletionRefused>>;
  /**
   * The whole file in one request, under the rules of `sendPart`. Not idempotent where a name can be given twice: the intent is
   * committed first, and a lost answer is settled.
   */
  sendWhole(
    whole: { request: UploadRequest; source: SourceFile },
    options: SendOptions,
  ): Promise<Result<Stored & { checksum: Checksum }>>;
  /** Idempotent: one that is gone counts as aborted. */
  abort(upload: MultipartUploadId, request: UploadRequest, signal: AbortSignal): Promise<Result<null>>;
  /** Changes nothing, and may be asked again and again. */
  settle(lost: LostFinish, signal: AbortSignal): Promise<Result<Settlement>>;
}
