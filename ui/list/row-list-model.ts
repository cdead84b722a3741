import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { type RowList, type RowWindow, rowWindow, scrollToShow, trackHeight } from "./row-window.ts";

/** Scroll position of one list whose rows are drawn only while they are seen. */
export interface RowListModel {
  readonly scrollTop: ReadonlySignal<number>;
  readonly list: ReadonlySignal<RowList>;
  readonly height: ReadonlySignal<number>;
  readonly window: ReadonlySignal<RowWindow>;
  /** Changes whenever the view must move to `scrollTop`. */
  readonly moves: ReadonlySignal<number>;
  /** The view reports where the reader scrolled to. */
  scrolled(top: number): void;
  /** The view reports its height. */
  resized(viewport: number): void;
  /** Scrolls; the view follows. */
  scrollTo(top: number): void;
  show(index: number): void;
}

export function createRowListModel(count: ReadonlySignal<number>, rowHeight: number): RowListModel {
  const scrollTop = signal(0);
  const viewport = signal(0);
  const list = computed<RowList>(() => ({ count: count.value, rowHeight, viewport: viewport.value }));
  const moves = signal(0);
  const scrollTo = (top: number): void => {
    scrollTop.value = Math.max(0, top);
    moves.value += 1;
  };
  // The same rows at the same place are the same object: scrolling within a row draws nothing.
  let last: RowWindow = { first: 0, end: 0, top: 0 };
  const window = computed(() => {
    const next = rowWindow(list.value, scrollTop.value);
    if (next.first !== last.first || next.end !== last.end || next.top !== last.top) last = next;
    return last;
  });
  return {
    scrollTop,
    list,
    height: computed(() => trackHeight(list.value)),
    window,
    moves,
    scrolled: (top) => {
      scrollTop.value = Math.max(0, top);
    },
    resized: (height) => {
      viewport.value = height;
    },
    scrollTo,
    show: (index) => scrollTo(scrollToShow(list.value, scrollTop.value, index)),
  };
}
