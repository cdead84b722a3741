import type { CaptureEvent, EventOrigin } from "../../core/src/capture-event.ts";
import type { Payload } from "../../core/src/wire/payload.ts";
import { payloadSize } from "./payload-size.ts";

const { hasOwn, keys } = Object;

/** All that an event holds in memory which its page chose the length of: UTF-16 units or bytes. */
export function eventSize(event: CaptureEvent): number {
  switch (event.type) {
    case "socket-payload":
    case "http-response-body":
      return payloadSize(event.payload);
    case "http-request": {
      const { url } = event;
      const body = said(event, "body");
      const bodySize = body === undefined ? 0 : payloadSize(body);
      return url.length + headersSize(said(event, "headers")) + originSize(said(event, "origin")) + bodySize;
    }
    case "http-response":
      return headersSize(said(event, "headers"));
    case "http-ended":
      return said(event, "error")?.length ?? 0;
    case "socket-opening":
      return event.url.length + listSize(said(event, "protocols")) + originSize(said(event, "origin"));
    case "socket-opened":
      return event.protocol.length;
    default:
      return 0;
  }
}

/** What the event itself says: where it says nothing, a page may have put the name on every object. */
function said<T extends CaptureEvent, K extends keyof T>(event: T, name: K): T[K] | undefined {
  return hasOwn(event, name) ? event[name] : undefined;
}

function originSize(origin: EventOrigin | undefined): number {
  return origin?.documentUrl.length ?? 0;
}

function headersSize(headers: Readonly<Record<string, string>> | undefined): number {
  if (headers === undefined) return 0;
  let size = 0;
  const names = keys(headers);
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? "";
    size += name.length + (headers[name]?.length ?? 0);
  }
  return size;
}

function listSize(texts: readonly string[] | undefined): number {
  let size = 0;
  for (let at = 0; at < (texts?.length ?? 0); at++) size += texts?.[at]?.length ?? 0;
  return size;
}

/** Of a payload above `most`, which would push out most of the rest, only the size is kept. */
export function withPayloadWithin(event: CaptureEvent, most: number): CaptureEvent {
  switch (event.type) {
    case "socket-payload":
    case "http-response-body":
      return payloadSize(event.payload) <= most ? event : { ...event, payload: omitted(event.payload) };
    case "http-request":
      return event.body === undefined || payloadSize(event.body) <= most
        ? event
        : { ...event, body: omitted(event.body) };
    default:
      return event;
  }
}

function omitted(payload: Payload): Payload {
  return { kind: "omitted", reason: "too-large", size: payloadSize(payload) };
}
