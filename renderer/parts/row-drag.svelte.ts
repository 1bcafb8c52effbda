/** A row that is being dragged to another place in its list. */
export class RowDrag {
  #key = $state<string | number | null>(null);
  #before = $state(-1);

  /** The row is put before the one with this index if it is let go now; -1 for nowhere. */
  get before(): number {
    return this.#before;
  }

  start(event: DragEvent, key: string | number): void {
    this.#key = key;
    // Without data no drag begins; nothing else reads it.
    event.dataTransfer?.setData('application/x-firn-row', '');
    if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
  }

  /** Over the row with this index: its upper half means before it, its lower half after. */
  over(event: DragEvent, index: number, row: HTMLElement): void {
    if (this.#key === null) return;
    event.preventDefault();
    event.stopPropagation();
    const { top, height } = row.getBoundingClientRect();
    this.#before = event.clientY < top + height / 2 ? index : index + 1;
  }

  /** Where the row was let go, or null when it was no row of this list. */
  drop(event: DragEvent): { key: string | number; before: number } | null {
    const { before } = this;
    const key = this.#key;
    this.end();
    if (key === null || before < 0) return null;
    event.preventDefault();
    event.stopPropagation();
    return { key, before };
  }

  end(): void {
    this.#key = null;
    this.#before = -1;
  }
}
