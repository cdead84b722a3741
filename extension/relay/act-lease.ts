import type { Clock } from "../channel/clock.ts";

/**
 * How long the panel's acts on this document last: as long as there is a way to the panel, and ten seconds more, because
 * the background stops when it likes. Who says that no panel is open ends them at once.
 */
export interface ActLease {
  /** The panel has had something done. */
  begin(): void;
  /** There is a way to the panel. */
  renew(): void;
  /** There is none at the moment. */
  loseWay(): void;
  end(): void;
}

const MOST_WITHOUT_PANEL = 10_000;

export function createActLease(clock: Clock, undo: () => void): ActLease {
  let hasActed = false;
  let waiting: AbortController | undefined;

  function renew(): void {
    waiting?.abort();
    waiting = undefined;
  }

  function end(): void {
    renew();
    if (!hasActed) return;
    hasActed = false;
    undo();
  }

  return {
    begin() {
      hasActed = true;
    },
    renew,
    loseWay() {
      if (!hasActed || waiting !== undefined) return;
      waiting = new AbortController();
      clock.after(MOST_WITHOUT_PANEL, end, waiting.signal);
    },
    end,
  };
}
