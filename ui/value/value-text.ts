import { redactText } from "../../core/src/session/redaction.ts";
import { Extension, JsonNumber, Timestamp, type WireValue } from "../../core/src/wire/hub-message.ts";
import { timestampText } from "../../core/src/wire/timestamp-text.ts";
import { formatBytes } from "../format/format-bytes.ts";
import { formatCount, formatCountOf } from "../format/format-count.ts";
import { PlainText } from "./plain-text.ts";
import { safeLine } from "./safe-text.ts";
import { packingText, UnpackedValue } from "./unpacked-value.ts";

/** How a piece of a value is coloured. */
export type ValueRole = "plain" | "string" | "number" | "word" | "quiet";

export interface ValueText {
  readonly role: ValueRole;
  readonly text: string;
  /** What the wire said of its type where the text alone does not show it. */
  readonly hint?: string;
}

const MOST_INT64 = 2n ** 63n - 1n;
const LONGEST_STRING = 4000;

/** A value on one line; what has children is only named by its size. */
export function valueText(value: WireValue): ValueText {
  switch (typeof value) {
    case "string":
      return stringText(value);
    case "number":
      return { role: "number", text: Object.is(value, -0) ? "-0" : String(value) };
    case "bigint":
      return {
        role: "number",
        text: value.toString(),
        hint: value < 0n ? "int64" : value > MOST_INT64 ? "uint64" : "64-bit integer",
      };
    case "boolean":
      return { role: "word", text: String(value) };
    case "object":
      return value === null ? { role: "word", text: "null" } : objectText(value);
    default:
      return { role: "quiet", text: "absent" };
  }
}

function stringText(value: string): ValueText {
  const cut = value.length > LONGEST_STRING ? value.slice(0, LONGEST_STRING) : value;
  const text = `"${safeLine(JSON.stringify(redactText(cut)).slice(1, -1))}${cut === value ? "" : "…"}"`;
  if (cut === value) return { role: "string", text };
  return { role: "string", text, hint: `${formatCount(value.length)} characters; all of them are under Raw` };
}

function objectText(value: object): ValueText {
  if (value instanceof JsonNumber) {
    return {
      role: "number",
      text: safeLine(value.source),
      hint: "exact as written; a double would round it",
    };
  }
  if (value instanceof UnpackedValue) {
    const inner = valueText(value.content.value);
    const hint = inner.hint === undefined ? packingText(value) : `${inner.hint} · ${packingText(value)}`;
    return { ...inner, hint };
  }
  if (value instanceof PlainText) return { role: "plain", text: safeLine(value.text) };
  if (value instanceof Timestamp) return { role: "word", text: timestampText(value), hint: "timestamp" };
  if (value instanceof Uint8Array) {
    return { role: "word", text: `bin(${formatCount(value.length)})`, hint: formatBytes(value, 24) };
  }
  if (value instanceof Extension) {
    const bytes = formatBytes(value.bytes, 24);
    return { role: "word", text: `ext ${value.type} (${formatCount(value.bytes.length)})`, hint: bytes };
  }
  if (value instanceof Map)
    return {
      role: "quiet",
      text: `map {${formatCount(value.size)}}`,
      hint: "keys of other types than strings",
    };
  if (Array.isArray(value)) return { role: "quiet", text: `[${formatCount(value.length)}]` };
  return { role: "quiet", text: `{${formatCount(Object.keys(value).length)}}` };
}

/** "3 items", for those who hear the tree rather than see its brackets. */
export function childrenText(value: WireValue): string | undefined {
  if (value instanceof UnpackedValue) return childrenText(value.content.value);
  if (Array.isArray(value)) return formatCountOf(value.length, "item");
  if (value instanceof Map) return formatCountOf(value.size, "entry", "entries");
  return undefined;
}
