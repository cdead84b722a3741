import { Extension, Timestamp, type WireValue } from "../hub-message.ts";
import { MAX_DEPTH } from "../limits.ts";
import { setOwn } from "../own-property.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads one value after another from bytes that nobody vouches for. */
export interface ValueReader {
  readonly offset: () => number;
  /** Throws a RangeError where there is no whole value, and a TypeError on text that is not UTF-8. */
  readonly read: () => WireValue;
}

export function readValues(bytes: Uint8Array, from: number, end: number): ValueReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  let at = from;
  let depth = 0;

  /** Moves on and returns where that began; the end is checked, for what a DataView does not read. */
  const move = (size: number): number => {
    const start = at;
    at += size;
    if (at > end) throw new RangeError(`${size} bytes wanted`);
    return start;
  };

  /** A length or count of 1, 2 or 4 bytes. */
  const unsigned = (power: number): number => {
    const start = move(1 << power);
    return power === 0 ? view.getUint8(start) : power === 1 ? view.getUint16(start) : view.getUint32(start);
  };

  const bytesOf = (size: number): Uint8Array => {
    const start = move(size);
    return bytes.subarray(start, at);
  };

  const text = (size: number): string => {
    const start = move(size);
    if (size > 32) return utf8.decode(bytes.subarray(start, at));
    let ascii = "";
    for (let index = start; index < at; index++) {
      const byte = bytes[index] as number;
      if (byte > 0x7f) return utf8.decode(bytes.subarray(start, at));
      ascii += String.fromCharCode(byte);
    }
    return ascii;
  };

  const nested = <T>(make: () => T): T => {
    if (++depth > MAX_DEPTH) throw new RangeError(`more than ${MAX_DEPTH} levels`);
    const made = make();
    depth -= 1;
    return made;
  };

  const list = (count: number): WireValue[] =>
    nested(() => {
      const items: WireValue[] = [];
      while (items.length < count) items.push(read());
      return items;
    });

  /** An object while every key is a text, otherwise a Map. The last of equal keys counts. */
  const map = (count: number): WireValue =>
    nested(() => {
      const object: Record<string, WireValue> = {};
      let other: Map<WireValue, WireValue> | undefined;
      for (let index = 0; index < count; index++) {
        const key = read();
        if (typeof key !== "string") other ??= new Map<WireValue, WireValue>(Object.entries(object));
        const value = read();
        if (other !== undefined) other.set(key, value);
        else setOwn(object, key as string, value);
      }
      return other ?? object;
    });

  const extension = (size: number): WireValue => {
    const type = view.getInt8(move(1));
    const start = move(size);
    if (type === -1) {
      if (size === 4) return new Timestamp(view.getUint32(start), 0);
      if (size === 8) {
        const high = view.getUint32(start);
        return new Timestamp((high & 3) * 2 ** 32 + view.getUint32(start + 4), high >>> 2);
      }
      if (size === 12) return new Timestamp(exact(view.getBigInt64(start + 4)), view.getUint32(start));
    }
    return new Extension(type, bytes.subarray(start, at));
  };

  const read = (): WireValue => {
    const head = view.getUint8(move(1));
    if (head < 0x80) return head;
    if (head >= 0xe0) return head - 0x100;
    if (head < 0x90) return map(head & 0x0f);
    if (head < 0xa0) return list(head & 0x0f);
    if (head < 0xc0) return text(head & 0x1f);
    if (head < 0xc4) {
      if (head === 0xc1) throw new RangeError("0xc1 is no value");
      return head === 0xc0 ? null : head === 0xc3;
    }
    if (head < 0xc7) return bytesOf(unsigned(head - 0xc4));
    if (head < 0xca) return extension(unsigned(head - 0xc7));
    if (head === 0xca) return view.getFloat32(move(4));
    if (head === 0xcb) return view.getFloat64(move(8));
    if (head < 0xcf) return unsigned(head - 0xcc);
    if (head === 0xcf) return exact(view.getBigUint64(move(8)));
    if (head === 0xd0) return view.getInt8(move(1));
    if (head === 0xd1) return view.getInt16(move(2));
    if (head === 0xd2) return view.getInt32(move(4));
    if (head === 0xd3) return exact(view.getBigInt64(move(8)));
    if (head < 0xd9) return extension(1 << (head - 0xd4));
    if (head < 0xdc) return text(unsigned(head - 0xd9));
    return head < 0xde ? list(unsigned(head - 0xdb)) : map(unsigned(head - 0xdd));
  };

  return { offset: () => at, read };
}

/** A number where it is exact, a bigint beyond ±(2^53 − 1). */
function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
