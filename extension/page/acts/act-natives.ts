import type { Milliseconds } from "../../../core/src/capture-event.ts";
import { bare, getter, method } from "../../channel/natives.ts";
import type { PageScope } from "../page-natives.ts";
import { lowerCase, startsText } from "../text-natives.ts";
import { viewParts } from "../view-parts.ts";
import { partOfBytes } from "./bytes.ts";

/** What acting needs of a window beyond what recording needs. */
export type ActScope = PageScope &
  Pick<typeof globalThis, "setTimeout" | "clearTimeout" | "Math" | "TextDecoder">;

/** What goes over a transport, as the platform takes and gives it. */
export type CarrierData = string | Uint8Array<ArrayBuffer> | Blob;

/** The platform's own, as it was before the page ran: nothing of this passes by the page's patches or our watchers. */
export interface ActNatives {
  /** Returns what cancels it. */
  after(delay: Milliseconds, action: () => void): () => void;
  /** From 0 up to, not including, 1. */
  random(): number;
  send(socket: WebSocket, data: CarrierData): void;
  /** 1000 or 3000 to 4999; throws for another. */
  close(socket: WebSocket, code?: number, reason?: string): void;
  /** A message event as this socket would get it from the wire. */
  socketMessage(socket: WebSocket, data: CarrierData): Event;
  socketState(socket: WebSocket): number;
  streamMessage(source: EventSource, data: string): Event;
  closeStream(source: EventSource): void;
  streamState(source: EventSource): number;
  streamUrl(source: EventSource): string;
  hasStreamCredentials(source: EventSource): boolean;
  errorEvent(): Event;
  fetch(url: string, init: RequestInit): Promise<Response>;
  statusOf(response: Response): number;
  bodyOf(response: Response): Promise<ArrayBuffer>;
  /** Its body has no end that could be waited for. */
  isEventStream(response: Response): boolean;
  /** With the status, the headers and the kind of body that `like` has. */
  answerLike(like: Response | undefined, body: Uint8Array<ArrayBuffer>): Response;
  isAborted(signal: AbortSignal): boolean;
  abortReason(signal: AbortSignal): unknown;
  encode(text: string): Uint8Array<ArrayBuffer>;
  /** Undefined for what is no UTF-8. */
  decode(bytes: ArrayBuffer): string | undefined;
  textOf(response: Response): Promise<string>;
}

export function captureActNatives(scope: ActScope): ActNatives {
  const { Blob, MessageEvent, Event, URL } = scope;
  const { setTimeout, clearTimeout, fetch } = scope;
  const { random } = scope.Math;
  const { apply } = Reflect;
  const nativeSend = scope.WebSocket.prototype.send;
  const nativeClose = scope.WebSocket.prototype.close;
  const binaryType = getter(scope.WebSocket.prototype, "binaryType");
  const socketUrl = getter(scope.WebSocket.prototype, "url");
  const streamUrl = getter(scope.EventSource.prototype, "url");
  const originOf = getter(URL.prototype, "origin");
  const { Response, Headers } = scope;
  const statusOf = getter(Response.prototype, "status");
  const statusText = getter(Response.prototype, "statusText");
  const headersOf = getter(Response.prototype, "headers");
  const eachHeader = method(Headers.prototype.forEach);
  const header = method(Headers.prototype.get);
  const encoder = new scope.TextEncoder();
  const encode = method(encoder.encode);
  const decoder = new scope.TextDecoder("utf-8", bare({ fatal: true, ignoreBOM: true }));
  const decode = method(decoder.decode);
  return {
    after(delay, action) {
      const timer = apply(setTimeout, scope, [action, delay]) as number;
      return () => apply(clearTimeout, scope, [timer]);
    },
    random: () => random(),
    send: (socket, data) => apply(nativeSend, socket, [data]),
    close(socket, code, reason) {
      apply(nativeClose, socket, code === undefined ? [] : reason === undefined ? [code] : [code, reason]);
    },
    socketMessage(socket, data) {
      const shown = typeof data === "string" || !isBytes(data) ? data : inForm(data, binaryType(socket));
      const origin = originOf(new URL(socketUrl(socket)));
      return new MessageEvent("message", bare({ data: shown, origin }));
    },
    socketState: getter(scope.WebSocket.prototype, "readyState"),
    streamMessage: (source, data) =>
      new MessageEvent("message", bare({ data, origin: originOf(new URL(streamUrl(source))) })),
    closeStream: method(scope.EventSource.prototype.close),
    streamState: getter(scope.EventSource.prototype, "readyState"),
    streamUrl,
    hasStreamCredentials: getter(scope.EventSource.prototype, "withCredentials"),
    errorEvent: () => new Event("error"),
    fetch: (url, init) => apply(fetch, scope, [url, bare(init)]) as Promise<Response>,
    statusOf,
    bodyOf: method(Response.prototype.arrayBuffer),
    isEventStream: (response) =>
      startsText(lowerCase(header(headersOf(response), "content-type") ?? ""), "text/event-stream"),
    answerLike(like, body) {
      if (like === undefined) return new Response(body, bare({ status: 200 }));
      const headers: Record<string, string> = bare({});
      eachHeader(headersOf(like), (value, name) => {
        headers[name] = name === "content-length" ? `${viewParts(body).size}` : value;
      });
      return new Response(body, bare({ status: statusOf(like), statusText: statusText(like), headers }));
    },
    isAborted: getter(scope.AbortSignal.prototype, "aborted"),
    abortReason: getter(scope.AbortSignal.prototype, "reason"),
    encode: (text) => encode(encoder, text) as Uint8Array<ArrayBuffer>,
    decode(bytes) {
      try {
        return decode(decoder, bytes);
      } catch {
        // The decoder's own way of saying that this is no text.
        return undefined;
      }
    },
    textOf: method(scope.Response.prototype.text),
  };

  /** The page may keep what it gets, so it gets a copy. */
  function inForm(bytes: Uint8Array<ArrayBuffer>, form: BinaryType): ArrayBuffer | Blob {
    if (form === "blob") return new Blob(sequenceOf(bytes));
    return viewParts(partOfBytes(bytes, 0, viewParts(bytes).size)).buffer;
  }
}

const { iterator } = Symbol;

/** One item for the platform, which would ask a list for an iterator that the page may have replaced. */
function sequenceOf<T>(item: T): T[] {
  let isTaken = false;
  const next = () => {
    const answer = bare({ done: isTaken, value: isTaken ? undefined : item });
    isTaken = true;
    return answer;
  };
  return bare({ [iterator]: () => bare({ next }) }) as unknown as T[];
}

const { isView } = ArrayBuffer;

export function isBytes(data: CarrierData): data is Uint8Array<ArrayBuffer> {
  return isView(data);
}
