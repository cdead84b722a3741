/**
 * All records of one payload. Short ones are parsed together, because a call of `JSON.parse` costs as much as parsing
 * forty characters.
 *
 * @module
 */
import type { DecodeIssue } from "../decode-issue.ts";
import { nextSeparator, RECORD_SEPARATOR, rawOf, slice } from "../framing/record-separator.ts";
import type { Piece } from "../framing/tail.ts";
import type { DecodedMessage } from "../hub-codec.ts";
import { decodeJsonRecord, decodeJsonText, decodeThoroughly } from "./decode.ts";
import { LEAST_MORE } from "./least-length.ts";
import { leastLengthOfMessage, ordinaryMessage, type Parsed } from "./ordinary-message.ts";
import { decodeQuickly } from "./quick-decode.ts";

export function decodeJsonPayload(payload: Piece): readonly DecodedMessage[] {
  if (typeof payload === "string" && payload.charCodeAt(0) === OPENING_BRACE) {
    const last = payload.length - 1;
    const isSearched = searches > 0;
    if (payload.charCodeAt(last) === SEPARATOR && (!isSearched || isOne(payload, last))) {
      // Nearly all payloads. What is JSON has no separator within.
      const text = payload.slice(0, last);
      const message = decodeQuickly(text);
      if (message !== undefined) return [{ message, issues: NO_ISSUES }];
      if (isSearched || isOne(payload, last)) return [decodeThoroughly({ kind: "text", text })];
    }
  }
  return decodeMany(payload);
}

/**
 * Payloads that are still to be searched for a second record before they are parsed. A search takes a tenth of the time
 * of a short message, a throw that of three hundred searches: so it is taken for granted that a payload holds one
 * record until one holds more, and again when none of so many did.
 */
let searches = 0;
const SEARCHES = 1024;

function isOne(payload: string, last: number): boolean {
  if (payload.indexOf(RECORD_SEPARATOR) !== last) {
    searches = SEARCHES;
    return false;
  }
  if (searches > 0) searches -= 1;
  return true;
}

function decodeMany(payload: Piece): readonly DecodedMessage[] {
  if (typeof payload === "string" && payload.endsWith(RECORD_SEPARATOR)) {
    const first = payload.indexOf(RECORD_SEPARATOR);
    const together = first > 0 && first < LONGEST_JOINED ? decodeTogether(payload) : undefined;
    if (together !== undefined) return together;
  }
  return decodeEach(payload);
}

/** A payload that begins with a longer record is not parsed as one: the longer the records, the less it gains. */
const LONGEST_JOINED = 1024;

const OPENING_BRACE = 0x7b;

function decodeEach(payload: Piece): readonly DecodedMessage[] {
  const decoded: DecodedMessage[] = [];
  let start = 0;
  for (let end = nextSeparator(payload, 0); end >= 0; end = nextSeparator(payload, start)) {
    decoded.push(decodeJsonRecord(rawOf(slice(payload, start, end))));
    start = end + 1;
  }
  if (start < payload.length) decoded.push({ message: { kind: "undecodable" }, issues: INCOMPLETE });
  return decoded;
}

const INCOMPLETE: readonly DecodeIssue[] = [{ code: "incomplete-at-close" }];
const NO_ISSUES: readonly DecodeIssue[] = [];
const SEPARATOR = 0x1e;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what separates records
const SEPARATORS = /\x1e/g;

/**
 * Undefined where it is not certain that each record is one value of the list. A record could hold two of them, and
 * the next but a half. Then either their number is wrong, or a record that ends two values is at least three units
 * longer than the second of them, and so neither brief nor JSON by itself.
 */
function decodeTogether(payload: string): readonly DecodedMessage[] | undefined {
  const joined = payload.replace(SEPARATORS, " ,");
  const values = parsedList(joined);
  // Each separator has become one unit longer, so their number needs no search.
  const count = joined.length - payload.length;
  if (values === undefined || values.length - 1 !== count) return undefined;
  const decoded = new Array<DecodedMessage>(count);
  let start = 0;
  for (let index = 0; index < count; index++) {
    const value = values[index];
    const message = typeof value === "object" && value !== null ? ordinaryMessage(value) : undefined;
    const least = message === undefined ? Number.NaN : leastLengthOfMessage(message);
    // Nearly all records are as short as can be, and asking for that costs less than a search.
    const expected = start + least;
    const end =
      payload.charCodeAt(expected) === SEPARATOR ? expected : payload.indexOf(RECORD_SEPARATOR, start);
    if (end < 0) return undefined;
    if (message !== undefined && end - expected < LEAST_MORE) {
      decoded[index] = { message, issues: NO_ISSUES };
    } else {
      const text = payload.slice(start, end);
      if (!isJson(text)) return undefined;
      decoded[index] = decodeJsonText(text);
    }
    start = end + 1;
  }
  return decoded;
}

/** With one more behind the last comma. */
function parsedList(joined: string): readonly (Parsed | null)[] | undefined {
  try {
    return JSON.parse(`[${joined}0]`) as readonly (Parsed | null)[];
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
