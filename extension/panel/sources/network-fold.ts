import type { CaptureEvent, EventOrigin, Milliseconds } from "../../../core/src/capture-event.ts";
import {
  isClassicChannelUrl,
  isClassicNegotiateUrl,
  looksLikeClassicServerText,
} from "../../../core/src/wire/classic/detect.ts";
import { isNegotiateUrl, looksLikeHubTraffic } from "../../../core/src/wire/detect-protocol.ts";
import type { Payload } from "../../../core/src/wire/payload.ts";
import { tokensOfNegotiate, tokensOfUrl } from "./connection-tokens.ts";
import { type NetworkEntry, readSocketMessage, readStreamMessage } from "./network-entry.ts";
import { type HookExpectation, isOfPageSince, type NetworkItem, type NetworkSight } from "./network-item.ts";

/** Makes capture events of requests that are seen again and again, each time a little further. */
export interface NetworkFold {
  /** A request of the log whose messages it lists, or of which it has none to tell. */
  seen(entry: NetworkEntry, isOver: boolean): void;
  /**
   * A request that has ended and whose answer is being asked for. What it asked does not depend on that and is told at
   * once; the answer is told when it is given. Only a negotiate's says what the request itself is a part of.
   */
  ended(entry: NetworkEntry): (content: Payload | undefined) => void;
  /** The log of this moment has these requests alone: what else was under way is no longer in it. */
  kept(keys: ReadonlySet<string>, at: Milliseconds): void;
  /** The page has gone, for one that began at `began`: what is not under way any more in the log ends with it. */
  navigated(at: Milliseconds, began: Milliseconds): void;
  /** Its URL names a connection that no negotiate has named yet: Firefox tells requests out of their order. */
  isUnknown(entry: NetworkEntry): boolean;
  /** Whether the answer matters: asking for it costs. */
  wantsContent(entry: NetworkEntry): boolean;
  /** Whether requests are under way whose messages only the log shows. */
  readonly isFollowing: boolean;
}

interface Connection {
  readonly documentId: string;
  readonly since: Milliseconds;
}

interface Request {
  readonly item: NetworkItem;
  readonly documentId: string;
  /** Nothing says that it ends when the page is left. */
  readonly mayOutlivePage: boolean;
  /** Messages of the log's list that were taken. */
  taken: number;
  /** Times within a request never run back. */
  lastAt: Milliseconds;
  /** No page hook tells it. */
  isWanted: boolean;
}

export interface NetworkFoldOptions {
  readonly sight: NetworkSight;
  readonly expectHook: (entry: NetworkEntry) => HookExpectation;
  /** Address of the inspected page, for requests that do not say where they come from. */
  readonly pageUrl: () => string;
  /** Whether the page is known to have a service worker, whose requests look like those of a frame or another worker. */
  readonly hasServiceWorker: () => boolean;
}

/** A socket that has said so much without a word of SignalR's is another's. */
const MOST_UNRECOGNISED = 10;
const MOST_REMEMBERED = 5_000;
/** Seen in Firefox 153: a poll's answer told 5 ms before the send that it answers. */
const SLACK: Milliseconds = 15;

export function createNetworkFold(options: NetworkFoldOptions): NetworkFold {
  const { sight, expectHook, pageUrl, hasServiceWorker } = options;
  const live = new Map<string, Request>();
  const done = new Map<string, true>();
  /** What negotiates have answered, with the connection that each names. */
  const tokens = new Map<string, Connection>();
  /** Connections that may still be up, by pseudo-document: what ends one ends its connection, and no other. */
  const documents = new Map<string, Pick<Request, "item" | "mayOutlivePage">>();
  let lastId = 0;

  function begin(entry: NetworkEntry, more: readonly string[] = []): Request {
    const id = `network-log-${++lastId}`;
    const { method, url, startedAt, isSocket } = entry;
    const names = [...tokensOfUrl(url), ...more];
    const connection = names.map((token) => tokens.get(token)).find((known) => known !== undefined) ?? {
      documentId: id,
      since: startedAt,
    };
    for (const token of more) remember(tokens, token, connection);
    const { documentId } = connection;
    const mayOutlivePage = !entry.isOfPage && !entry.isBegunByDocument;
    const item: NetworkItem = {
      id,
      kind: isSocket ? "socket" : "exchange",
      method,
      url,
      startedAt,
      connectionSince: connection.since,
      tokens: names,
      hook: expectHook(entry),
      ...(mayOutlivePage && hasServiceWorker() ? { mayOutlivePage } : {}),
      ...(entry.resourceType === undefined ? { slack: SLACK } : {}),
    };
    remember(documents, documentId, { item, mayOutlivePage });
    return { item, documentId, mayOutlivePage, taken: 0, lastAt: startedAt, isWanted: true };
  }

  /** The log no longer shows it. A service worker lives on when a page is left, and the log of the next page is silent of it. */
  function endOf(
    document: string,
    { mayOutlivePage }: Pick<Request, "mayOutlivePage">,
    at: Milliseconds,
  ): CaptureEvent {
    const isOutOfSight = mayOutlivePage && hasServiceWorker();
    return { type: "document-ended", at, document, ...(isOutOfSight ? { isOutOfSight } : {}) };
  }

  function originOf(entry: NetworkEntry, { documentId }: Request): EventOrigin {
    const { referer, origin } = entry.requestHeaders;
    const documentUrl = [referer, origin, pageUrl()].find((url) => url !== undefined && url !== "") ?? "";
    return { documentUrl: documentUrl.replace(/#.*$/s, ""), document: documentId, seenBy: "network-log" };
  }

  function requestEvent(entry: NetworkEntry, request: Request): CaptureEvent {
    const { method, url, startedAt: at, body, requestHeaders } = entry;
    const { accept } = requestHeaders;
    return {
      type: "http-request",
      at,
      exchange: request.item.id,
      method,
      url,
      ...(accept === undefined ? {} : { headers: { accept } }),
      ...(body === undefined ? {} : { body }),
      origin: originOf(entry, request),
    };
  }

  function responseEvent(entry: NetworkEntry, { item }: Request, at: Milliseconds): CaptureEvent {
    const type = entry.responseHeaders["content-type"];
    const headers = type === undefined ? {} : { headers: { "content-type": type } };
    return { type: "http-response", at, exchange: item.id, status: entry.status, ...headers };
  }

  /** At or after what was said before. */
  function later(request: Request, at: Milliseconds): Milliseconds {
    request.lastAt = Math.max(request.lastAt, at);
    return request.lastAt;
  }

  /** Firefox shows that there is a socket, and nothing of what it says. */
  function seeMuteSocket(entry: NetworkEntry): void {
    if (!isNegotiated(entry.url)) return;
    remember(done, entry.key, true);
    sight({ ...begin(entry).item, isMute: true }, []);
  }

  function isNegotiated(url: string): boolean {
    return tokensOfUrl(url).some((token) => tokens.has(token));
  }

  function seeSocket(entry: NetworkEntry, isOver: boolean): void {
    const messages = (entry.socketMessages ?? []).flatMap((value) => readSocketMessage(value) ?? []);
    let request = live.get(entry.key);
    const events: CaptureEvent[] = [];
    if (request === undefined) {
      const verdict = isHubSocket(entry, messages);
      if (verdict === undefined && !isOver) return;
      if (verdict !== true) {
        remember(done, entry.key, true);
        return;
      }
      request = begin(entry);
      live.set(entry.key, request);
      const { id: socket } = request.item;
      const origin = originOf(entry, request);
      events.push({ type: "socket-opening", at: entry.startedAt, socket, url: entry.url, origin });
      if (entry.status === 101) {
        // The log has no time for it: before the first message, and not after what the request took.
        const at = Math.min(messages[0]?.at ?? Number.POSITIVE_INFINITY, entry.startedAt + entry.duration);
        const protocol = entry.responseHeaders["sec-websocket-protocol"] ?? "";
        events.push({ type: "socket-opened", at: later(request, at), socket, protocol });
      }
    }
    const { id: socket } = request.item;
    for (const { direction, at, payload } of messages.slice(request.taken)) {
      events.push({ type: "socket-payload", at: later(request, at), socket, direction, payload });
    }
    request.taken = Math.max(request.taken, messages.length);
    if (isOver) {
      const at = later(request, entry.startedAt + entry.duration);
      if (entry.status !== 101) events.push({ type: "socket-failed", at, socket });
      events.push({ type: "socket-closed", at, socket, code: 0, reason: "", wasClean: true });
      forget(entry.key);
    }
    if (events.length > 0) request.isWanted = sight(request.item, events) === "wanted";
  }

  /** Undefined: it has not said enough. */
  function isHubSocket(
    { url }: NetworkEntry,
    messages: readonly { readonly payload: Payload }[],
  ): boolean | undefined {
    if (isNegotiated(url) || isClassicChannelUrl(url)) return true;
    const first = messages.slice(0, MOST_UNRECOGNISED);
    if (first.some(({ payload }) => looksLikeHubTraffic(payload) || isClassicText(payload))) return true;
    return messages.length >= MOST_UNRECOGNISED ? false : undefined;
  }

  function seeStream(entry: NetworkEntry, isOver: boolean): void {
    const messages = (entry.streamMessages ?? []).flatMap((value) => readStreamMessage(value) ?? []);
    const request = live.get(entry.key) ?? begin(entry);
    const events: CaptureEvent[] = [];
    if (!live.has(entry.key)) {
      live.set(entry.key, request);
      const answered = later(request, messages[0]?.at ?? entry.startedAt);
      events.push(requestEvent(entry, request), responseEvent(entry, request, answered));
    }
    const { id: exchange } = request.item;
    for (const { at, payload } of messages.slice(request.taken)) {
      events.push({ type: "http-response-body", at: later(request, at), exchange, payload });
    }
    request.taken = Math.max(request.taken, messages.length);
    if (isOver) {
      events.push({ type: "http-ended", at: later(request, entry.startedAt + entry.duration), exchange });
      forget(entry.key);
    }
    if (events.length > 0) request.isWanted = sight(request.item, events) === "wanted";
  }

  function answerEvents(
    entry: NetworkEntry,
    request: Request,
    content: Payload | undefined,
  ): readonly CaptureEvent[] {
    const { id: exchange } = request.item;
    const at = entry.startedAt + entry.duration;
    if (entry.status === 0)
      return [{ type: "http-ended", at, exchange, error: "The request did not finish." }];
    return [
      responseEvent(entry, request, at),
      ...(content !== undefined && !isEmpty(content)
        ? [{ type: "http-response-body", at, exchange, payload: content } as const]
        : []),
      { type: "http-ended", at, exchange },
    ];
  }

  function seeNegotiate(entry: NetworkEntry, content: Payload | undefined): void {
    const request = begin(entry, content?.kind === "text" ? tokensOfNegotiate(content.text) : []);
    sight(request.item, [requestEvent(entry, request), ...answerEvents(entry, request, content)]);
  }

  function seeExchange(entry: NetworkEntry): (content: Payload | undefined) => void {
    const request = begin(entry);
    sight(request.item, [requestEvent(entry, request)]);
    return (content) => void sight(request.item, answerEvents(entry, request, content));
  }

  function forget(key: string): void {
    live.delete(key);
    remember(done, key, true);
  }

  function isOurs(entry: NetworkEntry): boolean {
    return isNegotiate(entry) || isClassicChannelUrl(entry.url) || isNegotiated(entry.url);
  }

  return {
    seen(entry, isOver) {
      if (done.has(entry.key)) return;
      if (entry.isSocket) {
        // Before its handshake is answered a socket has said nothing.
        if (!isOver && entry.status !== 101) return;
        if (entry.socketMessages === undefined) seeMuteSocket(entry);
        else seeSocket(entry, isOver);
      } else if (live.has(entry.key) || (entry.streamMessages !== undefined && isOurs(entry))) {
        seeStream(entry, isOver);
      }
    },
    ended(entry) {
      if (live.has(entry.key)) seeStream(entry, true);
      if (done.has(entry.key)) return () => undefined;
      remember(done, entry.key, true);
      return isNegotiate(entry) ? (content) => seeNegotiate(entry, content) : seeExchange(entry);
    },
    kept(keys, at) {
      for (const [key, request] of live) {
        if (keys.has(key)) continue;
        forget(key);
        documents.delete(request.documentId);
        sight(request.item, [endOf(request.documentId, request, later(request, at))]);
      }
    },
    navigated(at, began) {
      const alive = new Set([...live.values()].map(({ documentId }) => documentId));
      for (const [document, known] of documents) {
        if (alive.has(document) || isOfPageSince(known.item, began)) continue;
        documents.delete(document);
        sight(known.item, [endOf(document, known, at)]);
      }
    },
    isUnknown: (entry) => tokensOfUrl(entry.url).length > 0 && !isOurs(entry),
    wantsContent: (entry) => !entry.isSocket && entry.streamMessages === undefined && isOurs(entry),
    get isFollowing() {
      for (const { isWanted } of live.values()) if (isWanted) return true;
      return false;
    },
  };
}

function isNegotiate({ method, url }: NetworkEntry): boolean {
  return (method === "POST" && isNegotiateUrl(url)) || isClassicNegotiateUrl(url);
}

function isClassicText(payload: Payload): boolean {
  return payload.kind === "text" && payload.text.length > 2 && looksLikeClassicServerText(payload.text);
}

function isEmpty(payload: Payload): boolean {
  return payload.kind === "text"
    ? payload.text === ""
    : payload.kind === "binary" && payload.bytes.length === 0;
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > MOST_REMEMBERED && oldest.done !== true) map.delete(oldest.value);
}
