import { fileCheckKind } from '../checks/file-check-kind.ts';
import { deletionKind } from '../deletions/deletion-kind.ts';
import { emptyingKind } from '../deletions/emptying-kind.ts';
import type { TaskKind } from '../engine/task-kind.ts';
import { inventoryKind } from '../inventories/inventory-kind.ts';
import { retrievalKind } from '../retrievals/retrieval-kind.ts';
import { uploadKind } from '../uploads/upload-kind.ts';

/** All kinds of durable work. */
export const taskKinds: readonly TaskKind[] = [
  uploadKind,
  retrievalKind,
  inventoryKind,
  deletionKind,
  emptyingKind,
  fileCheckKind,
];

/** They run as soon as anything does but uploads, which whoever wants them starts by themselves. */
export const besideUploads: readonly string[] = taskKinds.flatMap(({ name }) => (name === uploadKind.name ? [] : name));
