/**
 * UTF-8 to text in the cheapest way for its length. What is not valid is undefined: the thorough reader says where.
 *
 * @module
 */
import { decodeUtf8 } from "../../bytes/utf8.ts";
import { viewOf } from "../framing/length-prefix.ts";

/** Below this, making the text from code units beats the fixed cost of a TextDecoder, even in Chromium. */
const SHORT = 72;

/** Names up to this many bytes are remembered. */
const LONGEST_NAME = 63;
const REMEMBERED = 2048;

/** A text with its bytes, which are compared faster than its units. */
export interface Name {
  readonly text: string;
  readonly bytes: readonly number[];
}

/** Of a name that is not remembered: no bytes are these. */
const NO_BYTES: readonly number[] = [-1];
const names: Name[] = Array.from({ length: REMEMBERED }, () => ({ text: "", bytes: NO_BYTES }));

/** One array a length: `apply` takes all of an array. */
const units: number[][] = Array.from({ length: SHORT }, (_, length) => new Array<number>(length).fill(0));

export function quickText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  if (length < SHORTEST_IN_WINDOW) return tinyText(bytes, start, length);
  if (length <= LONGEST_IN_WINDOW) {
    if (bytes !== windowed || end > windowEnd || start < windowStart) {
      if (bytes.length - start > LEAST_WINDOW) openWindow(bytes, start);
      else return length < SHORT ? shortText(bytes, start, end) : longText(bytes, start, end);
    }
    let all = 0;
    for (let index = start; index < end; index++) all |= bytes[index] as number;
    if (all < 0x80) return window.substring(start - windowStart, end - windowStart);
  }
  return length < SHORT ? shortText(bytes, start, end) : longText(bytes, start, end);
}

/** Up to eight bytes, without a list of them. */
function tinyText(bytes: Uint8Array, at: number, length: number): string | undefined {
  let all = 0;
  for (let index = 0; index < length; index++) all |= bytes[at + index] as number;
  if (all > 0x7f) return foreignText(bytes, at, at + length);
  const a = bytes[at] as number;
  const b = bytes[at + 1] as number;
  const c = bytes[at + 2] as number;
  const d = bytes[at + 3] as number;
  switch (length) {
    case 0:
      return "";
    case 1:
      return String.fromCharCode(a);
    case 2:
      return String.fromCharCode(a, b);
    case 3:
      return String.fromCharCode(a, b, c);
    case 4:
      return String.fromCharCode(a, b, c, d);
  }
  const e = bytes[at + 4] as number;
  const f = bytes[at + 5] as number;
  const g = bytes[at + 6] as number;
  switch (length) {
    case 5:
      return String.fromCharCode(a, b, c, d, e);
    case 6:
      return String.fromCharCode(a, b, c, d, e, f);
    case 7:
      return String.fromCharCode(a, b, c, d, e, f, g);
    default:
      return String.fromCharCode(a, b, c, d, e, f, g, bytes[at + 7] as number);
  }
}

function longText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const { text, isValid } = decodeUtf8(viewOf(bytes, start, end));
  return isValid ? text : undefined;
}

function shortText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  const list = units[length] as number[];
  let all = 0;
  for (let index = 0; index < length; index++) {
    const byte = bytes[start + index] as number;
    all |= byte;
    list[index] = byte;
  }
  return all < 0x80 ? String.fromCharCode.apply(null, list) : foreignText(bytes, start, end);
}

/** Shorter texts are made faster than they are cut out. */
const SHORTEST_IN_WINDOW = 9;

/** A longer text has room for hardly another beside it. */
const LONGEST_IN_WINDOW = 1024;

/** Less than this is not worth a window. */
const LEAST_WINDOW = 512;

/**
 * A piece of a payload as text: one TextDecoder call for many texts that are cut out of it. The highest bit of every byte is
 * taken away, so that every byte is one unit; texts that have it are not cut out. Not longer, because each text
 * that is kept keeps its window.
 */
const WINDOW = 4096;
const masked = new Uint8Array(WINDOW);
const maskedWords = new Uint32Array(masked.buffer);

let windowed: Uint8Array | undefined;
let window = "";
let windowStart = 0;
let windowEnd = 0;

function openWindow(bytes: Uint8Array, from: number): void {
  // Words are four times as fast as bytes, where the memory lies so.
  const lead = (bytes.byteOffset + from) & 3;
  const start = lead <= from ? from - lead : from;
  const length = Math.min(WINDOW, bytes.length - start);
  const isAligned = ((bytes.byteOffset + start) & 3) === 0;
  const words = isAligned ? new Uint32Array(bytes.buffer, bytes.byteOffset + start, length >> 2) : NO_WORDS;
  for (let index = 0; index < words.length; index++) {
    maskedWords[index] = (words[index] as number) & 0x7f7f_7f7f;
  }
  for (let index = words.length * 4; index < length; index++) {
    masked[index] = (bytes[start + index] as number) & 0x7f;
  }
  window = ascii.decode(masked.subarray(0, length));
  windowed = bytes;
  windowStart = start;
  windowEnd = start + length;
}

const NO_WORDS = new Uint32Array();
const ascii = new TextDecoder();

/** The payload may change from here on, and is not kept alive. */
export function closeWindow(): void {
  windowed = undefined;
  window = "";
}

/** The same names come again and again: one that is remembered is compared, not made. */
export function quickName(bytes: Uint8Array, start: number, length: number): Name | undefined {
  if (length === 0 || length > LONGEST_NAME) return newName(quickText(bytes, start, start + length));
  const first = bytes[start] as number;
  const middle = bytes[start + (length >> 1)] as number;
  const last = bytes[start + length - 1] as number;
  const place = (length * 31 + first * 7 + middle * 17 + last * 131) & (REMEMBERED - 1);
  const known = names[place] as Name;
  if (known.bytes.length === length && isNameAt(known, bytes, start)) return known;
  const text = quickText(bytes, start, start + length);
  // Only ASCII has as many units as bytes; other names are rare.
  if (text === undefined || text.length !== length) return newName(text);
  const name: Name = { text: asKey(text), bytes: Array.from(bytes.subarray(start, start + length)) };
  names[place] = name;
  return name;
}

function newName(text: string | undefined): Name | undefined {
  return text === undefined ? undefined : { text, bytes: NO_BYTES };
}

/** True where the name stands there, of which the length is known to fit. */
export function isNameAt({ bytes: own }: Name, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < own.length; index++) {
    if (own[index] !== bytes[start + index]) return false;
  }
  return true;
}

/** The same text as the engine keeps it for names of properties: objects take it as it is, and equal ones are identical. */
function asKey(name: string): string {
  for (const key in { [name]: 0 }) return key;
  return name;
}

/** Units of a text whose length in units is not known before. */
const foreignUnits: number[] = new Array<number>(SHORT).fill(0);

/** Text with other characters than ASCII, which is decoded here because a TextDecoder costs as much as ten of them. */
function foreignText(bytes: Uint8Array, start: number, end: number): string | undefined {
  let count = 0;
  let at = start;
  while (at < end) {
    const first = bytes[at++] as number;
    if (first < 0x80) {
      foreignUnits[count++] = first;
      continue;
    }
    const more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if (first < 0xc2 || first > 0xf4 || more > end - at) return undefined;
    let point = first & (0x3f >> more);
    for (let index = 0; index < more; index++) {
      const byte = bytes[at++] as number;
      if ((byte & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (byte & 0x3f);
    }
    // Longer than it needs to be, a surrogate, or beyond Unicode.
    if (more === 2 && (point < 0x800 || (point >= 0xd800 && point < 0xe000))) return undefined;
    if (more === 3 && (point < 0x1_0000 || point > 0x10_ffff)) return undefined;
    if (more === 3) {
      foreignUnits[count++] = 0xd7c0 + (point >> 10);
      foreignUnits[count++] = 0xdc00 | (point & 0x3ff);
    } else {
      foreignUnits[count++] = point;
    }
  }
  const list = units[count] as number[];
  for (let index = 0; index < count; index++) list[index] = foreignUnits[index] as number;
  return String.fromCharCode.apply(null, list);
}
