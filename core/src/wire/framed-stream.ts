/**
 * One direction of a transport: where its records begin and end once the protocol is known, and what is left of them.
 *
 * @module
 */
import type { DecodeIssue } from "./decode-issue.ts";
import { looksLikeMessagePackRecords } from "./detect-protocol.ts";
import { type PrefixedTail, splitLengthPrefixed } from "./framing/length-prefix.ts";
import {
  type FramedRecord,
  rawLength,
  rawOf,
  splitFirstRecord,
  splitRecordSeparated,
} from "./framing/record-separator.ts";
import { joinTail, type Piece, type Tail } from "./framing/tail.ts";
import type { DecodedRecord, HubCodec, RawRecord } from "./hub-codec.ts";
import { decodedRecord, lazyRecord } from "./lazy-record.ts";
import type { Direction } from "./payload.ts";

/** One direction. */
export interface Stream {
  readonly direction: Direction;
  phase: "handshake" | "messages";
  /** The beginning of a record that ends with a separator. */
  separated: Tail | undefined;
  /** The beginning of a record with a length prefix. */
  prefixed: PrefixedTail | undefined;
  /** Something is missing before the next payload, so it need not begin with a record. */
  isLost: boolean;
  /** The handshake may have been among the payloads that the recording does not have. */
  hasGap: boolean;
}

export function createStream(direction: Direction, phase: "handshake" | "messages"): Stream {
  return { direction, phase, separated: undefined, prefixed: undefined, isLost: false, hasGap: false };
}

export function decodeSeparated(codec: HubCodec, stream: Stream, piece: Piece): readonly DecodedRecord[] {
  const before = stream.separated;
  if (stream.isLost && before === undefined && !beginsLikeObject(rawOf(piece))) {
    const { record, behind } = splitFirstRecord(piece);
    if (record === undefined) {
      return [wholePiece(stream, piece, { code: "framing-lost" })];
    }
    stream.isLost = false;
    const lost = undecodable(stream, record, { code: "framing-lost" });
    return behind.length === 0 ? [lost] : [lost, ...decodeSeparated(codec, stream, behind)];
  }
  stream.isLost = false;
  const { records, rest } = splitRecordSeparated(piece, before);
  stream.separated = rest;
  return records.map((record) => indexedRecord(stream, record, codec));
}

export function decodePrefixed(codec: HubCodec, stream: Stream, piece: Piece): readonly DecodedRecord[] {
  if (stream.separated !== undefined) {
    // Begun as a handshake before the other direction showed that none comes.
    const raw = takeTail(stream) ?? rawOf(piece);
    const lost = undecodable(stream, { raw, size: rawLength(raw) }, { code: "framing-lost" });
    return [lost, ...decodePrefixed(codec, stream, piece)];
  }
  if (typeof piece === "string") {
    const raw = rawOf(piece);
    return [indexedRecord(stream, { raw, size: rawLength(raw) }, codec)];
  }
  if (stream.isLost && !looksLikeMessagePackRecords(piece)) {
    return [wholePiece(stream, piece, { code: "framing-lost" })];
  }
  stream.isLost = false;
  const { records, rest, issue, broken } = splitLengthPrefixed(piece, stream.prefixed);
  stream.prefixed = rest;
  const decoded = records.map((record) => indexedRecord(stream, record, codec));
  if (issue === undefined || broken === undefined) return decoded;
  // The official peers send whole records: the next payload is the next chance.
  stream.isLost = true;
  return [...decoded, wholePiece(stream, broken, issue)];
}

export function indexedRecord(stream: Stream, record: FramedRecord, codec: HubCodec): DecodedRecord {
  return lazyRecord(stream.direction, record, codec);
}

export function undecodable(
  stream: Stream,
  record: FramedRecord,
  ...issues: readonly DecodeIssue[]
): DecodedRecord {
  return decodedRecord(stream.direction, record, { message: { kind: "undecodable" }, issues });
}

export function wholePiece(stream: Stream, piece: Piece, issue: DecodeIssue): DecodedRecord {
  const raw = rawOf(piece);
  return undecodable(stream, { raw, size: rawLength(raw) }, issue);
}

/** With its prefix, where the record has one. */
export function takeTail(stream: Stream): RawRecord | undefined {
  const tail = stream.separated ?? stream.prefixed?.tail;
  stream.separated = undefined;
  stream.prefixed = undefined;
  return tail === undefined ? undefined : joinTail(tail);
}

const OBJECT_BYTE = 0x7b;

export function beginsLikeObject(start: Uint8Array | RawRecord): boolean {
  if (!(start instanceof Uint8Array)) {
    return start.kind === "text" ? /^\s*\{/.test(start.text) : beginsLikeObject(start.bytes);
  }
  const first = start.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return first === OBJECT_BYTE;
}
