/** Time as the core sees it. Nothing under core/src reads the system clock or sets a timer itself. */
export interface Clock {
  /** Milliseconds since the epoch, with the platform's best resolution. */
  now(): number;
  /** Calls back once unless `signal` aborts first. */
  after(milliseconds: number, callback: () => void, signal: AbortSignal): void;
}
