import { concatBytes } from "../../bytes/concat.ts";
import { encodeUtf8 } from "../../bytes/utf8.ts";
import type { UndecodableMessage, WireValue } from "../hub-message.ts";
import { writeJson } from "../json/write-value.ts";
import { IRIS_TYPES, type IrisEvent, type IrisMessage, type IrisType } from "./message.ts";

/**
 * One message as its type and payload say. Bytes that are no UTF-8 make the message binary, which servers read just
 * as well. Throws a TypeError on an undecodable message: there is nothing to write.
 */
export function encodeIris(message: IrisMessage | UndecodableMessage): string | Uint8Array<ArrayBuffer> {
  switch (message.kind) {
    case "iris-native":
      return message.text;
    case "undecodable":
      throw new TypeError("an undecodable message cannot be encoded");
    case "iris-event": {
      const { prefix, event, type, payload, value } = message;
      if (type === undefined) return `${prefix}${event};${payload}`;
      const head = `${prefix}${event};${IRIS_TYPES.indexOf(type)};`;
      return value instanceof Uint8Array
        ? new Uint8Array(concatBytes([encodeUtf8(head), value]))
        : head + payload;
    }
  }
}

/**
 * An event with a value, typed so that a server takes it: integers are ints, other numbers JSON, booleans bools.
 * (The official JavaScript client guesses from the text of the value, and the server then drops `true` and 3.5.)
 * Throws a TypeError on an event with `;`, on null, on an empty text and on what JSON cannot carry: a server would
 * drop or misread it.
 */
export function irisEvent(prefix: string, event: string, value: WireValue): IrisEvent {
  if (event === "" || event.includes(";")) {
    throw new TypeError("the name of an event must not be empty and must not hold a semicolon");
  }
  const type = typeOf(value);
  const payload = payloadOf(type, value);
  if (payload === "" || payload === "null")
    throw new TypeError("an iris server drops null and empty payloads");
  return { kind: "iris-event", prefix, event, type, payload, value };
}

function typeOf(value: WireValue): IrisType {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? "int" : "json";
    default:
      return value instanceof Uint8Array ? "bytes" : "json";
  }
}

function payloadOf(type: IrisType, value: WireValue): string {
  if (type === "json") return writeJson(value, JSON.stringify);
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}
