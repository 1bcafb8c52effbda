import type { RetrievalStep } from '../../shared/retrieval.ts';
import { type WaitKey, waitKey } from '../../shared/wait.ts';
import type { TaskKind } from '../engine/task-kind.ts';
import type { TaskPlace } from '../engine/task.ts';
import { type RetrievalState, retrievalTransition } from './retrieval-state.ts';

/** Asking is quick and must not wait until others have fetched; and looking at what was asked for must not keep others from asking. */
export const RETRIEVAL_LANES = {
  asking: 'retrieval-asking',
  awaiting: 'retrieval-awaiting',
  fetching: 'retrieval-fetching',
} as const;

/** What the user lets be asked for counts for all accounts together, and so does the line. */
export const LIMIT_KEY = waitKey('limit', 'retrievals');
export const LINE_KEY = waitKey('line', 'retrievals');

/** Whose jobs are looked at together. */
export function jobsKey({ accountId, vault }: TaskPlace): WaitKey {
  return waitKey('jobs', `${accountId}/${vault}`);
}

export const retrievalKind: TaskKind<RetrievalState, RetrievalStep> = {
  name: 'retrieval',
  columns: {
    facts: {
      region: 'region',
      archiveId: 'archive_id',
      archiveSize: 'archive_size',
      treeHash: 'archive_tree_hash',
      path: 'path',
      modifiedNs: 'modified_ns',
      first: 'first',
      last: 'last',
      rangeSize: 'range_size',
      tier: 'tier',
      folder: 'folder',
      folderId: 'folder_id',
      folderMark: 'folder_mark',
      relativePath: 'relative_path',
      targetKey: 'target_key',
      onExisting: 'on_existing',
      partialPath: 'partial_path',
      partialFileId: 'partial_file_id',
      partialModifiedNs: 'partial_modified_ns',
      partialIsSparse: 'partial_is_sparse',
    },
    phases: {
      queued: { askedAt: 'asked_at', askedFirst: 'asked_first', askedLast: 'asked_last', hasBegun: 'has_begun' },
      requested: { requestedAt: 'requested_at' },
      downloading: { outputEndsAt: 'output_ends_at' },
      finishing: { path: 'target_path' },
      retrieved: { path: 'target_path' },
      cancelled: {},
    },
  },
  transition: retrievalTransition,
  cancel: (state) => ({ ...state, phase: { kind: 'cancelled' } }),
  /** Who lets it go on after he was told agrees that what Glacier gave up is asked for anew. */
  resume: ({ phase }, hold) =>
    phase.kind === 'queued' && hold?.kind === 'failed' && hold.failure.kind === 'output-ended'
      ? { kind: 'agreed' }
      : null,
  /** What Glacier may bill once more goes on only when that is said of this one. */
  needsOwnWord: ({ phase }, hold) =>
    phase.kind === 'queued' && hold?.kind === 'failed' && BILLED_ANEW.has(hold.failure.kind),
  lane({ phase }) {
    switch (phase.kind) {
      case 'queued':
        return phase.askedAt === null ? RETRIEVAL_LANES.asking : RETRIEVAL_LANES.awaiting;
      case 'requested':
        return RETRIEVAL_LANES.awaiting;
      case 'downloading':
      case 'finishing':
        return RETRIEVAL_LANES.fetching;
      case 'retrieved':
      case 'cancelled':
        return null;
    }
  },
  waitKeys({ phase, folderMark }, { place }) {
    const target = waitKey('target', folderMark);
    switch (phase.kind) {
      case 'queued':
        if (phase.askedAt !== null) return [];
        // Outputs that are on their way end, whatever the rest waits for.
        return phase.hasBegun === 1 ? [target] : [LIMIT_KEY, LINE_KEY, target];
      case 'requested':
        return place ? [jobsKey(place)] : [];
      case 'downloading':
      case 'finishing':
        return [target];
      case 'retrieved':
      case 'cancelled':
        return [];
    }
  },
  /** What ends first comes first; what needs only its name, before. */
  urgentAt({ phase }) {
    if (phase.kind === 'finishing') return 0;
    return phase.kind === 'downloading' ? phase.outputEndsAt : null;
  },
  keepsPieces: () => true,
};

const BILLED_ANEW: ReadonlySet<string> = new Set(['job-failed', 'job-lost', 'output-ended']);
