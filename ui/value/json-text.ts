import { encodeBase64 } from "../../core/src/bytes/base64.ts";
import { Extension, JsonNumber, Timestamp, type WireValue } from "../../core/src/wire/hub-message.ts";
import { timestampText } from "../../core/src/wire/timestamp-text.ts";
import { PlainText } from "./plain-text.ts";
import { UnpackedValue, unpacked } from "./unpacked-value.ts";

/**
 * A wire value as JSON text that every parser accepts. What JSON has no word for is written as its nearest: 64-bit
 * integers as number text with all digits, bytes as base64, timestamps as ISO 8601, extensions as
 * `{"type": 5, "base64": "…"}`, NaN and infinities as strings, a map with odd keys as an array of pairs, and what was
 * compressed as what it stands for.
 */
export function jsonText(value: WireValue, indent = 2): string {
  return write(value, "\n", { indent: " ".repeat(indent), isUnpacked: false });
}

interface Style {
  readonly indent: string;
  /** Within what was compressed nothing is: whoever claims it wants a small text to become an endless one. */
  readonly isUnpacked: boolean;
}

function write(value: WireValue, line: string, style: Style): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "bigint":
      return value.toString();
    case "boolean":
      return String(value);
    case "number":
      return Number.isFinite(value) ? numberText(value) : JSON.stringify(String(value));
    case "object":
      return value === null ? "null" : writeObject(value, line, style);
    default:
      return "null";
  }
}

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function writeObject(wire: object, line: string, style: Style): string {
  const { indent, isUnpacked } = style;
  const value = isUnpacked ? wire : (unpacked(wire) as object);
  if (value instanceof UnpackedValue) return write(value.content.value, line, { indent, isUnpacked: true });
  if (value instanceof JsonNumber) return value.source;
  if (value instanceof Uint8Array) return JSON.stringify(encodeBase64(value));
  if (value instanceof PlainText) return JSON.stringify(value.text);
  if (value instanceof Timestamp) return JSON.stringify(timestampText(value));
  if (value instanceof Extension)
    return write({ type: value.type, base64: encodeBase64(value.bytes) }, line, style);
  const inner = line + indent;
  if (value instanceof Map) {
    return list([...value], "[", "]", line, inner, (pair) => write(pair, inner, style));
  }
  if (Array.isArray(value)) return list(value, "[", "]", line, inner, (item) => write(item, inner, style));
  const colon = indent === "" ? ":" : ": ";
  return list(Object.entries(value), "{", "}", line, inner, ([key, item]) => {
    return `${JSON.stringify(key)}${colon}${write(item, inner, style)}`;
  });
}

function list<T>(
  items: readonly T[],
  open: string,
  close: string,
  line: string,
  inner: string,
  item: (value: T) => string,
): string {
  if (items.length === 0) return open + close;
  const compact = line === inner;
  const texts = items.map(item);
  return compact
    ? `${open}${texts.join(",")}${close}`
    : `${open}${inner}${texts.join(`,${inner}`)}${line}${close}`;
}
