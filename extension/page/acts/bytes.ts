import { method } from "../../channel/natives.ts";
import { append } from "../lists.ts";
import { unitAt } from "../text-natives.ts";
import { viewParts } from "../view-parts.ts";

const Bytes = Uint8Array;
const setBytes = method(Uint8Array.prototype.set);

/** A copy of a part of a buffer, in a buffer of its own. */
export function copyBytes(buffer: ArrayBufferLike, offset: number, size: number): Uint8Array<ArrayBuffer> {
  const copy = new Bytes(size);
  setBytes(copy, new Bytes(buffer, offset, size));
  return copy;
}

/** A copy of the bytes from `start` to before `end`. */
export function partOfBytes(bytes: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> {
  const { buffer, offset } = viewParts(bytes);
  return copyBytes(buffer, offset + start, end - start);
}

export function joinBytes(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const before = viewParts(one).size;
  const both = new Bytes(before + viewParts(other).size);
  setBytes(both, one);
  setBytes(both, other, before);
  return both;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES: number[] = [];
for (let unit = 0; unit < 128; unit++) append(VALUES, -1);
for (let at = 0; at < ALPHABET.length; at++) VALUES[unitAt(ALPHABET, at)] = at;

/** Undefined for what is no base64 with padding; RFC 4648, section 4. `atob` is the page's to replace. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding =
    text.length === 0 || text[text.length - 1] !== "=" ? 0 : text[text.length - 2] === "=" ? 2 : 1;
  const size = (text.length / 4) * 3 - padding;
  const bytes = new Bytes(size);
  let filled = 0;
  for (let at = 0; at < text.length; at += 4) {
    let group = 0;
    for (let index = at; index < at + 4; index++) {
      const isPadding = index >= text.length - padding;
      const unit = unitAt(text, index);
      const value = isPadding ? 0 : unit < 128 ? (VALUES[unit] ?? -1) : -1;
      if (value < 0) return undefined;
      group = group * 64 + value;
    }
    for (let shift = 16; shift >= 0 && filled < size; shift -= 8) bytes[filled++] = (group >> shift) & 0xff;
  }
  return bytes;
}
