/**
 * Where records are written: one piece of memory for many, because in browsers an ArrayBuffer of its own costs more than
 * writing a short record into it. What was given out is never written to again.
 *
 * @module
 */
import { lengthPrefixSize, writeLengthPrefix } from "../framing/length-prefix.ts";
import { MAX_LENGTH_PREFIX_SIZE } from "../limits.ts";

export interface Output {
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView;
  /** Where the record begins, room for its prefix included. */
  start: number;
  /** Where the next byte goes. */
  at: number;
}

const SLAB = 32 * 1024;

/** A longer record gets memory of its own, so that who keeps it keeps nothing else. */
const LONGEST_SHARED = 4 * 1024;

/** Undefined while a record is being written: a getter of a value may encode another. */
let idle: Output | undefined;

function createOutput(): Output {
  const bytes = new Uint8Array(SLAB);
  return { bytes, view: new DataView(bytes.buffer), start: 0, at: 0 };
}

/** Behind room for the longest prefix. */
export function openRecord(): Output {
  const output = idle ?? createOutput();
  idle = undefined;
  output.start = output.at;
  output.at += MAX_LENGTH_PREFIX_SIZE;
  makeRoom(output, 0);
  return output;
}

/** Puts the prefix right before the body and gives the record out. */
export function closeRecord(output: Output): Uint8Array<ArrayBuffer> {
  const body = output.start + MAX_LENGTH_PREFIX_SIZE;
  const length = output.at - body;
  const start = body - lengthPrefixSize(length);
  writeLengthPrefix(output.bytes, start, length);
  const end = output.at;
  idle = output;
  // Not `subarray`, which takes longer: it asks what it should construct.
  if (end - start <= LONGEST_SHARED) return new Uint8Array(output.bytes.buffer, start, end - start);
  output.at = output.start;
  return output.bytes.slice(start, end);
}

/** Forgets a record that cannot be written. */
export function dropRecord(output: Output): void {
  output.at = output.start;
  idle = output;
}

/** Makes room for `size` bytes at `at`. What is behind `start` moves along; what is before it was given out. */
export function makeRoom(output: Output, size: number): void {
  const { bytes, start, at } = output;
  if (at + size <= bytes.length) return;
  const grown = new Uint8Array(Math.max(SLAB, (at - start + size) * 2));
  grown.set(bytes.subarray(start, Math.min(at, bytes.length)));
  output.bytes = grown;
  output.view = new DataView(grown.buffer);
  output.start = 0;
  output.at = at - start;
}
