import type { MessageEntry } from "../../core/src/session/model.ts";
import type { DecodedClassic } from "../../core/src/wire/classic/decode.ts";
import type { EnvelopeItem } from "../../core/src/wire/classic/message.ts";
import type { RawRecord } from "../../core/src/wire/hub-codec.ts";
import { JsonNumber, type WireValue } from "../../core/src/wire/hub-message.ts";

/** One message in the form of the expected files (test/captures/classic/README.md). */
export type ShownMessage = Readonly<Record<string, unknown>>;

/**
 * A message of classic SignalR in the words of the expected files; any other by its kind alone. `pairing` adds to a progress what is known of the call with
 * this ID.
 */
export function showClassic(
  message: DecodedClassic["message"] | MessageEntry["record"]["message"],
  raw: RawRecord,
  pairing: (id: WireValue) => ShownMessage = () => ({}),
): ShownMessage {
  switch (message.kind) {
    case "hub-call":
      return {
        kind: "hubCall",
        hub: message.hub,
        method: message.method,
        args: plain(message.arguments ?? null),
        id: plain(message.id ?? null),
        ...(message.state !== undefined && { state: plain(message.state) }),
      };
    case "hub-result":
      return {
        kind: "result",
        id: plain(message.id),
        hasValue: message.result !== undefined,
        ...(message.result !== undefined && { value: plain(message.result) }),
        ...(message.state !== undefined && { state: plain(message.state) }),
      };
    case "hub-error":
      return {
        kind: "error",
        id: plain(message.id),
        message: message.error,
        isHubException: message.isHubException,
        ...(message.data !== undefined && { errorData: plain(message.data) }),
        ...(message.stackTrace !== undefined && { stackTrace: message.stackTrace }),
        ...(message.state !== undefined && { state: plain(message.state) }),
      };
    case "envelope":
      return {
        kind: "envelope",
        messageId: plain(message.messageId),
        cursor: message.cursor ?? null,
        initialized: message.initialised !== undefined,
        shouldReconnect: message.reconnect !== undefined,
        disconnect: message.disconnect !== undefined,
        messages: message.messages.map((item) => showItem(item, pairing)),
        ...(message.groupsToken !== undefined && { groupsToken: message.groupsToken }),
        ...(message.longPollDelay !== undefined && { longPollDelayMs: plain(message.longPollDelay) }),
      };
    case "keep-alive":
      return { kind: "keepAlive" };
    case "connection-error":
      return { kind: "globalError", message: message.error };
    case "persistent-data":
      return { kind: "data", value: message.text };
    case "stream-initialised":
      return { kind: "sseInitialized" };
    case "frame-initialised":
      return { kind: "foreverFrameInit", frameId: message.frameId };
    case "undecodable":
      return raw.kind === "text"
        ? { kind: "invalid", raw: raw.text }
        : { kind: "binary", base64: Buffer.from(raw.bytes).toString("base64") };
    default:
      return { kind: message.kind };
  }
}

function showItem(item: EnvelopeItem, pairing: (id: WireValue) => ShownMessage): ShownMessage {
  switch (item.kind) {
    case "data":
      return { kind: "data", value: plain(item.value) };
    case "client-invocation":
      return {
        kind: "clientInvocation",
        hub: item.hub,
        method: item.method,
        args: plain(item.arguments ?? null),
        ...(item.state !== undefined && { state: plain(item.state) }),
      };
    case "progress":
      return {
        kind: "progress",
        id: plain(item.id),
        data: plain(item.data),
        envelopeId: plain(item.decoyId),
        ...pairing(item.id),
        ...(item.state !== undefined && { state: plain(item.state) }),
      };
    default:
      return item satisfies never;
  }
}

/** Numbers as JSON.parse reads them, which is how the expected files have them. */
function plain(value: WireValue): unknown {
  if (value instanceof JsonNumber) return Number(value.source);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
