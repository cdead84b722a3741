import { Extension, JsonNumber, Timestamp, type WireValue } from "../hub-message.ts";
import { MAX_DEPTH } from "../limits.ts";
import { makeRoom, type Output } from "./output.ts";
import { writeText } from "./write-text.ts";

/** Makes room and returns where it begins. */
function reserve(output: Output, size: number): number {
  makeRoom(output, size);
  const start = output.at;
  output.at = start + size;
  return start;
}

/** The smallest form of every value. Throws a TypeError on what MessagePack cannot carry, cycles included. */
export function writeValue(output: Output, value: WireValue, depth = 0): void {
  if (depth > MAX_DEPTH)
    throw new TypeError(`a value nests deeper than ${MAX_DEPTH} levels or contains itself`);
  switch (typeof value) {
    case "undefined":
      writeByte(output, 0xc0);
      break;
    case "boolean":
      writeByte(output, value ? 0xc3 : 0xc2);
      break;
    case "number":
      writeNumber(output, value);
      break;
    case "bigint":
      writeBigInt(output, value);
      break;
    case "string":
      writeText(output, value);
      break;
    case "object":
      if (value === null) writeByte(output, 0xc0);
      else writeObject(output, value, depth);
      break;
    case "function":
    case "symbol":
      throw new TypeError(`MessagePack cannot carry a ${typeof value}`);
  }
}

function writeByte(output: Output, byte: number): void {
  const at = reserve(output, 1);
  output.bytes[at] = byte;
}

export function writeBytes3(output: Output, first: number, second: number, third: number): void {
  const at = reserve(output, 3);
  output.bytes[at] = first;
  output.bytes[at + 1] = second;
  output.bytes[at + 2] = third;
}

/** A head and room behind it. Reserve first, then take the view: growing replaces it. */
function writeHead(output: Output, head: number, size: number): number {
  const at = reserve(output, size + 1);
  output.bytes[at] = head;
  return at + 1;
}

function writeNumber(output: Output, value: number): void {
  // Minus zero has no integer form.
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) writeDouble(output, value);
  else if (value >= 0) writeUnsigned(output, value);
  else writeNegative(output, value);
}

function writeDouble(output: Output, value: number): void {
  const at = writeHead(output, 0xcb, 8);
  output.view.setFloat64(at, value);
}

function writeUnsigned(output: Output, value: number): void {
  if (value < 0x80) writeByte(output, value);
  else if (value < 0x1_0000_0000) writeSized(output, 0xcc, value);
  else writeUint64(output, BigInt(value));
}

function writeNegative(output: Output, value: number): void {
  if (value >= -0x20) {
    writeByte(output, value & 0xff);
  } else if (value >= -0x80) {
    const at = writeHead(output, 0xd0, 1);
    output.view.setInt8(at, value);
  } else if (value >= -0x8000) {
    const at = writeHead(output, 0xd1, 2);
    output.view.setInt16(at, value);
  } else if (value >= -0x8000_0000) {
    const at = writeHead(output, 0xd2, 4);
    output.view.setInt32(at, value);
  } else {
    writeInt64(output, BigInt(value));
  }
}

function writeBigInt(output: Output, value: bigint): void {
  const number = Number(value);
  if (Number.isSafeInteger(number)) writeNumber(output, number);
  else if (BigInt.asUintN(64, value) === value) writeUint64(output, value);
  else if (BigInt.asIntN(64, value) === value) writeInt64(output, value);
  else throw new TypeError("MessagePack cannot carry an integer of more than 64 bits");
}

function writeUint64(output: Output, value: bigint): void {
  const at = writeHead(output, 0xcf, 8);
  output.view.setBigUint64(at, value);
}

function writeInt64(output: Output, value: bigint): void {
  const at = writeHead(output, 0xd3, 8);
  output.view.setBigInt64(at, value);
}

/** A number of one, two or four bytes behind its head; `first` is the head for one byte. */
function writeSized(output: Output, first: number, value: number): void {
  if (value < 0x100) {
    const at = writeHead(output, first, 1);
    output.view.setUint8(at, value);
  } else if (value < 0x1_0000) {
    const at = writeHead(output, first + 1, 2);
    output.view.setUint16(at, value);
  } else {
    const at = writeHead(output, first + 2, 4);
    output.view.setUint32(at, value);
  }
}

function writeBytes(output: Output, bytes: Uint8Array): void {
  writeSized(output, 0xc4, bytes.length);
  const at = reserve(output, bytes.length);
  output.bytes.set(bytes, at);
}

/** `short` is the head for up to 15, `long` the one for a count of two bytes. */
function writeCount(output: Output, short: number, long: number, count: number): void {
  if (count < 0x10) {
    writeByte(output, short | count);
  } else if (count < 0x1_0000) {
    const at = writeHead(output, long, 2);
    output.view.setUint16(at, count);
  } else {
    const at = writeHead(output, long + 1, 4);
    output.view.setUint32(at, count);
  }
}

export function writeArrayHead(output: Output, count: number): void {
  writeCount(output, 0x90, 0xdc, count);
}

function writeObject(output: Output, value: object, depth: number): void {
  if (Array.isArray(value)) {
    const { length } = value;
    writeArrayHead(output, length);
    // Every place, because a hole is nil too, and the head has counted it.
    for (let index = 0; index < length; index++) writeValue(output, value[index], depth + 1);
    return;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    writeProperties(output, value as Readonly<Record<string, WireValue>>, depth + 1);
  } else if (value instanceof Uint8Array) writeBytes(output, value);
  else if (value instanceof Timestamp) writeTimestamp(output, value);
  else if (value instanceof Extension) writeExtension(output, value);
  else if (value instanceof JsonNumber) writeJsonNumber(output, value);
  else if (value instanceof Date) writeTimestamp(output, timestampOf(value));
  else writeEntries(output, value instanceof Map ? [...value] : definedEntries(value), depth + 1);
}

function writeProperties(output: Output, object: Readonly<Record<string, WireValue>>, depth: number): void {
  const names = Object.keys(object);
  const begun = output.at - output.start;
  writeCount(output, 0x80, 0xde, names.length);
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    const value = object[name];
    if (value === undefined) {
      // Left out, and so the count was wrong.
      output.at = output.start + begun;
      writeEntries(output, definedEntries(object), depth);
      return;
    }
    writeText(output, name);
    writeValue(output, value, depth);
  }
}

function definedEntries(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}

function writeEntries(
  output: Output,
  entries: readonly (readonly [unknown, unknown])[],
  depth: number,
): void {
  writeCount(output, 0x80, 0xde, entries.length);
  for (const [key, item] of entries) {
    writeValue(output, key, depth);
    writeValue(output, item, depth);
  }
}

/** An integer keeps all its digits; a fraction becomes the nearest double, the most that MessagePack has. */
function writeJsonNumber(output: Output, { source }: JsonNumber): void {
  if (/^-?\d+$/.test(source)) {
    writeBigInt(output, BigInt(source));
    return;
  }
  const double = Number(source);
  if (!Number.isFinite(double)) throw new TypeError(`MessagePack cannot carry ${source}`);
  writeDouble(output, double);
}

function timestampOf(date: Date): Timestamp {
  const time = date.getTime();
  if (Number.isNaN(time)) throw new TypeError("MessagePack cannot carry an invalid date");
  const seconds = Math.floor(time / 1000);
  return new Timestamp(seconds, (time - seconds * 1000) * 1_000_000);
}

const TIMESTAMP = -1;

/** The shortest of the three forms that holds it. */
function writeTimestamp(output: Output, { seconds, nanoseconds }: Timestamp): void {
  const whole = BigInt(seconds);
  const isShort = whole >= 0n && whole < 2n ** 34n && nanoseconds < 2 ** 30;
  if (isShort && nanoseconds === 0 && whole < 2n ** 32n) {
    const at = writeHead(output, 0xd6, 5);
    output.view.setInt8(at, TIMESTAMP);
    output.view.setUint32(at + 1, Number(whole));
  } else if (isShort) {
    const at = writeHead(output, 0xd7, 9);
    output.view.setInt8(at, TIMESTAMP);
    output.view.setBigUint64(at + 1, (BigInt(nanoseconds) << 34n) | whole);
  } else {
    const at = writeHead(output, 0xc7, 14);
    output.view.setUint8(at, 12);
    output.view.setInt8(at + 1, TIMESTAMP);
    output.view.setUint32(at + 2, nanoseconds);
    output.view.setBigInt64(at + 6, whole);
  }
}

function writeExtension(output: Output, { type, bytes }: Extension): void {
  const fixed = [1, 2, 4, 8, 16].indexOf(bytes.length);
  if (fixed >= 0) writeByte(output, 0xd4 + fixed);
  else writeSized(output, 0xc7, bytes.length);
  const at = reserve(output, bytes.length + 1);
  output.view.setInt8(at, type);
  output.bytes.set(bytes, at + 1);
}
