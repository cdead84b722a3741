/**
 * UTF-8 to text in the cheapest way for its length. What is not valid is undefined: the thorough reader says where.
 *
 * @module
 */
import { decodeUtf8 } from "../../bytes/utf8.ts";

/** Below this, making the text from code units beats the fixed cost of a TextDecoder, even in Chromium. */
const SHORT = 72;

/** Names up to this many bytes are remembered. */
const LONGEST_NAME = 63;
const REMEMBERED = 2048;

const names: string[] = new Array<string>(REMEMBERED).fill("");

/** One array a length: `apply` takes all of an array. */
const units: number[][] = Array.from({ length: SHORT }, (_, length) => new Array<number>(length).fill(0));

export function quickText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  if (length === 0) return "";
  if (length < SHORT) {
    const list = units[length] as number[];
    let all = 0;
    for (let index = 0; index < length; index++) {
      const byte = bytes[start + index] as number;
      all |= byte;
      list[index] = byte;
    }
    if (all < 0x80) return String.fromCharCode.apply(null, list);
    return foreignText(bytes, start, end);
  }
  const { text, isValid } = decodeUtf8(bytes.subarray(start, end));
  return isValid ? text : undefined;
}

/** The same names come again and again: one that is remembered is compared, not made. */
export function quickName(bytes: Uint8Array, start: number, length: number): string | undefined {
  if (length === 0 || length > LONGEST_NAME) return quickText(bytes, start, start + length);
  const first = bytes[start] as number;
  const middle = bytes[start + (length >> 1)] as number;
  const last = bytes[start + length - 1] as number;
  const place = (length * 31 + first * 7 + middle * 17 + last * 131) & (REMEMBERED - 1);
  const known = names[place] as string;
  if (known.length === length) {
    let index = 0;
    while (index < length && known.charCodeAt(index) === bytes[start + index]) index += 1;
    if (index === length) return known;
  }
  const name = quickText(bytes, start, start + length);
  // Only ASCII has as many units as bytes, so what is remembered is ASCII.
  if (name === undefined || name.length !== length) return name;
  const inTable = asKey(name);
  names[place] = inTable;
  return inTable;
}

/** The same text as the engine keeps it for names of properties: objects take it as it is, and equal ones are identical. */
function asKey(name: string): string {
  for (const key in { [name]: 0 }) return key;
  return name;
}

/** Text with other characters than ASCII, which is decoded here because a TextDecoder costs as much as ten of them. */
function foreignText(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = "";
  let at = start;
  while (at < end) {
    const first = bytes[at++] as number;
    if (first < 0x80) {
      text += String.fromCharCode(first);
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
    text += more === 3 ? String.fromCodePoint(point) : String.fromCharCode(point);
  }
  return text;
}
