import { RECORD_SEPARATOR } from "../framing/record-separator.ts";
import { encodeHandshakeRequest, encodeHandshakeResponse } from "../handshake.ts";
import type { Writer } from "../hub-codec.ts";
import type { CompletionOutcome, HubMessage, WireValue } from "../hub-message.ts";
import { MESSAGE_TYPE } from "../message-type.ts";
import { encodeQuickly } from "./quick-encode.ts";
import { dotnetText, type WriteText, writeJson, writeProperties } from "./write-value.ts";

type Property = readonly [name: string, value: WireValue];

/**
 * One record with its separator. Properties that are undefined are left out: .NET refuses `null` where a string, an
 * array or an object belongs.
 */
export function encodeJson(message: HubMessage, like: Writer = "dotnet"): string {
  const quick = encodeQuickly(message, like);
  return quick === undefined ? encodeThoroughly(message, like) : quick + RECORD_SEPARATOR;
}

/** Every message; {@link encodeJson} writes the same, faster. */
export function encodeThoroughly(message: HubMessage, like: Writer): string {
  const text: WriteText = like === "dotnet" ? dotnetText : JSON.stringify;
  switch (message.kind) {
    case "handshake-request":
      return encodeHandshakeRequest(message);
    case "handshake-response":
      return encodeHandshakeResponse(message);
    case "unknown":
    case "undecodable":
      if (message.kind === "undecodable" && message.value === undefined) {
        throw new TypeError("an undecodable message without a value cannot be encoded");
      }
      return writeJson(message.value, text) + RECORD_SEPARATOR;
    default: {
      const own = like === "dotnet" ? dotnetProperties(message) : javascriptProperties(message);
      return writeProperties(withExtra(own, message.extra), text, 1) + RECORD_SEPARATOR;
    }
  }
}

type HubRecord = Exclude<
  HubMessage,
  { kind: "handshake-request" | "handshake-response" | "unknown" | "undecodable" }
>;

/** JsonHubProtocol.cs: type, headers, invocationId, then what the type has. */
function dotnetProperties(message: HubRecord): readonly Property[] {
  switch (message.kind) {
    case "invocation":
    case "stream-invocation":
      return [
        ["type", MESSAGE_TYPE[message.kind === "invocation" ? "invocation" : "streamInvocation"]],
        ["headers", message.headers],
        ["invocationId", message.invocationId],
        ["target", message.target],
        ["arguments", message.arguments],
        ["streamIds", message.streamIds],
      ];
    case "stream-item":
      return [
        ["type", MESSAGE_TYPE.streamItem],
        ["headers", message.headers],
        ["invocationId", message.invocationId],
        ["item", message.item],
      ];
    case "completion":
      return [
        ["type", MESSAGE_TYPE.completion],
        ["headers", message.headers],
        ["invocationId", message.invocationId],
        ...outcomeProperties(message.outcome),
      ];
    case "cancel-invocation":
      return [
        ["type", MESSAGE_TYPE.cancelInvocation],
        ["headers", message.headers],
        ["invocationId", message.invocationId],
      ];
    case "ping":
      return [["type", MESSAGE_TYPE.ping]];
    case "close":
      return [
        ["type", MESSAGE_TYPE.close],
        ["error", message.error],
        ["allowReconnect", message.allowReconnect],
      ];
    case "ack":
      return [
        ["type", MESSAGE_TYPE.ack],
        ["sequenceId", message.sequenceId],
      ];
    case "sequence":
      return [
        ["type", MESSAGE_TYPE.sequence],
        ["sequenceId", message.sequenceId],
      ];
  }
}

/** HubConnection.ts of the official client 10: the type comes last where the message is one of its own making. */
function javascriptProperties(message: HubRecord): readonly Property[] {
  switch (message.kind) {
    case "invocation":
    case "stream-invocation":
      return [
        ["headers", message.headers],
        ["target", message.target],
        ["arguments", message.arguments],
        ["invocationId", message.invocationId],
        ["streamIds", message.streamIds],
        ["type", MESSAGE_TYPE[message.kind === "invocation" ? "invocation" : "streamInvocation"]],
      ];
    case "stream-item":
      return [
        ["headers", message.headers],
        ["invocationId", message.invocationId],
        ["item", message.item],
        ["type", MESSAGE_TYPE.streamItem],
      ];
    case "completion": {
      const id: Property = ["invocationId", message.invocationId];
      const outcome = outcomeProperties(message.outcome);
      const inOrder = message.outcome.kind === "error" ? [...outcome, id] : [id, ...outcome];
      return [["headers", message.headers], ...inOrder, ["type", MESSAGE_TYPE.completion]];
    }
    case "cancel-invocation":
      return [
        ["headers", message.headers],
        ["invocationId", message.invocationId],
        ["type", MESSAGE_TYPE.cancelInvocation],
      ];
    default:
      return dotnetProperties(message);
  }
}

function outcomeProperties(outcome: CompletionOutcome): readonly Property[] {
  switch (outcome.kind) {
    case "error":
      return [["error", outcome.message]];
    case "result":
      // Undefined is a caller's way of saying null; leaving it out would turn the result into void.
      return [["result", outcome.value ?? null]];
    case "void":
      return [];
  }
}

/** A rejected property stands in `extra` under its own name and takes the place of the one made up for it. */
function withExtra(own: readonly Property[], extra: WireValue): readonly Property[] {
  const more = typeof extra === "object" && extra !== null ? Object.entries(extra) : [];
  const names = new Set(more.map(([name]) => name));
  return [...own.filter(([name, value]) => value !== undefined && !names.has(name)), ...more];
}
