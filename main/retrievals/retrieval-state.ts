import type { Hold, HoldEvent } from '../../shared/hold.ts';
import type { OnExisting, RetrievalStep } from '../../shared/retrieval.ts';
import type { Tier } from '../../shared/tier.ts';
import { assertNever } from '../../shared/assert.ts';
import type { ArchiveId, TreeHash } from '../../shared/upload.ts';

/** How far a retrieval has come, as its row says it; `RetrievalPhase` says what each means. */
export type RetrievalStatePhase =
  /**
   * `askedAt` and what follows: as `Asked`, or null together. `hasBegun`: 1 when outputs may be on their way, which must not
   * wait for the rest.
   */
  | {
      kind: 'queued';
      askedAt: number | null;
      askedFirst: number | null;
      askedLast: number | null;
      hasBegun: number;
    }
  | { kind: 'requested'; requestedAt: number }
  | { kind: 'downloading'; outputEndsAt: number }
  | { kind: 'finishing'; path: string | null }
  | { kind: 'retrieved'; path: string }
  | { kind: 'cancelled' };

/** A retrieval as a task; `Retrieval` and `NewRetrieval` say what the fields mean. */
export type RetrievalState = {
  region: string;
  archiveId: ArchiveId;
  archiveSize: number;
  treeHash: TreeHash;
  path: string | null;
  modifiedNs: string | null;
  first: number;
  last: number;
  rangeSize: number;
  tier: Tier;
  folder: string;
  folderId: string;
  folderMark: string;
  relativePath: string;
  /** The same for names that a file system may take for the same. */
  targetKey: string;
  onExisting: OnExisting;
  partialPath: string | null;
  partialFileId: string | null;
  partialModifiedNs: string | null;
  /** 0 or 1. */
  partialIsSparse: number | null;
  phase: RetrievalStatePhase;
};

export const noPartial = { partialPath: null, partialFileId: null, partialModifiedNs: null, partialIsSparse: null };

/** The whole life of a retrieval; null when the event cannot happen in this phase. Pure. */
export function retrievalTransition(
  state: RetrievalState,
  event: RetrievalStep & { at: number },
): RetrievalState | null {
  const { phase } = state;
  if (phase.kind === 'retrieved' || phase.kind === 'cancelled') return null;
  const to = (next: RetrievalStatePhase): RetrievalState => ({ ...state, phase: next });
  switch (event.kind) {
    case 'asked': {
      if (phase.kind !== 'queued') return null;
      const { first: askedFirst, last: askedLast, at: askedAt } = event;
      return to({ ...phase, askedAt, askedFirst, askedLast });
    }
    case 'request-settled':
      return phase.kind === 'queued' ? to({ ...queued, hasBegun: phase.hasBegun }) : null;
    case 'requested':
      return phase.kind === 'queued' ? to(begun) : null;
    case 'all-asked':
      if (phase.kind !== 'queued' || phase.askedAt !== null) return null;
      return to({ kind: 'requested', requestedAt: event.at });
    case 'ready':
      if (phase.kind !== 'requested') return null;
      return to({ kind: 'downloading', outputEndsAt: Math.min(...event.outputs.map(({ endsAt }) => endsAt)) });
    case 'job-failed':
    case 'job-lost':
      return phase.kind === 'requested' ? to(begun) : null;
    case 'output-gone':
      return phase.kind === 'requested' || phase.kind === 'downloading' ? to(begun) : null;
    case 'outputs-fetched':
      return phase.kind === 'requested' || phase.kind === 'downloading' ? to(queued) : null;
    case 'agreed':
      return phase.kind === 'queued' ? state : null;
    case 'damaged':
      // What is found damaged at the very end needs an output again; one that is still there costs nothing.
      if (phase.kind === 'finishing') return to(begun);
      return phase.kind === 'downloading' ? state : null;
    case 'downloaded':
      return phase.kind === 'downloading' ? to({ kind: 'finishing', path: null }) : null;
    case 'path-chosen':
      return phase.kind === 'finishing' ? to({ kind: 'finishing', path: event.path }) : null;
    case 'path-taken':
      return phase.kind === 'finishing' ? to({ kind: 'finishing', path: null }) : null;
    case 'in-place':
      if (phase.kind !== 'finishing' || phase.path === null) return null;
      return { ...state, ...noPartial, phase: { kind: 'retrieved', path: phase.path } };
    case 'existing-answered':
      return { ...state, onExisting: event.answer };
    case 'relocated':
      return phase.kind === 'finishing' ? to({ kind: 'finishing', path: null }) : state;
    default:
      return assertNever(event);
  }
}

export const queued = { kind: 'queued', askedAt: null, askedFirst: null, askedLast: null, hasBegun: 0 } as const;
const begun = { ...queued, hasBegun: 1 } as const;

/** What an event makes of the hold, to be written in the same transaction; null for nothing. */
export function holdAfterStep(hold: Hold | null, event: RetrievalStep | { kind: 'cancelled' }): HoldEvent | null {
  switch (event.kind) {
    // Asking again may be billed again, so it must not begin by itself, not even after a crash.
    case 'job-failed':
      return { kind: 'rejected', failure: { kind: 'job-failed', message: event.message } };
    case 'job-lost':
      return { kind: 'rejected', failure: { kind: 'job-lost' } };
    case 'existing-answered':
      return hold?.kind === 'failed' && hold.failure.kind === 'target-exists' ? { kind: 'resumed' } : null;
    case 'ready':
    case 'relocated':
      return hold?.kind === 'backoff' ? { kind: 'recovered' } : null;
    default:
      return null;
  }
}
