/**
 * Reads MessagePack from bytes that nobody vouches for. One reader for all: reading is never interrupted.
 *
 * @module
 */
import { Extension, Timestamp, type WireValue } from "../hub-message.ts";
import { MAX_DEPTH } from "../limits.ts";
import { setOwn } from "../own-property.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const NOTHING = new Uint8Array();

let bytes: Uint8Array = NOTHING;
/** Made when the first number asks for it. */
let opened: DataView | undefined;
let at = 0;
let end = 0;
let depth = 0;

/** Where records are read from, until the next payload; nothing at all lets it go. */
export function openPayload(payload: Uint8Array = NOTHING): void {
  bytes = payload;
  opened = undefined;
}

function view(): DataView {
  opened ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return opened;
}

/**
 * The value that the record is. Throws a RangeError where it is none, or has something behind it, and a TypeError on text that
 * is not UTF-8.
 */
export function readRecord(recordStart: number, recordEnd: number): WireValue {
  at = recordStart;
  end = recordEnd;
  depth = 0;
  const value = read();
  if (at < end) throw new RangeError("something follows the value");
  return value;
}

/** Moves on and returns where that began. */
function move(size: number): number {
  const start = at;
  at += size;
  if (at > end) throw new RangeError(`${size} bytes wanted`);
  return start;
}

function read(): WireValue {
  const head = bytes[move(1)] as number;
  if (head < 0x80) return head;
  if (head >= 0xe0) return head - 0x100;
  if (head < 0x90) return map(head & 0x0f);
  if (head < 0xa0) return list(head & 0x0f);
  if (head < 0xc0) return text(head & 0x1f);
  if (head === 0xcb) return view().getFloat64(move(8));
  if (head < 0xc4) {
    if (head === 0xc1) throw new RangeError("0xc1 is no value");
    return head === 0xc0 ? null : head === 0xc3;
  }
  if (head < 0xc7) return bytesOf(unsigned(head - 0xc4));
  if (head < 0xca) return extension(unsigned(head - 0xc7));
  if (head === 0xca) return view().getFloat32(move(4));
  if (head < 0xcf) return unsigned(head - 0xcc);
  if (head === 0xcf) return exact(view().getBigUint64(move(8)));
  if (head === 0xd0) return view().getInt8(move(1));
  if (head === 0xd1) return view().getInt16(move(2));
  if (head === 0xd2) return view().getInt32(move(4));
  if (head === 0xd3) return exact(view().getBigInt64(move(8)));
  if (head < 0xd9) return extension(1 << (head - 0xd4));
  if (head < 0xdc) return text(unsigned(head - 0xd9));
  return head < 0xde ? list(unsigned(head - 0xdb)) : map(unsigned(head - 0xdd));
}

/** A length, count or integer of 1, 2 or 4 bytes. */
function unsigned(power: number): number {
  const start = move(1 << power);
  return power === 0
    ? view().getUint8(start)
    : power === 1
      ? view().getUint16(start)
      : view().getUint32(start);
}

/** A number where it is exact, a bigint beyond ±(2^53 − 1). */
function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function bytesOf(size: number): Uint8Array {
  const start = move(size);
  return bytes.subarray(start, at);
}

/** Below this, making the text from its units beats the fixed cost of a TextDecoder. */
const SHORT = 72;
const units: number[][] = Array.from({ length: SHORT }, (_, length) => new Array<number>(length).fill(0));

function text(size: number): string {
  const start = move(size);
  const list = units[size];
  if (list !== undefined) {
    let all = 0;
    for (let index = 0; index < size; index++) {
      const byte = bytes[start + index] as number;
      all |= byte;
      list[index] = byte;
    }
    if (all < 0x80) return String.fromCharCode.apply(null, list);
  }
  return utf8.decode(bytes.subarray(start, at));
}

function enter(): void {
  depth += 1;
  if (depth > MAX_DEPTH) throw new RangeError(`more than ${MAX_DEPTH} levels`);
}

function list(count: number): WireValue[] {
  enter();
  const items: WireValue[] = [];
  while (items.length < count) items.push(read());
  depth -= 1;
  return items;
}

/** An object while every key is a text, otherwise a Map. The last of equal keys counts. */
function map(count: number): WireValue {
  enter();
  const object: Record<string, WireValue> = {};
  // An object has names like "7" first, a Map has all of them as they came.
  const names: string[] = [];
  let other: Map<WireValue, WireValue> | undefined;
  for (let index = 0; index < count; index++) {
    const key = read();
    if (typeof key !== "string") other ??= new Map(names.map((name) => [name, object[name]]));
    const value = read();
    if (other !== undefined) other.set(key, value);
    else setOwn(object, key as string, value);
    names.push(key as string);
  }
  depth -= 1;
  return other ?? object;
}

function extension(size: number): WireValue {
  const type = view().getInt8(move(1));
  const start = move(size);
  if (type === -1) {
    if (size === 4) return new Timestamp(view().getUint32(start), 0);
    if (size === 8) {
      const high = view().getUint32(start);
      return new Timestamp((high & 3) * 2 ** 32 + view().getUint32(start + 4), high >>> 2);
    }
    if (size === 12) return new Timestamp(exact(view().getBigInt64(start + 4)), view().getUint32(start));
  }
  return new Extension(type, bytes.subarray(start, at));
}
