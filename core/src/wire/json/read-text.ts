import { decodeUtf8 } from "../../bytes/utf8.ts";
import type { DecodeIssue } from "../decode-issue.ts";
import type { RawRecord } from "../hub-codec.ts";
import type { WireValue } from "../hub-message.ts";
import {
  MAX_DEPTH,
  MAX_DEPTH_OF_DOTNET_JSON,
  MAX_DETAIL_LENGTH,
  MAX_LENGTH_FOR_DUPLICATE_SEARCH,
} from "../limits.ts";
import { parseExactly } from "./exact-parser.ts";
import { mayHoldInexactNumbers } from "./numbers.ts";

/** The text of a record that carries JSON, whatever the payload was. */
export function textOf(record: RawRecord, issues: DecodeIssue[]): string {
  if (record.kind === "text") return record.text;
  const { text, isValid } = decodeUtf8(record.bytes);
  if (!isValid) issues.push({ code: "invalid-utf8" });
  return text;
}

/**
 * The value that `text` is or begins with; undefined, which JSON cannot say, where it is none. Numbers are exact.
 * Repeated names of the outermost object are found in records of ordinary length, deeper ones where it costs nothing.
 */
export function readJson(text: string, issues: DecodeIssue[]): WireValue {
  if (text === "") {
    issues.push({ code: "empty-record" });
    return undefined;
  }
  const depth = depthBeyond(text, MAX_DEPTH_OF_DOTNET_JSON);
  if (depth > MAX_DEPTH_OF_DOTNET_JSON) {
    issues.push({ code: "too-deep", detail: `${depth} levels` });
    if (depth > MAX_DEPTH) return undefined;
  }
  if (mayHoldInexactNumbers(text)) return readExactly(text, issues);
  let value: WireValue;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's message differs from engine to engine; the exact parser finds the same fault and its place.
    return readExactly(text, issues);
  }
  if (text.length <= MAX_LENGTH_FOR_DUPLICATE_SEARCH && mayRepeatNames(text, value)) {
    return readExactly(text, issues);
  }
  return value;
}

function readExactly(text: string, issues: DecodeIssue[]): WireValue {
  const { value, end, fault, duplicates } = parseExactly(text);
  issues.push(...duplicates);
  if (fault !== undefined) {
    issues.push(fault);
    return undefined;
  }
  if (end < text.length) {
    issues.push({ code: "trailing-data", at: end, detail: text.slice(end, end + MAX_DETAIL_LENGTH) });
  }
  return value;
}

/** Two searches a name in native code, against a walk through the text. */
function mayRepeatNames(text: string, value: WireValue): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  for (const name of Object.keys(value)) {
    const quoted = `"${name}"`;
    if (text.indexOf(quoted) !== text.lastIndexOf(quoted)) return true;
  }
  return false;
}

/**
 * How deep arrays and objects nest, where that can be more than `floor`; otherwise 0. A text with no more than
 * `floor` opening brackets, which is nearly every text, is not walked through.
 */
function depthBeyond(text: string, floor: number): number {
  if (text.length <= 2 * floor || !hasMoreThan(text, floor)) return 0;
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) {
      at = endOfString(text, at);
    } else if (unit === 0x5b || unit === 0x7b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (unit === 0x5d || unit === 0x7d) {
      depth -= 1;
    }
  }
  return deepest;
}

function hasMoreThan(text: string, count: number): boolean {
  let found = 0;
  for (const bracket of ["{", "["]) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      found += 1;
      if (found > count) return true;
    }
  }
  return false;
}

/** Of the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === 0x5c) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}
