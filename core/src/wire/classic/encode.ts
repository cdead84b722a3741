/**
 * Messages of classic SignalR to the text of one WebSocket message. The other transports wrap the same text:
 * `form.ts`, `event-stream.ts`, `forever-frame.ts`, `jsonp.ts`.
 *
 * @module
 */
import type { Writer } from "../hub-codec.ts";
import type { UndecodableMessage, WireValue } from "../hub-message.ts";
import { isJsonObject } from "../json/fields.ts";
import { writeJson, writeProperties } from "../json/write-value.ts";
import type { ClassicMessage, Envelope, EnvelopeItem, HubCall, HubError, HubResult } from "./message.ts";

type Property = readonly [name: string, value: WireValue];

/**
 * Members in the order of Microsoft's writers. `like` tells the .NET client's calls from the JavaScript client's.
 * Throws a TypeError on what JSON cannot carry, on an undecodable message without a value, and on the opening of a
 * forever frame, which is no JSON.
 */
export function encodeClassic(message: ClassicMessage | UndecodableMessage, like: Writer = "dotnet"): string {
  switch (message.kind) {
    case "hub-call":
      return object(
        message.extra,
        callProperties(message, like),
        like === "dotnet" ? jsonNetText : JSON.stringify,
      );
    case "hub-result":
      if (message.hasLongNames === true) return object(message.extra, legacyReply(message));
      return object(message.extra, [
        ["S", message.state],
        ["R", message.result],
        ["I", message.id],
      ]);
    case "hub-error":
      if (message.hasLongNames === true) return object(message.extra, legacyReply(message));
      return object(message.extra, [
        ["S", message.state],
        ["I", message.id],
        ["H", message.isHubException ? true : undefined],
        ["E", message.error],
        ["T", message.stackTrace],
        ["D", message.data],
      ]);
    case "envelope":
      return object(message.extra, envelopeProperties(message));
    case "keep-alive":
      return "{}";
    case "connection-error":
      return object(message.extra, [["E", message.error]]);
    case "persistent-data":
      return message.text;
    case "stream-initialised":
      return "initialized";
    case "frame-initialised":
      throw new TypeError("the opening of a forever frame is a page, not a message: see frameOpening");
    case "undecodable":
      if (message.value === undefined) {
        throw new TypeError("an undecodable message without a value cannot be encoded");
      }
      return writeJson(message.value, jsonNetText);
  }
}

/** All five are always written, null where there is nothing. */
function legacyReply(message: HubResult | HubError): readonly Property[] {
  const { id, state = null } = message;
  const isError = message.kind === "hub-error";
  return [
    ["State", state],
    ["Result", isError ? null : (message.result ?? null)],
    ["Id", id],
    ["Error", isError ? message.error : null],
    ["StackTrace", (isError ? message.stackTrace : undefined) ?? null],
  ];
}

function callProperties(call: HubCall, like: Writer): readonly Property[] {
  if (call.hasLongNames === true) {
    return [
      ["hub", call.hub],
      ["method", call.method],
      ["args", call.arguments],
      ["state", call.state],
      ["id", call.id],
    ];
  }
  const id: Property = ["I", call.id];
  const rest: readonly Property[] = [
    ["H", call.hub],
    ["M", call.method],
    ["A", call.arguments],
  ];
  return like === "dotnet" ? [id, ...rest, ["S", call.state]] : [...rest, id, ["S", call.state]];
}

function envelopeProperties(message: Envelope): readonly Property[] {
  const items = message.messages.map((item) => itemValue(item, message.hasLongNames === true));
  if (message.hasLongNames === true) {
    return [
      ["MessageId", message.messageId],
      ["Messages", items],
      ["Disconnect", message.disconnect ?? false],
      ["TimedOut", message.reconnect ?? false],
      ["TransportData", message.groupsToken === undefined ? {} : { Groups: message.groupsToken }],
    ];
  }
  return [
    ["C", message.messageId],
    ["S", message.initialised],
    ["D", message.disconnect],
    ["T", message.reconnect],
    ["G", message.groupsToken],
    ["L", message.longPollDelay],
    // Third-party servers leave it out; ours never do.
    ["M", items],
  ];
}

function itemValue(item: EnvelopeItem, hasLongNames: boolean): WireValue {
  switch (item.kind) {
    case "data":
      return item.value;
    case "client-invocation":
      return {
        [hasLongNames ? "Hub" : "H"]: item.hub,
        [hasLongNames ? "Method" : "M"]: item.method,
        [hasLongNames ? "Args" : "A"]: item.arguments,
        [hasLongNames ? "State" : "S"]: item.state,
        ...extraOf(item.extra),
      };
    case "progress":
      return {
        S: item.state,
        I: item.decoyId,
        P: { I: item.id, D: item.data },
        ...extraOf(item.extra),
      };
  }
}

function extraOf(extra: WireValue): Readonly<Record<string, WireValue>> {
  return extra !== undefined && isJsonObject(extra) ? extra : {};
}

/** A member that was refused stands in `extra` under its own name, and takes the place of the one made up for it. */
function object(
  extra: WireValue,
  own: readonly Property[],
  text: (text: string) => string = jsonNetText,
): string {
  const more = Object.entries(extraOf(extra));
  const names = new Set(more.map(([name]) => name));
  const kept = own.filter(([name, value]) => value !== undefined && !names.has(name));
  return writeProperties([...kept, ...more], text, 1);
}

/** As Json.NET: besides JSON's own escapes the three line ends that JavaScript once choked on. */
export function jsonNetText(text: string): string {
  return JSON.stringify(text).replace(/[\u0085\u2028\u2029]/g, (found) => {
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
