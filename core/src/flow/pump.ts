/** Called after every item; may return a promise to slow the source down. */
export type Pace = () => Promise<void> | undefined;

/**
 * Reads `source` and delivers each item until the source ends or `signal` aborts. Rejects with what the source or
 * `deliver` threw. A source that has not ended is told to (`return`), without waiting for it.
 */
export async function pump<T>(
  source: AsyncIterable<T>,
  deliver: (item: T) => void,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  const iterator = source[Symbol.asyncIterator]();
  let wake: (() => void) | undefined;
  const onAbort = () => wake?.();
  signal.addEventListener("abort", onAbort);
  // Not Promise.race with one promise for the abort: that promise would keep a reaction for every item.
  const next = () =>
    new Promise<IteratorResult<T> | "aborted">((resolve, reject) => {
      wake = () => resolve("aborted");
      Promise.resolve(iterator.next()).then(resolve, reject);
    });

  let ended = false;
  try {
    while (!signal.aborted) {
      const result = await next().catch((error: unknown) => {
        ended = true;
        throw error;
      });
      if (result === "aborted" || signal.aborted) break;
      if (result.done === true) {
        ended = true;
        return;
      }
      deliver(result.value);
      await pace();
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    if (!ended) release(iterator);
  }
}

/** Ends a source that nobody reads any more. What it throws while it ends has no one to go to. */
export function release(iterator: AsyncIterator<unknown>): void {
  try {
    Promise.resolve(iterator.return?.()).catch(() => undefined);
  } catch {
    // As above: the source's own clean-up failed, and its reader has left.
  }
}
