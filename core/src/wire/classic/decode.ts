/**
 * Records of classic SignalR to messages. The two directions have nothing in common, so each has a decoder of its own;
 * whoever does not know the direction lets the shape decide.
 *
 * @module
 */
import type { DecodeIssue } from "../decode-issue.ts";
import type { DecodedMessage, RawRecord } from "../hub-codec.ts";
import { JsonNumber, type UndecodableMessage, type WireValue } from "../hub-message.ts";
import { isJsonObject, type JsonObject, shortJson } from "../json/fields.ts";
import { readJson } from "../json/read-text.ts";
import { writeJson } from "../json/write-value.ts";
import { MAX_CALL_STATE_LENGTH } from "../limits.ts";
import type { Direction } from "../payload.ts";
import { type ConnectionKind, envelopeOf, isLegacyEnvelope, legacyEnvelopeOf } from "./envelope.ts";
import { callNamesOf, isLegacyReply, legacyReplyOf } from "./long-names.ts";
import { createMembers, type Members, present, refuse, rest, take, takeList, takeText } from "./members.ts";
import type { ClassicMessage, HubCall, HubError, HubResult } from "./message.ts";

/** A record decoded. */
export type DecodedClassic = DecodedMessage<ClassicMessage | UndecodableMessage>;

/** What is known beside the record itself. */
export interface ClassicDecodeOptions {
  /** Undefined: not known, so the shape decides. */
  readonly direction?: Direction | undefined;
  readonly connection?: ConnectionKind;
}

/** One WebSocket message, or what another transport carried of the same: an event's data, a script's argument, a body. */
export function decodeClassicRecord(record: RawRecord, options: ClassicDecodeOptions = {}): DecodedClassic {
  const { direction, connection } = options;
  // Nobody sends one, and a server ends the connection over it.
  if (record.kind === "binary") {
    return { message: { kind: "undecodable" }, issues: [{ code: "wrong-payload-type" }] };
  }
  const { text } = record;
  if (direction === "out" && connection === "persistent") {
    return { message: { kind: "persistent-data", text }, issues: [] };
  }
  const found: DecodeIssue[] = [];
  const value = readJson(text, found);
  if (direction === "in" || (direction === undefined && !isCall(value))) {
    return fromServer(value, found, connection);
  }
  // Where nobody knows of hubs, what is no call is the application's own.
  if (connection === "persistent" || (connection === undefined && !isCall(value))) {
    return { message: { kind: "persistent-data", text }, issues: [] };
  }
  return fromClient(value, found);
}

function isCall(value: WireValue): boolean {
  if (value === undefined || !isJsonObject(value)) return false;
  const members = createMembers(value, [], { ignoresCase: true });
  const names = callNamesOf(members);
  return typeof take(members, names.hub) === "string" && typeof take(members, names.method) === "string";
}

function fromClient(value: WireValue, found: readonly DecodeIssue[]): DecodedClassic {
  const unread = found.find(({ code }) => code === "not-json" || code === "trailing-data");
  const issues = found.filter(({ code }) => {
    return code === "duplicate-key" || (code === "too-deep" && value === undefined);
  });
  if (unread !== undefined) {
    issues.push({ ...unread, code: "lenient-json" });
    return { message: undecodable(value), issues };
  }
  if (value === undefined || !isJsonObject(value)) {
    issues.push({ code: "never-answered", detail: value === undefined ? "nothing" : shortJson(value) });
    return { message: undecodable(value), issues };
  }
  const call = callOf(value, issues);
  return { message: call ?? undecodable(value), issues };
}

function undecodable(value: WireValue): UndecodableMessage {
  return value === undefined ? { kind: "undecodable" } : { kind: "undecodable", value };
}

/** Undefined where the server would not take it for a call: then nothing answers, and the call hangs. */
function callOf(object: JsonObject, issues: DecodeIssue[]): HubCall | undefined {
  const members = createMembers(object, issues, { ignoresCase: true });
  const names = callNamesOf(members);
  const hub = take(members, names.hub);
  const method = take(members, names.method);
  if (typeof hub !== "string" || typeof method !== "string") {
    refuse(members, typeof hub === "string" ? names.method : names.hub, "never-answered");
    return undefined;
  }
  const list = takeList(members, names.list, "never-answered");
  return {
    kind: "hub-call",
    hub,
    method,
    ...(list === undefined ? undefined : { arguments: list }),
    ...callIdOf(members, names.id),
    ...callStateOf(members, names.state),
    ...(names.isLong ? { hasLongNames: true } : undefined),
    ...rest(members),
  };
}

/** Without an ID the method runs, but the official JavaScript client fails on the reply's null. */
function callIdOf(members: Members, name: string): Pick<HubCall, "id"> | undefined {
  const id = take(members, name);
  if (id === undefined || id === null) {
    members.issues.push({ code: "unusual-field", field: name });
    return undefined;
  }
  if (typeof id !== "object" || id instanceof JsonNumber) return { id };
  refuse(members, name, "never-answered");
  return undefined;
}

function callStateOf(members: Members, name: string): Pick<HubCall, "state"> {
  const { state } = present(members, name, "state");
  if (state === undefined) return {};
  if (state === null) {
    members.issues.push({ code: "unusual-field", field: name, detail: "null" });
  } else if (writeJson(state, JSON.stringify).length > MAX_CALL_STATE_LENGTH) {
    members.issues.push({
      code: "never-answered",
      field: name,
      detail: `over ${MAX_CALL_STATE_LENGTH} characters`,
    });
  }
  return { state };
}

function fromServer(
  value: WireValue,
  found: readonly DecodeIssue[],
  connection: ConnectionKind,
): DecodedClassic {
  // Neither Json.NET's writer nor a browser's reader has a limit that .NET's other reader has.
  const issues = found.filter(({ code }) => value === undefined || code !== "too-deep");
  if (value === undefined) return { message: { kind: "undecodable" }, issues };
  if (!isJsonObject(value)) {
    issues.push({ code: "not-an-object", detail: shortJson(value) });
    return { message: undecodable(value), issues };
  }
  return { message: serverMessageOf(value, connection, issues), issues };
}

/** The order is that of the official client 2.4: keep-alive, then `I` even if null, then `E`, then an envelope. */
function serverMessageOf(
  value: JsonObject,
  connection: ConnectionKind,
  issues: DecodeIssue[],
): ClassicMessage | UndecodableMessage {
  if (Object.keys(value).length === 0) return { kind: "keep-alive" };
  if (Object.hasOwn(value, "I")) return replyOf(value, issues);
  if (Object.hasOwn(value, "E")) {
    const members = createMembers(value, issues);
    const error = takeText(members, "E", "unusual-field") ?? "";
    return { kind: "connection-error", error, ...rest(members) };
  }
  if (isLegacyEnvelope(value)) return legacyEnvelopeOf(value, connection, issues);
  if (isLegacyReply(value)) return legacyReplyOf(value, issues);
  if (Object.hasOwn(value, "C") || Object.hasOwn(value, "M")) return envelopeOf(value, connection, issues);
  issues.push({ code: "missing-field", field: "C" });
  return undecodable(value);
}

/** Presence decides, not truth: an empty `E` is an error, which the official JavaScript client takes for success. */
function replyOf(object: JsonObject, issues: DecodeIssue[]): HubResult | HubError {
  const members = createMembers(object, issues);
  const id = take(members, "I");
  if (object["E"] === undefined || object["E"] === null) {
    return {
      kind: "hub-result",
      id,
      ...present(members, "R", "result"),
      ...present(members, "S", "state"),
      ...rest(members),
    };
  }
  const error = takeText(members, "E", "unusual-field") ?? "";
  const stackTrace = takeText(members, "T", "unusual-field");
  const isHubException = take(members, "H");
  if (typeof isHubException !== "boolean" && isHubException !== undefined) {
    refuse(members, "H", "unusual-field");
  }
  return {
    kind: "hub-error",
    id,
    error,
    isHubException: isHubException === true,
    ...present(members, "D", "data"),
    ...(stackTrace === undefined ? undefined : { stackTrace }),
    ...present(members, "S", "state"),
    ...rest(members),
  };
}
