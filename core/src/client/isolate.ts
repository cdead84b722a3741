/** Runs code of the embedder; what it throws goes to the embedder's `onFault` and never into the client. */
export type Isolate = (callback: () => void) => void;

export function createIsolate(onFault: ((error: unknown) => void) | undefined): Isolate {
  return (callback) => {
    try {
      callback();
    } catch (error) {
      try {
        onFault?.(error);
      } catch {
        // The sink for faults is itself at fault: there is nobody left to tell.
      }
    }
  };
}

/** The text of anything thrown; never throws itself. */
export function errorText(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "An error that has no text.";
  }
}
