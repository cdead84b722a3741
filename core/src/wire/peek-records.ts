/**
 * Divides a payload into its records and tells type, target and invocation ID of each without decoding any. Small,
 * because the page hook carries it into pages, where every method may have been replaced since: what it calls was taken
 * at the start. It never throws.
 *
 * @module
 */
import { peekEnvelope } from "./peek-envelope.ts";
import { append, numberIn, placeIn, textIn, topFields } from "./peek-json.ts";

/** A record within a payload. Offsets count UTF-16 units of text, or bytes. */
export interface PeekedRecord {
  readonly start: number;
  /** Behind its framing. */
  readonly end: number;
  /**
   * HubProtocol.md. Classic: 1 for calls, 3 for a result, 6 for the empty one. 0: a handshake. Undefined: cannot be told.
   */
  readonly type: number | undefined;
  /** What it calls; `hub.method` for classic SignalR, whose envelopes carry any number of calls. */
  readonly targets: readonly string[];
  readonly invocationId: string | undefined;
}

/** Undefined where the payload is not made of whole records, or of so many that say nothing that it is no hub's. */
export function peekRecords(payload: string | Uint8Array): readonly PeekedRecord[] | undefined {
  try {
    return typeof payload === "string" ? peekText(payload) : peekBytes(payload);
  } catch {
    return undefined;
  }
}

/** True for a record that only keeps the connection alive. */
export function isPeekedPing({ type }: PeekedRecord): boolean {
  return type === 6;
}

const SEPARATOR = "\u001e";
/** Bytes of anybody's divide into something: 64 KiB of zeros into 65,536 records, which would cost the page a second. */
const MAX_SILENT_RECORDS = 100;
const NO_TARGETS: readonly string[] = [];
const { apply, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const Bytes = Uint8Array;
const viewed = getPrototypeOf(Uint8Array.prototype) as object;
const bufferOf = getOwnPropertyDescriptor(viewed, "buffer")?.get as () => ArrayBuffer;
const offsetOf = getOwnPropertyDescriptor(viewed, "byteOffset")?.get as () => number;
const sizeOf = getOwnPropertyDescriptor(viewed, "byteLength")?.get as () => number;

function size(bytes: Uint8Array): number {
  return apply(sizeOf, bytes, []);
}

function part(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Bytes(apply(bufferOf, bytes, []), apply(offsetOf, bytes, []) + start, end - start);
}

function peekText(text: string): readonly PeekedRecord[] | undefined {
  if (placeIn(text, SEPARATOR, 0) < 0) return peekEnvelope(text);
  const records: PeekedRecord[] = [];
  for (let start = 0; start < text.length; ) {
    const separator = placeIn(text, SEPARATOR, start);
    if (separator < 0) return undefined;
    append(records, jsonRecord(text, start, separator));
    if (saysNothing(records)) return undefined;
    start = separator + 1;
  }
  return records;
}

/** Asked after each record: once there are that many, and none has a type. */
function saysNothing(records: readonly PeekedRecord[]): boolean {
  if (records.length !== MAX_SILENT_RECORDS) return false;
  for (let at = 0; at < records.length; at++) if (records[at]?.type !== undefined) return false;
  return true;
}

function jsonRecord(text: string, start: number, separator: number): PeekedRecord {
  const fields = topFields(text, start, separator, ["type", "target", "invocationId"]);
  const type = fields === undefined ? undefined : (numberIn(fields["type"]) ?? 0);
  const target = textIn(fields?.["target"]);
  return {
    start,
    end: separator + 1,
    type,
    targets: target === undefined ? NO_TARGETS : [target],
    invocationId: textIn(fields?.["invocationId"]),
  };
}

function peekBytes(bytes: Uint8Array): readonly PeekedRecord[] | undefined {
  const records: PeekedRecord[] = [];
  let start = 0;
  if (beginsHandshake(bytes)) {
    while (start < size(bytes) && bytes[start] !== 0x1e) start++;
    if (start++ === size(bytes)) return undefined;
    append(records, { start: 0, end: start, type: 0, targets: NO_TARGETS, invocationId: undefined });
  }
  while (start < size(bytes)) {
    const reader = { bytes, at: start };
    const length = readVarint(reader);
    const end = reader.at + length;
    if (end > size(bytes)) return undefined;
    append(records, binaryRecord(bytes, start, reader.at, end));
    if (saysNothing(records)) return undefined;
    start = end;
  }
  return records;
}

/** JSON also where the protocol is binary: `{}` or `{"…`, which no array that is 123 bytes long begins with. */
function beginsHandshake(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7b && (bytes[1] === 0x7d || bytes[1] === 0x22);
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

function binaryRecord(bytes: Uint8Array, start: number, from: number, end: number): PeekedRecord {
  const reader = { bytes: part(bytes, from, end), at: 0 };
  const nothing = { start, end, type: undefined, targets: NO_TARGETS, invocationId: undefined };
  try {
    const type = readHead(reader)[0] === "list" ? readHead(reader)[1] : undefined;
    if (type === undefined) return nothing;
    if (type < 1 || type > 5) return { ...nothing, type };
    skip(reader);
    const invocationId = readText(reader);
    const target = type === 1 || type === 4 ? readText(reader) : undefined;
    return { start, end, type, targets: target === undefined ? NO_TARGETS : [target], invocationId };
  } catch {
    return nothing;
  }
}

type Head = readonly ["list" | "map" | "text" | "bytes" | "integer", number] | readonly ["other", undefined];

/** What begins here and how long it is; integers say their value. MessagePack specification, "Formats". */
function readHead(reader: Reader): Head {
  const head = readByte(reader);
  if (head < 0x80) return ["integer", head];
  if (head < 0x90) return ["map", head & 0x0f];
  if (head < 0xa0) return ["list", head & 0x0f];
  if (head < 0xc0) return ["text", head & 0x1f];
  if (head >= 0xe0) return ["integer", head - 0x100];
  if (head >= 0xcc && head <= 0xd3) return ["integer", readNumber(reader, 2 ** (head & 0x03))];
  switch (head) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return ["other", undefined];
    case 0xc4:
      return ["bytes", readNumber(reader, 1)];
    case 0xc5:
      return ["bytes", readNumber(reader, 2)];
    case 0xc6:
      return ["bytes", readNumber(reader, 4)];
    case 0xc7:
      return ["bytes", readNumber(reader, 1) + 1];
    case 0xc8:
      return ["bytes", readNumber(reader, 2) + 1];
    case 0xc9:
      return ["bytes", readNumber(reader, 4) + 1];
    case 0xca:
      return ["bytes", 4];
    case 0xcb:
      return ["bytes", 8];
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return ["bytes", 1 + 2 ** (head - 0xd4)];
    case 0xd9:
      return ["text", readNumber(reader, 1)];
    case 0xda:
      return ["text", readNumber(reader, 2)];
    case 0xdb:
      return ["text", readNumber(reader, 4)];
    case 0xdc:
      return ["list", readNumber(reader, 2)];
    case 0xdd:
      return ["list", readNumber(reader, 4)];
    case 0xde:
      return ["map", readNumber(reader, 2)];
    case 0xdf:
      return ["map", readNumber(reader, 4)];
    default:
      throw new RangeError("no format of MessagePack");
  }
}

/** Passes one value, with all that is in it. */
function skip(reader: Reader): void {
  for (let waiting = 1; waiting > 0; waiting--) {
    const head = readHead(reader);
    if (head[0] === "list") waiting += head[1];
    else if (head[0] === "map") waiting += 2 * head[1];
    else if (head[0] === "text" || head[0] === "bytes") reader.at += head[1];
    if (reader.at > size(reader.bytes)) throw new RangeError("cut");
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const decodeUtf8 = TextDecoder.prototype.decode;

/** Undefined for anything but text, nil among it. */
function readText(reader: Reader): string | undefined {
  const before = reader.at;
  const head = readHead(reader);
  if (head[0] !== "text") {
    reader.at = before;
    skip(reader);
    return undefined;
  }
  const start = reader.at;
  reader.at += head[1];
  if (reader.at > size(reader.bytes)) throw new RangeError("cut");
  return apply(decodeUtf8, utf8, [part(reader.bytes, start, reader.at)]) as string;
}

function readByte(reader: Reader): number {
  const byte = reader.bytes[reader.at++];
  if (byte === undefined) throw new RangeError("cut");
  return byte;
}

function readNumber(reader: Reader, count: number): number {
  let value = 0;
  for (let read = 0; read < count; read++) value = value * 256 + readByte(reader);
  return value;
}

function readVarint(reader: Reader): number {
  let value = 0;
  for (let size = 0; size < 5; size++) {
    const byte = readByte(reader);
    value += (byte & 0x7f) * 2 ** (7 * size);
    if (byte < 0x80) return value;
  }
  throw new RangeError("too long");
}
