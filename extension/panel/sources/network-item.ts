import type { CaptureEvent, Milliseconds } from "../../../core/src/capture-event.ts";

/** One socket or exchange that the network log shows; perhaps a page hook saw it too. */
export interface NetworkItem {
  /** As socket or exchange in the capture events. */
  readonly id: string;
  readonly kind: "socket" | "exchange";
  readonly method: string;
  readonly url: string;
  readonly startedAt: Milliseconds;
  /** When its connection began: with its first request. No connection is of two pages. */
  readonly connectionSince: Milliseconds;
  /** It may be a service worker's, which does not end with a page. */
  readonly mayOutlivePage?: true;
  /** Names of its connection; none where no negotiate gave it one. */
  readonly tokens: readonly string[];
  /** Whether a page hook should have seen it: see {@link HookExpectation}. */
  readonly hook: HookExpectation;
  /** How much later an answer may have come than the log says: Firefox counts whole milliseconds, and not all of them. */
  readonly slack?: Milliseconds;
  /** The log shows that there is a socket, and nothing of what it says: there will be no events of it. */
  readonly isMute?: true;
}

/**
 * "certain": the request is the page's own and the page has a hook. "possible": its site has a hook, but it may come
 * from a worker or from a frame of another process. "none": no hook is where it comes from.
 */
export type HookExpectation = "certain" | "possible" | "none";

/** What is new of a request, in wire order. Answers "unwanted" where a page hook tells it: no more need be said. */
export type NetworkSight = (item: NetworkItem, events: readonly CaptureEvent[]) => "wanted" | "unwanted";

/** Browsers round times, each of them by itself; no page is gone so soon. */
const ROUNDING: Milliseconds = 10;

/** Whether it is of the page that began at `began`, and not of one before: that there is a new page is told late. */
export function isOfPageSince({ connectionSince }: NetworkItem, began: Milliseconds): boolean {
  return connectionSince >= began - ROUNDING;
}
