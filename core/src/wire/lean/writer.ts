import { Extension, Timestamp, type WireValue } from "../hub-message.ts";
import { MAX_DEPTH } from "../limits.ts";

const utf8 = new TextEncoder();

/** What is being written: grows, and is used again. */
let bytes = new Uint8Array(1024);
let view = new DataView(bytes.buffer);
let at = 0;

/** A value in its smallest form, behind room for `before` bytes. Throws a TypeError on what MessagePack cannot carry. */
export function writeValue(value: WireValue, before: number): Uint8Array<ArrayBuffer> {
  at = 0;
  move(before);
  write(value, 0);
  return bytes.slice(0, at);
}

/** Makes room and returns where it begins. */
function move(size: number): number {
  const start = at;
  at += size;
  if (at > bytes.length) {
    const grown = new Uint8Array(at * 2);
    grown.set(bytes);
    bytes = grown;
    view = new DataView(grown.buffer);
  }
  return start;
}

function byte(value: number): void {
  const start = move(1);
  bytes[start] = value;
}

/** A head, and a number of 1, 2 or 4 bytes behind it. `first` is the head for one byte. */
function sized(first: number, value: number): void {
  const power = value < 0x100 ? 0 : value < 0x1_0000 ? 1 : 2;
  byte(first + power);
  const start = move(1 << power);
  if (power === 0) bytes[start] = value;
  else if (power === 1) view.setUint16(start, value);
  else view.setUint32(start, value);
}

/** `short` is the head for fewer than `limit`, `first` the one for a byte of count, where there is one. */
function counted(short: number, limit: number, first: number, hasByte: boolean, count: number): void {
  if (count < limit) byte(short | count);
  else if (hasByte || count >= 0x100) sized(first, count);
  else {
    byte(first + 1);
    const start = move(2);
    view.setUint16(start, count);
  }
}

function long(head: number, write: (start: number) => void): void {
  byte(head);
  const start = move(8);
  write(start);
}

function write(value: WireValue, depth: number): void {
  if (depth > MAX_DEPTH)
    throw new TypeError(`a value nests deeper than ${MAX_DEPTH} levels or contains itself`);
  if (value === undefined || value === null) byte(0xc0);
  else if (typeof value === "boolean") byte(value ? 0xc3 : 0xc2);
  else if (typeof value === "number") number(value);
  else if (typeof value === "bigint") integer(value);
  else if (typeof value === "string") text(value);
  else if (typeof value === "object") object(value, depth + 1);
  else throw new TypeError(`MessagePack cannot carry a ${typeof value}`);
}

function number(value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0))
    long(0xcb, (start) => view.setFloat64(start, value));
  else if (value >= 0x1_0000_0000 || value < -0x8000_0000) integer(BigInt(value));
  else if (value >= 0) value < 0x80 ? byte(value) : sized(0xcc, value);
  else if (value >= -0x20) byte(value & 0xff);
  else if (value >= -0x80) {
    byte(0xd0);
    byte(value & 0xff);
  } else if (value >= -0x8000) {
    byte(0xd1);
    const start = move(2);
    view.setInt16(start, value);
  } else {
    byte(0xd2);
    const start = move(4);
    view.setInt32(start, value);
  }
}

function integer(value: bigint): void {
  const small = Number(value);
  if (small < 0x1_0000_0000 && small >= -0x8000_0000) number(small);
  else if (BigInt.asUintN(64, value) === value) long(0xcf, (start) => view.setBigUint64(start, value));
  else if (BigInt.asIntN(64, value) === value) long(0xd3, (start) => view.setBigInt64(start, value));
  else throw new TypeError("MessagePack cannot carry an integer of more than 64 bits");
}

/** Below this a loop beats the fixed cost of a TextEncoder. */
const SHORT = 96;

function text(value: string): void {
  const { length } = value;
  if (length < SHORT) {
    const before = at;
    counted(0xa0, 0x20, 0xd9, true, length);
    const start = move(length);
    let index = 0;
    for (let unit = 0; index < length; index++) {
      unit = value.charCodeAt(index);
      if (unit > 0x7f) break;
      bytes[start + index] = unit;
    }
    if (index === length) return;
    at = before;
  }
  const encoded = utf8.encode(value);
  counted(0xa0, 0x20, 0xd9, true, encoded.length);
  append(encoded);
}

function append(content: Uint8Array): void {
  const start = move(content.length);
  bytes.set(content, start);
}

function object(value: object, depth: number): void {
  if (Array.isArray(value)) {
    counted(0x90, 0x10, 0xdb, false, value.length);
    for (let index = 0; index < value.length; index++) write(value[index], depth);
  } else if (value instanceof Uint8Array) {
    sized(0xc4, value.length);
    append(value);
  } else if (value instanceof Timestamp) {
    timestamp(BigInt(value.seconds), value.nanoseconds);
  } else if (value instanceof Extension) {
    extension(value.type, value.bytes);
  } else {
    const isMap = value instanceof Map;
    const prototype = Object.getPrototypeOf(value);
    if (!isMap && prototype !== Object.prototype && prototype !== null) {
      throw new TypeError("MessagePack of the lean codec carries plain objects only");
    }
    const entries = isMap ? [...value] : Object.entries(value).filter(([, item]) => item !== undefined);
    counted(0x80, 0x10, 0xdd, false, entries.length);
    for (const [key, item] of entries) {
      write(key, depth);
      write(item, depth);
    }
  }
}

/** The shortest of the three forms that holds it. */
function timestamp(seconds: bigint, nanoseconds: number): void {
  const isShort = seconds >> 34n === 0n && nanoseconds < 2 ** 30;
  const content = new DataView(new ArrayBuffer(isShort ? 8 : 12));
  if (isShort) content.setBigUint64(0, (BigInt(nanoseconds) << 34n) | seconds);
  else {
    content.setUint32(0, nanoseconds);
    content.setBigInt64(4, seconds);
  }
  const whole = new Uint8Array(content.buffer);
  extension(-1, isShort && nanoseconds === 0 && seconds < 2n ** 32n ? whole.subarray(4) : whole);
}

function extension(type: number, content: Uint8Array): void {
  const fixed = [1, 2, 4, 8, 16].indexOf(content.length);
  if (fixed >= 0) byte(0xd4 + fixed);
  else sized(0xc7, content.length);
  byte(type & 0xff);
  append(content);
}
