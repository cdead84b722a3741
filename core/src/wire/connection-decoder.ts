/**
 * Payloads of one transport to decoded records: handshake first, then the protocol that it names. Each direction has
 * a framing state of its own.
 *
 * @module
 */
import { isBlazorCall } from "./blazorpack/detect.ts";
import { codecFor, hubProtocolOf } from "./codecs.ts";
import type { DecodeIssue, DecodeIssueCode } from "./decode-issue.ts";
import { looksLikeMessagePackRecords } from "./detect-protocol.ts";
import {
  beginsLikeObject,
  createStream,
  decodePrefixed,
  decodeSeparated,
  indexedRecord,
  type Stream,
  takeTail,
  undecodable,
  wholePiece,
} from "./framed-stream.ts";
import { type FramedRecord, rawLength, splitFirstRecord } from "./framing/record-separator.ts";
import type { Piece } from "./framing/tail.ts";
import { decodeHandshakeRequest, decodeHandshakeResponse } from "./handshake.ts";
import type { DecodedRecord, HubCodec, HubProtocolName } from "./hub-codec.ts";
import { jsonCodec } from "./json/codec.ts";
import { isHubRecord } from "./json/decode.ts";
import { decodedRecord } from "./lazy-record.ts";
import type { Direction, Payload } from "./payload.ts";

/** What is known of a connection before its first payload. Usually nothing. */
export interface ConnectionDecoderOptions {
  /** Known from elsewhere: decodes what no handshake explains. A handshake that is seen outweighs it. */
  readonly protocol?: HubProtocolName;
  /** A later socket of a connection with stateful reconnect: hub messages from the first payload on. */
  readonly resumed?: boolean;
  /** `protocol` holds whatever a handshake names: the user has said so. */
  readonly isChosen?: boolean;
  /** The address is that of a Blazor Server's hub: MessagePack without a handshake is taken for `blazorpack`. */
  readonly isBlazorAddress?: boolean;
}

/** The hub protocol that a decoder follows, and how it knows. */
export interface DecoderProtocol {
  readonly name: HubProtocolName;
  /** The name in the handshake, where its letter case is another. */
  readonly announced?: string;
  /** From the handshake; absent where none was seen. */
  readonly version?: number;
  /** No handshake was seen, and the payloads look like this protocol. */
  readonly guessed: boolean;
}

/** Never throws and never drops: what cannot be decoded is a record of kind `undecodable` with an issue. */
export interface ConnectionDecoder {
  /** The records that this payload completes, in wire order. */
  decode(direction: Direction, payload: Payload): readonly DecodedRecord[];
  /** The transport has ended: what is left incomplete, with the issue `incomplete-at-close`. */
  end(): readonly DecodedRecord[];
  /** Undefined until a handshake or the payloads tell, and for protocols that we do not know. */
  readonly protocol: DecoderProtocol | undefined;
  /** "messages" from the handshake response on, or from the first hub message where no handshake was seen. */
  readonly phase: "handshake" | "messages";
}

interface State {
  readonly out: Stream;
  readonly in: Stream;
  codec: HubCodec | undefined;
  protocol: DecoderProtocol | undefined;
  /** No handshake changes the codec. */
  readonly isChosen: boolean;
  readonly isBlazorAddress: boolean;
  /** A handshake named a protocol that we do not know. */
  unknownName: string | undefined;
  requestSeen: boolean;
  phase: "handshake" | "messages";
  /** Goes with the next record, once. */
  notice: DecodeIssue | undefined;
}

/** One decoder for each transport of a connection: a later socket needs another. */
export function createConnectionDecoder(options: ConnectionDecoderOptions = {}): ConnectionDecoder {
  const phase = options.resumed === true ? "messages" : "handshake";
  const { protocol: name } = options;
  const state: State = {
    out: createStream("out", phase),
    in: createStream("in", phase),
    codec: name === undefined ? undefined : codecFor(name),
    protocol: name === undefined ? undefined : { name, guessed: false },
    isChosen: options.isChosen === true && name !== undefined,
    isBlazorAddress: options.isBlazorAddress === true,
    unknownName: undefined,
    requestSeen: false,
    phase,
    notice: undefined,
  };
  return {
    decode: (direction, payload) => decodePayload(state, state[direction], payload),
    end: () => [...endStream(state.out), ...endStream(state.in)],
    get protocol() {
      return state.protocol;
    },
    get phase() {
      return state.phase;
    },
  };
}

function decodePayload(state: State, stream: Stream, payload: Payload): readonly DecodedRecord[] {
  switch (payload.kind) {
    case "text":
      return payload.text === "" ? [] : decodePiece(state, stream, payload.text);
    case "binary":
      return payload.bytes.length === 0 ? [] : decodePiece(state, stream, payload.bytes);
    case "omitted":
      return [omittedRecord(stream, payload)];
  }
}

/** The record keeps what had arrived of it before the payload that is missing. */
function omittedRecord(stream: Stream, payload: Extract<Payload, { kind: "omitted" }>): DecodedRecord {
  const raw = takeTail(stream) ?? { kind: "binary", bytes: new Uint8Array() };
  stream.isLost = true;
  stream.hasGap = true;
  const size = rawLength(raw) + payload.size;
  return undecodable(stream, { raw, size }, { code: "payload-omitted", detail: payload.reason });
}

function endStream(stream: Stream): readonly DecodedRecord[] {
  const raw = takeTail(stream);
  if (raw === undefined) return [];
  return [undecodable(stream, { raw, size: rawLength(raw) }, { code: "incomplete-at-close" })];
}

function decodePiece(state: State, stream: Stream, piece: Piece): readonly DecodedRecord[] {
  const firsts: DecodedRecord[] = [];
  let left = piece;
  // A loop, not a recursion: a payload may hold any number of records that are no handshake.
  while (isOpen(state, stream) && left.length > 0) {
    const { record, behind } = decodeFirst(state, stream, left);
    if (record !== undefined) firsts.push(record);
    left = behind;
  }
  return left.length === 0 ? firsts : [...firsts, ...decodeRest(state, stream, left)];
}

/** A handshake is expected, or what the payloads are is not known yet. */
function isOpen(state: State, stream: Stream): boolean {
  return stream.phase === "handshake" || (state.codec === undefined && state.unknownName === undefined);
}

function decodeRest(state: State, stream: Stream, piece: Piece): readonly DecodedRecord[] {
  if (state.codec === undefined) {
    const issue: DecodeIssue = {
      code: "unknown-protocol",
      ...(state.unknownName !== undefined && { detail: state.unknownName }),
    };
    return [wholePiece(stream, piece, issue)];
  }
  const records =
    state.codec.transferFormat === "text"
      ? decodeSeparated(state.codec, stream, piece)
      : decodePrefixed(state.codec, stream, piece);
  return withNotice(state, guessBlazor(state, records));
}

/**
 * Blazor Server's protocol has the envelope of MessagePack: without a handshake only the calls tell the two apart. What
 * was read so far reads the same in both.
 */
function guessBlazor(state: State, records: readonly DecodedRecord[]): readonly DecodedRecord[] {
  if (state.protocol?.guessed !== true || state.protocol.name !== "messagepack") return records;
  const at = records.findIndex(({ direction, head }) => isBlazorCall(direction, head));
  if (at < 0) return records;
  // Said where it is learnt, or, as before, on the first record of all.
  const isFirst = state.notice !== undefined;
  becomeGuess(state, "blazorpack");
  return isFirst ? records : [...records.slice(0, at), ...withNotice(state, records.slice(at))];
}

interface First {
  readonly record: DecodedRecord | undefined;
  /** Still to be decoded, perhaps otherwise. */
  readonly behind: Piece;
}

function decodeFirst(state: State, stream: Stream, piece: Piece): First {
  if (typeof piece !== "string" && stream.separated === undefined) {
    if (state.codec?.transferFormat !== "text" && looksLikeMessagePackRecords(piece)) {
      const name = state.isBlazorAddress ? "blazorpack" : "messagepack";
      state.notice = skipHandshake(state, stream, name) ?? state.notice;
      return { record: undefined, behind: piece };
    }
    if (!beginsLikeObject(piece) && !piece.includes(SEPARATOR_BYTE)) {
      return { record: wholePiece(stream, piece, { code: codeOfOddity(stream) }), behind: "" };
    }
  }
  const { record, rest, behind } = splitFirstRecord(piece, stream.separated);
  stream.separated = rest;
  return { record: record === undefined ? undefined : decodeFirstRecord(state, stream, record), behind };
}

function decodeFirstRecord(state: State, stream: Stream, record: FramedRecord): DecodedRecord {
  if (state.codec?.transferFormat !== "binary" && isHubRecord(record.raw)) {
    state.notice = skipHandshake(state, stream, "json") ?? state.notice;
    const [decoded = undecodable(stream, record)] = withNotice(state, [
      indexedRecord(stream, record, jsonCodec),
    ]);
    return decoded;
  }
  if (stream.phase === "messages") return undecodable(stream, record, { code: codeOfOddity(stream) });
  if (stream.isLost && !beginsLikeObject(record.raw)) {
    stream.isLost = false;
    return undecodable(stream, record, { code: "framing-lost" });
  }
  return stream.direction === "out"
    ? handshakeRequest(state, stream, record)
    : handshakeResponse(state, stream, record);
}

function codeOfOddity(stream: Stream): DecodeIssueCode {
  if (stream.isLost) return "framing-lost";
  return stream.phase === "handshake" ? "handshake-malformed" : "unknown-protocol";
}

function handshakeRequest(state: State, stream: Stream, record: FramedRecord): DecodedRecord {
  const { message, issues } = decodeHandshakeRequest(record.raw);
  if (message.kind !== "handshake-request")
    return decodedRecord(stream.direction, record, { message, issues });
  state.requestSeen = true;
  stream.phase = "messages";
  stream.isLost = false;
  if (state.isChosen) return decodedRecord(stream.direction, record, { message, issues });
  const name = hubProtocolOf(message.protocol);
  if (name === undefined) {
    state.codec = undefined;
    state.protocol = undefined;
    state.unknownName = message.protocol;
    const issue: DecodeIssue = { code: "unknown-protocol", field: "protocol", detail: message.protocol };
    return decodedRecord(stream.direction, record, { message, issues: [...issues, issue] });
  }
  const announced = name === message.protocol ? undefined : { announced: message.protocol };
  state.codec = codecFor(name);
  state.protocol = { name, ...announced, version: message.version, guessed: false };
  return decodedRecord(stream.direction, record, { message, issues });
}

function handshakeResponse(state: State, stream: Stream, record: FramedRecord): DecodedRecord {
  const { message, issues } = decodeHandshakeResponse(record.raw);
  if (message.kind === "handshake-response") {
    stream.phase = "messages";
    stream.isLost = false;
    if (message.error === undefined) state.phase = "messages";
  }
  return decodedRecord(stream.direction, record, { message, issues });
}

/**
 * Hub messages stand where a handshake could be: the recording began late, or the peer forgot it. Returns the issue
 * of the latter.
 */
function skipHandshake(state: State, stream: Stream, name: HubProtocolName): DecodeIssue | undefined {
  const isForgotten = stream.phase === "handshake" && state.requestSeen && !stream.hasGap;
  stream.phase = "messages";
  stream.isLost = false;
  state.phase = "messages";
  if (state.codec === undefined) becomeGuess(state, name);
  if (isForgotten) return { code: "handshake-missing" };
  // Whoever speaks has had the other side's handshake already.
  if (!state.requestSeen) {
    state.out.phase = "messages";
    state.in.phase = "messages";
  }
  return undefined;
}

function becomeGuess(state: State, name: HubProtocolName): void {
  state.codec = codecFor(name);
  state.protocol = { name, guessed: true };
  state.notice = { code: "protocol-guessed", detail: name };
}

const SEPARATOR_BYTE = 0x1e;

function withNotice(state: State, records: readonly DecodedRecord[]): readonly DecodedRecord[] {
  if (state.notice === undefined || records.length === 0) return records;
  const { notice } = state;
  state.notice = undefined;
  return withIssue(records, notice);
}

/** Says it on the first record. */
function withIssue(
  records: readonly DecodedRecord[],
  issue: DecodeIssue | undefined,
): readonly DecodedRecord[] {
  const [first, ...others] = records;
  if (issue === undefined || first === undefined) return records;
  const { direction, message, issues } = first;
  return [decodedRecord(direction, first, { message, issues: [issue, ...issues] }), ...others];
}
