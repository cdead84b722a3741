/** Calls `action` once, soon: the browser's next frame. Tests pass their own. */
export type NextFrame = (action: () => void) => void;

/** Many requests before the next frame make one call of `action`. */
export function createFrameBatch(nextFrame: NextFrame, action: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    nextFrame(() => {
      asked = false;
      action();
    });
  };
}
