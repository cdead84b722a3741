const FIRST_DELAY = 100;
const LONGEST_DELAY = 5_000;

export interface BackOff {
  /** Milliseconds to wait before the next attempt; doubles with each call. */
  next(): number;
  reset(): void;
}

export function createBackOff(): BackOff {
  let delay = FIRST_DELAY;
  return {
    next() {
      const current = delay;
      delay = Math.min(delay * 2, LONGEST_DELAY);
      return current;
    },
    reset() {
      delay = FIRST_DELAY;
    },
  };
}
