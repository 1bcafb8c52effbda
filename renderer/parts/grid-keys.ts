/** The row that an arrow or page key leads to; null for other keys. */
export function moveActive(
  { key, ctrlKey, metaKey, altKey }: KeyboardEvent,
  index: number,
  count: number,
  page: number,
): number | null {
  if (ctrlKey || metaKey || altKey || count === 0) return null;
  const clamp = (to: number): number => Math.max(0, Math.min(count - 1, to));
  switch (key) {
    case 'ArrowDown':
      return clamp(index + 1);
    case 'ArrowUp':
      return clamp(index - 1);
    case 'PageDown':
      return clamp(index + page);
    case 'PageUp':
      return clamp(index - page);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/** Right and left move between a row and its buttons. Says whether the key meant that. */
export function moveWithinRow({ key, target }: KeyboardEvent): boolean {
  if ((key !== 'ArrowRight' && key !== 'ArrowLeft') || !(target instanceof HTMLElement)) return false;
  const row = target.closest<HTMLElement>('[role=row]');
  if (!row) return false;
  const stops = [row, ...row.querySelectorAll<HTMLElement>('button:not(:disabled)')];
  const here = stops.indexOf(target);
  stops[here + (key === 'ArrowRight' ? 1 : -1)]?.focus();
  return true;
}
