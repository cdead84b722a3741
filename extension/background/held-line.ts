/** Passes on what comes in, in its order; what comes while a question is open waits for the answer. */
export interface HeldLine {
  pass(step: () => void): void;
  /** Refused: what waits is forgotten, and nothing passes any more. */
  holdUntil(isAllowed: Promise<boolean>): void;
}

export function createHeldLine(): HeldLine {
  let state: "open" | "held" | "shut" = "open";
  const waiting: (() => void)[] = [];

  return {
    pass(step) {
      if (state === "open") step();
      else if (state === "held") waiting.push(step);
    },
    holdUntil(isAllowed) {
      if (state !== "open") return;
      state = "held";
      void isAllowed.then((allowed) => {
        state = allowed ? "open" : "shut";
        for (const step of waiting.splice(0)) if (allowed) step();
      });
    },
  };
}
