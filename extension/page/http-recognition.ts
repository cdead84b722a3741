import { isClassicChannelUrl, isClassicNegotiateUrl } from "../../core/src/wire/classic/detect.ts";
import { isNegotiateUrl } from "../../core/src/wire/detect-protocol.ts";
import { MAX_URL_LENGTH } from "../channel/guards.ts";
import { createKnownTokens, hasConnectionId, type KnownConnection } from "./known-tokens.ts";
import { createNegotiatedUrls } from "./negotiated-urls.ts";
import { placeIn } from "./text-natives.ts";
import { hubPath, pathOf } from "./url-parts.ts";

/** What of a request says whose it is. */
export interface RequestFacts {
  /** In upper case. */
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What a request is for.
 * - `control`: negotiate, start, abort, refresh, ping, DELETE: few, and a connection has no name without them.
 * - `send`: a POST with messages. `receive`: a poll, or an event stream that somebody asked for by its address.
 */
export type RequestPurpose = "negotiate" | "control" | "send" | "stream" | "receive";

export interface RecognisedRequest {
  readonly purpose: RequestPurpose;
  /** False: an event stream of an unknown address, which is held until its first event says whose it is. */
  readonly isCertain: boolean;
  /** Undefined where no negotiate has named it. */
  readonly connection: KnownConnection | undefined;
}

/** Knows which exchanges and sockets of a page are SignalR's. */
export interface HttpRecognition {
  /** Undefined: none of SignalR's. */
  recognise(request: RequestFacts): RecognisedRequest | undefined;
  /** Takes the answer to a negotiate: the token that it names and the address that it redirects to. */
  learn(answer: string): void;
  /** A socket to this address has turned out to be a hub's, without a negotiate. */
  learnSocket(url: string): void;
  /** The page negotiated this address, or a negotiate has named its token. */
  isKnownSocket(url: string): boolean;
}

const EVENT_STREAM = "text/event-stream";

/** `parse`: the platform's, taken at install; it may throw. */
export function createHttpRecognition(parse: (text: string) => unknown): HttpRecognition {
  const hubs = createNegotiatedUrls();
  const tokens = createKnownTokens();

  function purposeOf({ method, url, headers }: RequestFacts): RequestPurpose {
    const path = pathOf(url);
    if (method === "DELETE") return "control";
    // A hub's own path may end so.
    if (/\/(?:start|abort|ping|refresh)$/i.test(path) && !hubs.has(url)) return "control";
    const isClassic = isClassicChannelUrl(url);
    // By GET too, where JSONP is in use.
    if (isClassic && /\/send$/i.test(path)) return "send";
    if (isEventStream(headers) || isClassicStream(url)) return "stream";
    // Classic clients poll by POST too.
    return method === "GET" || isClassic ? "receive" : "send";
  }

  /** With which a client of .NET 11 renews its authentication; without an `id` the server refuses it, and says so. */
  function isRefresh(method: string, url: string): boolean {
    const hub = withoutAction(url, "refresh");
    if (hub === "" || !hubs.has(hub)) return false;
    // At the root of a site that is an ordinary address of the page's own.
    return hasConnectionId(url) || (method === "POST" && placeIn(hubPath(hub), "/") > 0);
  }

  return {
    recognise(request) {
      const { method, url, headers } = request;
      // An address beyond that is data, and none that could be reported.
      if (method === "OPTIONS" || url.length > MAX_URL_LENGTH) return undefined;
      if (!hasWordOfOurs(url) && !isEventStream(headers)) return undefined;
      if (isNegotiateUrl(url) || isClassicNegotiateUrl(url)) {
        hubs.add(url);
        return { purpose: "negotiate", isCertain: true, connection: undefined };
      }
      const connection = tokens.find(url);
      const isCertain =
        connection !== undefined ||
        isClassicChannelUrl(url) ||
        (hasConnectionId(url) && hubs.has(url)) ||
        isRefresh(method, url) ||
        (/\/ping$/i.test(pathOf(url)) && hubs.has(withoutAction(url, "ping")));
      if (!isCertain && !(method === "GET" && isEventStream(headers))) return undefined;
      return { purpose: purposeOf(request), isCertain, connection };
    },
    learn(answer) {
      const value = parse(answer);
      if (typeof value !== "object" || value === null) return;
      const { connectionToken, connectionId, ConnectionToken, ConnectionId, url, RedirectUrl } =
        value as Readonly<Record<string, unknown>>;
      const named = [connectionToken, connectionId, ConnectionToken, ConnectionId];
      for (let at = 0; at < named.length; at++) {
        const token = named[at];
        if (typeof token === "string") tokens.add(token);
      }
      if (typeof url === "string") hubs.add(url);
      if (typeof RedirectUrl === "string") hubs.add(RedirectUrl);
    },
    learnSocket: (url) => hubs.add(url),
    isKnownSocket: (url) => hubs.has(url) || tokens.find(url) !== undefined,
  };
}

/**
 * False for nearly every request of a page, without a pattern: one would cost more, and change what the page finds in
 * `RegExp.$1`.
 */
function hasWordOfOurs(url: string): boolean {
  const text = url.toLowerCase();
  return (
    text.includes("negotiate") ||
    text.includes("id=") ||
    text.includes("connectiontoken=") ||
    text.includes("/ping") ||
    text.includes("/refresh")
  );
}

export function isEventStream(headers: Readonly<Record<string, string>> | undefined): boolean {
  return headers?.["accept"]?.toLowerCase().includes(EVENT_STREAM) === true;
}

/** The content type of an answer, parameters or not. */
export function isEventStreamType(contentType: string | undefined): boolean {
  return contentType?.trim().toLowerCase().startsWith(EVENT_STREAM) === true;
}

function isClassicStream(url: string): boolean {
  return isClassicChannelUrl(url) && /[?&]transport=(?:serverSentEvents|foreverFrame)(?:&|$)/i.test(url);
}

function withoutAction(url: string, action: string): string {
  const path = pathOf(url);
  const end = path.length - action.length - 1;
  return path.slice(end).toLowerCase() === `/${action}` ? path.slice(0, end) : "";
}
