import type { TaskKind } from '../engine/task-kind.ts';

/** All kinds of durable work. */
export const taskKinds: readonly TaskKind[] = [];
