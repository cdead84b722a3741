/**
 * Records of the JSON hub protocol to messages. HubProtocol.md, "JSON Encoding"; where the implementations disagree,
 * PROTOCOLS.md says which one is followed.
 *
 * @module
 */
import type { DecodeIssue } from "../decode-issue.ts";
import type { DecodedMessage, RawRecord } from "../hub-codec.ts";
import type { CompletionOutcome, HubMessage, WireValue } from "../hub-message.ts";
import { isMessageType, MESSAGE_TYPE } from "../message-type.ts";
import {
  argumentsOf,
  extraOf,
  type Fields,
  headersOf,
  isJsonObject,
  optionalBoolean,
  optionalText,
  reject,
  requiredText,
  sequenceIdOf,
  shortJson,
  streamIdsOf,
  targetOf,
} from "./fields.ts";
import { decodeQuickly } from "./quick-decode.ts";
import { readJson, textOf } from "./read-text.ts";

const NO_ISSUES: readonly DecodeIssue[] = [];

export function decodeJsonRecord(record: RawRecord): DecodedMessage {
  return record.kind === "text" ? decodeJsonText(record.text) : decodeThoroughly(record);
}

const OPENING_BRACE = 0x7b;

export function decodeJsonText(text: string): DecodedMessage {
  // What cannot be a record is not parsed in vain: a throw costs as much as a long one.
  const message = text.charCodeAt(0) === OPENING_BRACE ? decodeQuickly(text) : undefined;
  return message === undefined ? decodeThoroughly({ kind: "text", text }) : { message, issues: NO_ISSUES };
}

/** Every record, with every issue; {@link decodeJsonRecord} says the same, faster. */
export function decodeThoroughly(record: RawRecord): DecodedMessage {
  const issues: DecodeIssue[] = [];
  const value = readJson(textOf(record, issues), issues);
  return { message: messageOf(value, issues), issues };
}

/** True for an object with a numeric type, and so for no handshake. */
export function isHubRecord(record: RawRecord): boolean {
  const value = readJson(textOf(record, []), []);
  return value !== undefined && isJsonObject(value) && isMessageType(value["type"]);
}

function messageOf(value: WireValue, issues: DecodeIssue[]): HubMessage {
  if (value === undefined) return { kind: "undecodable" };
  if (!isJsonObject(value)) {
    issues.push({ code: "not-an-object", detail: shortJson(value) });
    return { kind: "undecodable", value };
  }
  const type = value["type"];
  if (!isMessageType(type)) {
    const code = type === undefined ? "missing-type" : "wrong-field-type";
    issues.push(type === undefined ? { code } : { code, field: "type", detail: shortJson(type) });
    return { kind: "undecodable", value };
  }
  const fields: Fields = { object: value, issues, rejected: [] };
  switch (type) {
    case MESSAGE_TYPE.invocation:
      return invocation(fields);
    case MESSAGE_TYPE.streamItem:
      return streamItem(fields);
    case MESSAGE_TYPE.completion:
      return completion(fields);
    case MESSAGE_TYPE.streamInvocation:
      return streamInvocation(fields);
    case MESSAGE_TYPE.cancelInvocation: {
      const message = {
        kind: "cancel-invocation",
        ...headersOf(fields),
        invocationId: idOf(fields),
      } as const;
      return { ...message, ...extraOf(fields, CANCEL_FIELDS) };
    }
    case MESSAGE_TYPE.ping:
      return { kind: "ping", ...extraOf(fields, PING_FIELDS) };
    case MESSAGE_TYPE.close:
      return close(fields);
    case MESSAGE_TYPE.ack:
    case MESSAGE_TYPE.sequence: {
      const sequenceId = sequenceIdOf(fields);
      if (sequenceId === undefined) return { kind: "undecodable", value };
      const kind = type === MESSAGE_TYPE.ack ? "ack" : "sequence";
      return { kind, sequenceId, ...extraOf(fields, SEQUENCE_FIELDS) };
    }
    default:
      issues.push({ code: "unknown-message-type", field: "type", detail: String(type) });
      return { kind: "unknown", type, value };
  }
}

const CALL_FIELDS = new Set(["type", "headers", "invocationId", "target", "arguments", "streamIds"]);
const ITEM_FIELDS = new Set(["type", "headers", "invocationId", "item"]);
const COMPLETION_FIELDS = new Set(["type", "headers", "invocationId", "error", "result"]);
const CANCEL_FIELDS = new Set(["type", "headers", "invocationId"]);
const PING_FIELDS = new Set(["type"]);
const CLOSE_FIELDS = new Set(["type", "error", "allowReconnect"]);
const SEQUENCE_FIELDS = new Set(["type", "sequenceId"]);

function idOf(fields: Fields): string {
  return requiredText(fields, "invocationId");
}

function invocation(fields: Fields): HubMessage {
  let invocationId = optionalText(fields, "invocationId");
  if (invocationId === "") {
    // .NET takes it as absent, the JavaScript client refuses the message; either way nobody can answer it.
    reject(fields, "ignored-field", "invocationId");
    invocationId = undefined;
  }
  return {
    kind: "invocation",
    ...headersOf(fields),
    ...(invocationId === undefined ? undefined : { invocationId }),
    target: targetOf(fields),
    arguments: argumentsOf(fields),
    ...streamIdsOf(fields),
    ...extraOf(fields, CALL_FIELDS),
  };
}

function streamInvocation(fields: Fields): HubMessage {
  return {
    kind: "stream-invocation",
    ...headersOf(fields),
    invocationId: idOf(fields),
    target: targetOf(fields),
    arguments: argumentsOf(fields),
    ...streamIdsOf(fields),
    ...extraOf(fields, CALL_FIELDS),
  };
}

function streamItem(fields: Fields): HubMessage {
  const item = fields.object["item"];
  // Null is a legal item; only JSON text can be without one.
  if (item === undefined) fields.issues.push({ code: "missing-field", field: "item" });
  return {
    kind: "stream-item",
    ...headersOf(fields),
    invocationId: idOf(fields),
    item,
    ...extraOf(fields, ITEM_FIELDS),
  };
}

function completion(fields: Fields): HubMessage {
  return {
    kind: "completion",
    ...headersOf(fields),
    invocationId: idOf(fields),
    outcome: outcomeOf(fields),
    ...extraOf(fields, COMPLETION_FIELDS),
  };
}

/** Presence decides, not truthiness: 0, "" and null are results, and "" is an error, as for .NET. */
function outcomeOf(fields: Fields): CompletionOutcome {
  const { error, result } = fields.object;
  if (error === undefined) return result === undefined ? { kind: "void" } : { kind: "result", value: result };
  const message = optionalText(fields, "error");
  if (result !== undefined) {
    // An error that can be read wins and the result stays in `extra`; otherwise it is the other way round.
    if (message === undefined) {
      fields.issues.push({ code: "result-and-error" });
      return { kind: "result", value: result };
    }
    reject(fields, "result-and-error", "result");
  }
  if (message !== undefined) return { kind: "error", message };
  // A null error says that there is none; anything else says that there is one.
  return error === null ? { kind: "void" } : { kind: "error", message: "" };
}

function close(fields: Fields): HubMessage {
  const error = optionalText(fields, "error");
  const allowReconnect = optionalBoolean(fields, "allowReconnect");
  return {
    kind: "close",
    ...(error === undefined ? undefined : { error }),
    ...(allowReconnect === undefined ? undefined : { allowReconnect }),
    ...extraOf(fields, CLOSE_FIELDS),
  };
}
