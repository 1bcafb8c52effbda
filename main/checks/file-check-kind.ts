import type { FileCheck, FileCheckEvent } from '../../shared/file-check.ts';
import type { TaskKind } from '../engine/task-kind.ts';

export const FILE_CHECK_LANE = 'file_check';

/** Needs no account: it runs also when nobody is signed in. */
export const fileCheckKind: TaskKind<FileCheck, FileCheckEvent> = {
  name: 'file_check',
  columns: { facts: { total: 'total', checked: 'checked' }, phases: { checking: {}, done: {}, cancelled: {} } },
  transition: (check) => (check.phase.kind === 'checking' ? { ...check, phase: { kind: 'done' } } : null),
  cancel: (check) => ({ ...check, phase: { kind: 'cancelled' } }),
  lane: ({ phase }) => (phase.kind === 'checking' ? FILE_CHECK_LANE : null),
  waitKeys: () => [],
  urgentAt: () => null,
  keepsPieces: () => false,
};
