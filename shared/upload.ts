import type { AccountId } from './account.ts';
import { assertNever } from './assert.ts';
import type { Hold, HoldEvent } from './hold.ts';
import type { TaskId } from './task.ts';

export type UploadId = TaskId;
export type ArchiveId = string & { readonly __brand: 'ArchiveId' };
export type MultipartUploadId = string & { readonly __brand: 'MultipartUploadId' };
/** SHA-256 tree hash, 64 lower-case hexadecimal digits. */
export type TreeHash = string & { readonly __brand: 'TreeHash' };

/** How far the upload has come. Written before the request that leaves it. */
export type Phase =
  /** `initiateAskedAt`: a multipart upload was asked for and no answer was recorded, so a stray one may exist. */
  | { kind: 'queued'; initiateAskedAt: number | null }
  | { kind: 'uploading'; multipartUploadId: MultipartUploadId }
  /** `askedAt`: when Glacier was first asked to complete it, by Glacier's clock; an archive made earlier is not this one. */
  | { kind: 'completing'; multipartUploadId: MultipartUploadId; treeHash: TreeHash; askedAt: number }
  /**
   * The answer to complete was lost. An archive like it that was made after `askedAt` settles it wherever it is seen; that
   * there is none only shows by an inventory long after `since`, when the loss was noticed. Both by Glacier's clock.
   */
  | { kind: 'unconfirmed'; treeHash: TreeHash; askedAt: number; since: number }
  | { kind: 'stored'; archiveId: ArchiveId; treeHash: TreeHash }
  | { kind: 'aborting'; multipartUploadId: MultipartUploadId }
  | { kind: 'cancelled' };

export type Progress = { phase: Phase; hold: Hold | null };

/** What moves an upload's phase. */
export type UploadProgressEvent =
  | { kind: 'initiate-asked' }
  /** No stray multipart upload of the unanswered request is left. */
  | { kind: 'strays-swept' }
  | { kind: 'multipart-initiated'; multipartUploadId: MultipartUploadId }
  | { kind: 'parts-uploaded'; treeHash: TreeHash }
  | { kind: 'completed'; archiveId: ArchiveId }
  | { kind: 'multipart-lost' }
  /** Glacier holds other bytes than the file; `badParts` are the first bytes of the parts to send again. */
  | { kind: 'completion-rejected'; message: string; badParts: number[] }
  | { kind: 'found-in-inventory'; archiveId: ArchiveId }
  /** `unreadable`: so many of the inventory's entries nobody could read. */
  | { kind: 'absent-from-inventory'; unreadable: number }
  /** The queue is from a backup, and the journal of archives tells that this upload has been stored since. */
  | { kind: 'found-in-journal'; archiveId: ArchiveId; treeHash: TreeHash }
  | { kind: 'aborted' }
  /** Cancelled, though nobody can tell Glacier so: the account does not come back. */
  | { kind: 'given-up' };

/** `at` is the time of the event, milliseconds since 1970. */
export type UploadEvent = { at: number } & (UploadProgressEvent | HoldEvent | { kind: 'cancelled' });

/** The whole life of an upload; null when the event cannot happen in this phase. Pure: the store persists what it returns. */
export function phaseAfter(phase: Phase, event: UploadProgressEvent & { at: number }): Phase | null {
  if (isFinal(phase)) return null;
  switch (event.kind) {
    case 'initiate-asked':
      return phase.kind === 'queued' ? { kind: 'queued', initiateAskedAt: event.at } : null;
    case 'strays-swept':
      return phase.kind === 'queued' ? { kind: 'queued', initiateAskedAt: null } : null;
    case 'multipart-initiated':
      return phase.kind === 'queued' ? { kind: 'uploading', multipartUploadId: event.multipartUploadId } : null;
    case 'parts-uploaded':
      if (phase.kind !== 'uploading') return null;
      return { ...phase, kind: 'completing', treeHash: event.treeHash, askedAt: event.at };
    case 'completed':
      return phase.kind === 'completing' ? storedAs(event.archiveId, phase.treeHash) : null;
    case 'multipart-lost':
      return afterLoss(phase, event.at);
    case 'completion-rejected':
      if (phase.kind !== 'completing') return null;
      return { kind: 'uploading', multipartUploadId: phase.multipartUploadId };
    case 'found-in-inventory':
      return phase.kind === 'unconfirmed' ? storedAs(event.archiveId, phase.treeHash) : null;
    case 'found-in-journal':
      return storedAs(event.archiveId, event.treeHash);
    case 'absent-from-inventory':
      return phase.kind === 'unconfirmed' ? { kind: 'queued', initiateAskedAt: null } : null;
    case 'aborted':
      return phase.kind === 'aborting' ? { kind: 'cancelled' } : null;
    case 'given-up':
      return phase.kind === 'completing' || phase.kind === 'aborting' ? { kind: 'cancelled' } : null;
    default:
      return assertNever(event);
  }
}

function storedAs(archiveId: ArchiveId, treeHash: TreeHash): Phase {
  return { kind: 'stored', archiveId, treeHash };
}

function afterLoss(phase: Phase, at: number): Phase | null {
  if (phase.kind === 'uploading') return { kind: 'queued', initiateAskedAt: null };
  if (phase.kind === 'completing') {
    const { treeHash, askedAt } = phase;
    return { kind: 'unconfirmed', treeHash, askedAt, since: at };
  }
  return phase.kind === 'aborting' ? { kind: 'cancelled' } : null;
}

/** Where the user's "cancel" leads; null when it cannot be had now. */
export function cancelledPhase(phase: Phase, hold: Hold | null): Phase | null {
  switch (phase.kind) {
    case 'queued':
    case 'unconfirmed':
      return { kind: 'cancelled' };
    case 'uploading':
      return { kind: 'aborting', multipartUploadId: phase.multipartUploadId };
    case 'completing':
      // While the answer is open it is waited for. What failed may be given up, stored or not: see `mayBeStored`.
      return hold?.kind === 'failed' ? { kind: 'aborting', multipartUploadId: phase.multipartUploadId } : null;
    case 'aborting':
      // Whoever may not abort need not wait for it: Glacier removes what stands still.
      return hold?.kind === 'failed' ? { kind: 'cancelled' } : null;
    case 'stored':
    case 'cancelled':
      return null;
    default:
      return assertNever(phase);
  }
}

export function isFinal(phase: Phase): phase is Extract<Phase, { kind: 'stored' | 'cancelled' }> {
  return phase.kind === 'stored' || phase.kind === 'cancelled';
}

/** Whether "cancel" is an answer the upload can take now. */
export function canCancel({ phase, hold }: Progress): boolean {
  return cancelledPhase(phase, hold) !== null;
}

/**
 * Whether the archive may be in the vault although nothing tells of it. Only a refusal to complete rules that out: of
 * another failure nobody knows whether an answer before it was lost.
 */
export function mayBeStored({ phase, hold }: Progress): boolean {
  if (phase.kind === 'unconfirmed') return true;
  return phase.kind === 'completing' && hold?.kind === 'failed' && hold.failure.kind !== 'completion-rejected';
}

/** A multipart upload without a new part for this long may be removed by Glacier (developer guide, "Multipart upload"). */
export const MULTIPART_IDLE_LIMIT_MS = 24 * 3_600_000;

/** What the window and the command line see of an upload. Sizes in bytes, times in milliseconds since 1970. */
export type UploadView = Progress & {
  id: UploadId;
  accountId: AccountId;
  vault: string;
  /** Absolute, as it was when it was added. */
  path: string;
  size: number;
  partSize: number;
  /** Bytes that Glacier acknowledged. */
  uploadedBytes: number;
  position: number;
  addedAt: number;
  /** When Glacier may remove the multipart upload if no further part arrives; null when there is none. */
  expiresAt: number | null;
};

export type RecordedPart = { first: number; last: number; treeHash: TreeHash; at: number };

export type UploadDetail = {
  upload: UploadView;
  description: string;
  modifiedAt: number;
  parts: RecordedPart[];
  /** The newest last; at most 200. */
  events: UploadEvent[];
};

/** Bytes on the wire that nothing has acknowledged yet, and what follows from them. Never stored. */
export type LiveProgress = {
  id: UploadId;
  /** Acknowledged bytes and bytes of parts in flight. */
  sentBytes: number;
  /** Bytes per second, smoothed; null until it means something. */
  rate: number | null;
  remainingMs: number | null;
};
