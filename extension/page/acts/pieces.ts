import type { Direction } from "../../../core/src/wire/payload.ts";
import { type PeekedEnvelope, peekEnvelopeItems } from "../../../core/src/wire/peek-envelope.ts";
import { isPeekedPing, type PeekedRecord, peekRecords } from "../../../core/src/wire/peek-records.ts";
import { bytesPayload, type CopiedPayload, textPayload } from "../copy-payload.ts";
import { append } from "../lists.ts";
import { quietly } from "../quietly.ts";
import { sliceText } from "../text-natives.ts";
import { viewParts } from "../view-parts.ts";
import { type CarrierData, isBytes } from "./act-natives.ts";
import { copyBytes, joinBytes, partOfBytes } from "./bytes.ts";

/** The smallest part of what a transport carries that can meet a fate of its own: a record, or a whole payload. */
export interface Piece {
  readonly data: CarrierData;
  /** Undefined where the payload could not be divided: nobody knows what it says. */
  readonly record: PeekedRecord | undefined;
  /** It may share a payload with others. */
  readonly joins: boolean;
  /** Of an envelope of classic SignalR: what is before its messages, the message, what is behind. */
  readonly envelope?: EnvelopePart;
}

interface EnvelopePart {
  readonly before: string;
  /** Undefined: what goes with the messages, which the connection itself needs. */
  readonly item: string | undefined;
  readonly after: string;
}

/** Gives sizes that no accessor of the page's can lie about. */
export interface PieceNatives {
  bufferSize(buffer: ArrayBuffer): number;
  blobSize(blob: Blob): number;
  readBlob(blob: Blob): Promise<ArrayBuffer>;
}

/** Copies: the page may reuse its buffer. Undefined for what the platform would have to make text of. */
export function piecesOf(
  data: unknown,
  direction: Direction,
  natives: PieceNatives,
): readonly Piece[] | undefined {
  const copy = dataOf(data, natives);
  if (copy === undefined) return undefined;
  // What a page sends is one call; what looks like an envelope there is its own.
  const envelope = direction === "in" && typeof copy === "string" ? peekEnvelopeItems(copy) : undefined;
  return envelope === undefined ? divide(copy) : divideEnvelope(copy as string, envelope);
}

/** An envelope without cursor, groups and flags, which leave a client's own as they are. */
const BARE = { before: '{"M":[', after: "]}" } as const;

/** First what goes with the messages: a client takes that first, wherever it stands. */
function divideEnvelope(text: string, { start, end, items }: PeekedEnvelope): readonly Piece[] {
  const around = { before: sliceText(text, 0, start), after: sliceText(text, end) };
  const pieces: Piece[] = [];
  append(pieces, {
    data: around.before + around.after,
    record: undefined,
    joins: true,
    envelope: { ...around, item: undefined },
  });
  for (let at = 0; at < items.length; at++) {
    const record = items[at];
    if (record === undefined) continue;
    const item = sliceText(text, record.start, record.end);
    const data = BARE.before + item + BARE.after;
    append(pieces, { data, record, joins: true, envelope: { ...BARE, item } });
  }
  return pieces;
}

export function divide(data: CarrierData): readonly Piece[] {
  if (typeof data !== "string" && !isBytes(data)) return [{ data, record: undefined, joins: false }];
  const records = peekRecords(data);
  if (records === undefined || records.length === 0) return [{ data, record: undefined, joins: false }];
  const pieces: Piece[] = [];
  for (let at = 0; at < records.length; at++) {
    const record = records[at];
    if (record === undefined) continue;
    const { start, end } = record;
    const isWhole = records.length === 1;
    const part = isWhole
      ? data
      : typeof data === "string"
        ? sliceText(data, start, end)
        : partOfBytes(data, start, end);
    append(pieces, { data: part, record, joins: hasFraming(part) });
  }
  return pieces;
}

/** A handshake or a record of a hub protocol; envelopes of classic SignalR have no framing. */
function hasFraming(data: string | Uint8Array): boolean {
  return typeof data !== "string" || data[data.length - 1] === "\u001e";
}

/** As few payloads as these pieces fit in, in their order. */
export function joinPieces(pieces: readonly Piece[]): readonly CarrierData[] {
  const joined: CarrierData[] = [];
  let last: Piece | undefined;
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at];
    if (piece === undefined) continue;
    const both = last?.joins === true && piece.joins ? joinTwo(last, piece) : undefined;
    last = both ?? piece;
    if (both === undefined) append(joined, last.data);
    else joined[joined.length - 1] = last.data;
  }
  return joined;
}

function joinTwo(one: Piece, other: Piece): Piece | undefined {
  if (one.envelope !== undefined || other.envelope !== undefined) return joinEnvelopes(one, other);
  const data = join(one.data, other.data);
  return data === undefined ? undefined : { data, record: undefined, joins: true };
}

/** What goes with messages goes with those before it. */
function joinEnvelopes({ envelope: one }: Piece, { envelope: other }: Piece): Piece | undefined {
  if (one === undefined || other?.item === undefined) return undefined;
  const item = one.item === undefined ? other.item : `${one.item},${other.item}`;
  const { before, after } = one;
  return { data: before + item + after, record: undefined, joins: true, envelope: { before, item, after } };
}

function join(one: CarrierData, other: CarrierData): CarrierData | undefined {
  if (typeof one === "string") return typeof other === "string" ? one + other : undefined;
  if (typeof other === "string" || !isBytes(one) || !isBytes(other)) return undefined;
  return joinBytes(one, other);
}

/** What the recording gets of it. */
export function recordedPayload(data: CarrierData, natives: PieceNatives): CopiedPayload {
  if (typeof data === "string") return textPayload(data);
  if (isBytes(data)) {
    const { buffer, offset, size } = viewParts(data);
    return bytesPayload(buffer, offset, size);
  }
  return { kind: "later", bytes: natives.readBlob(data), size: natives.blobSize(data) };
}

/** Faults never meet what keeps the connection alive, nor the handshake, nor what an envelope says besides its messages. */
export function isSpared({ record, envelope }: Piece): boolean {
  if (envelope !== undefined) return envelope.item === undefined;
  return record !== undefined && (record.type === 0 || isPeekedPing(record));
}

const { isView } = ArrayBuffer;

function dataOf(data: unknown, natives: PieceNatives): CarrierData | undefined {
  if (typeof data === "string") return data;
  if (typeof data !== "object" || data === null) return undefined;
  if (isView(data)) {
    const { buffer, offset, size } = viewParts(data);
    return copyBytes(buffer, offset, size);
  }
  const whole = quietly(() => natives.bufferSize(data as ArrayBuffer));
  if (whole !== undefined) return copyBytes(data as ArrayBuffer, 0, whole);
  return quietly(() => natives.blobSize(data as Blob)) === undefined ? undefined : (data as Blob);
}
