/**
 * Payloads that are too large for one message cross the ports in pieces: the first brings the event without its
 * payload, each brings a part of it.
 *
 * @module
 */
import type { CaptureEvent } from "../../core/src/capture-event.ts";
import type { Payload } from "../../core/src/wire/payload.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { isBytes } from "./capture-event-guard.ts";
import { type Fields, isFields } from "./guards.ts";
import { MAX_PAYLOAD_SIZE, MAX_PIECE_SIZE } from "./limits.ts";
import { payloadSize } from "./payload-size.ts";
import type { BinaryForm } from "./wire-event.ts";

export interface Piece {
  /** Number of the event that it is a piece of. */
  readonly number: number;
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** With the first: the event, its payload omitted. */
  readonly event?: unknown;
  /** Text, bytes, or `{ base64 }` where ports do not carry bytes. */
  readonly part: unknown;
}

/** An event that goes in pieces. */
export interface CutEvent {
  readonly count: number;
  piece(index: number): Piece;
  sizeOf(index: number): number;
}

type Whole = Exclude<Payload, { kind: "omitted" }>;

/** Undefined where the event goes in one. */
export function cutEvent(number: number, event: CaptureEvent, form: BinaryForm): CutEvent | undefined {
  const name = payloadField(event);
  const payload = name === undefined ? undefined : (event as unknown as Fields)[name];
  if (name === undefined || payload === undefined || !isWhole(payload as Payload)) return undefined;
  const whole = payload as Whole;
  const size = payloadSize(whole);
  if (size <= MAX_PIECE_SIZE) return undefined;
  const count = Math.ceil(size / MAX_PIECE_SIZE);
  const bounds = (index: number) =>
    [index * MAX_PIECE_SIZE, Math.min(size, (index + 1) * MAX_PIECE_SIZE)] as const;
  const head = { ...event, [name]: { kind: "omitted", reason: "not-captured", size } };
  return {
    count,
    sizeOf(index) {
      const [start, end] = bounds(index);
      return end - start;
    },
    piece(index) {
      const part = partOf(whole, bounds(index), form);
      return { number, index, count, part, ...(index === 0 ? { event: head } : {}) };
    },
  };
}

function partOf(payload: Whole, [start, end]: readonly [number, number], form: BinaryForm): unknown {
  if (payload.kind === "text") return payload.text.slice(start, end);
  // A view would take its whole buffer along.
  if (form === "bytes") return payload.bytes.slice(start, end);
  return { base64: encodeBase64(payload.bytes.subarray(start, end)) };
}

/** The pieces of one event after another, as they come in order. */
export interface PieceJoiner {
  /** Number of the event that is incomplete; undefined while there is none. */
  readonly number: number | undefined;
  /** How many pieces of it have come. */
  readonly pieces: number;
  /**
   * Undefined while pieces are missing, and where one does not follow the last. Whole: the event as `fromWire` reads it,
   * or "broken" where the pieces do not make one.
   */
  add(piece: Piece): Fields | "broken" | undefined;
  forget(): void;
}

export function createPieceJoiner(): PieceJoiner {
  let number: number | undefined;
  let event: Fields | undefined;
  let parts: (string | Uint8Array)[] = [];
  let size = 0;
  let isBroken = false;

  function forget(): void {
    number = undefined;
    event = undefined;
    parts = [];
    size = 0;
    isBroken = false;
  }

  return {
    get number() {
      return number;
    },
    get pieces() {
      return parts.length;
    },
    forget,
    add(piece) {
      // The first piece starts anew: the port broke, and the relay begins again.
      if (piece.index === 0) {
        forget();
        number = piece.number;
        event = isFields(piece.event) ? piece.event : undefined;
      }
      if (piece.number !== number || piece.index !== parts.length) return undefined;
      const part = readPart(piece.part);
      size += part?.length ?? 0;
      if (part === undefined || size > MAX_PAYLOAD_SIZE) isBroken = true;
      parts.push(isBroken ? "" : (part ?? ""));
      if (parts.length < piece.count) return undefined;
      const whole = isBroken || event === undefined ? undefined : join(event, parts, size);
      forget();
      return whole ?? "broken";
    },
  };
}

function readPart(part: unknown): string | Uint8Array | undefined {
  if (typeof part === "string" || isBytes(part)) return part;
  if (!isFields(part) || typeof part["base64"] !== "string") return undefined;
  return decodeBase64(part["base64"]);
}

function join(event: Fields, parts: readonly (string | Uint8Array)[], size: number): Fields | undefined {
  const name = "body" in event ? "body" : "payload";
  if (parts.every((part) => typeof part === "string"))
    return { ...event, [name]: { kind: "text", text: parts.join("") } };
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    if (typeof part === "string") return undefined;
    bytes.set(part, at);
    at += part.length;
  }
  return { ...event, [name]: { kind: "binary", bytes } };
}

function payloadField(event: CaptureEvent): "payload" | "body" | undefined {
  switch (event.type) {
    case "socket-payload":
    case "http-response-body":
      return "payload";
    case "http-request":
      return "body";
    default:
      return undefined;
  }
}

function isWhole(payload: Payload): payload is Whole {
  return payload.kind !== "omitted";
}
