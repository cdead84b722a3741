import type { Clock } from "../../core/src/ports/clock.ts";

export interface FakeClock extends Clock {
  /** Lets time pass: every timer that is due fires, in order, each followed by all that it sets in motion. */
  advance(milliseconds: number): Promise<void>;
  /** Timers that have neither fired nor been given up. */
  readonly pending: number;
}

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export function createFakeClock(start = 1_000_000): FakeClock {
  let now = start;
  const timers = new Set<Timer>();

  function nextDue(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers)
      if (timer.due <= until && timer.due < (next?.due ?? Number.POSITIVE_INFINITY)) next = timer;
    return next;
  }

  return {
    now: () => now,
    after(milliseconds, callback, signal) {
      if (signal.aborted) return;
      const cancel = () => timers.delete(timer);
      const timer: Timer = {
        // As setTimeout in Node: never at once, so that what asks for 0 again and again lets time pass.
        due: now + Math.max(1, milliseconds),
        callback() {
          signal.removeEventListener("abort", cancel);
          callback();
        },
      };
      timers.add(timer);
      signal.addEventListener("abort", cancel, { once: true });
    },
    async advance(milliseconds) {
      const until = now + milliseconds;
      await settle();
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.due);
        timer.callback();
        await settle();
      }
      now = until;
    },
    get pending() {
      return timers.size;
    },
  };
}

/** Resolves when every promise that can be settled without time or input is settled. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
