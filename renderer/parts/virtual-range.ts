/** Browsers lay out no element higher than this many pixels, with room to spare; longer lists scroll in larger steps. */
export const MAX_CONTENT_HEIGHT = 15_000_000;

/** Rows beyond each edge that are ready before they are seen. */
const OVERSCAN = 4;

/** All in pixels, but `count`. */
export type Viewport = { count: number; rowHeight: number; height: number; scrollTop: number };

/** Rows `first` up to but without `end`; row i is drawn at `i * rowHeight + shift`. */
export type VisibleRange = { first: number; end: number; shift: number; contentHeight: number };

export function visibleRange(viewport: Viewport): VisibleRange {
  const { count, rowHeight, height } = viewport;
  const offset = rowOffset(viewport);
  return {
    first: Math.max(0, Math.floor(offset / rowHeight) - OVERSCAN),
    end: Math.min(count, Math.ceil((offset + height) / rowHeight) + OVERSCAN),
    shift: clampScroll(viewport) - offset,
    contentHeight: contentHeight(viewport),
  };
}

/** The first row that is whole in view; 0 when there is none. */
export function firstWhole(viewport: Viewport): number {
  const { count, rowHeight } = viewport;
  return Math.max(0, Math.min(count - 1, Math.ceil(rowOffset(viewport) / rowHeight)));
}

/** Where to scroll so that a row is whole in view; null when it already is. */
export function scrollTopFor(viewport: Viewport, index: number): number | null {
  const { rowHeight, height } = viewport;
  const offset = rowOffset(viewport);
  const top = index * rowHeight;
  if (top < offset) return top / stretch(viewport);
  if (top + rowHeight > offset + height) return (top + rowHeight - height) / stretch(viewport);
  return null;
}

/** How far to scroll past so many rows. */
export function scrollOf(viewport: Viewport, rows: number): number {
  return (rows * viewport.rowHeight) / stretch(viewport);
}

/** Pixels of rows above the upper edge. */
function rowOffset(viewport: Viewport): number {
  return clampScroll(viewport) * stretch(viewport);
}

function contentHeight({ count, rowHeight }: Viewport): number {
  return Math.min(count * rowHeight, MAX_CONTENT_HEIGHT);
}

function clampScroll(viewport: Viewport): number {
  return Math.max(0, Math.min(viewport.scrollTop, contentHeight(viewport) - viewport.height));
}

/** Pixels of rows for each pixel of scrolling. */
function stretch(viewport: Viewport): number {
  const { count, rowHeight, height } = viewport;
  const room = contentHeight(viewport) - height;
  return room > 0 ? (count * rowHeight - height) / room : 1;
}
