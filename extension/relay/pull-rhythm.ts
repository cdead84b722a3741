import type { Clock } from "../channel/clock.ts";
import { BATCH_DELAY, FLOOD_BATCH_DELAY, FLOOD_EVENTS } from "../channel/limits.ts";

/** When the relay pulls what the hook has: soon, so that the panel is up to date; less often while the page floods. */
export interface PullRhythm {
  /** The hook has something. */
  wait(): void;
  /** How many events it had. */
  came(count: number): void;
}

export function createPullRhythm(clock: Clock, pull: () => void, signal: AbortSignal): PullRhythm {
  let isWaiting = false;
  let isFlooded = false;

  const done = () => {
    isWaiting = false;
    pull();
  };

  return {
    wait() {
      // A hook whose batch was full has sent it without being asked, and begins the next.
      if (isWaiting) return;
      isWaiting = true;
      clock.after(isFlooded ? FLOOD_BATCH_DELAY : BATCH_DELAY, done, signal);
    },
    came(count) {
      isFlooded = count >= FLOOD_EVENTS;
    },
  };
}
