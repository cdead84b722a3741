/** Sizes of a scrolled list of rows of one height, in CSS pixels. */
export interface RowList {
  readonly count: number;
  readonly rowHeight: number;
  readonly viewport: number;
}

/**
 * Browsers cap the height of an element (Firefox near 17.8 million px, Chromium near 33.5): a list that would be
 * higher is given this height, and its scroll positions are stretched over all rows.
 */
export const TALLEST = 12_000_000;

export function trackHeight({ count, rowHeight }: RowList): number {
  return Math.min(count * rowHeight, TALLEST);
}

/** Rows are laid out at offsets of a virtual track; a scroll position stands for one of them. */
export function offsetOfScroll(list: RowList, scrollTop: number): number {
  return scrollTop * stretch(list);
}

export function scrollOfOffset(list: RowList, offset: number): number {
  const clamped = Math.max(0, Math.min(offset, list.count * list.rowHeight - list.viewport));
  return clamped / stretch(list);
}

function stretch(list: RowList): number {
  const full = list.count * list.rowHeight;
  if (full <= TALLEST) return 1;
  return (full - list.viewport) / (TALLEST - list.viewport);
}

export interface RowWindow {
  /** Index of the first row to draw. */
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
  /** Where to draw the first row, in px from the top of the track. */
  readonly top: number;
}

/** The rows that can be seen at `scrollTop`, and `overscan` more on either side. */
export function rowWindow(list: RowList, scrollTop: number, overscan = 8): RowWindow {
  const offset = offsetOfScroll(list, scrollTop);
  const first = Math.max(0, Math.min(list.count, Math.floor(offset / list.rowHeight) - overscan));
  const end = Math.min(list.count, Math.ceil((offset + list.viewport) / list.rowHeight) + overscan);
  return { first, end: Math.max(first, end), top: scrollTop + first * list.rowHeight - offset };
}

/** The nearest scroll position at which row `index` is seen whole; the present one where it is already. */
export function scrollToShow(list: RowList, scrollTop: number, index: number): number {
  const offset = offsetOfScroll(list, scrollTop);
  const rowTop = index * list.rowHeight;
  if (rowTop < offset) return scrollOfOffset(list, rowTop);
  const rowEnd = rowTop + list.rowHeight;
  return rowEnd > offset + list.viewport ? scrollOfOffset(list, rowEnd - list.viewport) : scrollTop;
}

export function isAtEnd(list: RowList, scrollTop: number): boolean {
  return offsetOfScroll(list, scrollTop) + list.viewport >= (list.count - 0.5) * list.rowHeight;
}
