/**
 * Framing of the binary hub protocols: every record is preceded by its length in bytes, as a little-endian
 * base-128 varint of at most five bytes. HubProtocol.md, "Binary encoding".
 *
 * @module
 */
import type { DecodeIssue } from "../decode-issue.ts";
import type { RawRecord } from "../hub-codec.ts";
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
  const { length } = payload;
  const only = bodyAt(payload, 0);
  if (only >= 0 && bodyEnd === length) {
    // Nearly all payloads are one record; a list that grows takes room for sixteen more.
    return { records: [new BinaryRecord(payload, 0, only, length)], rest: undefined };
  }
  const records: FramedRecord[] = [];
  let offset = 0;
  while (offset < length) {
    const start = bodyAt(payload, offset);
    if (start < 0) break;
    const end = bodyEnd;
    if (end - start > MAX_RECORD_LENGTH) {
      const broken = payload.subarray(offset);
      return { records, rest: undefined, issue: { code: "length-prefix-too-long", at: 0 }, broken };
    }
    if (end > length) return { records, rest: cut(payload, offset, end - offset) };
    records.push(new BinaryRecord(payload, offset, start, end));
    offset = end;
  }
  return { records, rest: offset < length ? cut(payload, offset, undefined) : undefined };
}

/** A record where it is in its payload: the view of it is made when somebody asks, which takes longer than indexing it. */
export class BinaryRecord implements FramedRecord {
  readonly payload: Uint8Array;
  /** Of the body. */
  readonly start: number;
  readonly end: number;
  readonly size: number;
  private view: RawRecord | undefined;

  constructor(payload: Uint8Array, offset: number, start: number, end: number) {
    this.payload = payload;
    this.start = start;
    this.end = end;
    this.size = end - offset;
    this.view = undefined;
  }

  get raw(): RawRecord {
    this.view ??= { kind: "binary", bytes: viewOf(this.payload, this.start, this.end) };
    return this.view;
  }
}

/** Not `subarray`, which takes longer: it asks what it should construct. */
export function viewOf(payload: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(payload.buffer, payload.byteOffset + start, end - start);
}

/** Where the body ends of which {@link bodyAt} has told the beginning; beyond the payload where that is cut. */
export let bodyEnd = 0;

/**
 * Where the body of the record at `offset` begins; -1 where its prefix is cut. Two numbers, because an object for both
 * takes as long as reading a short record.
 */
export function bodyAt(payload: Uint8Array, offset: number): number {
  const first = payload[offset] as number;
  if (first < 0x80) {
    bodyEnd = offset + 1 + first;
    return offset + 1;
  }
  const second = payload[offset + 1] as number;
  if (second < 0x80) {
    bodyEnd = offset + 2 + ((first & 0x7f) | (second << 7));
    return offset + 2;
  }
  const prefix = readLengthPrefix(payload, offset);
  if (prefix === undefined) return -1;
  bodyEnd = offset + prefix.size + prefix.length;
  return offset + prefix.size;
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
  if (length < 0x80) return 1;
  let size = 1;
  for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** Writes the shortest prefix at `offset`; the caller has made room for {@link lengthPrefixSize}. */
export function writeLengthPrefix(bytes: Uint8Array, offset: number, length: number): void {
  if (length < 0x80) {
    bytes[offset] = length;
    return;
  }
  let rest = length;
  let at = offset;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
  bytes[at] = rest;
}
