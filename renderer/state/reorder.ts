import { isFinal, type UploadId, type UploadView } from '../../shared/upload.ts';

/** A move as main takes it: before another upload, or (null) last. */
export type Move = { ids: UploadId[]; before: UploadId | null };

/** Alt with an arrow moves an upload by one, with Home or End to an end of the list; null for all else. */
export function moveForKey({ key, altKey }: KeyboardEvent, list: readonly UploadView[], index: number): Move | null {
  if (!altKey) return null;
  switch (key) {
    case 'ArrowUp':
      return index > 0 ? moveBefore(list, index, index - 1) : null;
    case 'ArrowDown':
      return index < list.length - 1 ? moveBefore(list, index, index + 2) : null;
    case 'Home':
      return moveBefore(list, index, 0);
    case 'End':
      return moveBefore(list, index, list.length);
    default:
      return null;
  }
}

/** Moves the upload at `index` before the one that is at `before` now; null when that changes nothing or cannot be. */
export function moveBefore(list: readonly UploadView[], index: number, before: number): Move | null {
  const upload = list[index];
  if (!upload || isFinal(upload.phase) || before === index || before === index + 1) return null;
  return { ids: [upload.id], before: list[before]?.id ?? null };
}
