import type { Milliseconds } from "../../../core/src/capture-event.ts";
import { bare, getter, method } from "../../channel/natives.ts";
import type { PageScope } from "../page-natives.ts";

/** What acting needs of a window beyond what recording needs. */
export type ActScope = PageScope & Pick<typeof globalThis, "setTimeout" | "clearTimeout" | "Math">;

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
  errorEvent(): Event;
  fetch(url: string, init: RequestInit): Promise<Response>;
  statusOf(response: Response): number;
}

export function captureActNatives(scope: ActScope): ActNatives {
  const { Blob, MessageEvent, Event, URL } = scope;
  const { Uint8Array: Bytes } = scope;
  const { setTimeout, clearTimeout, fetch } = scope;
  const { random } = scope.Math;
  const { apply } = Reflect;
  const nativeSend = scope.WebSocket.prototype.send;
  const nativeClose = scope.WebSocket.prototype.close;
  const binaryType = getter(scope.WebSocket.prototype, "binaryType");
  const socketUrl = getter(scope.WebSocket.prototype, "url");
  const streamUrl = getter(scope.EventSource.prototype, "url");
  const originOf = getter(URL.prototype, "origin");
  return {
    after(delay, action) {
      const timer = apply(setTimeout, scope, [action, delay]) as number;
      return () => apply(clearTimeout, scope, [timer]);
    },
    random: () => random(),
    send: (socket, data) => apply(nativeSend, socket, [data]),
    close: (socket, ...args) => apply(nativeClose, socket, args[0] === undefined ? [] : args),
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
    errorEvent: () => new Event("error"),
    fetch: (url, init) => apply(fetch, scope, [url, bare(init)]) as Promise<Response>,
    statusOf: getter(scope.Response.prototype, "status"),
  };

  /** The page may keep what it gets, so it gets a copy. */
  function inForm(bytes: Uint8Array<ArrayBuffer>, form: BinaryType): ArrayBuffer | Blob {
    if (form === "blob") return new Blob([bytes]);
    const copy = new Bytes(bytes.length);
    copy.set(bytes);
    return copy.buffer;
  }
}

const { isView } = ArrayBuffer;

export function isBytes(data: CarrierData): data is Uint8Array<ArrayBuffer> {
  return isView(data);
}
