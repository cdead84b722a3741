/**
 * Reads MessagePack values from bytes that nobody vouches for. Faults are recorded, never thrown: after the first
 * one every read returns undefined at once. https://github.com/msgpack/msgpack/blob/master/spec.md
 *
 * @module
 */
import type { DecodeIssue } from "../decode-issue.ts";
import { Extension, Timestamp, type WireValue } from "../hub-message.ts";
import { MAX_DEPTH, MAX_ISSUES } from "../limits.ts";
import { setOwn } from "../own-property.ts";
import { readUtf8 } from "./text.ts";

export interface Reader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  depth: number;
  /**
   * Values that the containers read so far still promise. Each takes a byte at least, so a count that cannot be
   * kept is refused before anything is allocated for it, and all counts together stay below the length.
   */
  owed: number;
  fault: DecodeIssue | undefined;
  readonly issues: DecodeIssue[];
}

export function createReader(bytes: Uint8Array, issues: DecodeIssue[]): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, at: 0, depth: 0, owed: 0, fault: undefined, issues };
}

export function readValue(reader: Reader): WireValue {
  const start = reader.at;
  if (start >= reader.bytes.length) return endsEarly(reader, start);
  const head = reader.bytes[start] as number;
  reader.at = start + 1;
  if (head < 0x80) return head;
  if (head >= 0xe0) return head - 0x100;
  if (head < 0x90) return readMap(reader, head & 0x0f);
  if (head < 0xa0) return readArray(reader, head & 0x0f);
  if (head < 0xc0) return readText(reader, head & 0x1f);
  return readLong(reader, head, start);
}

/** Values whose head says only their kind. */
function readLong(reader: Reader, head: number, start: number): WireValue {
  switch (head) {
    case 0xc0:
      return null;
    case 0xc2:
      return false;
    case 0xc3:
      return true;
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return readBytes(reader, readSize(reader, 1 << (head - 0xc4)));
    case 0xc7:
    case 0xc8:
    case 0xc9:
      return readExtension(reader, readSize(reader, 1 << (head - 0xc7)));
    case 0xca:
      return has(reader, 4) ? reader.view.getFloat32(advance(reader, 4)) : undefined;
    case 0xcb:
      return has(reader, 8) ? reader.view.getFloat64(advance(reader, 8)) : undefined;
    case 0xcc:
    case 0xcd:
    case 0xce:
      return readUnsigned(reader, 1 << (head - 0xcc));
    case 0xcf:
      return has(reader, 8) ? exactInteger(reader.view.getBigUint64(advance(reader, 8))) : undefined;
    case 0xd0:
      return has(reader, 1) ? reader.view.getInt8(advance(reader, 1)) : undefined;
    case 0xd1:
      return has(reader, 2) ? reader.view.getInt16(advance(reader, 2)) : undefined;
    case 0xd2:
      return has(reader, 4) ? reader.view.getInt32(advance(reader, 4)) : undefined;
    case 0xd3:
      return has(reader, 8) ? exactInteger(reader.view.getBigInt64(advance(reader, 8))) : undefined;
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return readExtension(reader, 1 << (head - 0xd4));
    case 0xd9:
    case 0xda:
    case 0xdb:
      return readText(reader, readSize(reader, 1 << (head - 0xd9)));
    case 0xdc:
    case 0xdd:
      return readArray(reader, readSize(reader, head === 0xdc ? 2 : 4));
    case 0xde:
    case 0xdf:
      return readMap(reader, readSize(reader, head === 0xde ? 2 : 4));
    default:
      return fail(reader, { code: "not-messagepack", at: start, detail: "0xc1 is no value" });
  }
}

/** A number where it is exact, as the JavaScript client would have it; a bigint beyond ±(2^53 − 1). */
function exactInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readUnsigned(reader: Reader, size: number): number | undefined {
  if (!has(reader, size)) return undefined;
  const at = advance(reader, size);
  if (size === 1) return reader.view.getUint8(at);
  return size === 2 ? reader.view.getUint16(at) : reader.view.getUint32(at);
}

/** A length or count; 0 behind a fault, so that nothing is read. */
export function readSize(reader: Reader, size: number): number {
  return readUnsigned(reader, size) ?? 0;
}

function readText(reader: Reader, length: number): string | undefined {
  if (!has(reader, length)) return undefined;
  const start = advance(reader, length);
  return readUtf8(reader, start, start + length);
}

/** A view on the record's bytes. */
function readBytes(reader: Reader, length: number): Uint8Array | undefined {
  if (!has(reader, length)) return undefined;
  const start = advance(reader, length);
  return reader.bytes.subarray(start, start + length);
}

const TIMESTAMP = -1;

function readExtension(reader: Reader, length: number): Timestamp | Extension | undefined {
  if (!has(reader, length + 1)) return undefined;
  const type = reader.view.getInt8(advance(reader, 1));
  const start = advance(reader, length);
  if (type === TIMESTAMP) {
    const timestamp = timestampAt(reader.view, start, length);
    if (timestamp !== undefined) return timestamp;
  }
  return new Extension(type, reader.bytes.subarray(start, start + length));
}

/** Undefined for a length that no timestamp has: then it is shown as the extension it is. */
function timestampAt(view: DataView, start: number, length: number): Timestamp | undefined {
  switch (length) {
    case 4:
      return new Timestamp(view.getUint32(start), 0);
    case 8: {
      const high = view.getUint32(start);
      return new Timestamp((high & 3) * 2 ** 32 + view.getUint32(start + 4), high >>> 2);
    }
    case 12:
      return new Timestamp(exactInteger(view.getBigInt64(start + 4)), view.getUint32(start));
    default:
      return undefined;
  }
}

function readArray(reader: Reader, count: number): readonly WireValue[] | undefined {
  if (!enter(reader, count)) return undefined;
  const items: WireValue[] = [];
  for (let index = 0; index < count && reader.fault === undefined; index++) {
    reader.owed -= 1;
    const item = readValue(reader);
    if (reader.fault === undefined) items.push(item);
  }
  reader.depth -= 1;
  return items;
}

/** An object while every key is a string, otherwise a Map of all of them. The last of equal keys counts. */
export function readMap(reader: Reader, count: number): WireValue {
  if (!enter(reader, count * 2)) return undefined;
  const object: Record<string, WireValue> = {};
  // An object has names like "7" first, a Map has all of them as they came.
  const names: string[] = [];
  for (let index = 0; index < count && reader.fault === undefined; index++) {
    const start = reader.at;
    reader.owed -= 2;
    const key = readKey(reader);
    if (reader.fault !== undefined) return object;
    if (typeof key !== "string") {
      const before = new Map<WireValue, WireValue>(names.map((name) => [name, object[name]]));
      return readOtherKeys(reader, before, key, count - index - 1);
    }
    if (Object.hasOwn(object, key)) repeated(reader, key, start);
    else names.push(key);
    const value = readValue(reader);
    if (reader.fault === undefined) setOwn(object, key, value);
  }
  reader.depth -= 1;
  return object;
}

/** The value is owed still while the key is read. */
function readKey(reader: Reader): WireValue {
  reader.owed += 1;
  const key = readValue(reader);
  reader.owed -= 1;
  return key;
}

function readOtherKeys(
  reader: Reader,
  map: Map<WireValue, WireValue>,
  key: WireValue,
  count: number,
): WireValue {
  let next = key;
  for (let index = 0; ; index++) {
    const value = readValue(reader);
    if (reader.fault !== undefined) return map;
    map.set(next, value);
    if (index === count) break;
    const start = reader.at;
    reader.owed -= 2;
    next = readKey(reader);
    if (map.has(next)) repeated(reader, String(next), start);
  }
  reader.depth -= 1;
  return map;
}

function repeated(reader: Reader, field: string, at: number): void {
  if (reader.issues.length < MAX_ISSUES) reader.issues.push({ code: "duplicate-key", field, at });
}

/** Opens a container of `count` values, if it may be one more level deep and the bytes can hold them. */
export function enter(reader: Reader, count: number): boolean {
  const at = reader.at;
  if (reader.fault !== undefined) return false;
  if (reader.depth >= MAX_DEPTH) {
    fail(reader, { code: "too-deep", at, detail: `more than ${MAX_DEPTH} levels` });
    return false;
  }
  if (reader.owed + count > reader.bytes.length - at) {
    fail(reader, {
      code: "not-messagepack",
      at,
      detail: `${count} values cannot be in ${left(reader)} bytes`,
    });
    return false;
  }
  reader.depth += 1;
  reader.owed += count;
  return true;
}

function has(reader: Reader, length: number): boolean {
  if (reader.fault !== undefined) return false;
  if (length <= reader.bytes.length - reader.at) return true;
  fail(reader, {
    code: "not-messagepack",
    at: reader.at,
    detail: `${length} bytes wanted, ${left(reader)} left`,
  });
  return false;
}

function left(reader: Reader): number {
  return reader.bytes.length - reader.at;
}

function advance(reader: Reader, length: number): number {
  const at = reader.at;
  reader.at = at + length;
  return at;
}

function endsEarly(reader: Reader, at: number): undefined {
  return fail(reader, { code: "not-messagepack", at, detail: "a value wanted, no bytes left" });
}

function fail(reader: Reader, fault: DecodeIssue): undefined {
  reader.fault ??= fault;
  return undefined;
}
