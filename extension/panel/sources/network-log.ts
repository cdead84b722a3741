import type { Milliseconds } from "../../../core/src/capture-event.ts";
import type { Payload } from "../../../core/src/wire/payload.ts";
import type { Clock } from "../../channel/clock.ts";
import { contentPayload, isLiveEntry, type NetworkEntry, readNetworkEntry } from "./network-entry.ts";
import { createNetworkFold } from "./network-fold.ts";
import type { HookExpectation, NetworkSight } from "./network-item.ts";
import { createNetworkPoll, type PollInterest } from "./network-poll.ts";

/** What devtools themselves see of the inspected tab, and no page hook does. */
export interface NetworkLog {
  /** The panel is shown again, or something changed that may bring traffic which no hook sees. */
  wake(): void;
  /** The tab went elsewhere, to a page that began at `began`. */
  navigated(began: Milliseconds): void;
  /** Whether this browser's log shows what sockets say; undefined until it has shown a request. */
  readonly showsSockets: boolean | undefined;
  /** Up to when all that the log shows has been told. */
  readonly knownUntil: Milliseconds;
  close(): void;
}

/** The answer to a request, as the browser gives it when it is asked. */
export interface NetworkContent {
  readonly content: unknown;
  readonly encoding: unknown;
}

export interface NetworkLogOptions {
  readonly clock: Clock;
  /** `devtools.network.getHAR()`: the entries alone. Undefined where the browser loses requests by making the log. */
  readonly readLog: (() => Promise<readonly unknown[]>) | undefined;
  /** `devtools.network.onRequestFinished`. */
  readonly onFinished: (listener: (entry: unknown, content: () => Promise<NetworkContent>) => void) => void;
  readonly sight: NetworkSight;
  /** Whether documents of this address have a page hook. */
  readonly hasHook: (url: string) => boolean;
  readonly pageUrl: () => string;
  /** Whether the page says that a service worker controls it. */
  readonly isControlled: () => Promise<boolean>;
  readonly isVisible: () => boolean;
  /** `showsSockets` has become known. */
  readonly learned?: () => void;
}

interface Finished {
  readonly value: unknown;
  readonly entry: NetworkEntry;
  readonly content: () => Promise<NetworkContent>;
}

/** Most of a page's requests with an `id=` are none of SignalR's. */
const MOST_EARLY = 200;

export function createNetworkLog(options: NetworkLogOptions): NetworkLog {
  const { clock, readLog, onFinished, sight, hasHook, pageUrl, isVisible, learned } = options;
  /** One of this page, or of one before: they outlive pages. */
  let hasServiceWorker = false;
  const fold = createNetworkFold({ sight, expectHook, pageUrl, hasServiceWorker: () => hasServiceWorker });
  let showsSockets: boolean | undefined = readLog === undefined ? false : undefined;
  /** The log has requests that may be a worker's, or of a frame in another process. */
  let hasStrangers = false;
  /** The tab shows a page that began then; the log has not been read since. */
  let navigatedTo: Milliseconds | undefined;
  let askedOf: string | undefined;
  const life = new AbortController();
  /** Finished before the negotiate that names their connection, if one does. */
  let early: Finished[] = [];

  const poll =
    readLog === undefined
      ? undefined
      : createNetworkPoll({ clock, read: readLog, seen: takeLog, interest, isVisible });

  function expectHook(entry: NetworkEntry): HookExpectation {
    const { origin, referer } = entry.requestHeaders;
    const from = [origin, referer].find((url) => url !== undefined && url !== "" && url !== "null");
    if (!hasHook(from ?? pageUrl())) return "none";
    return entry.resourceType !== undefined && entry.isOfPage ? "certain" : "possible";
  }

  function interest(): PollInterest {
    if (showsSockets === false) return "rest";
    if (fold.isFollowing) return "follow";
    return hasStrangers || !hasHook(pageUrl()) ? "watch" : "rest";
  }

  /** Chromium names the kind of each request and shows what sockets say; Firefox does neither. */
  function learn(entry: NetworkEntry): void {
    const shows = entry.isSocket ? entry.socketMessages !== undefined : entry.resourceType !== undefined;
    if (showsSockets !== undefined && !(entry.isSocket && shows !== showsSockets)) return;
    showsSockets = shows;
    learned?.();
  }

  /** Its script may have been loaded long before; a page that it controls knows it. Asked while it is shown, at most once. */
  function askForServiceWorker(): void {
    const asked = pageUrl();
    if (hasServiceWorker || askedOf === asked) return;
    askedOf = asked;
    options.isControlled().then(
      (isControlled) => {
        hasServiceWorker ||= isControlled;
      },
      () => undefined,
    );
  }

  function isStrange(entry: NetworkEntry): boolean {
    return !entry.isOfPage || isInlineScript(entry) || isWorkerScript(entry);
  }

  function takeLog(values: readonly unknown[], askedAt: Milliseconds): void {
    const keys = new Set<string>();
    hasStrangers = false;
    for (const value of values) {
      const isLive = isLiveEntry(value);
      // Reading an entry whole costs, and a log has thousands: one stranger is enough.
      const entry = isLive || !hasStrangers ? readNetworkEntry(value) : undefined;
      if (entry === undefined) continue;
      learn(entry);
      hasStrangers ||= isStrange(entry);
      hasServiceWorker ||= isServiceWorkerScript(entry);
      if (!isLive) continue;
      keys.add(entry.key);
      if (!entry.isOfPage) askForServiceWorker();
      fold.seen(entry, false);
    }
    fold.kept(keys, askedAt);
    if (navigatedTo !== undefined) fold.navigated(askedAt, navigatedTo);
    navigatedTo = undefined;
  }

  function takeFinished(value: unknown, content: () => Promise<NetworkContent>): void {
    const entry = readNetworkEntry(value);
    if (entry === undefined || life.signal.aborted) return;
    learn(entry);
    hasServiceWorker ||= isServiceWorkerScript(entry);
    if (!entry.isOfPage && entry.resourceType !== undefined) askForServiceWorker();
    if (fold.isUnknown(entry)) {
      early.push({ value, entry, content });
      if (early.length > MOST_EARLY) early.shift();
    } else take({ value, entry, content });
    if (showsSockets === true && (isStrange(entry) || !hasHook(pageUrl()))) {
      hasStrangers ||= isStrange(entry);
      poll?.wake();
    }
  }

  /** Nothing waits for the answer of another: Firefox takes a tenth of a second for each, or a second. */
  function take({ value, entry, content }: Finished): void {
    if (!fold.wantsContent(entry)) {
      fold.seen(entry, true);
      return;
    }
    const answered = fold.ended(entry);
    void contentOf(value, content).then((payload) => {
      if (life.signal.aborted) return;
      answered(payload);
      takeNamed();
    });
  }

  /** The answer may have been the negotiate's that names others. */
  function takeNamed(): void {
    const named = early.filter(({ entry }) => !fold.isUnknown(entry));
    if (named.length === 0) return;
    early = early.filter((finished) => !named.includes(finished));
    named.forEach(take);
  }

  onFinished(takeFinished);
  poll?.wake();

  return {
    wake: () => poll?.wake(),
    navigated(began) {
      if (showsSockets === false) return fold.navigated(clock.now(), began);
      navigatedTo = began;
      poll?.wake();
    },
    get showsSockets() {
      return showsSockets;
    },
    get knownUntil() {
      return poll?.knownUntil ?? Number.POSITIVE_INFINITY;
    },
    close() {
      life.abort();
      poll?.close();
    },
  };
}

/** Perhaps a worker's, which the page itself asks for. Icons and pictures, which most pages have inline, run nothing. */
function isInlineScript({ url, resourceType = "script" }: NetworkEntry): boolean {
  if (/^data:/i.test(url)) return resourceType === "script" || resourceType === "document";
  return /^blob:/i.test(url) && !/^(?:image|media|font|stylesheet)$/.test(resourceType);
}

/** Service Workers, "Fetch": the header says that this is the script of one. */
function isServiceWorkerScript({ requestHeaders }: NetworkEntry): boolean {
  return requestHeaders["service-worker"] === "script";
}

function isWorkerScript({ requestHeaders }: NetworkEntry): boolean {
  return /worker$/i.test(requestHeaders["sec-fetch-dest"] ?? "");
}

async function contentOf(
  value: unknown,
  content: () => Promise<NetworkContent>,
): Promise<Payload | undefined> {
  try {
    const answer = await content();
    return contentPayload(value, answer.content, answer.encoding);
  } catch {
    // The browser has let go of it: that there was an answer is known all the same.
    return undefined;
  }
}
