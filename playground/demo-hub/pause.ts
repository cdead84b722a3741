import type { Clock } from "../../core/src/ports/clock.ts";

/** Resolves after the time, or as soon as `signal` aborts; true where the time has passed. */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    clock.after(milliseconds, () => resolve(true), signal);
    signal.addEventListener("abort", () => resolve(false), { once: true });
  });
}
