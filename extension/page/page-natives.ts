import { captureEventNatives, type EventNatives, type EventScope } from "../channel/event-natives.ts";
import { bare, getter, method } from "../channel/natives.ts";
import type { CloseFacts } from "./interceptor.ts";
import { capturePromiseNatives, type PromiseNatives } from "./promise-natives.ts";

/** What the page hook takes of a window. A window has all of it; tests bring a smaller scope. */
export type PageScope = EventScope &
  Pick<
    typeof globalThis,
    | "WebSocket"
    | "MessageEvent"
    | "CloseEvent"
    | "PageTransitionEvent"
    | "EventSource"
    | "MutationObserver"
    | "Blob"
    | "ArrayBuffer"
    | "Uint8Array"
    | "Promise"
    | "WeakMap"
    | "performance"
    | "crypto"
    | "location"
    | "URL"
    | "AbortSignal"
    | "Request"
    | "Response"
    | "Headers"
    | "FormData"
    | "URLSearchParams"
    | "ReadableStream"
    | "ReadableStreamDefaultReader"
    | "ReadableStreamBYOBReader"
    | "ReadableStreamDefaultController"
    | "TextEncoder"
    | "XMLHttpRequest"
    | "fetch"
    | "document"
  > & { readonly top: unknown; readonly self: EventTarget };

/** The platform as the page found it, out of reach of what the page does to it later. */
export interface PageNatives extends EventNatives, PromiseNatives {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A short text that no other document of the tab has. */
  randomId(): string;
  isTrusted(event: Event): boolean;
  /** No listener after the present one gets it. */
  stopAll(event: Event): void;
  closeEvent(facts: CloseFacts): Event;
  data(event: MessageEvent): unknown;
  closeCode(event: CloseEvent): number;
  closeReason(event: CloseEvent): string;
  wasClean(event: CloseEvent): boolean;
  socketUrl(socket: WebSocket): string;
  socketProtocol(socket: WebSocket): string;
  readyState(socket: WebSocket): number;
  bufferSize(buffer: ArrayBuffer): number;
  blobSize(blob: Blob): number;
  readBlob(blob: Blob): Promise<ArrayBuffer>;
  stringify(value: unknown): string | undefined;
  absoluteUrl(url: string, base: string): string;
  urlText(url: URL): string;
  requestUrl(request: Request): string;
  requestMethod(request: Request): string;
  responseStatus(response: Response): number;
  documentUrl(): string;
  baseUrl(): string;
}

export function capturePageNatives(scope: PageScope): PageNatives {
  const { URL, performance, crypto, location, document, CloseEvent } = scope;
  const NativeUint8Array = scope.Uint8Array;
  const now = method(performance.now);
  const { timeOrigin } = performance;
  const fillRandom = method(crypto.getRandomValues);
  const { stringify } = scope.JSON;
  const urlText = getter(URL.prototype, "href");
  return {
    ...captureEventNatives(scope),
    ...capturePromiseNatives(scope),
    now: () => timeOrigin + now(performance),
    randomId() {
      const bytes = new NativeUint8Array(8);
      fillRandom(crypto, bytes);
      let id = "";
      for (let at = 0; at < bytes.length; at++) id += (bytes[at] ?? 0).toString(36);
      return id;
    },
    // An own accessor that cannot be redefined, so it needs no taking.
    isTrusted: (event) => event.isTrusted,
    stopAll: method(scope.Event.prototype.stopImmediatePropagation),
    closeEvent: (facts) => new CloseEvent("close", bare(facts)),
    data: getter(scope.MessageEvent.prototype, "data"),
    closeCode: getter(scope.CloseEvent.prototype, "code"),
    closeReason: getter(scope.CloseEvent.prototype, "reason"),
    wasClean: getter(scope.CloseEvent.prototype, "wasClean"),
    socketUrl: getter(scope.WebSocket.prototype, "url"),
    socketProtocol: getter(scope.WebSocket.prototype, "protocol"),
    readyState: getter(scope.WebSocket.prototype, "readyState"),
    bufferSize: getter(scope.ArrayBuffer.prototype, "byteLength"),
    blobSize: getter(scope.Blob.prototype, "size"),
    readBlob: method(scope.Blob.prototype.arrayBuffer),
    stringify: (value) => stringify(value) as string | undefined,
    absoluteUrl: (url, base) => urlText(new URL(url, base)),
    urlText,
    requestUrl: getter(scope.Request.prototype, "url"),
    requestMethod: getter(scope.Request.prototype, "method"),
    responseStatus: getter(scope.Response.prototype, "status"),
    documentUrl: () => location.href,
    baseUrl: () => document.baseURI,
  };
}
