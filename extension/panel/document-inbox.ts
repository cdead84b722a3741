import type { CaptureEvent, DocumentId } from "../../core/src/capture-event.ts";
import type { NumberedEvent } from "../channel/messages.ts";
import { createPieceJoiner, type Piece } from "../channel/pieces.ts";
import { fromWire, runFromWire } from "../channel/wire-event.ts";

/** What has arrived of one document's recording. */
export interface DocumentInbox {
  /** Number of the last event that was taken: the relay sends what comes after it. */
  readonly position: number;
  /** How many pieces of the event after that have come. */
  readonly pieces: number;
  /** The events of a batch that are new, in order. Those that are no capture events become one `events-dropped`. */
  take(events: readonly NumberedEvent[], now: number): readonly CaptureEvent[];
  /** The event, once its last piece has come. */
  takePiece(piece: Piece, now: number): readonly CaptureEvent[];
  /** The port broke: the relay begins again with the first piece. */
  forgetPieces(): void;
}

/** The document's name is the relay's: what the page says of it, another frame's page could say too. */
export function createDocumentInbox(document: DocumentId): DocumentInbox {
  let position = 0;
  const joiner = createPieceJoiner();

  function take(events: readonly NumberedEvent[], now: number): readonly CaptureEvent[] {
    const taken: CaptureEvent[] = [];
    let refused = 0;
    for (const { number, event } of events) {
      const run = runFromWire(event);
      if (run !== undefined) {
        // What of it has been seen: sent again because its acknowledgement was lost with a port.
        for (let at = Math.max(0, position + 1 - number); at < run.length; at++) {
          const payload = run[at];
          if (payload !== undefined) taken.push(payload);
        }
        position = Math.max(position, number + run.length - 1);
        continue;
      }
      if (number <= position) continue;
      position = number;
      const captured = fromWire(event);
      if (captured === undefined) refused++;
      else taken.push(inDocument(captured, document));
    }
    if (refused > 0) {
      taken.push({ type: "events-dropped", at: now, count: refused, bytes: 0, reason: "not-delivered" });
    }
    return taken;
  }

  return {
    get position() {
      return position;
    },
    get pieces() {
      return joiner.number === position + 1 ? joiner.pieces : 0;
    },
    take,
    takePiece(piece, now) {
      if (piece.number <= position) return [];
      const event = joiner.add(piece);
      return event === undefined ? [] : take([{ number: piece.number, event }], now);
    },
    forgetPieces: joiner.forget,
  };
}

function inDocument(event: CaptureEvent, document: DocumentId): CaptureEvent {
  switch (event.type) {
    case "document-ended":
      return { ...event, document };
    case "socket-opening":
    case "http-request":
      return event.origin === undefined ? event : { ...event, origin: { ...event.origin, document } };
    default:
      return event;
  }
}
