import type { CaptureEvent, DocumentId, Milliseconds } from "../../../core/src/capture-event.ts";
import type { Clock } from "../../channel/clock.ts";
import { CLOCK_TOLERANCE, createHookRecord, nearest, withoutFragment } from "./hook-record.ts";
import type { HookExpectation, NetworkItem, NetworkSight } from "./network-item.ts";
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
  /** The page is left and what was shown of it is about to go: what the log told of it ends at once. */
  pageLeft(): void;
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
/** Of the log, requests are known when they end: what waits this long is in the order in which it began. */
const REORDER: Milliseconds = 500;
/** Firefox tells of a request when it has nothing better to do. */
const REORDER_WITHOUT_HURRY: Milliseconds = 1_500;
/** No gap in the log's own knowledge holds anything up longer. */
const LONGEST_WAIT: Milliseconds = 6_000;
const TICK: Milliseconds = 100;
/** A hook that has not repeated what was shown by then has lost some of it. */
const LONGEST_TAKE_OVER: Milliseconds = 10_000;
const MOST_TRACKED = 5_000;

interface Tracked {
  readonly item: NetworkItem;
  since: Milliseconds;
  state: "held" | "shown" | "taken-over" | "dropped";
  /** Not shown yet, in wire order. */
  waiting: { readonly event: CaptureEvent; readonly arrived: Milliseconds }[];
  readonly payloads: ShownPayloads;
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
    const ready: { readonly entry: Tracked; readonly event: CaptureEvent }[] = [];
    for (const entry of tracked.values()) {
      if (entry.state !== "shown") continue;
      const patience = entry.item.slack === undefined ? REORDER : REORDER_WITHOUT_HURRY;
      const until = Math.min(now - patience, knownUntil());
      const count = entry.waiting.findIndex(
        ({ event, arrived }) => event.at > until && now - arrived < LONGEST_WAIT,
      );
      const released = entry.waiting.splice(0, count < 0 ? entry.waiting.length : count);
      for (const { event } of released) ready.push({ entry, event });
    }
    ready.sort((a, b) => orderOf(a) - orderOf(b));
    for (const { entry, event } of ready) {
      entry.payloads.add(event);
      if ("origin" in event) entry.document ??= event.origin?.document;
      apply(event);
    }
  }

  function drop(entry: Tracked): void {
    entry.state = "dropped";
    entry.waiting = [];
  }

  function track(item: NetworkItem): Tracked {
    const entry: Tracked = {
      item,
      since: clock.now(),
      state: record.claims(item) ? "dropped" : "held",
      waiting: [],
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
      const arrived = clock.now();
      for (const event of events) entry.waiting.push({ event, arrived });
      tickLater();
      return "wanted";
    },
    pageLeft() {
      const documents = new Set<DocumentId>();
      for (const entry of tracked.values()) {
        if (entry.state !== "shown" && entry.state !== "taken-over") continue;
        if (entry.document !== undefined) documents.add(entry.document);
        drop(entry);
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

/** What a request asks comes before what may be its answer. */
function orderOf({
  entry: { item },
  event,
}: {
  readonly entry: Tracked;
  readonly event: CaptureEvent;
}): Milliseconds {
  const isAnswer =
    event.type === "http-response" || event.type === "http-response-body" || event.type === "http-ended";
  return event.at + (isAnswer ? (item.slack ?? 0) : 0);
}

function patienceWith({ hook, isMute }: NetworkItem): Milliseconds {
  return isMute === true && hook !== "none" ? PATIENCE_WITH_MUTE : PATIENCE[hook];
}
