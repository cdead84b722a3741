import type { CaptureEvent, DocumentId, Milliseconds } from "../../../core/src/capture-event.ts";
import type { Clock } from "../../channel/clock.ts";
import { CLOCK_TOLERANCE, createHookRecord, nearest, withoutFragment } from "./hook-record.ts";
import { type HookExpectation, isOfPageSince, type NetworkItem, type NetworkSight } from "./network-item.ts";
import { putInOrder, takeDue, type Waiting, type WaitingQueue } from "./release-order.ts";
import { createShownPayloads, createTakeOver, type ShownPayloads, type TakeOver } from "./take-over.ts";

/**
 * Makes one recording of what page hooks and the network log say: nothing twice, nothing lost, the hook first. What
 * the log shows waits until a hook has had time to say the same. Where a hook says it all the same later (its
 * background was being stopped), it takes the socket over where the log has come to.
 */
export interface SourceMerge {
  /** From a page hook. */
  readonly hook: (event: CaptureEvent) => void;
  /** From the network log. */
  readonly log: NetworkSight;
  /**
   * The tab shows a page that began at `began`, and all that is shown is about to go: what the log told of the page
   * before ends at once, what it has told of the new one already is told again. Where nobody knows when it began, all
   * that is shown is of the page before.
   */
  pageLeft(began: Milliseconds | undefined): void;
  close(): void;
}

export interface SourceMergeOptions {
  readonly clock: Clock;
  readonly apply: (event: CaptureEvent) => void;
  /** Something that only the network log saw is shown now. */
  readonly shown?: (item: NetworkItem) => void;
  /** Up to when the log's own messages are known; what happened later may still be preceded by some. */
  readonly knownUntil?: () => Milliseconds;
  /** "wait": whether the page may be recorded is not known yet. "shut": the user does not want it. */
  readonly gate?: () => "open" | "wait" | "shut";
}

/** How long a hook may take to say what the log has shown. */
const PATIENCE: Readonly<Record<HookExpectation, Milliseconds>> = {
  certain: 10_000,
  possible: 1_500,
  none: 300,
};
/** To say that nobody hears a socket takes longer than to show one: a hook's background may be starting. */
const PATIENCE_WITH_MUTE: Milliseconds = 6_000;
const TICK: Milliseconds = 100;
/** A hook that has not repeated what was shown by then has lost some of it. */
const LONGEST_TAKE_OVER: Milliseconds = 10_000;
const MOST_TRACKED = 5_000;
/** Devtools of a busy browser were seen to tell of a new page 2.6 s after it began. */
const LATEST_NAVIGATION: Milliseconds = 10_000;
const MOST_TOLD = 5_000;

interface Tracked extends WaitingQueue {
  since: Milliseconds;
  state: "held" | "shown" | "taken-over" | "dropped";
  /** All that was shown of it, as long as its page may be so young that devtools have yet to speak of it. */
  told: Waiting[] | undefined;
  payloads: ShownPayloads;
  /** A hook has reported it after it was shown. */
  isPaired: boolean;
  document: DocumentId | undefined;
}

interface Late {
  readonly tracked: Tracked;
  readonly takeOver: TakeOver;
  readonly since: Milliseconds;
  isGivenUp: boolean;
}

export function createSourceMerge(options: SourceMergeOptions): SourceMerge {
  const { clock, apply, shown, knownUntil = () => Number.POSITIVE_INFINITY, gate = () => "open" } = options;
  const record = createHookRecord();
  const tracked = new Map<string, Tracked>();
  /** Sockets of hooks that were shown from the log before; and exchanges, of which all is shown. */
  const lateSockets = new Map<string, Late>();
  const lateExchanges = new Set<string>();
  /** Connections that no hook has told of in time: what more the log shows of them need not wait. */
  const shownTokens = new Set<string>();
  /** When the page began for which another was left. */
  let pageBegan: Milliseconds = Number.NEGATIVE_INFINITY;
  const life = new AbortController();
  let isTicking = false;

  function tick(): void {
    isTicking = false;
    settle();
    if (isSomethingWaiting()) tickLater();
  }

  function tickLater(): void {
    if (isTicking) return;
    isTicking = true;
    clock.after(TICK, tick, life.signal);
  }

  function isSomethingWaiting(): boolean {
    for (const { state, waiting } of tracked.values())
      if (state === "held" || waiting.length > 0) return true;
    for (const { takeOver, isGivenUp } of lateSockets.values())
      if (takeOver.state === "matching" && !isGivenUp) return true;
    return false;
  }

  function settle(): void {
    const now = clock.now();
    for (const late of lateSockets.values()) {
      if (late.takeOver.state === "matching" && now - late.since > LONGEST_TAKE_OVER) giveUp(late);
    }
    for (const entry of tracked.values()) {
      if (entry.state !== "held") continue;
      if (record.claims(entry.item) || gate() === "shut") drop(entry);
      else if (gate() === "wait") entry.since = now;
      else if (now - entry.since >= patienceWith(entry.item)) show(entry);
    }
    for (const entry of tracked.values())
      if (entry.state === "held" && entry.item.isMute !== true && isOfShownConnection(entry)) show(entry);
    release(now);
  }

  function isOfShownConnection({ item }: Tracked): boolean {
    return item.tokens.some((token) => shownTokens.has(token));
  }

  function show(entry: Tracked): void {
    entry.state = "shown";
    if (entry.item.isMute !== true) for (const token of entry.item.tokens) shownTokens.add(token);
    for (const token of shownTokens) {
      if (shownTokens.size <= MOST_TRACKED) break;
      shownTokens.delete(token);
    }
    shown?.(entry.item);
  }

  /** In the order of time over all that the log shows, in wire order within each. */
  function release(now: Milliseconds): void {
    const shownNow = [...tracked.values()].filter(({ state }) => state === "shown");
    for (const { queue: entry, event, arrived } of takeDue(shownNow, now, knownUntil())) {
      entry.payloads.add(event);
      entry.told?.push({ event, arrived });
      if ("origin" in event) entry.document ??= event.origin?.document;
      apply(event);
    }
    for (const entry of shownNow) {
      const isOld = now - entry.item.connectionSince > LATEST_NAVIGATION;
      if (isOld || (entry.told?.length ?? 0) > MOST_TOLD) entry.told = undefined;
    }
  }

  function drop(entry: Tracked): void {
    entry.state = "dropped";
    entry.waiting = [];
    entry.told = undefined;
  }

  /** What was shown of it is gone with what was shown of the page before; whether it may be shown is another question now. */
  function showAgain(entry: Tracked, told: readonly Waiting[]): void {
    for (const token of entry.item.tokens) shownTokens.delete(token);
    entry.state = "held";
    entry.since = clock.now();
    entry.waiting = [...told, ...entry.waiting];
    entry.told = [];
    entry.payloads = createShownPayloads();
    entry.document = undefined;
    tickLater();
  }

  function track(item: NetworkItem): Tracked {
    const entry: Tracked = {
      item,
      since: clock.now(),
      state: record.claims(item) || isOfPageBefore(item) ? "dropped" : "held",
      waiting: [],
      told: [],
      payloads: createShownPayloads(),
      isPaired: false,
      document: undefined,
    };
    tracked.set(item.id, entry);
    for (const [id, { state, waiting }] of tracked) {
      if (tracked.size <= MOST_TRACKED) break;
      if (state !== "held" && waiting.length === 0) tracked.delete(id);
    }
    return entry;
  }

  function isOfPageBefore(item: NetworkItem): boolean {
    return item.mayOutlivePage !== true && !isOfPageSince(item, pageBegan);
  }

  /** What was shown from the log and is now told by a hook too. */
  function shownBefore(
    kind: NetworkItem["kind"],
    { method, url, at }: { readonly method: string; readonly url: string; readonly at: Milliseconds },
  ): Tracked | undefined {
    const candidates = [...tracked.values()].filter(
      (entry) =>
        entry.state === "shown" &&
        !entry.isPaired &&
        entry.item.kind === kind &&
        entry.item.method === method &&
        withoutFragment(entry.item.url) === withoutFragment(url) &&
        ((kind === "socket" && entry.item.tokens.length > 0) ||
          Math.abs(entry.item.startedAt - at) <= CLOCK_TOLERANCE),
    );
    return nearest(
      candidates.map((entry) => ({ entry, at: entry.item.startedAt })),
      at,
    )?.entry;
  }

  function giveUp(late: Late): void {
    if (late.isGivenUp) return;
    late.isGivenUp = true;
    // The log goes on where it was stopped.
    late.tracked.state = "shown";
    tickLater();
  }

  function fromLateSocket(late: Late, event: CaptureEvent): void {
    if (late.isGivenUp) return;
    for (const news of late.takeOver.take(event)) apply(news);
    if (late.takeOver.state === "failed") giveUp(late);
    if (late.takeOver.state === "done") late.tracked.waiting = [];
  }

  /** True when the event is of something that the log has shown. */
  function isOfShown(event: CaptureEvent): boolean {
    switch (event.type) {
      case "socket-opening": {
        const entry = shownBefore("socket", { method: "GET", url: event.url, at: event.at });
        if (entry === undefined) return false;
        entry.isPaired = true;
        entry.state = "taken-over";
        const takeOver = createTakeOver(entry.item.id, entry.payloads);
        const late: Late = { tracked: entry, takeOver, since: clock.now(), isGivenUp: false };
        lateSockets.set(event.socket, late);
        fromLateSocket(late, event);
        tickLater();
        return true;
      }
      case "socket-opened":
      case "socket-payload":
      case "socket-failed":
      case "socket-closed": {
        const late = lateSockets.get(event.socket);
        if (late === undefined) return false;
        fromLateSocket(late, event);
        return true;
      }
      case "http-request": {
        const method = event.method.toUpperCase();
        const entry = shownBefore("exchange", { method, url: event.url, at: event.at });
        if (entry === undefined) return false;
        entry.isPaired = true;
        lateExchanges.add(event.exchange);
        return true;
      }
      case "http-response":
      case "http-response-body":
        return lateExchanges.has(event.exchange);
      case "http-ended":
        return lateExchanges.delete(event.exchange);
      case "events-dropped":
      case "document-ended":
      case "page-navigated":
        return false;
      default:
        return event satisfies never;
    }
  }

  return {
    hook(event) {
      record.note(event);
      if (!isOfShown(event)) apply(event);
    },
    log(item, events) {
      const entry = tracked.get(item.id) ?? track(item);
      if (entry.state === "dropped") return "unwanted";
      if (entry.state === "taken-over" && isTakenOver(entry)) {
        // The hook names its own document; what is shown has the log's.
        for (const event of events) if (event.type === "document-ended") apply(event);
        return "unwanted";
      }
      putInOrder(entry, events, clock.now());
      tickLater();
      return "wanted";
    },
    pageLeft(began) {
      if (began !== undefined) pageBegan = began;
      const documents = new Set<DocumentId>();
      for (const entry of tracked.values()) {
        const { item, state, told, isPaired } = entry;
        const isNew = began !== undefined && isOfPageSince(item, began);
        // What a hook has told too, it tells of the new page.
        if (state === "dropped" || (isNew && isPaired)) continue;
        if (state === "held") {
          if (began !== undefined && isOfPageBefore(item)) drop(entry);
        } else if (isNew && told !== undefined) showAgain(entry, told);
        else {
          if (entry.document !== undefined) documents.add(entry.document);
          drop(entry);
        }
      }
      for (const document of documents) apply({ type: "document-ended", at: clock.now(), document });
    },
    close() {
      life.abort();
    },
  };

  function isTakenOver(entry: Tracked): boolean {
    for (const { tracked: other, takeOver } of lateSockets.values())
      if (other === entry && takeOver.state === "done") return true;
    return false;
  }
}

function patienceWith({ hook, isMute }: NetworkItem): Milliseconds {
  return isMute === true && hook !== "none" ? PATIENCE_WITH_MUTE : PATIENCE[hook];
}
