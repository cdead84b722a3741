/**
 * Reads the MessagePack that peers send nearly always: sound, with names as keys, no key twice. At anything else it
 * gives up, and `reader.ts` reads the record again and says what is odd. One reader for all: reading is never
 * interrupted.
 *
 * @module
 */
import { Extension, Timestamp, type WireValue } from "../hub-message.ts";
import { isNameAt, type Name, quickName, quickText } from "./quick-text.ts";

/** Deeper values are left to the thorough reader: nobody sends them. */
const MAX_QUICK_DEPTH = 64;

const NOTHING = new Uint8Array();

let bytes: Uint8Array = NOTHING;
let at = 0;
let end = 0;
let depth = 0;
let hasFailed = false;

const scratchBytes = new Uint8Array(8);
const scratch = new DataView(scratchBytes.buffer);

/** The record between two offsets of a payload. */
export function openQuickly(payload: Uint8Array, recordStart: number, recordEnd: number): void {
  bytes = payload;
  at = recordStart;
  end = recordEnd;
  depth = 0;
  hasFailed = false;
}

/** True while nothing odd was met. */
export function isQuick(): boolean {
  return !hasFailed;
}

export function quickOffset(): number {
  return at;
}

/** Lets the payload go, so that it is not kept alive. */
export function closeQuickly(): void {
  bytes = NOTHING;
}

/** Nothing is left to be read then, so that whoever reads on ends soon. */
function giveUp(): undefined {
  hasFailed = true;
  at = end;
  return undefined;
}

/** The next byte, moved past; -1 behind the end. */
export function quickByte(): number {
  if (at >= end) {
    giveUp();
    return -1;
  }
  return bytes[at++] as number;
}

export function quickValue(): WireValue {
  if (at >= end) return giveUp();
  const head = bytes[at++] as number;
  if (head < 0x80) return head;
  if (head < 0x90) return map(head & 0x0f);
  if (head < 0xa0) return list(head & 0x0f);
  if (head < 0xc0) return text(head & 0x1f);
  if (head >= 0xe0) return head - 0x100;
  switch (head) {
    case 0xc0:
      return null;
    case 0xc2:
      return false;
    case 0xc3:
      return true;
    case 0xc4:
      return binary(unsigned(1));
    case 0xc5:
      return binary(unsigned(2));
    case 0xc6:
      return binary(unsigned(4));
    case 0xca:
      return wide(4) ? scratch.getFloat32(0) : undefined;
    case 0xcb:
      return wide(8) ? scratch.getFloat64(0) : undefined;
    case 0xcc:
      return unsigned(1);
    case 0xcd:
      return unsigned(2);
    case 0xce:
      return unsigned(4);
    case 0xcf:
      return wide(8) ? exact(scratch.getBigUint64(0)) : undefined;
    case 0xd0:
      return (unsigned(1) << 24) >> 24;
    case 0xd1:
      return (unsigned(2) << 16) >> 16;
    case 0xd2:
      return unsigned(4) | 0;
    case 0xd3:
      return wide(8) ? exact(scratch.getBigInt64(0)) : undefined;
    case 0xc7:
      return extension(unsigned(1));
    case 0xc8:
      return extension(unsigned(2));
    case 0xc9:
      return extension(unsigned(4));
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return extension(1 << (head - 0xd4));
    case 0xd9:
      return text(unsigned(1));
    case 0xda:
      return text(unsigned(2));
    case 0xdb:
      return text(unsigned(4));
    case 0xdc:
      return list(unsigned(2));
    case 0xdd:
      return list(unsigned(4));
    case 0xde:
      return map(unsigned(2));
    case 0xdf:
      return map(unsigned(4));
    default:
      return giveUp();
  }
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** 0 where it does not fit, so that nothing is read by it. */
function unsigned(size: 1 | 2 | 4): number {
  const start = at;
  if (size > end - start) {
    giveUp();
    return 0;
  }
  at = start + size;
  const first = bytes[start] as number;
  if (size === 1) return first;
  if (size === 2) return (first << 8) | (bytes[start + 1] as number);
  const low =
    ((bytes[start + 1] as number) << 16) | ((bytes[start + 2] as number) << 8) | (bytes[start + 3] as number);
  return first * 0x100_0000 + low;
}

/** Copies the next bytes to where a DataView reads them: a view of every record would cost more. */
function wide(size: 4 | 8): boolean {
  const start = at;
  if (size > end - start) {
    giveUp();
    return false;
  }
  at = start + size;
  scratchBytes[0] = bytes[start] as number;
  scratchBytes[1] = bytes[start + 1] as number;
  scratchBytes[2] = bytes[start + 2] as number;
  scratchBytes[3] = bytes[start + 3] as number;
  if (size === 4) return true;
  scratchBytes[4] = bytes[start + 4] as number;
  scratchBytes[5] = bytes[start + 5] as number;
  scratchBytes[6] = bytes[start + 6] as number;
  scratchBytes[7] = bytes[start + 7] as number;
  return true;
}

function text(length: number): string | undefined {
  const start = at;
  if (length > end - start) return giveUp();
  at = start + length;
  return quickText(bytes, start, at) ?? giveUp();
}

/** A view on the record's bytes. */
function binary(length: number): Uint8Array | undefined {
  const start = at;
  if (length > end - start) return giveUp();
  at = start + length;
  return bytes.subarray(start, at);
}

const TIMESTAMP = 0xff;

function extension(length: number): Timestamp | Extension | undefined {
  if (length >= end - at) return giveUp();
  const type = bytes[at++] as number;
  const start = at;
  if (type === TIMESTAMP && length === 4) return new Timestamp(unsigned(4), 0);
  if (type === TIMESTAMP && length === 8) {
    const high = unsigned(4);
    return new Timestamp((high & 3) * 2 ** 32 + unsigned(4), high >>> 2);
  }
  // The long form is for dates before 1970 and after 2514.
  if (type === TIMESTAMP && length === 12) return giveUp();
  at = start + length;
  return new Extension((type << 24) >> 24, bytes.subarray(start, at));
}

function list(count: number): WireValue[] | undefined {
  // Every item takes a byte at least: a count that the bytes cannot hold allocates nothing.
  if (count > end - at || depth >= MAX_QUICK_DEPTH) return giveUp();
  depth += 1;
  // A list that grows takes room for sixteen more.
  const items: WireValue[] =
    count === 1 ? [quickValue()] : count === 2 ? [quickValue(), quickValue()] : longList(count);
  depth -= 1;
  return items;
}

function longList(count: number): WireValue[] {
  const items: WireValue[] = [];
  for (let index = 0; index < count && !hasFailed; index++) items.push(quickValue());
  return items;
}

/**
 * The names of maps that had each of them once, by their number and the first of them. A map whose names are
 * the same again has no name twice.
 */
const known: (readonly Name[])[] = Array.from({ length: 256 }, () => []);

/** Larger maps are dictionaries, and hardly two of them alike. */
const MOST_REMEMBERED = 32;

function map(count: number): WireValue {
  if (count * 2 > end - at || depth >= MAX_QUICK_DEPTH) return giveUp();
  const object: Record<string, WireValue> = {};
  if (count === 0) return object;
  depth += 1;
  const first = bytes[at + 1] as number;
  const place = (count * 31 + (bytes[at] as number) * 7 + first) & 255;
  const names = known[place] as readonly Name[];
  let isKnown = names.length === count;
  const read: Name[] | undefined = isKnown || count > MOST_REMEMBERED ? undefined : [];
  for (let index = 0; index < count && !hasFailed; index++) {
    const expected = isKnown ? (names[index] as Name) : undefined;
    const name = mapKey(expected);
    if (name !== expected) {
      if (name === undefined || name.text === "__proto__") return giveUp();
      isKnown = false;
    }
    if (name === undefined) return giveUp();
    read?.push(name);
    object[name.text] = quickValue();
  }
  depth -= 1;
  if (isKnown) return object;
  let different = 0;
  for (const _ in object) different += 1;
  // Fewer names than pairs: one came twice.
  if (different !== count) return giveUp();
  known[place] = read ?? NO_NAMES;
  return object;
}

const NO_NAMES: readonly Name[] = [];

function mapKey(expected: Name | undefined): Name | undefined {
  const head = at < end ? (bytes[at++] as number) : 0;
  const length = head >= 0xa0 && head < 0xc0 ? head & 0x1f : head === 0xd9 ? unsigned(1) : -1;
  if (length < 0 || length > end - at) return undefined;
  const start = at;
  at = start + length;
  return expected !== undefined && expected.bytes.length === length && isNameAt(expected, bytes, start)
    ? expected
    : quickName(bytes, start, length);
}

/** A text that is not empty and may be remembered; undefined for nil. Gives up on anything else. */
export function quickNameOrNil(): string | undefined {
  const head = quickByte();
  if (head === 0xc0) return undefined;
  const length = head > 0xa0 && head < 0xc0 ? head & 0x1f : head === 0xd9 ? unsigned(1) : 0;
  if (length === 0 || length > end - at) return giveUp();
  const name = quickName(bytes, at, length);
  at += length;
  return name?.text ?? giveUp();
}

/** Moves behind the value at `start` and returns where that is, without making it. */
export function skipQuickly(start: number): number {
  at = start;
  let wanted = 1;
  while (wanted > 0 && !hasFailed) {
    wanted -= 1;
    const head = quickByte();
    // Each of them takes a byte at least.
    wanted += contained(head);
    if (wanted > end - at) giveUp();
  }
  return at;
}

/** Moves behind a head and its own bytes; returns how many values follow that belong to it. */
function contained(head: number): number {
  if (head < 0x80 || head >= 0xe0) return 0;
  if (head < 0x90) return (head & 0x0f) * 2;
  if (head < 0xa0) return head & 0x0f;
  if (head < 0xc0) return moved(head & 0x1f);
  if (head === 0xdc) return unsigned(2);
  if (head === 0xdd) return unsigned(4);
  if (head === 0xde) return unsigned(2) * 2;
  if (head === 0xdf) return unsigned(4) * 2;
  if (head === 0xc1) giveUp();
  if (head < 0xc4) return 0;
  if (head < 0xc7) return moved(unsigned(sizeOfSize(head - 0xc4)));
  if (head < 0xca) return moved(unsigned(sizeOfSize(head - 0xc7)) + 1);
  if (head < 0xcc) return moved(head === 0xca ? 4 : 8);
  if (head < 0xd4) return moved(1 << (head & 3));
  if (head < 0xd9) return moved((1 << (head - 0xd4)) + 1);
  return moved(unsigned(sizeOfSize(head - 0xd9)));
}

function sizeOfSize(step: number): 1 | 2 | 4 {
  return step === 0 ? 1 : step === 1 ? 2 : 4;
}

function moved(length: number): 0 {
  if (length > end - at) giveUp();
  else at += length;
  return 0;
}
