import type { AccountId } from './account.ts';
import { assertNever } from './assert.ts';
import { type Hold, type HoldEvent, holdAfter, isHoldEvent, withoutWait } from './hold.ts';

export type UploadId = string & { readonly __brand: 'UploadId' };
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

/** `at` is the time of the event, milliseconds since 1970. */
export type UploadEvent = { at: number } & (
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
  | { kind: 'given-up' }
  | HoldEvent
  | { kind: 'cancelled' }
);

export class IllegalTransition extends Error {
  override name = 'IllegalTransition';
  constructor(from: Phase, event: UploadEvent) {
    super(`${event.kind} in phase ${from.kind}`);
  }
}

/**
 * The whole life of an upload. Pure: the store persists what it returns.
 * @throws IllegalTransition when the event cannot happen in this phase.
 */
export function transition({ phase, hold }: Progress, event: UploadEvent): Progress {
  const illegal = (): never => {
    throw new IllegalTransition(phase, event);
  };
  if (isFinal(phase)) return illegal();
  if (isHoldEvent(event)) return { phase, hold: holdAfter(hold, event) };
  switch (event.kind) {
    case 'initiate-asked':
      return phase.kind === 'queued' ? { phase: { kind: 'queued', initiateAskedAt: event.at }, hold } : illegal();
    case 'strays-swept':
      return phase.kind === 'queued' ? { phase: { kind: 'queued', initiateAskedAt: null }, hold } : illegal();
    case 'multipart-initiated':
      if (phase.kind !== 'queued') return illegal();
      return { phase: { kind: 'uploading', multipartUploadId: event.multipartUploadId }, hold };
    case 'parts-uploaded':
      if (phase.kind !== 'uploading') return illegal();
      return { phase: { ...phase, kind: 'completing', treeHash: event.treeHash, askedAt: event.at }, hold };
    case 'completed':
      if (phase.kind !== 'completing') return illegal();
      return { phase: { kind: 'stored', archiveId: event.archiveId, treeHash: phase.treeHash }, hold: null };
    case 'multipart-lost':
      return afterLoss(phase, hold, event.at) ?? illegal();
    case 'completion-rejected':
      if (phase.kind !== 'completing') return illegal();
      return { phase: { kind: 'uploading', multipartUploadId: phase.multipartUploadId }, hold };
    case 'found-in-inventory':
      if (phase.kind !== 'unconfirmed') return illegal();
      return { phase: { kind: 'stored', archiveId: event.archiveId, treeHash: phase.treeHash }, hold: null };
    case 'found-in-journal':
      return { phase: { kind: 'stored', archiveId: event.archiveId, treeHash: event.treeHash }, hold: null };
    case 'absent-from-inventory':
      return phase.kind === 'unconfirmed'
        ? { phase: { kind: 'queued', initiateAskedAt: null }, hold: withoutWait(hold) }
        : illegal();
    case 'aborted':
      return phase.kind === 'aborting' ? { phase: { kind: 'cancelled' }, hold: null } : illegal();
    case 'given-up':
      return phase.kind === 'completing' || phase.kind === 'aborting'
        ? { phase: { kind: 'cancelled' }, hold: null }
        : illegal();
    case 'cancelled':
      return afterCancel(phase, hold) ?? illegal();
    default:
      return assertNever(event);
  }
}

function afterLoss(phase: Phase, hold: Hold | null, at: number): Progress | null {
  if (phase.kind === 'uploading') return { phase: { kind: 'queued', initiateAskedAt: null }, hold };
  if (phase.kind === 'completing') {
    const { treeHash, askedAt } = phase;
    return { phase: { kind: 'unconfirmed', treeHash, askedAt, since: at }, hold };
  }
  if (phase.kind === 'aborting') return { phase: { kind: 'cancelled' }, hold: null };
  return null;
}

function afterCancel(phase: Phase, hold: Hold | null): Progress | null {
  switch (phase.kind) {
    case 'queued':
    case 'unconfirmed':
      return { phase: { kind: 'cancelled' }, hold: null };
    case 'uploading':
      return { phase: { kind: 'aborting', multipartUploadId: phase.multipartUploadId }, hold: null };
    case 'completing':
      // While the answer is open it is waited for. What failed may be given up, stored or not: see `mayBeStored`.
      if (hold?.kind !== 'failed') return null;
      return { phase: { kind: 'aborting', multipartUploadId: phase.multipartUploadId }, hold: null };
    case 'aborting':
      // Whoever may not abort need not wait for it: Glacier removes what stands still.
      return hold?.kind === 'failed' ? { phase: { kind: 'cancelled' }, hold: null } : null;
    default:
      return null;
  }
}

export function isFinal(phase: Phase): phase is Extract<Phase, { kind: 'stored' | 'cancelled' }> {
  return phase.kind === 'stored' || phase.kind === 'cancelled';
}

/** Whether "cancel" is an answer the upload can take now. */
export function canCancel({ phase, hold }: Progress): boolean {
  return !isFinal(phase) && afterCancel(phase, hold) !== null;
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
