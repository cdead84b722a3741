/** Time as the core sees it. Nothing under core/src reads the system clock or sets a timer itself. */
export interface Clock {
  /** Milliseconds since the epoch, with the platform's best resolution. */
  now(): number;
  /** Calls back once unless `signal` aborts first. */
  after(milliseconds: number, callback: () => void, signal: AbortSignal): void;
}

/** Resolves when the time has passed or `signal` has aborted, whichever comes first; never rejects. */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      signal.removeEventListener("abort", done);
      resolve();
    };
    signal.addEventListener("abort", done);
    clock.after(milliseconds, done, signal);
  });
}
