import { encodeBase64 } from "../../bytes/base64.ts";
import { Extension, JsonNumber, Timestamp, type WireValue } from "../hub-message.ts";
import { MAX_DEPTH } from "../limits.ts";
import { timestampText } from "../timestamp-text.ts";

/** How strings are written; the two writers escape differently. */
export type WriteText = (text: string) => string;

/**
 * What .NET's default encoder for SignalR escapes besides JSON's own: controls, all white space but the space,
 * private use, unassigned code points and whatever lies outside the Basic Multilingual Plane.
 */
const ESCAPED_BY_DOTNET = /[\p{Cc}\p{Zl}\p{Zp}\p{Zs}\p{Co}\p{Cn}\p{Cs}\u{10000}-\u{10ffff}]/gu;

/** As System.Text.Json with UnsafeRelaxedJsonEscaping, which SignalR uses. */
export function dotnetText(text: string): string {
  return JSON.stringify(text)
    .replace(/\\(?:u[\da-f]{4}|.)/g, upperCaseEscape)
    .replace(ESCAPED_BY_DOTNET, (found) => (found === " " ? found : escapeUnits(found)));
}

/** Takes every escape, so that an escaped backslash before a "u" is not mistaken for one. */
function upperCaseEscape(sequence: string): string {
  if (sequence.length === 2) return sequence;
  return `\\u${sequence.slice(2).toUpperCase()}`;
}

function escapeUnits(text: string): string {
  let escaped = "";
  for (let at = 0; at < text.length; at++) {
    escaped += `\\u${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0")}`;
  }
  return escaped;
}

/**
 * A value as .NET would write it: bytes as base64, timestamps as ISO 8601, digits of numbers as they are. A map
 * needs keys that can be names. Throws a TypeError on what JSON cannot carry, cycles included.
 */
export function writeJson(value: WireValue, text: WriteText, depth = 0): string {
  if (depth > MAX_DEPTH)
    throw new TypeError(`a value nests deeper than ${MAX_DEPTH} levels or contains itself`);
  switch (typeof value) {
    case "string":
      return text(value);
    case "number":
      return writeNumber(value);
    case "boolean":
      return String(value);
    case "bigint":
      return value.toString();
    case "undefined":
      return "null";
    case "object":
      return value === null ? "null" : writeObject(value, text, depth + 1);
    case "function":
    case "symbol":
      throw new TypeError(`JSON cannot carry a ${typeof value}`);
  }
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`JSON cannot carry ${value}`);
  return Object.is(value, -0) ? "-0" : String(value);
}

function writeObject(value: object, text: WriteText, depth: number): string {
  if (Array.isArray(value)) return `[${value.map((item) => writeJson(item, text, depth)).join(",")}]`;
  if (value instanceof JsonNumber) return value.source;
  if (value instanceof Uint8Array) return text(encodeBase64(value));
  if (value instanceof Timestamp) return text(timestampText(value));
  if (value instanceof Date) return value.toJSON() === null ? "null" : text(value.toJSON());
  if (value instanceof Extension) throw new TypeError("JSON cannot carry a MessagePack extension");
  const entries = value instanceof Map ? [...value].map(namedEntry) : Object.entries(value);
  return writeProperties(
    entries.filter(([, item]) => item !== undefined),
    text,
    depth,
  );
}

export function writeProperties(
  entries: readonly (readonly [string, WireValue])[],
  text: WriteText,
  depth: number,
): string {
  return `{${entries.map(([name, item]) => `${text(name)}:${writeJson(item, text, depth)}`).join(",")}}`;
}

function namedEntry([key, item]: readonly [unknown, unknown]): readonly [string, unknown] {
  if (typeof key === "string") return [key, item];
  if (typeof key === "number" || typeof key === "bigint" || typeof key === "boolean")
    return [String(key), item];
  throw new TypeError("JSON cannot carry a map whose keys are no names");
}
