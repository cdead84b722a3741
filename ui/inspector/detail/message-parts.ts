import type { HubMessage, MessageHeaders, WireValue } from "../../../core/src/wire/hub-message.ts";
import type { ValueChild } from "../../value/value-children.ts";

/** The named parts of a message, as the Value tab and "Copy as JSON" show them. */
export function messageParts(message: HubMessage): readonly ValueChild[] {
  return [...ownParts(message), ...sharedParts(message)];
}

function ownParts(message: HubMessage): ValueChild[] {
  switch (message.kind) {
    case "handshake-request":
      return [part("protocol", message.protocol), part("version", message.version)];
    case "handshake-response":
      return message.error === undefined ? [] : [part("error", message.error)];
    case "invocation":
    case "stream-invocation":
      return [part("arguments", message.arguments), ...optional("streamIds", message.streamIds)];
    case "stream-item":
      return [part("item", message.item)];
    case "completion":
      if (message.outcome.kind === "result") return [part("result", message.outcome.value)];
      return message.outcome.kind === "error" ? [part("error", message.outcome.message)] : [];
    case "close":
      return [...optional("error", message.error), ...optional("allowReconnect", message.allowReconnect)];
    case "ack":
    case "sequence":
      return [part("sequenceId", message.sequenceId)];
    case "unknown":
      return [part("type", message.type), part("value", message.value)];
    case "undecodable":
      return optional("value", message.value);
    case "cancel-invocation":
    case "ping":
      return [];
    default:
      return message satisfies never;
  }
}

function sharedParts(message: HubMessage): ValueChild[] {
  const { headers, extra } = message as { readonly headers?: MessageHeaders; readonly extra?: WireValue };
  return [...optional("headers", headers), ...optional("beyond the protocol", extra)];
}

const part = (label: string, value: WireValue): ValueChild => ({ label, key: label, value });
const optional = (label: string, value: WireValue): ValueChild[] =>
  value === undefined ? [] : [part(label, value)];

/** Where a message has no parts: what that means. */
export function emptyMessageSentence(message: HubMessage): string {
  switch (message.kind) {
    case "handshake-response":
      return "The server accepted the handshake.";
    case "completion":
      return "Completed without a result.";
    case "ping":
      return "A ping carries nothing. It says that the sender is still there.";
    case "close":
      return "The connection is being closed. No reason is given.";
    case "cancel-invocation":
      return "The caller no longer wants the items of this stream.";
    case "undecodable":
      return "Nothing of this record could be decoded.";
    default:
      return "This message carries nothing.";
  }
}
