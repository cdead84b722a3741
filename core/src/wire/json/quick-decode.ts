/**
 * The messages that peers send nearly always, decoded with one `JSON.parse` and as few looks at the text as exactness
 * needs. Whatever is not certain to be ordinary is left to `decode.ts`, which says the same, slower.
 *
 * @module
 */
import type { HubMessage, WireValue } from "../hub-message.ts";
import { MAX_DEPTH_OF_DOTNET_JSON, MAX_LENGTH_FOR_DUPLICATE_SEARCH } from "../limits.ts";
import { depthOf, hasMoreBrackets } from "./depth.ts";
import { mayHoldInexactNumbers } from "./numbers.ts";
import { behindPayload, mayRepeatNames } from "./repeated-names.ts";

interface Parsed {
  readonly type?: WireValue;
  readonly headers?: WireValue;
  readonly target?: WireValue;
  readonly arguments?: WireValue;
  readonly invocationId?: WireValue;
  readonly streamIds?: WireValue;
  readonly item?: WireValue;
  readonly result?: WireValue;
  readonly error?: WireValue;
}

/** Undefined where the record is not certain to be free of issues, with every number exact. */
export function decodeQuickly(text: string): HubMessage | undefined {
  // A throw costs as much as a long record.
  if (text.charCodeAt(0) !== OPENING_BRACE) return undefined;
  let parsed: Parsed | null;
  try {
    parsed = JSON.parse(text) as Parsed | null;
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  switch (parsed.type) {
    case 1:
      return invocation(text, parsed);
    case 2:
      return streamItem(text, parsed);
    case 3:
      return completion(text, parsed);
    case 6:
      return text === '{"type":6}' ? { kind: "ping" } : undefined;
    default:
      return undefined;
  }
}

function invocation(text: string, parsed: Parsed): HubMessage | undefined {
  const { target, arguments: list, invocationId } = parsed;
  if (typeof target !== "string" || target === "" || !Array.isArray(list)) return undefined;
  if (invocationId === undefined) {
    const start = payloadStart(text, "target".length, target.length, "arguments".length);
    const isPlain = start > 0 && behindFlatList(text, start, list) === text.length - 1;
    if (!isPlain && !isSound(text, parsed, 3, start, "]")) return undefined;
    return { kind: "invocation", target, arguments: list };
  }
  if (typeof invocationId !== "string" || invocationId === "") return undefined;
  if (!isSound(text, parsed, 4, 0, "]")) return undefined;
  return { kind: "invocation", invocationId, target, arguments: list };
}

function streamItem(text: string, parsed: Parsed): HubMessage | undefined {
  const { invocationId, item } = parsed;
  if (typeof invocationId !== "string" || invocationId === "" || item === undefined) return undefined;
  const start = payloadStart(text, "invocationId".length, invocationId.length, "item".length);
  return isPayloadSound(text, parsed, start, item) ? { kind: "stream-item", invocationId, item } : undefined;
}

function completion(text: string, parsed: Parsed): HubMessage | undefined {
  const { invocationId, result } = parsed;
  if (typeof invocationId !== "string" || invocationId === "" || result === undefined) return undefined;
  const start = payloadStart(text, "invocationId".length, invocationId.length, "result".length);
  if (!isPayloadSound(text, parsed, start, result)) return undefined;
  return { kind: "completion", invocationId, outcome: { kind: "result", value: result } };
}

const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACKET = 0x5d;
const CLOSING_BRACE = 0x7d;

/** With the properties that were found, the record has these and no others. */
function hasNames(parsed: Parsed, count: number): boolean {
  let names = 0;
  for (const _ in parsed) names += 1;
  return names === count;
}

/**
 * Where the payload begins in what .NET writes, `{"type":1,"…":"…","…":`; 0 where the text is not so. That the record has
 * these three names is known already, and where quotes and colons stand tells which is which: no other way to write
 * one of them is as long. Places are compared one by one because any search costs more. A first value with escapes is
 * longer than it says, and then the quotes that are looked for would end a text which was found to be JSON.
 */
function payloadStart(text: string, firstName: number, firstValue: number, payloadName: number): number {
  const colon = 11 + firstName + 1;
  const end = colon + 2 + firstValue;
  const isOurs =
    text.charCodeAt(1) === QUOTE &&
    text.charCodeAt(6) === QUOTE &&
    text.charCodeAt(7) === COLON &&
    text.charCodeAt(9) === COMMA &&
    text.charCodeAt(10) === QUOTE &&
    text.charCodeAt(colon - 1) === QUOTE &&
    text.charCodeAt(colon) === COLON &&
    text.charCodeAt(colon + 1) === QUOTE &&
    text.charCodeAt(end) === QUOTE &&
    text.charCodeAt(end + 1) === COMMA &&
    text.charCodeAt(end + 2) === QUOTE &&
    text.charCodeAt(end + 3 + payloadName) === QUOTE &&
    text.charCodeAt(end + 4 + payloadName) === COLON;
  return isOurs ? end + 5 + payloadName : 0;
}

function isPayloadSound(text: string, parsed: Parsed, start: number, payload: WireValue): boolean {
  if (typeof payload === "object" && payload !== null) {
    return isSound(text, parsed, 3, start, Array.isArray(payload) ? "]" : "}");
  }
  const last = text.length - 1;
  if (start > 0) {
    // Three names in three places: there is no other property, and none twice.
    if (typeof payload === "number" && behindShortNumber(text, start) === last) return true;
    if (typeof payload === "string" && start + payload.length + 2 === last) return true;
  }
  return isSound(text, parsed, 3, 0, "");
}

/**
 * True where there are `count` properties and none twice, every number is exact and nothing is too deep. `closer` ends
 * the payload that begins at `start`; 0 where that is not known.
 */
function isSound(text: string, parsed: Parsed, count: number, start: number, closer: string): boolean {
  if (!hasNames(parsed, count) || !isExact(text)) return false;
  if (text.length <= MAX_LENGTH_FOR_DUPLICATE_SEARCH) {
    const isRepeating = start > 0 ? behindPayload(text, start, closer, parsed) : mayRepeatNames(text, parsed);
    if (isRepeating) return false;
  }
  return (
    text.length <= 2 * MAX_DEPTH_OF_DOTNET_JSON ||
    !hasMoreBrackets(text, MAX_DEPTH_OF_DOTNET_JSON) ||
    depthOf(parsed) <= MAX_DEPTH_OF_DOTNET_JSON
  );
}

/**
 * Where a list ends that begins at `start` and has nothing but texts without escapes, short numbers, booleans and nulls;
 * 0 where it has anything else. Texts are jumped over by their length.
 */
function behindFlatList(text: string, start: number, list: readonly WireValue[]): number {
  let at = start + 1;
  for (let index = 0; index < list.length; index++) {
    if (index > 0 && text.charCodeAt(at++) !== COMMA) return 0;
    const item = list[index];
    if (typeof item === "string") {
      if (text.charCodeAt(at) !== QUOTE) return 0;
      at += item.length + 2;
      if (text.charCodeAt(at - 1) !== QUOTE) return 0;
    } else if (typeof item === "number") {
      at = behindShortNumber(text, at);
    } else if (item === null || item === true) {
      at += 4;
    } else if (item === false) {
      at += 5;
    } else {
      return 0;
    }
  }
  return text.charCodeAt(at) === CLOSING_BRACKET ? at + 1 : 0;
}

/** The end of a number that every double holds: no exponent, and no more digits than survive. */
function behindShortNumber(text: string, start: number): number {
  for (let at = start; at < start + 16; at++) {
    const unit = text.charCodeAt(at);
    if (unit === COMMA || unit === CLOSING_BRACKET || unit === CLOSING_BRACE) return at;
    if (unit < 0x2d || unit > 0x39) break;
  }
  // No list goes on here.
  return text.length;
}

function isExact(text: string): boolean {
  return !mayHoldInexactNumbers(text);
}
