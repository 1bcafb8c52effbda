import type { TaskKind } from '../engine/task-kind.ts';
import { inventoryKind } from '../inventories/inventory-kind.ts';

/** All kinds of durable work. */
export const taskKinds: readonly TaskKind[] = [inventoryKind];
