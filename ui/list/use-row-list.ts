import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RowListModel } from "./row-list-model.ts";

export interface RowListEvents {
  scrolled(top: number): void;
  resized(viewport: number, width: number): void;
}

/**
 * Ties the element that scrolls to the model of its list: its size, its scroll position, both ways. The element is
 * `known` where another component needs it too.
 */
export function useRowList(
  model: RowListModel,
  events: RowListEvents,
  known?: RefObject<HTMLDivElement | null>,
): RefObject<HTMLDivElement | null> {
  const own = useRef<HTMLDivElement>(null);
  const element = known ?? own;
  const latest = useRef(events);
  latest.current = events;

  useLayoutEffect(() => {
    const scroller = element.current;
    if (scroller === null) return undefined;
    const report = (): void => latest.current.resized(scroller.clientHeight, scroller.clientWidth);
    report();
    const observer = new ResizeObserver(report);
    observer.observe(scroller);
    const onScroll = (): void => latest.current.scrolled(scroller.scrollTop);
    scroller.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener("scroll", onScroll);
    };
  }, [model, element]);

  const moves = model.moves.value;
  // A move is obeyed once, when it is asked for.
  useLayoutEffect(() => {
    const scroller = element.current;
    const wanted = model.scrollTop.peek();
    if (scroller !== null && Math.abs(scroller.scrollTop - wanted) >= 1) scroller.scrollTop = wanted;
  }, [model, element, moves]);

  return element;
}
