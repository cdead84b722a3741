/**
 * What a source may report: the only input of a session. A source (page hook, live client, embedded hub, HAR,
 * capture file) says what passed by and when, never what it means.
 *
 * HTTP exchanges and sockets have ids of the source's choosing that are unique within a session. Within one id,
 * events come in wire order. Times are milliseconds since the epoch with the platform's best resolution.
 *
 * @module
 */
import type { Direction, Payload } from "./wire/payload.ts";

/** A point in time since the epoch, or a span; which of the two, the field says. Fractions are kept. */
export type Milliseconds = number;
/** Names a WebSocket within a session; of the source's choosing. */
export type SocketId = string;
/** Names an HTTP request and its answer within a session; of the source's choosing. */
export type ExchangeId = string;
/** Names a document of the inspected tab within a session; of the source's choosing. */
export type DocumentId = string;

/** One thing that a source observed, with its time. Told apart by `type`. */
export type CaptureEvent =
  | SocketOpening
  | SocketOpened
  | SocketPayload
  | SocketFailed
  | SocketClosed
  | HttpRequest
  | HttpResponse
  | HttpResponseBody
  | HttpEnded
  | EventsDropped
  | DocumentEnded
  | PageNavigated;

interface CaptureEventBase {
  readonly at: Milliseconds;
}

/** `new WebSocket(url)` was called, or a connection was accepted. */
export interface SocketOpening extends CaptureEventBase {
  readonly type: "socket-opening";
  readonly socket: SocketId;
  readonly url: string;
  /** Sub-protocols asked for. SignalR asks for none. */
  readonly protocols?: readonly string[];
  readonly origin?: EventOrigin;
}

/** Where in a page something happened; absent where the source is not a page. */
export interface EventOrigin {
  /** Address of the document, without its fragment; of a worker or a frame that is not known, as far as it is. */
  readonly documentUrl: string;
  /** Absent where the source cannot tell. */
  readonly frame?: "top" | "child";
  /** Names the document within a session; see {@link DocumentEnded}. */
  readonly document?: DocumentId;
  /**
   * The browser's network log showed it and no page hook: a worker, a frame or a site that Hubscope is not in. What
   * was before devtools were open is missing, and close codes are not known.
   */
  readonly seenBy?: "network-log";
}

/**
 * What Hubscope did with a payload at the user's command. "sent" and "simulated": the payload is the user's, not the
 * page's or the server's. "dropped": the other side never got it. "delayed" and "reordered": it got it later than the
 * wire or the page had it.
 */
export type PayloadAct = "sent" | "simulated" | "dropped" | "delayed" | "reordered";

/**
 * How Hubscope ended a transport at the user's command. "cut": as if the network had gone. "closed": with a code, as the
 * page would. "refused": an attempt to open one failed as if nobody listened; the server never heard of it.
 */
export type TransportAct = "cut" | "closed" | "refused";

/** The opening handshake of RFC 6455 has succeeded. */
export interface SocketOpened extends CaptureEventBase {
  readonly type: "socket-opened";
  readonly socket: SocketId;
  /** Sub-protocol the server chose, or "". */
  readonly protocol: string;
}

/** One WebSocket message, whole: fragments are joined and compression is undone. */
export interface SocketPayload extends CaptureEventBase {
  readonly type: "socket-payload";
  readonly socket: SocketId;
  readonly direction: Direction;
  readonly payload: Payload;
  readonly act?: PayloadAct;
}

/** The platform's error event. It says no reason; a close follows. */
export interface SocketFailed extends CaptureEventBase {
  readonly type: "socket-failed";
  readonly socket: SocketId;
}

/** The last event of a socket, also of one that never opened. */
export interface SocketClosed extends CaptureEventBase {
  readonly type: "socket-closed";
  readonly socket: SocketId;
  /** RFC 6455 section 7.4; 1005 = close frame without a code, 1006 = no close frame. 0: the source does not see it. */
  readonly code: number;
  readonly reason: string;
  /** Says nothing where the code is 0. */
  readonly wasClean: boolean;
  readonly act?: TransportAct;
}

/** A request that may be SignalR's: negotiate, a poll, an event stream, a send, a DELETE. */
export interface HttpRequest extends CaptureEventBase {
  readonly type: "http-request";
  readonly exchange: ExchangeId;
  readonly method: string;
  readonly url: string;
  /** Names in lower case. Only those that the source can see and that matter. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Payload;
  readonly origin?: EventOrigin;
  readonly act?: PayloadAct;
}

/** Status and headers have come; the body follows in {@link HttpResponseBody} events. */
export interface HttpResponse extends CaptureEventBase {
  readonly type: "http-response";
  readonly exchange: ExchangeId;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A piece of the body, in order; the whole body where the source does not see pieces. */
export interface HttpResponseBody extends CaptureEventBase {
  readonly type: "http-response-body";
  readonly exchange: ExchangeId;
  readonly payload: Payload;
  readonly act?: PayloadAct;
  /**
   * Not as it came: the source had the value alone that the page got by `json()`, and wrote its text anew. Spaces, escapes,
   * names that occur twice and what a double cannot hold are lost.
   */
  readonly isRewritten?: true;
}

/** `error` present: the exchange failed or was cut off; the text is the platform's. */
export interface HttpEnded extends CaptureEventBase {
  readonly type: "http-ended";
  readonly exchange: ExchangeId;
  readonly error?: string;
  /** The client itself ended it: it closed the event stream. */
  readonly cancelled?: true;
  readonly act?: TransportAct;
}

/** The source lost events for a stated reason. Shown where they are missed. */
export interface EventsDropped extends CaptureEventBase {
  readonly type: "events-dropped";
  readonly count: number;
  readonly bytes: number;
  readonly reason: "buffer-full" | "not-delivered";
  /** Human-readable limit, for example "2,000 events". */
  readonly limit?: string;
}

/** A document is gone; what it had open ends with it, without events of its own. */
export interface DocumentEnded extends CaptureEventBase {
  readonly type: "document-ended";
  readonly document: DocumentId;
  /** It is still there, with all that it has open: only the recording of it has ended. */
  readonly isUnrecorded?: true;
  /** What it has open may go on, as a service worker's does when a page is left; no source shows it any more. */
  readonly isOutOfSight?: true;
}

/** The inspected tab's top document changed. */
export interface PageNavigated extends CaptureEventBase {
  readonly type: "page-navigated";
  readonly url: string;
}
