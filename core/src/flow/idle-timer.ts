import type { Clock } from "../ports/clock.ts";

export interface IdleTimer {
  /** Something happened: the silence starts anew. */
  touch(): void;
}

/**
 * Calls `onIdle` after every `interval` milliseconds without a touch, until `signal` aborts. One timer runs at a
 * time however often it is touched. An interval that is not finite never ends.
 */
export function createIdleTimer(
  clock: Clock,
  interval: number,
  onIdle: () => void,
  signal: AbortSignal,
): IdleTimer {
  let last = clock.now();

  function arm(delay: number): void {
    clock.after(
      Math.ceil(delay),
      () => {
        const left = last + interval - clock.now();
        if (left > 0) return arm(left);
        last = clock.now();
        onIdle();
        if (!signal.aborted) arm(interval);
      },
      signal,
    );
  }

  if (Number.isFinite(interval)) arm(interval);
  return {
    touch() {
      last = clock.now();
    },
  };
}
