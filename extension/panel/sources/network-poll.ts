import type { Milliseconds } from "../../../core/src/capture-event.ts";
import type { Clock } from "../../channel/clock.ts";

/** Asks for the network log as often as it pays. */
export interface NetworkPoll {
  /** There may be something to see: asks at once, and goes on while there is. */
  wake(): void;
  /** Up to when all that the log shows has been taken. */
  readonly knownUntil: Milliseconds;
  close(): void;
}

export interface NetworkPollOptions {
  readonly clock: Clock;
  readonly read: () => Promise<readonly unknown[]>;
  readonly seen: (entries: readonly unknown[], askedAt: Milliseconds) => void;
  /** "follow": something speaks now. "watch": something may begin to. "rest": nothing can, until `wake`. */
  readonly interest: () => PollInterest;
  readonly isVisible: () => boolean;
}

export type PollInterest = "follow" | "watch" | "rest";

const QUICKEST: Milliseconds = 500;
const SLOWEST: Milliseconds = 5_000;
/** Devtools build the whole log anew for each call. A call that takes longer than this is felt. */
const DEAR: Milliseconds = 50;
const EAGER_READINGS = 4;

export function createNetworkPoll(options: NetworkPollOptions): NetworkPoll {
  const { clock, read, seen, interest, isVisible } = options;
  const life = new AbortController();
  let pause = QUICKEST;
  let next: AbortController | undefined;
  let isAsking = false;
  let isWoken = false;
  /** Readings after a wake that follow each other quickly: what woke it may only be about to speak. */
  let eager = 0;
  /** Not asked again before this, whoever wakes it: what is dear stays dear. */
  let notBefore: Milliseconds = 0;
  let knownUntil = Number.POSITIVE_INFINITY;

  function plan(delay: Milliseconds): void {
    next?.abort();
    next = new AbortController();
    clock.after(delay, ask, next.signal);
  }

  async function ask(): Promise<void> {
    next = undefined;
    if (life.signal.aborted || isAsking) return;
    if (!isVisible()) {
      // Whoever shows the panel again wakes it: the log keeps what has passed.
      knownUntil = Number.POSITIVE_INFINITY;
      return;
    }
    isAsking = true;
    isWoken = false;
    const askedAt = clock.now();
    try {
      const entries = await read();
      if (life.signal.aborted) return;
      const cost = clock.now() - askedAt;
      seen(entries, askedAt);
      goOn(askedAt, cost);
    } catch {
      // Devtools are closing, or the inspected page cannot be looked at just now.
      goOn(askedAt, DEAR + 1);
    } finally {
      isAsking = false;
    }
  }

  function goOn(askedAt: Milliseconds, cost: Milliseconds): void {
    const found = interest();
    notBefore = askedAt + (cost > DEAR ? Math.min(pause * 2, SLOWEST) : QUICKEST / 2);
    if (cost > DEAR) pause = Math.min(pause * 2, SLOWEST);
    else if (found === "follow" || isWoken || eager > 0) pause = QUICKEST;
    else pause = Math.min(pause * 2, SLOWEST);
    if (eager > 0) eager--;
    knownUntil = found === "follow" ? askedAt : Number.POSITIVE_INFINITY;
    if (found !== "rest" || isWoken) plan(pause);
  }

  return {
    wake() {
      if (life.signal.aborted) return;
      isWoken = true;
      eager = EAGER_READINGS;
      if (!isAsking) plan(Math.max(0, notBefore - clock.now()));
    },
    get knownUntil() {
      return knownUntil;
    },
    close() {
      life.abort();
      next?.abort();
    },
  };
}
