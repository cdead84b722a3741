import type { Clock } from "../channel/clock.ts";

/**
 * How long something lasts that is only there for a panel: as long as there is a way to it, and `patience` milliseconds
 * more, because the background stops when it likes. Who says that the panel was closed ends it at once.
 */
export interface PanelLease {
  /** It is there from now on. */
  begin(): void;
  /** There is a way to the panel. */
  renew(): void;
  /** There is none at the moment. */
  loseWay(): void;
  end(): void;
}

export function createPanelLease(clock: Clock, patience: number, ended: () => void): PanelLease {
  let isHeld = false;
  let waiting: AbortController | undefined;

  function renew(): void {
    waiting?.abort();
    waiting = undefined;
  }

  function end(): void {
    renew();
    if (!isHeld) return;
    isHeld = false;
    ended();
  }

  return {
    begin() {
      isHeld = true;
    },
    renew,
    loseWay() {
      if (!isHeld || waiting !== undefined) return;
      waiting = new AbortController();
      clock.after(patience, end, waiting.signal);
    },
    end,
  };
}
