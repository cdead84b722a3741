/**
 * A strict JSON parser (RFC 8259) for what JSON.parse cannot tell: numbers by their source text, repeated keys, where
 * a value ends and where a fault is, the same in every engine.
 *
 * @module
 */
import type { DecodeIssue } from "../decode-issue.ts";
import type { WireValue } from "../hub-message.ts";
import { MAX_DEPTH, MAX_ISSUES } from "../limits.ts";
import { setOwn } from "../own-property.ts";
import { exactNumber } from "./numbers.ts";

export interface ParsedValue {
  /** Undefined where there is a fault. */
  readonly value: WireValue;
  /** Behind the value and the white space that follows it. */
  readonly end: number;
  /** `not-json` or `too-deep`. */
  readonly fault: DecodeIssue | undefined;
  readonly duplicates: readonly DecodeIssue[];
}

interface Cursor {
  readonly text: string;
  at: number;
  depth: number;
  fault: DecodeIssue | undefined;
  readonly duplicates: DecodeIssue[];
}

/** Parses the value at the beginning of `text`; what follows it is the caller's business. */
export function parseExactly(text: string): ParsedValue {
  const cursor: Cursor = { text, at: 0, depth: 0, fault: undefined, duplicates: [] };
  const value = readValue(cursor);
  skipSpace(cursor);
  const { at: end, fault, duplicates } = cursor;
  return { value: fault === undefined ? value : undefined, end, fault, duplicates };
}

function readValue(cursor: Cursor): WireValue {
  skipSpace(cursor);
  switch (cursor.text[cursor.at]) {
    case "{":
      return nested(cursor, readObject);
    case "[":
      return nested(cursor, readArray);
    case '"':
      return readString(cursor);
    case "t":
      return readWord(cursor, "true", true);
    case "f":
      return readWord(cursor, "false", false);
    case "n":
      return readWord(cursor, "null", null);
    default:
      return readNumber(cursor);
  }
}

function nested(cursor: Cursor, read: (cursor: Cursor) => WireValue): WireValue {
  if (cursor.depth >= MAX_DEPTH) {
    return fail(cursor, { code: "too-deep", at: cursor.at, detail: `more than ${MAX_DEPTH} levels` });
  }
  cursor.depth += 1;
  cursor.at += 1;
  const value = read(cursor);
  cursor.depth -= 1;
  return value;
}

function readArray(cursor: Cursor): WireValue {
  const items: WireValue[] = [];
  if (accept(cursor, "]")) return items;
  for (;;) {
    items.push(readValue(cursor));
    if (cursor.fault !== undefined || accept(cursor, "]")) return items;
    if (!accept(cursor, ",")) return unexpected(cursor, "',' or ']'");
  }
}

function readObject(cursor: Cursor): WireValue {
  const object: Record<string, WireValue> = {};
  if (accept(cursor, "}")) return object;
  for (;;) {
    skipSpace(cursor);
    const start = cursor.at;
    if (cursor.text[start] !== '"') return unexpected(cursor, "a property name");
    const key = readString(cursor);
    if (key === undefined) return undefined;
    if (!accept(cursor, ":")) return unexpected(cursor, "':'");
    if (Object.hasOwn(object, key) && cursor.duplicates.length < MAX_ISSUES) {
      cursor.duplicates.push({ code: "duplicate-key", field: key, at: start });
    }
    setOwn(object, key, readValue(cursor));
    if (cursor.fault !== undefined || accept(cursor, "}")) return object;
    if (!accept(cursor, ",")) return unexpected(cursor, "',' or '}'");
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function readNumber(cursor: Cursor): WireValue {
  NUMBER.lastIndex = cursor.at;
  const source = NUMBER.exec(cursor.text)?.[0];
  if (source === undefined) return unexpected(cursor, "a value");
  cursor.at += source.length;
  return exactNumber(source);
}

function readWord(cursor: Cursor, word: string, value: boolean | null): WireValue {
  if (!cursor.text.startsWith(word, cursor.at)) return unexpected(cursor, "a value");
  cursor.at += word.length;
  return value;
}

/** Runs of characters that stand for themselves. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them unescaped, which is the point
const PLAIN = /[^"\\\u0000-\u001f]*/y;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Behind the quote that ends the string at `start`; the end of the text where none does. */
export function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text[before] === "\\") before -= 1;
    if ((at - before) % 2 === 1) return at + 1;
  }
  return text.length;
}

function readString(cursor: Cursor): string | undefined {
  const end = endOfString(cursor.text, cursor.at);
  try {
    const value = JSON.parse(cursor.text.slice(cursor.at, end)) as string;
    cursor.at = end;
    return value;
  } catch {
    return readFaultyString(cursor);
  }
}

/** Finds out where the fault is. */
function readFaultyString(cursor: Cursor): string | undefined {
  const { text } = cursor;
  const pieces: string[] = [];
  cursor.at += 1;
  for (;;) {
    PLAIN.lastIndex = cursor.at;
    const plain = PLAIN.exec(text)?.[0] ?? "";
    cursor.at += plain.length;
    pieces.push(plain);
    const next = text[cursor.at];
    if (next === '"') {
      cursor.at += 1;
      return pieces.length === 1 ? plain : pieces.join("");
    }
    if (next !== "\\") return unexpected(cursor, "the end of a string");
    const escaped = readEscape(cursor);
    if (escaped === undefined) return undefined;
    pieces.push(escaped);
  }
}

const FOUR_HEX_DIGITS = /[\da-fA-F]{4}/y;

function readEscape(cursor: Cursor): string | undefined {
  const letter = cursor.text[cursor.at + 1] ?? "";
  if (letter === "u") {
    FOUR_HEX_DIGITS.lastIndex = cursor.at + 2;
    const digits = FOUR_HEX_DIGITS.exec(cursor.text)?.[0];
    if (digits === undefined) return unexpected(cursor, "four hexadecimal digits");
    cursor.at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
  if (!Object.hasOwn(ESCAPES, letter)) return unexpected(cursor, "an escape");
  cursor.at += 2;
  return ESCAPES[letter];
}

function accept(cursor: Cursor, character: string): boolean {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}

function skipSpace(cursor: Cursor): void {
  for (; ; cursor.at++) {
    const unit = cursor.text.charCodeAt(cursor.at);
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
  }
}

function unexpected(cursor: Cursor, wanted: string): undefined {
  const found = cursor.text.codePointAt(cursor.at);
  const what = found === undefined ? "the end" : JSON.stringify(String.fromCodePoint(found));
  return fail(cursor, { code: "not-json", at: cursor.at, detail: `expected ${wanted}, found ${what}` });
}

function fail(cursor: Cursor, fault: DecodeIssue): undefined {
  cursor.fault ??= fault;
  return undefined;
}
