/**
 * Framing of the binary hub protocols: every record is preceded by its length in bytes, as a little-endian
 * base-128 varint of at most five bytes. HubProtocol.md, "Binary encoding".
 *
 * @module
 */
import type { DecodeIssue } from "../decode-issue.ts";
import { MAX_LENGTH_PREFIX_SIZE, MAX_RECORD_LENGTH } from "../limits.ts";
import type { FramedRecord } from "./record-separator.ts";
import { appendPiece, joinTail, type Tail } from "./tail.ts";

/** The beginning of a record that is still arriving, its prefix included. */
export interface PrefixedTail {
  readonly tail: Tail;
  readonly size: number;
  /** Prefix and body together; undefined while the prefix itself is cut. */
  readonly needed: number | undefined;
}

/** What one payload completes, and what it leaves behind. */
export interface PrefixedRecords {
  readonly records: readonly FramedRecord[];
  /** Pass it with the next payload of the same direction. */
  readonly rest: PrefixedTail | undefined;
  /** The bytes cannot be this framing from `broken` on; nothing behind a bad length can be trusted. */
  readonly issue?: DecodeIssue;
  readonly broken?: Uint8Array;
}

/**
 * Splits one payload; records cut over payloads come out with the payload that completes them. A prefix that is
 * longer than it needs to be is accepted, as .NET does. Time is linear in what is passed in.
 */
export function splitLengthPrefixed(payload: Uint8Array, before?: PrefixedTail): PrefixedRecords {
  if (before !== undefined) return continueRecord(payload, before);
  const only = onlyRecord(payload);
  if (only !== undefined) return { records: [only], rest: undefined };
  const records: FramedRecord[] = [];
  let offset = 0;
  while (offset < payload.length) {
    const short = payload[offset] as number;
    const behind = offset + 1 + short;
    if (short < 0x80 && behind <= payload.length) {
      // Nearly all records; the general way makes an object for each.
      records.push(framed(payload, offset, offset + 1, behind));
      offset = behind;
      continue;
    }
    const prefix = readLengthPrefix(payload, offset);
    if (prefix === undefined) break;
    if (prefix.length > MAX_RECORD_LENGTH) {
      const broken = payload.subarray(offset);
      return { records, rest: undefined, issue: { code: "length-prefix-too-long", at: 0 }, broken };
    }
    const start = offset + prefix.size;
    const end = start + prefix.length;
    if (end > payload.length) return { records, rest: cut(payload, offset, end - offset) };
    records.push(framed(payload, offset, start, end));
    offset = end;
  }
  return { records, rest: offset < payload.length ? cut(payload, offset, undefined) : undefined };
}

/** Nearly all payloads are one record of less than 2 MiB; a list that grows takes room for sixteen more. */
function onlyRecord(payload: Uint8Array): FramedRecord | undefined {
  const { length } = payload;
  let announced = 0;
  for (let size = 1; size <= 3 && size <= length; size++) {
    const byte = payload[size - 1] as number;
    announced |= (byte & 0x7f) << (7 * (size - 1));
    if (byte < 0x80) return announced === length - size ? framed(payload, 0, size, length) : undefined;
  }
  return undefined;
}

/** Not `subarray`, which takes longer: it asks what it should construct. */
function framed(payload: Uint8Array, offset: number, start: number, end: number): FramedRecord {
  const bytes = new Uint8Array(payload.buffer, payload.byteOffset + start, end - start);
  return { raw: { kind: "binary", bytes }, size: end - offset };
}

function cut(payload: Uint8Array, offset: number, needed: number | undefined): PrefixedTail {
  const piece = payload.subarray(offset);
  return { tail: { piece, before: undefined }, size: piece.length, needed };
}

function continueRecord(payload: Uint8Array, before: PrefixedTail): PrefixedRecords {
  if (before.needed === undefined) {
    // The tail is at most four bytes of a prefix: joining costs no more than the new payload.
    return splitLengthPrefixed(joined(before.tail, payload));
  }
  const missing = before.needed - before.size;
  const tail = appendPiece(before.tail, payload.subarray(0, missing)) ?? before.tail;
  if (payload.length < missing) {
    return { records: [], rest: { tail, size: before.size + payload.length, needed: before.needed } };
  }
  const whole = splitLengthPrefixed(bytesOf(tail));
  const behind = splitLengthPrefixed(payload.subarray(missing));
  return { ...behind, records: [...whole.records, ...behind.records] };
}

function joined(tail: Tail, payload: Uint8Array): Uint8Array {
  return bytesOf(appendPiece(tail, payload) ?? tail);
}

function bytesOf(tail: Tail): Uint8Array {
  const raw = joinTail(tail);
  return raw.kind === "binary" ? raw.bytes : new Uint8Array();
}

/** Undefined while the prefix is incomplete; an infinite length where it has too many bytes. */
export function readLengthPrefix(
  bytes: Uint8Array,
  offset: number,
): { readonly length: number; readonly size: number } | undefined {
  let length = 0;
  for (let size = 1; size <= MAX_LENGTH_PREFIX_SIZE; size++) {
    const byte = bytes[offset + size - 1];
    if (byte === undefined) return undefined;
    // Not `<<`: the fifth group would overflow into the sign bit.
    length += (byte & 0x7f) * 2 ** (7 * (size - 1));
    if (byte < 0x80) return { length, size };
  }
  return { length: Number.POSITIVE_INFINITY, size: MAX_LENGTH_PREFIX_SIZE };
}

/** Bytes that the prefix of a record of `length` bytes takes. */
export function lengthPrefixSize(length: number): number {
  let size = 1;
  for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** Writes the shortest prefix at `offset`; the caller has made room for {@link lengthPrefixSize}. */
export function writeLengthPrefix(bytes: Uint8Array, offset: number, length: number): void {
  let rest = length;
  let at = offset;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
  bytes[at] = rest;
}
