import { type Emptying, type EmptyingEvent, emptyingAfter, isOver } from '../../shared/chore.ts';
import type { TaskKind } from '../engine/task-kind.ts';

export const EMPTYING_LANE = 'emptying';

/** Deletes whatever a vault has, and the vault at the end when it closes. */
export const emptyingKind: TaskKind<Emptying, EmptyingEvent> = {
  name: 'emptying',
  columns: {
    facts: {
      total: 'total',
      deleted: 'deleted',
      failed: 'failed',
      closes: 'closes',
      deletesUntil: 'deletes_until',
      lastDeletedAt: 'last_deleted_at',
    },
    phases: {
      listing: { inventoryAfter: 'inventory_after' },
      deleting: {},
      confirming: {},
      closing: {},
      done: {},
      cancelled: {},
    },
  },
  transition: emptyingAfter,
  cancel: (emptying) => ({ ...emptying, phase: { kind: 'cancelled' } }),
  resume: ({ phase, failed }) => (phase.kind === 'deleting' && failed > 0 ? { kind: 'tried-again' } : null),
  lane: ({ phase }) => (isOver({ phase: phase.kind }) ? null : EMPTYING_LANE),
  waitKeys: () => [],
  urgentAt: () => null,
  keepsPieces: () => false,
};
