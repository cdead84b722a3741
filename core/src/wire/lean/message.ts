/**
 * What both protocols say of a message, by the names of its fields. Strict: what is not as HubProtocol.md has it is no
 * message.
 *
 * @module
 */
import type { DecodeIssue, DecodeIssueCode } from "../decode-issue.ts";
import type { DecodedMessage } from "../hub-codec.ts";
import type { HubMessage, HubMessageKind, WireValue } from "../hub-message.ts";
import { isMessageType } from "../message-type.ts";

export type Fields = Record<string, WireValue>;

const KINDS: readonly (HubMessageKind | undefined)[] = [
  undefined,
  "invocation",
  "stream-item",
  "completion",
  "stream-invocation",
  "cancel-invocation",
  "ping",
  "close",
  "ack",
  "sequence",
];

const CALL = ["headers", "invocationId", "target", "arguments", "streamIds"];
const OF_INVOCATION = ["headers", "invocationId"];

/** What follows the type, by type, in the order of MessagePack. What a completion says of its outcome is another matter. */
const NAMES: readonly (readonly string[])[] = [
  [],
  CALL,
  [...OF_INVOCATION, "item"],
  OF_INVOCATION,
  CALL,
  OF_INVOCATION,
  [],
  ["error", "allowReconnect"],
  ["sequenceId"],
  ["sequenceId"],
];

export function namesOf(type: number): readonly string[] {
  return NAMES[type] ?? [];
}

/** The last so many of the names must be there, with the ID where it is before them. */
const REQUIRED: readonly string[] = [
  "",
  "target arguments",
  "invocationId item",
  "invocationId",
  "invocationId target arguments",
  "invocationId",
  "",
  "",
  "sequenceId",
  "sequenceId",
];

const INT64 = 2n ** 63n;

function isText(value: WireValue): value is string {
  return typeof value === "string";
}

function isName(value: WireValue): boolean {
  return isText(value) && value !== "";
}

export function isFields(value: WireValue): value is Fields {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What each field may be. An item may be anything. */
const IS: Readonly<Record<string, (value: WireValue) => boolean>> = {
  headers: (value) => isFields(value) && Object.values(value).every(isText),
  invocationId: isName,
  target: isName,
  arguments: Array.isArray,
  streamIds: (value) => Array.isArray(value) && value.every(isText),
  error: isText,
  allowReconnect: (value) => typeof value === "boolean",
  sequenceId: (value) =>
    Number.isSafeInteger(value) || (typeof value === "bigint" && value >= -INT64 && value < INT64),
};

/** The message that the fields make, or an undecodable one that keeps `whole`. */
export function messageOf(fields: Fields, whole: WireValue, extra: WireValue): DecodedMessage {
  const { type } = fields;
  if (!isMessageType(type))
    return undecodable(type === undefined ? "missing-type" : "wrong-field-type", whole, "type");
  const kind = KINDS[type];
  if (kind === undefined) {
    return { message: { kind: "unknown", type, value: whole }, issues: [{ code: "unknown-message-type" }] };
  }
  for (const name of (REQUIRED[type] ?? "").split(" ")) {
    if (name !== "" && fields[name] === undefined) return undecodable("missing-field", whole, name);
  }
  const message: Fields = { kind };
  for (const name of namesOf(type)) {
    const value = fields[name];
    if (value === undefined) continue;
    if (IS[name]?.(value) === false) return undecodable("wrong-field-type", whole, name);
    // An empty map of headers and an empty list of streams say as much as none.
    const isNothing =
      (name === "headers" || name === "streamIds") && Object.keys(value as object).length === 0;
    if (!isNothing) message[name] = value;
  }
  if (kind === "completion") {
    const { error, result } = fields;
    if (error !== undefined && result !== undefined) return undecodable("result-and-error", whole, "result");
    if (error !== undefined && !isText(error)) return undecodable("wrong-field-type", whole, "error");
    message["outcome"] =
      error !== undefined
        ? { kind: "error", message: error }
        : result !== undefined
          ? { kind: "result", value: result }
          : { kind: "void" };
  }
  if (extra !== undefined) message["extra"] = extra;
  return { message: message as unknown as HubMessage, issues: NO_ISSUES };
}

const NO_ISSUES: readonly DecodeIssue[] = [];

export function undecodable(code: DecodeIssueCode, value?: WireValue, field?: string): DecodedMessage {
  return {
    message: value === undefined ? { kind: "undecodable" } : { kind: "undecodable", value },
    issues: [field === undefined ? { code } : { code, field }],
  };
}

/** The record of a message by the names of its fields, the type first; the value itself where that is all there is. */
export function fieldsOf(message: HubMessage): Fields | undefined {
  const type = KINDS.indexOf(message.kind);
  if (type < 1) return undefined;
  const fields: Fields = { type };
  for (const name of namesOf(type)) fields[name] = (message as unknown as Fields)[name];
  if (message.kind === "stream-item") fields["item"] = message.item ?? null;
  if (message.kind === "completion") {
    const { outcome } = message;
    if (outcome.kind === "error") fields["error"] = outcome.message;
    if (outcome.kind === "result") fields["result"] = outcome.value ?? null;
  }
  return fields;
}

/** What has no fields: a handshake, which is JSON in every protocol, or a value that stands for itself. */
export function plainOf(message: HubMessage): { readonly handshake?: Fields; readonly value?: WireValue } {
  switch (message.kind) {
    case "handshake-request":
      return { handshake: { protocol: message.protocol, version: message.version } };
    case "handshake-response":
      return { handshake: { error: message.error } };
    case "unknown":
    case "undecodable":
      if (message.value === undefined) throw new TypeError("a message without a value cannot be encoded");
      return { value: message.value };
    default:
      return {};
  }
}
