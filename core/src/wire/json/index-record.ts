/**
 * What a record says before and behind its content, without reading that. Knows what .NET and the official client write;
 * anything else is decoded.
 *
 * @module
 */
import { nextSeparator } from "../framing/record-separator.ts";
import type { Piece } from "../framing/tail.ts";
import type { MessageIndex, RawRecord } from "../hub-codec.ts";
import type { MessageHead } from "../hub-message.ts";
import { indexOfDecoded } from "../lazy-record.ts";
import { decodeJsonRecord } from "./decode.ts";

export function indexJsonRecord(record: RawRecord): MessageIndex {
  const index = record.kind === "text" ? indexText(record.text) : undefined;
  return index ?? indexOfDecoded(decodeJsonRecord(record));
}

export function indexJsonAt(payload: Piece, start: number, end: number): MessageIndex {
  const index = indexJsonRecord(
    typeof payload === "string"
      ? { kind: "text", text: payload.slice(start, end) }
      : { kind: "binary", bytes: payload.subarray(start, end) },
  );
  return index.end === 0 ? index : { head: index.head, start: index.start + start, end: index.end + start };
}

export function indexJsonPayload(payload: Piece): readonly MessageIndex[] {
  const indexes: MessageIndex[] = [];
  let start = 0;
  for (let end = nextSeparator(payload, 0); end >= 0; end = nextSeparator(payload, start)) {
    indexes.push(indexJsonAt(payload, start, end));
    start = end + 1;
  }
  return indexes;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const COMMA = 0x2c;
const ZERO = 0x30;

/** How .NET begins most of what it sends. */
const CALL = '{"type":1,"target":"';
const LIST = '","arguments":[';

function indexText(text: string): MessageIndex | undefined {
  if (text.charCodeAt(text.length - 1) !== CLOSING_BRACE) return undefined;
  if (text.startsWith(CALL)) {
    const end = endOfPlainText(text, CALL.length);
    if (end <= CALL.length || !text.startsWith(LIST, end)) return undefined;
    return call(text, undefined, text.slice(CALL.length, end), end + LIST.length - 1, text.length - 1);
  }
  if (isAt(text, 0, '{"type":')) return typeFirst(text);
  if (isAt(text, text.length - 10, ',"type":')) return typeLast(text);
  return undefined;
}

/** As .NET writes: type, invocation ID, target, content. */
function typeFirst(text: string): MessageIndex | undefined {
  const type = text.charCodeAt(8) - ZERO;
  let at = 9;
  if (type === 6) return text.length === 10 ? { head: PING, start: 0, end: 0 } : undefined;
  let invocationId: string | undefined;
  if (isAt(text, at, ',"invocationId":"')) {
    at += 17;
    const end = endOfPlainText(text, at);
    if (end <= at) return undefined;
    invocationId = text.slice(at, end);
    at = end + 1;
  }
  const last = text.length - 1;
  if (type === 1) {
    if (!isAt(text, at, ',"target":"')) return undefined;
    at += 11;
    const end = endOfPlainText(text, at);
    if (end <= at || !isAt(text, end, '","arguments":[')) return undefined;
    return call(text, invocationId, text.slice(at, end), end + 14, last);
  }
  if (invocationId === undefined) return undefined;
  if (type === 2 && isAt(text, at, ',"item":')) {
    return content(text, { kind: "stream-item", invocationId }, at + 8, last);
  }
  if (type === 3 && isAt(text, at, ',"result":')) {
    return content(text, { kind: "completion", invocationId, outcome: RESULT }, at + 10, last);
  }
  return undefined;
}

const PING: MessageHead = { kind: "ping" };
const RESULT = { kind: "result" } as const;

/** As the official client writes: target and arguments, or ID and content; the type is last. */
function typeLast(text: string): MessageIndex | undefined {
  const type = text.charCodeAt(text.length - 2) - ZERO;
  const last = text.length - 10;
  if (type === 1) {
    if (!isAt(text, 0, '{"target":"')) return undefined;
    const end = endOfPlainText(text, 11);
    if (end <= 11 || !isAt(text, end, '","arguments":[')) return undefined;
    const target = text.slice(11, end);
    if (text.charCodeAt(last - 1) === CLOSING_BRACKET) return call(text, undefined, target, end + 14, last);
    // Between the arguments and the type is the ID.
    const quote = text.lastIndexOf('"', last - 2);
    const behind = quote - 16;
    if (text.charCodeAt(last - 1) !== QUOTE || quote + 1 === last - 1) return undefined;
    if (!isAt(text, behind, ',"invocationId":') || endOfPlainText(text, quote + 1) !== last - 1)
      return undefined;
    if (text.charCodeAt(behind - 1) !== CLOSING_BRACKET) return undefined;
    return call(text, text.slice(quote + 1, last - 1), target, end + 14, behind);
  }
  if (!isAt(text, 0, '{"invocationId":"')) return undefined;
  const end = endOfPlainText(text, 17);
  if (end <= 17) return undefined;
  const invocationId = text.slice(17, end);
  if (type === 2 && isAt(text, end, '","item":')) {
    return content(text, { kind: "stream-item", invocationId }, end + 9, last);
  }
  if (type === 3 && isAt(text, end, '","result":')) {
    return content(text, { kind: "completion", invocationId, outcome: RESULT }, end + 11, last);
  }
  return undefined;
}

function call(
  text: string,
  invocationId: string | undefined,
  target: string,
  start: number,
  end: number,
): MessageIndex | undefined {
  if (text.charCodeAt(end - 1) !== CLOSING_BRACKET || mayEndWithStreams(text, start, end)) return undefined;
  const head: MessageHead =
    invocationId === undefined
      ? { kind: "invocation", target }
      : { kind: "invocation", invocationId, target };
  return { head, start, end };
}

/** Stream IDs follow the arguments, a list of texts: read backwards to what its list belongs to. */
function mayEndWithStreams(text: string, start: number, end: number): boolean {
  // Searching backwards costs more, and where there is no other list there is none of streams.
  if (end - start < LONGEST_CONTENT_SEARCHED && text.indexOf("[", start + 1) < 0) return false;
  let at = end - 2;
  while (text.charCodeAt(at) === QUOTE) {
    const opening = text.lastIndexOf('"', at - 1);
    if (opening <= start || text.charCodeAt(opening - 1) === BACKSLASH) return opening > start;
    at = opening - 1;
    if (text.charCodeAt(at) !== COMMA) break;
    at -= 1;
  }
  return text.charCodeAt(at) === OPENING_BRACKET && at > start && text.charCodeAt(at - 1) === COLON;
}

const COLON = 0x3a;

/** The content must end as it begins: then nothing but a value of the same kind can follow it. */
function content(text: string, head: MessageHead, start: number, end: number): MessageIndex | undefined {
  const first = text.charCodeAt(start);
  const final = text.charCodeAt(end - 1);
  if (first === OPENING_BRACE) return final === CLOSING_BRACE ? { head, start, end } : undefined;
  if (first === OPENING_BRACKET) return final === CLOSING_BRACKET ? { head, start, end } : undefined;
  if (first === QUOTE) return endOfPlainText(text, start + 1) === end - 1 ? { head, start, end } : undefined;
  // A number or a word: short, and with nothing behind it.
  const comma = text.indexOf(",", start);
  return end > start && (comma < 0 || comma >= end) ? { head, start, end } : undefined;
}

/** The quote that ends a text without escapes; -1 where it has any, or no end. */
function endOfPlainText(text: string, start: number): number {
  const end = text.indexOf('"', start);
  if (end - start > LONGEST_SEARCHED) {
    const backslash = text.indexOf("\\", start);
    return backslash >= 0 && backslash < end ? -1 : end;
  }
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === BACKSLASH || unit < 0x20) return -1;
  }
  return end;
}

/** Longer content is not searched, so that it takes no time. */
const LONGEST_CONTENT_SEARCHED = 512;

/** Beyond this a search costs less than a loop. */
const LONGEST_SEARCHED = 64;

function isAt(text: string, at: number, wanted: string): boolean {
  for (let index = 0; index < wanted.length; index++) {
    if (text.charCodeAt(at + index) !== wanted.charCodeAt(index)) return false;
  }
  return true;
}
