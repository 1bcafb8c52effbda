import { fileCheckKind } from '../checks/file-check-kind.ts';
import { deletionKind } from '../deletions/deletion-kind.ts';
import { emptyingKind } from '../deletions/emptying-kind.ts';
import type { TaskKind } from '../engine/task-kind.ts';
import { inventoryKind } from '../inventories/inventory-kind.ts';

/** All kinds of durable work. */
export const taskKinds: readonly TaskKind[] = [inventoryKind, deletionKind, emptyingKind, fileCheckKind];
