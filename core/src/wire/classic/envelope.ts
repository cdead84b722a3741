import type { DecodeIssue } from "../decode-issue.ts";
import type { WireValue } from "../hub-message.ts";
import { isJsonObject, type JsonObject } from "../json/fields.ts";
import { parseCursor } from "./cursor.ts";
import { createMembers, type Members, present, refuse, rest, take, takeList, takeText } from "./members.ts";
import type { Envelope, EnvelopeItem } from "./message.ts";

/**
 * What kind of connection the record belongs to: without hubs, items that look like invocations are the application's
 * own data. Undefined: not known, so the shape decides.
 */
export type ConnectionKind = "hubs" | "persistent" | undefined;

/** 1.0 and later. */
export function envelopeOf(object: JsonObject, connection: ConnectionKind, issues: DecodeIssue[]): Envelope {
  const members = createMembers(object, issues);
  const messageId = take(members, "C");
  return {
    kind: "envelope",
    ...(messageId === undefined ? undefined : { messageId }),
    ...cursorOf(messageId),
    ...present(members, "S", "initialised"),
    ...present(members, "D", "disconnect"),
    ...present(members, "T", "reconnect"),
    ...present(members, "G", "groupsToken"),
    ...present(members, "L", "longPollDelay"),
    messages: itemsOf(members, "M", connection),
    ...rest(members),
  };
}

/** 0.5.x and before; nothing below `TransportData` but the groups has a meaning on the wire. */
export function legacyEnvelopeOf(
  object: JsonObject,
  connection: ConnectionKind,
  issues: DecodeIssue[],
): Envelope {
  const members = createMembers(object, issues);
  const messageId = take(members, "MessageId");
  const transportData = take(members, "TransportData");
  const groups = isJsonObject(transportData) ? transportData["Groups"] : undefined;
  if (!isJsonObject(transportData) || Object.keys(transportData).some((name) => name !== "Groups")) {
    members.used.delete("TransportData");
  }
  return {
    kind: "envelope",
    ...(messageId === undefined ? undefined : { messageId }),
    ...cursorOf(messageId),
    ...whereTrue(members, "Disconnect", "disconnect"),
    ...whereTrue(members, "TimedOut", "reconnect"),
    ...(groups === undefined ? undefined : { groupsToken: groups }),
    messages: itemsOf(members, "Messages", connection),
    hasLongNames: true,
    ...rest(members),
  };
}

/** 0.5.x writes both names always. */
export function isLegacyEnvelope(object: JsonObject): boolean {
  return Object.hasOwn(object, "MessageId") && Object.hasOwn(object, "Messages");
}

/** Long names are always written, so false is absent. */
function whereTrue<As extends string>(
  members: Members,
  name: string,
  as: As,
): { readonly [key in As]?: WireValue } {
  return take(members, name) === false ? {} : present(members, name, as);
}

function cursorOf(messageId: WireValue): Pick<Envelope, "cursor"> | undefined {
  const cursor = typeof messageId === "string" ? parseCursor(messageId) : undefined;
  return cursor === undefined ? undefined : { cursor };
}

function itemsOf(members: Members, name: string, connection: ConnectionKind): readonly EnvelopeItem[] {
  const items = takeList(members, name, "unusual-field") ?? [];
  return items.map((item, index) => itemOf(item, `${name}.${index}.`, connection, members.issues));
}

/** Progress first: it has an `I` too, which is a decoy. */
function itemOf(
  value: WireValue,
  path: string,
  connection: ConnectionKind,
  issues: DecodeIssue[],
): EnvelopeItem {
  if (connection === "persistent" || !isJsonObject(value)) return { kind: "data", value };
  if (isJsonObject(value["P"])) return progressOf(value, value["P"], path, issues);
  const [hub, method, list, state] =
    typeof value["Hub"] === "string" ? (["Hub", "Method", "Args", "State"] as const) : ["H", "M", "A", "S"];
  if (typeof value[hub] !== "string" || typeof value[method] !== "string") return { kind: "data", value };
  const members = createMembers(value, issues, { path });
  const given = takeList(members, list, "unusual-field");
  return {
    kind: "client-invocation",
    hub: takeText(members, hub, "unusual-field") ?? "",
    method: takeText(members, method, "unusual-field") ?? "",
    ...(given === undefined ? undefined : { arguments: given }),
    ...present(members, state, "state"),
    ...rest(members),
  };
}

function progressOf(value: JsonObject, inner: JsonObject, path: string, issues: DecodeIssue[]): EnvelopeItem {
  const members = createMembers(value, issues, { path });
  take(members, "P");
  if (Object.keys(inner).some((name) => name !== "I" && name !== "D")) refuse(members, "P", "unusual-field");
  return {
    kind: "progress",
    id: inner["I"] ?? null,
    data: inner["D"] ?? null,
    ...present(members, "I", "decoyId"),
    ...present(members, "S", "state"),
    ...rest(members),
  };
}
