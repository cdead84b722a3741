import type { Clock } from "../../core/src/ports/clock.ts";

export type { Clock };

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(milliseconds, callback, signal) {
    if (signal.aborted) return;
    const cancel = () => clearTimeout(timer);
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", cancel);
      callback();
    }, milliseconds);
    signal.addEventListener("abort", cancel, { once: true });
  },
};
