import { encodeBase64 } from "../../core/src/bytes/base64.ts";
import { redactText } from "../../core/src/session/redaction.ts";
import { Extension, JsonNumber, Timestamp, type WireValue } from "../../core/src/wire/hub-message.ts";
import { timestampText } from "../../core/src/wire/timestamp-text.ts";

/** Values as the arguments editor shows them. */
export interface ArgumentsText {
  readonly text: string;
  /** What `secret(1)`, `secret(2)` … in the text stand for. */
  readonly secrets: readonly string[];
}

const LONGEST_LINE = 64;

/**
 * Values as text that `parseArguments` reads back. Texts that hold a secret are written `secret(1)`, so that they
 * can be sent again without being shown; `known` are secrets that have a number already.
 */
export function argumentsText(values: readonly WireValue[], known: readonly string[] = []): ArgumentsText {
  const secrets = [...known];
  const text = values.map((value) => write(value, "", undefined, secrets)).join(",\n");
  return { text, secrets };
}

function write(value: WireValue, indent: string, key: string | undefined, secrets: string[]): string {
  switch (typeof value) {
    case "string":
      return stringText(value, key, secrets);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      return value === null ? "null" : objectText(value, indent, secrets);
    default:
      return "null";
  }
}

function stringText(value: string, key: string | undefined, secrets: string[]): string {
  const written = JSON.stringify(value);
  const asProperty = key === undefined ? written : `${JSON.stringify(key)}:${written}`;
  if (redactText(asProperty) === asProperty) return written;
  secrets.push(value);
  return `secret(${secrets.length})`;
}

function objectText(value: object, indent: string, secrets: string[]): string {
  if (value instanceof JsonNumber) return value.source;
  if (value instanceof Uint8Array) return `bytes("${encodeBase64(value)}")`;
  if (value instanceof Timestamp) return `timestamp("${timestampText(value)}")`;
  if (value instanceof Extension) return `ext(${value.type}, "${encodeBase64(value.bytes)}")`;
  const inner = `${indent}  `;
  if (value instanceof Map) {
    const pairs = [...value].map((pair) => write(pair, inner, undefined, secrets));
    return list("map(", pairs, ")", indent);
  }
  if (Array.isArray(value)) {
    const items = value.map((item: WireValue) => write(item, inner, undefined, secrets));
    return list("[", items, "]", indent);
  }
  const properties = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${write(item, inner, key, secrets)}`,
  );
  return list("{", properties, "}", indent);
}

/** On one line where it is short. */
function list(open: string, items: readonly string[], close: string, indent: string): string {
  const length = items.reduce((sum, item) => sum + item.length + 2, 0);
  if (length <= LONGEST_LINE && items.every((item) => !item.includes("\n")))
    return `${open}${items.join(", ")}${close}`;
  const inner = `\n${indent}  `;
  return `${open}${inner}${items.join(`,${inner}`)}\n${indent}${close}`;
}
