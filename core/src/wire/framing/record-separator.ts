/**
 * Framing of the text hub protocols and of every handshake: a record ends with 0x1E, which JSON never contains
 * unescaped. HubProtocol.md, "JSON Encoding".
 *
 * @module
 */
import { utf8Length } from "../../bytes/utf8.ts";
import type { RawRecord } from "../hub-codec.ts";
import type { ByteLength } from "../payload.ts";
import { appendPiece, joinTail, type Piece, type Tail } from "./tail.ts";

/**
 * ASCII 0x1E, behind every record of a text protocol and every handshake. HubProtocol.md, "JSON Encoding".
 */
export const RECORD_SEPARATOR = "\u001e";
const SEPARATOR_BYTE = 0x1e;

/** A whole record, cut out of its payloads. */
export interface FramedRecord {
  /** Without framing. Bytes are views on the payload where one payload holds the whole record. */
  readonly raw: RawRecord;
  /** Bytes on the wire, framing included. */
  readonly size: ByteLength;
}

/** The records that one payload completes. */
export interface SeparatedRecords {
  readonly records: readonly FramedRecord[];
  /** The beginning of a record that is still arriving: pass it with the next payload of the same direction. */
  readonly rest: Tail | undefined;
}

/**
 * Splits one payload, text or UTF-8 bytes. A record may be cut anywhere, within a character too, and continue in a
 * payload of the other kind: to .NET a connection is one stream of bytes. Time is linear in what is passed in.
 */
export function splitRecordSeparated(payload: Piece, before?: Tail): SeparatedRecords {
  if (before === undefined && typeof payload === "string") {
    const last = payload.length - 1;
    if (payload.indexOf(RECORD_SEPARATOR) === last && last > 0) {
      // Nearly all payloads; a list that grows takes room for sixteen more.
      return { records: [new TextRecord(payload.slice(0, last))], rest: undefined };
    }
  }
  const records: FramedRecord[] = [];
  let start = 0;
  if (before !== undefined) {
    const end = nextSeparator(payload, 0);
    if (end < 0) return { records, rest: appendPiece(before, payload) };
    records.push(framed(before, slice(payload, 0, end)));
    start = end + 1;
  }
  start =
    typeof payload === "string" ? splitText(payload, start, records) : splitBytes(payload, start, records);
  return {
    records,
    rest: start < payload.length ? appendPiece(undefined, slice(payload, start, payload.length)) : undefined,
  };
}

/** Returns what is behind the last record. */
function splitText(payload: string, from: number, records: FramedRecord[]): number {
  let start = from;
  for (let end = payload.indexOf(RECORD_SEPARATOR, start); end >= 0; ) {
    records.push(new TextRecord(payload.slice(start, end)));
    start = end + 1;
    end = start < payload.length ? payload.indexOf(RECORD_SEPARATOR, start) : -1;
  }
  return start;
}

function splitBytes(payload: Uint8Array, from: number, records: FramedRecord[]): number {
  let start = from;
  for (let end = payload.indexOf(SEPARATOR_BYTE, start); end >= 0; ) {
    records.push(framed(undefined, payload.subarray(start, end)));
    start = end + 1;
    end = payload.indexOf(SEPARATOR_BYTE, start);
  }
  return start;
}

/** Splits the first record off only, because what follows a handshake may be framed otherwise. */
export function splitFirstRecord(
  payload: Piece,
  before?: Tail,
): { readonly record: FramedRecord | undefined; readonly rest: Tail | undefined; readonly behind: Piece } {
  const end = nextSeparator(payload, 0);
  if (end < 0) return { record: undefined, rest: appendPiece(before, payload), behind: "" };
  const record = framed(before, slice(payload, 0, end));
  return { record, rest: undefined, behind: slice(payload, end + 1, payload.length) };
}

/** Counts its bytes when it is asked: that takes as long as parsing a short record. */
class TextRecord implements FramedRecord {
  readonly raw: RawRecord;
  constructor(text: string) {
    this.raw = { kind: "text", text };
  }
  get size(): ByteLength {
    return rawLength(this.raw) + 1;
  }
}

function framed(before: Tail | undefined, last: Piece): FramedRecord {
  const raw = before === undefined ? rawOf(last) : joinTail(appendPiece(before, last));
  return raw.kind === "text" ? new TextRecord(raw.text) : { raw, size: raw.bytes.length + 1 };
}

export function rawOf(piece: Piece): RawRecord {
  return typeof piece === "string" ? { kind: "text", text: piece } : { kind: "binary", bytes: piece };
}

/** Bytes on the wire of a record without its framing. */
export function rawLength(raw: RawRecord): ByteLength {
  return raw.kind === "text" ? utf8Length(raw.text) : raw.bytes.length;
}

/** Where the next separator is; -1 where there is none. */
export function nextSeparator(piece: Piece, from: number): number {
  return typeof piece === "string"
    ? piece.indexOf(RECORD_SEPARATOR, from)
    : piece.indexOf(SEPARATOR_BYTE, from);
}

export function slice(piece: Piece, start: number, end: number): Piece {
  return typeof piece === "string" ? piece.slice(start, end) : piece.subarray(start, end);
}
