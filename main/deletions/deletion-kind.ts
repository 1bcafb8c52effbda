import { type Deletion, type DeletionEvent, deletionAfter, isOver } from '../../shared/chore.ts';
import type { TaskKind } from '../engine/task-kind.ts';

export const DELETION_LANE = 'deletion';

/** Deletes archives that were chosen one by one; their list stands in `chore_archive` and never grows. */
export const deletionKind: TaskKind<Deletion, DeletionEvent> = {
  name: 'deletion',
  columns: {
    facts: { total: 'total', deleted: 'deleted', failed: 'failed' },
    phases: { deleting: {}, done: {}, cancelled: {} },
  },
  transition: deletionAfter,
  cancel: (deletion) => ({ ...deletion, phase: { kind: 'cancelled' } }),
  resume: ({ phase, failed }) => (phase.kind === 'done' && failed > 0 ? { kind: 'tried-again' } : null),
  lane: ({ phase }) => (isOver({ phase: phase.kind }) ? null : DELETION_LANE),
  waitKeys: () => [],
  urgentAt: () => null,
  keepsPieces: () => false,
};
