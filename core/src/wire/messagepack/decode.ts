/**
 * Records of the MessagePack hub protocol to messages. HubProtocol.md, "MessagePack (MsgPack) encoding"; where the
 * implementations disagree, PROTOCOLS.md says which one is followed.
 *
 * @module
 */
import type { DecodeIssue } from "../decode-issue.ts";
import type { DecodedMessage, RawRecord } from "../hub-codec.ts";
import type { CompletionOutcome, HubMessage, WireValue } from "../hub-message.ts";
import { isMessageType, MESSAGE_TYPE } from "../message-type.ts";
import {
  argumentsItem,
  flaw,
  hasItem,
  headersItem,
  type Items,
  isPromised,
  missing,
  nextItem,
  openItems,
  optionalIdItem,
  shortItem,
  streamIdsItem,
  textItem,
} from "./items.ts";
import { decodeQuickly } from "./quick-decode.ts";
import { closeWindow } from "./quick-text.ts";
import { createReader, readValue } from "./reader.ts";

const NO_ISSUES: readonly DecodeIssue[] = [];

export function decodeMessagePackRecord(record: RawRecord): DecodedMessage {
  if (record.kind === "binary") {
    const message = decodeQuickly(record.bytes, 0, record.bytes.length);
    closeWindow();
    if (message !== undefined) return { message, issues: NO_ISSUES };
  }
  return decodeThoroughly(record);
}

/** Every record, with every issue; {@link decodeMessagePackRecord} says the same, faster. */
export function decodeThoroughly(record: RawRecord): DecodedMessage {
  const issues: DecodeIssue[] = [];
  if (record.kind === "text") {
    issues.push({ code: "wrong-payload-type", detail: "text" });
    return { message: { kind: "undecodable" }, issues };
  }
  if (record.bytes.length === 0) {
    issues.push({ code: "empty-record" });
    return { message: { kind: "undecodable" }, issues };
  }
  const items = openItems(record.bytes, issues);
  if (items === undefined) return { message: notAnArray(record.bytes, issues), issues };
  return { message: messageOf(items), issues };
}

function notAnArray(bytes: Uint8Array, issues: DecodeIssue[]): HubMessage {
  const reader = createReader(bytes, issues);
  const value = readValue(reader);
  if (reader.fault !== undefined) {
    issues.push(reader.fault);
    return { kind: "undecodable" };
  }
  issues.push({ code: "not-an-array", detail: shortItem(value) });
  return { kind: "undecodable", value };
}

function messageOf(items: Items): HubMessage {
  const type = nextItem(items);
  if (!isMessageType(type)) {
    if (type === undefined) {
      if (items.reader.fault === undefined) items.issues.push({ code: "missing-type" });
    } else {
      flaw(items, "wrong-field-type", "type", type);
    }
    return undecodable(items);
  }
  if (isKnownType(type)) {
    const message = knownMessage(items, type);
    return message === undefined || items.reader.fault !== undefined
      ? undecodable(items)
      : finished(items, message);
  }
  items.issues.push({ code: "unknown-message-type", field: "type", detail: String(type) });
  rest(items);
  if (items.reader.fault !== undefined) return undecodable(items);
  noteSurplus(items);
  return { kind: "unknown", type, value: items.read };
}

function isKnownType(type: number): boolean {
  return type >= MESSAGE_TYPE.invocation && type <= MESSAGE_TYPE.sequence;
}

/** Undefined where the type cannot do without what is not there. */
function knownMessage(
  items: Items,
  type: number,
): Exclude<HubMessage, { kind: "unknown" | "undecodable" }> | undefined {
  switch (type) {
    case MESSAGE_TYPE.invocation: {
      const headers = headersItem(items);
      const invocationId = optionalIdItem(items);
      const id = invocationId === undefined ? undefined : { invocationId };
      return { kind: "invocation", ...headers, ...id, ...callItems(items) };
    }
    case MESSAGE_TYPE.streamItem: {
      const headers = headersItem(items);
      const invocationId = idItem(items);
      const item = nextItem(items);
      if (item === undefined) missing(items, "item");
      return { kind: "stream-item", ...headers, invocationId, item };
    }
    case MESSAGE_TYPE.completion: {
      const headers = headersItem(items);
      const invocationId = idItem(items);
      return { kind: "completion", ...headers, invocationId, outcome: outcomeItems(items) };
    }
    case MESSAGE_TYPE.streamInvocation: {
      const headers = headersItem(items);
      const invocationId = idItem(items);
      return { kind: "stream-invocation", ...headers, invocationId, ...callItems(items) };
    }
    case MESSAGE_TYPE.cancelInvocation:
      return { kind: "cancel-invocation", ...headersItem(items), invocationId: idItem(items) };
    case MESSAGE_TYPE.ping:
      return { kind: "ping" };
    case MESSAGE_TYPE.close:
      return closeItems(items);
    case MESSAGE_TYPE.ack:
    case MESSAGE_TYPE.sequence: {
      const sequenceId = sequenceItem(items);
      if (sequenceId === undefined) return undefined;
      return { kind: type === MESSAGE_TYPE.ack ? "ack" : "sequence", sequenceId };
    }
    default:
      return undefined;
  }
}

function idItem(items: Items): string {
  return textItem(items, "invocationId");
}

function callItems(items: Items): {
  readonly target: string;
  readonly arguments: readonly WireValue[];
  readonly streamIds?: readonly string[];
} {
  return { target: textItem(items, "target"), arguments: argumentsItem(items), ...streamIdsItem(items) };
}

function outcomeItems(items: Items): CompletionOutcome {
  const kind = nextItem(items);
  switch (kind) {
    case 1: {
      const error = nextItem(items);
      // .NET takes nil, and an empty text, for no error at all.
      if (typeof error === "string") return { kind: "error", message: error };
      if (error === undefined) missing(items, "error");
      else flaw(items, error === null ? "null-field" : "wrong-field-type", "error", error);
      return { kind: "error", message: "" };
    }
    case 2:
      return { kind: "void" };
    case 3: {
      const value = nextItem(items);
      if (value === undefined) missing(items, "result");
      return { kind: "result", value };
    }
    case undefined:
      missing(items, "resultKind");
      return { kind: "void" };
    default:
      flaw(items, typeof kind === "number" ? "unknown-result-kind" : "wrong-field-type", "resultKind", kind);
      return { kind: "void" };
  }
}

function closeItems(items: Items): Extract<HubMessage, { kind: "close" }> {
  const error = nextItem(items);
  if (error === undefined) missing(items, "error");
  else if (error !== null && typeof error !== "string") flaw(items, "wrong-field-type", "error", error);
  const allowReconnect = isPromised(items) ? nextItem(items) : undefined;
  if (allowReconnect !== undefined && typeof allowReconnect !== "boolean") {
    flaw(
      items,
      allowReconnect === null ? "null-field" : "wrong-field-type",
      "allowReconnect",
      allowReconnect,
    );
  }
  return {
    kind: "close",
    ...(typeof error === "string" ? { error } : undefined),
    ...(typeof allowReconnect === "boolean" ? { allowReconnect } : undefined),
  };
}

const INT64_MAX = 2n ** 63n - 1n;

function sequenceItem(items: Items): number | bigint | undefined {
  const item = nextItem(items);
  if (Number.isInteger(item)) return item as number;
  if (typeof item === "bigint" && item <= INT64_MAX) return item;
  if (item === undefined) missing(items, "sequenceId");
  else flaw(items, item === null ? "null-field" : "wrong-field-type", "sequenceId", item);
  return undefined;
}

/** What the array holds beyond the message, and what follows the array. */
function finished(
  items: Items,
  message: Exclude<HubMessage, { kind: "unknown" | "undecodable" }>,
): HubMessage {
  const own = items.read.length;
  rest(items);
  if (items.reader.fault !== undefined) return undecodable(items);
  noteSurplus(items);
  if (items.read.length === own) return message;
  const extra = items.read.slice(own);
  items.issues.push({ code: "extra-items", detail: `${extra.length} more` });
  return { ...message, extra };
}

function rest(items: Items): void {
  while (isPromised(items) && hasItem(items)) nextItem(items);
}

function noteSurplus(items: Items): void {
  const { at, bytes } = items.reader;
  if (items.read.length !== items.count) {
    const detail = `the array says ${items.count} items and has ${items.read.length}`;
    items.issues.push({ code: "wrong-item-count", detail });
  }
  if (at < bytes.length)
    items.issues.push({ code: "trailing-data", at, detail: `${bytes.length - at} bytes` });
}

/** Keeps what could be read. */
function undecodable(items: Items): HubMessage {
  const { fault } = items.reader;
  if (fault === undefined) rest(items);
  if (items.reader.fault !== undefined) items.issues.push(items.reader.fault);
  return items.read.length > 0 ? { kind: "undecodable", value: items.read } : { kind: "undecodable" };
}
