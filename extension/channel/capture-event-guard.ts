import type { CaptureEvent } from "../../core/src/capture-event.ts";
import type { Payload } from "../../core/src/wire/payload.ts";
import type { Guard } from "./channel.ts";
import {
  type Fields,
  hasShape,
  isCount,
  isFields,
  isFlag,
  isId,
  isListOf,
  isNumber,
  isOptional,
  isTextWithin,
  isUrlText,
} from "./guards.ts";
import { MAX_PAYLOAD_SIZE } from "./limits.ts";
import { method } from "./natives.ts";

export type { CaptureEvent };

const isDirection = isOneOf("out", "in");
const isOmittedReason = isOneOf("too-large", "unreadable", "not-captured");
const isAct = isOneOf("sent", "simulated", "dropped", "delayed", "reordered");
const isTransportAct = isOneOf("cut", "closed", "refused");
/** Some carry a token in it. */
const isSubprotocol = isTextWithin(10_000);
const isPayloadText = isTextWithin(MAX_PAYLOAD_SIZE);

const tagOf = method(Object.prototype.toString);

/** `Uint8Array` of whatever realm: the page hook's is not the relay's. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && tagOf(value) === "[object Uint8Array]";
}

export function isPayload(value: unknown): value is Payload {
  if (!isFields(value)) return false;
  switch (value["kind"]) {
    case "text":
      return isPayloadText(value["text"]);
    case "binary":
      return isBytes(value["bytes"]) && value["bytes"].byteLength <= MAX_PAYLOAD_SIZE;
    case "omitted":
      return isOmittedReason(value["reason"]) && isCount(value["size"]);
    default:
      return false;
  }
}

const isOrigin = hasShape({
  documentUrl: isUrlText,
  frame: isOneOf("top", "child"),
  document: isOptional(isId),
});
const isHeaders: Guard<Readonly<Record<string, string>>> = (
  value,
): value is Readonly<Record<string, string>> =>
  isFields(value) && Object.keys(value).length <= 100 && Object.values(value).every(isUrlText);

/** What a page hook may report. A navigation is known to the panel alone. */
const EVENT_GUARDS: Readonly<Record<string, (event: Fields) => boolean>> = {
  "socket-opening": hasShape({
    socket: isId,
    url: isUrlText,
    protocols: isOptional(isListOf(isSubprotocol, 100)),
    origin: isOptional(isOrigin),
  }),
  "socket-opened": hasShape({ socket: isId, protocol: isSubprotocol }),
  "socket-payload": hasShape({
    socket: isId,
    direction: isDirection,
    payload: isPayload,
    act: isOptional(isAct),
  }),
  "socket-failed": hasShape({ socket: isId }),
  "socket-closed": hasShape({
    socket: isId,
    code: isCount,
    reason: isTextWithin(1_000),
    wasClean: isFlag,
    act: isOptional(isTransportAct),
  }),
  "http-request": hasShape({
    exchange: isId,
    method: isTextWithin(100),
    url: isUrlText,
    headers: isOptional(isHeaders),
    body: isOptional(isPayload),
    act: isOptional(isAct),
    origin: isOptional(isOrigin),
  }),
  "http-response": hasShape({ exchange: isId, status: isCount, headers: isOptional(isHeaders) }),
  "http-response-body": hasShape({ exchange: isId, payload: isPayload, act: isOptional(isAct) }),
  "http-ended": hasShape({
    exchange: isId,
    error: isOptional(isTextWithin(10_000)),
    cancelled: isOptional(isTrue),
    act: isOptional(isTransportAct),
  }),
  "events-dropped": hasShape({
    count: isCount,
    bytes: isCount,
    reason: isOneOf("buffer-full", "not-delivered"),
    limit: isOptional(isTextWithin(100)),
  }),
  "document-ended": hasShape({ document: isId }),
};

function isTrue(value: unknown): value is true {
  return value === true;
}

/** Checks what a page could have forged: shape, types and sizes. The text itself stays untrusted. */
export function isReportedEvent(value: unknown): value is CaptureEvent {
  if (!isFields(value) || !isNumber(value["at"])) return false;
  const type = value["type"];
  if (typeof type !== "string" || !Object.hasOwn(EVENT_GUARDS, type)) return false;
  return EVENT_GUARDS[type]?.(value) === true;
}

function isOneOf<const T extends string>(...names: readonly T[]): Guard<T> {
  return (value): value is T => typeof value === "string" && (names as readonly string[]).includes(value);
}
