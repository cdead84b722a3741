import type { CaptureEvent } from "../../core/src/capture-event.ts";
import type { Payload } from "../../core/src/wire/payload.ts";
import type { Guard } from "./channel.ts";
import {
  type Fields,
  hasExactShape,
  isAnything,
  isCount,
  isFields,
  isFlag,
  isId,
  isListOf,
  isNumber,
  isOptional,
  isTextWithin,
  isUrlText,
  MAX_ERROR_LENGTH,
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
const isHeaderName = isTextWithin(1_000);
const isPayloadText = isTextWithin(MAX_PAYLOAD_SIZE);

const tagOf = method(Object.prototype.toString);

/** `Uint8Array` of whatever realm: the page hook's is not the relay's. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && tagOf(value) === "[object Uint8Array]";
}

/** A view takes its whole buffer along wherever it is cloned. */
function isPayloadBytes(value: unknown): value is Uint8Array {
  return isBytes(value) && value.buffer.byteLength <= MAX_PAYLOAD_SIZE;
}

const PAYLOAD_GUARDS: Readonly<Record<string, (payload: Fields) => boolean>> = {
  text: hasExactShape({ kind: isAnything, text: isPayloadText }),
  binary: hasExactShape({ kind: isAnything, bytes: isPayloadBytes }),
  omitted: hasExactShape({ kind: isAnything, reason: isOmittedReason, size: isCount }),
};

export function isPayload(value: unknown): value is Payload {
  return isOfKind(PAYLOAD_GUARDS, "kind", value);
}

const isOrigin = hasExactShape({
  documentUrl: isUrlText,
  frame: isOneOf("top", "child"),
  document: isOptional(isId),
});
const isHeaders: Guard<Readonly<Record<string, string>>> = (
  value,
): value is Readonly<Record<string, string>> =>
  isFields(value) && isListOf(isHeaderName, 100)(Object.keys(value)) && Object.values(value).every(isUrlText);

/** Known to the panel alone. */
type PanelOnly = "page-navigated" | "isUnrecorded" | "isOutOfSight";

type ReportedType = Exclude<CaptureEvent["type"], PanelOnly>;

/** Every field that the event may have: one that is missing here would have the event refused. */
type EventShape<Type extends ReportedType> = {
  readonly [Field in Exclude<
    keyof Extract<CaptureEvent, { type: Type }>,
    "type" | "at" | PanelOnly
  >]-?: Guard<unknown>;
};

function eventShape<Type extends ReportedType>(shape: EventShape<Type>): (event: Fields) => boolean {
  return hasExactShape({ type: isAnything, at: isNumber, ...shape });
}

/** What a page hook may report. */
const EVENT_GUARDS: { readonly [Type in ReportedType]: (event: Fields) => boolean } = {
  "socket-opening": eventShape<"socket-opening">({
    socket: isId,
    url: isUrlText,
    protocols: isOptional(isListOf(isSubprotocol, 100)),
    origin: isOptional(isOrigin),
  }),
  "socket-opened": eventShape<"socket-opened">({ socket: isId, protocol: isSubprotocol }),
  "socket-payload": eventShape<"socket-payload">({
    socket: isId,
    direction: isDirection,
    payload: isPayload,
    act: isOptional(isAct),
  }),
  "socket-failed": eventShape<"socket-failed">({ socket: isId }),
  "socket-closed": eventShape<"socket-closed">({
    socket: isId,
    code: isCount,
    reason: isTextWithin(1_000),
    wasClean: isFlag,
    act: isOptional(isTransportAct),
  }),
  "http-request": eventShape<"http-request">({
    exchange: isId,
    method: isTextWithin(100),
    url: isUrlText,
    headers: isOptional(isHeaders),
    body: isOptional(isPayload),
    act: isOptional(isAct),
    origin: isOptional(isOrigin),
  }),
  "http-response": eventShape<"http-response">({
    exchange: isId,
    status: isCount,
    headers: isOptional(isHeaders),
  }),
  "http-response-body": eventShape<"http-response-body">({
    exchange: isId,
    payload: isPayload,
    act: isOptional(isAct),
    isRewritten: isOptional(isTrue),
  }),
  "http-ended": eventShape<"http-ended">({
    exchange: isId,
    error: isOptional(isTextWithin(MAX_ERROR_LENGTH)),
    cancelled: isOptional(isTrue),
    act: isOptional(isTransportAct),
  }),
  "events-dropped": eventShape<"events-dropped">({
    count: isCount,
    bytes: isCount,
    reason: isOneOf("buffer-full", "not-delivered"),
    limit: isOptional(isTextWithin(100)),
  }),
  "document-ended": eventShape<"document-ended">({ document: isId }),
};

function isTrue(value: unknown): value is true {
  return value === true;
}

/** Checks what a page could have forged: shape, types and sizes. The text itself stays untrusted. */
export function isReportedEvent(value: unknown): value is CaptureEvent {
  return isOfKind(EVENT_GUARDS, "type", value);
}

function isOfKind(
  guards: Readonly<Record<string, (value: Fields) => boolean>>,
  field: string,
  value: unknown,
): boolean {
  if (!isFields(value)) return false;
  const kind = value[field];
  return typeof kind === "string" && Object.hasOwn(guards, kind) && guards[kind]?.(value) === true;
}

function isOneOf<const T extends string>(...names: readonly T[]): Guard<T> {
  return (value): value is T => typeof value === "string" && (names as readonly string[]).includes(value);
}
