import type { Clock } from "../channel/clock.ts";
import { FLOOD_EVENTS } from "../channel/limits.ts";

/** While more than a few events come within this, the log is drawn so often; below it, as soon as something comes. */
export const DRAWING_INTERVAL = 50;
/** Of a page that floods: drawing its log takes the processors longer than all else, and nobody reads what flies past. */
export const FLOOD_DRAWING_INTERVAL = 150;

/** Answers what is to be called after each event. `draw` is called after the last one too, at most an interval late. */
export function createDrawingRhythm(clock: Clock, draw: () => void, signal: AbortSignal): () => void {
  let isWaiting = false;
  /** Since it was drawn last. */
  let count = 0;

  function wait(milliseconds: number): void {
    isWaiting = true;
    clock.after(milliseconds, done, signal);
  }

  function done(): void {
    isWaiting = false;
    if (count === 0) return;
    const isFlooded = count >= FLOOD_EVENTS;
    count = 0;
    draw();
    wait(isFlooded ? FLOOD_DRAWING_INTERVAL : DRAWING_INTERVAL);
  }

  return () => {
    if (isWaiting) {
      count++;
      return;
    }
    draw();
    wait(DRAWING_INTERVAL);
  };
}
