import type { SessionMessage } from "../../../core/src/session/model.ts";
import { REDACTED } from "../../../core/src/session/redaction.ts";
import type { Envelope, EnvelopeItem } from "../../../core/src/wire/classic/message.ts";
import type { MessageHeaders, WireValue } from "../../../core/src/wire/hub-message.ts";
import { unpacked } from "../../value/unpacked-value.ts";
import type { ValueChild } from "../../value/value-children.ts";
import { blazorParts } from "./blazor-parts.ts";

/** The named parts of a message, as the Value tab and "Copy as JSON" show them. `isBlazor`: it is of a Blazor Server. */
export function messageParts(message: SessionMessage, isBlazor = false): readonly ValueChild[] {
  const isCall = message.kind === "invocation" || message.kind === "stream-invocation";
  const named = isBlazor && isCall ? blazorParts(message) : undefined;
  if (named === undefined || !isCall) return [...ownParts(message), ...sharedParts(message)];
  return [...named, ...optional("streamIds", message.streamIds), ...sharedParts(message)];
}

function ownParts(message: SessionMessage): ValueChild[] {
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
    case "hub-call":
      return [
        part("hub", message.hub),
        part("method", message.method),
        part("arguments", message.arguments ?? []),
        ...optional("state", message.state),
      ];
    case "hub-result":
      return [...optional("result", message.result), ...optional("state", message.state)];
    case "hub-error":
      return [
        part("error", message.error),
        part("hub exception", message.isHubException),
        ...optional("data", message.data),
        ...optional("stack trace", message.stackTrace),
        ...optional("state", message.state),
      ];
    case "envelope":
      return envelopeParts(message);
    case "connection-error":
      return [part("error", message.error)];
    case "frame-initialised":
      return [part("frame ID", message.frameId)];
    case "persistent-data":
    case "iris-native":
    case "plain-text":
      return [part("text", message.text)];
    case "iris-event":
      return [
        part("event", message.event),
        ...optional("type", message.type),
        ...optional("value", message.value),
        part("payload", message.payload),
      ];
    case "plain-json":
      return [part("value", message.value)];
    case "plain-binary":
      return [part("bytes", message.bytes)];
    case "cancel-invocation":
    case "ping":
    case "keep-alive":
    case "stream-initialised":
      return [];
    default:
      return message satisfies never;
  }
}

/** The groups token is a secret: whoever has it can take the groups for another connection. */
function envelopeParts(envelope: Envelope): ValueChild[] {
  const { messageId, cursor, initialised, disconnect, reconnect, groupsToken, longPollDelay } = envelope;
  return [
    ...envelope.messages.map((item, index) => ({ ...itemPart(item), key: `message ${index}` })),
    ...optional("initialised", initialised),
    ...optional("reconnect", reconnect),
    ...optional("disconnect", disconnect),
    ...optional("next poll after ms", longPollDelay),
    ...optional("message ID", messageId),
    ...(cursor === undefined ? [] : [part("cursor", cursor.entries)]),
    ...(groupsToken === undefined ? [] : [part("groups token", REDACTED)]),
  ];
}

function itemPart(item: EnvelopeItem): ValueChild {
  switch (item.kind) {
    case "client-invocation": {
      const label = `${item.hub}.${item.method}`;
      const list = item.arguments ?? [];
      return part(label, item.state === undefined ? list : { arguments: list, state: item.state });
    }
    case "progress":
      return part(`progress of ${String(item.id)}`, item.data);
    case "data":
      return part("data", item.value);
    default:
      return item satisfies never;
  }
}

function sharedParts(message: SessionMessage): ValueChild[] {
  const { headers, extra } = message as { readonly headers?: MessageHeaders; readonly extra?: WireValue };
  return [...optional("headers", headers), ...optional("beyond the protocol", extra)];
}

const part = (label: string, value: WireValue): ValueChild => ({
  label,
  key: label,
  value: unpacked(value),
});
const optional = (label: string, value: WireValue): ValueChild[] =>
  value === undefined ? [] : [part(label, value)];

/** Where a message has no parts: what that means. */
export function emptyMessageSentence(message: SessionMessage): string {
  switch (message.kind) {
    case "handshake-response":
      return "The server accepted the handshake.";
    case "completion":
      return "Completed without a result.";
    case "hub-result":
      return "The call succeeded without a result.";
    case "keep-alive":
      return "A keep-alive carries nothing. It says that the server is still there.";
    case "stream-initialised":
      return "The event stream has begun.";
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
