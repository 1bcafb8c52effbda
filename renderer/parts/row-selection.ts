/** The rows of a grid that are chosen, beside the one that the keys are on. */
export interface RowSelection {
  has(index: number): boolean;
  /** This row and no other. */
  choose(index: number): void;
  toggle(index: number): void;
  /** All rows up to this one, from where choosing last began; from `from` when it has not begun. */
  extend(from: number, to: number): void;
  all(): void;
}

/** Chooses as a click means it. Says whether the click was about nothing else. */
export function chooseByClick(selection: RowSelection, event: MouseEvent, index: number, active: number): boolean {
  const { shiftKey, ctrlKey, metaKey, target } = event;
  if (shiftKey) selection.extend(Math.max(0, active), index);
  else if (ctrlKey || metaKey || isMark(target)) selection.toggle(index);
  else {
    selection.choose(index);
    return false;
  }
  return true;
}

/** Space toggles the row with the focus; Ctrl or Cmd with A chooses all. Says whether the key meant that. */
export function chooseByKey(selection: RowSelection, event: KeyboardEvent, index: number): boolean {
  const { key, ctrlKey, metaKey, altKey, target } = event;
  if (altKey) return false;
  if ((ctrlKey || metaKey) && key.toLowerCase() === 'a') selection.all();
  else if (key === ' ' && target instanceof HTMLElement && target.role === 'row') selection.toggle(index);
  else return false;
  return true;
}

/** The box in front of a row, which can be clicked without holding a key. */
function isMark(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-mark]') !== null;
}
