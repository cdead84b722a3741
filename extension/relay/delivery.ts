import type { Clock } from "../channel/clock.ts";
import { BATCH_DELAY, IN_FLIGHT_LIMITS, MAX_BATCH_EVENTS, MAX_BATCH_SIZE } from "../channel/limits.ts";
import type { FromRelay } from "../channel/messages.ts";
import { type CutEvent, cutEvent } from "../channel/pieces.ts";
import { type BinaryForm, toWire } from "../channel/wire-event.ts";
import { eventsIn, type RingBuffer, type RingRead } from "./ring-buffer.ts";

/** Sends a buffer's events in batches over one port, from a number that the panel names. */
export interface Delivery {
  /** Starts, or starts again, after `number`. */
  resume(number: number, form: BinaryForm): void;
  /** The document goes: where nobody has asked yet, what comes after `number` is sent unasked, in a form that any port carries. */
  sendUnasked(number: number): void;
  /** The buffer has grown. */
  wake(): void;
  /** The panel has all up to `number`, and so many pieces of the event after it. */
  acknowledge(number: number, pieces: number): void;
  /** Sends what waits, as far as it may, without waiting for a batch to fill. */
  flush(): void;
}

/** Something on its way. It has come when the panel has `number` whole and so many pieces of what follows. */
interface Sent {
  readonly number: number;
  readonly pieces: number;
  readonly events: number;
  readonly size: number;
}

const BATCH_LIMITS = { events: MAX_BATCH_EVENTS, size: MAX_BATCH_SIZE };

/** `send` throws when the port is gone; the error passes to whoever called. Ends with `signal`. */
export function createDelivery(
  document: string,
  buffer: RingBuffer,
  {
    clock,
    send,
    failed,
    signal,
  }: {
    readonly clock: Clock;
    readonly send: (message: FromRelay) => void;
    /** The port broke while a batch was sent. */
    readonly failed: (error: unknown) => void;
    readonly signal: AbortSignal;
  },
): Delivery {
  let form: BinaryForm | undefined;
  let cursor = 0;
  /** The event after `cursor`, while it goes in pieces. */
  let cut: { readonly event: CutEvent; next: number } | undefined;
  let inFlight: Sent[] = [];
  let eventsInFlight = 0;
  let sizeInFlight = 0;
  let isWaiting = false;

  function hasRoom(): boolean {
    return eventsInFlight < IN_FLIGHT_LIMITS.events && sizeInFlight < IN_FLIGHT_LIMITS.size;
  }

  function isOnTheWay(sent: Sent): void {
    inFlight.push(sent);
    eventsInFlight += sent.events;
    sizeInFlight += sent.size;
  }

  /** Sends one batch or one piece; false when there is none to send. */
  function sendNext(onlyFull: boolean): boolean {
    if (form === undefined || signal.aborted || !hasRoom()) return false;
    if (cut !== undefined) return sendPiece(cut);
    if (cursor >= buffer.lastNumber) return false;
    const read = buffer.readAfter(cursor, BATCH_LIMITS);
    const [first] = read.events;
    if (first === undefined || (onlyFull && !read.full)) return false;
    const event = cutOf(first, form);
    if (event === undefined) return sendBatch(read, form);
    cut = { event, next: 0 };
    return sendPiece(cut);
  }

  function sendBatch({ events, size }: RingRead, binary: BinaryForm): boolean {
    // Only an event that is alone, or follows the count of what was forgotten, can be so large.
    const last = events.at(-1);
    const isLastCut = last !== undefined && events.length > 1 && cutOf(last, binary) !== undefined;
    const sent = isLastCut ? events.slice(0, -1) : events;
    let count = 0;
    let number = cursor;
    for (const one of sent) {
      count += eventsIn(one.event);
      number = one.number + eventsIn(one.event) - 1;
    }
    send({
      type: "batch",
      body: {
        document,
        events: sent.map(({ number, event }) => ({ number, event: toWire(event, binary) })),
      },
    });
    cursor = number;
    isOnTheWay({ number, pieces: 0, events: count, size: isLastCut ? 0 : size });
    return true;
  }

  function sendPiece(sending: { readonly event: CutEvent; next: number }): boolean {
    const { event, next } = sending;
    const piece = event.piece(next);
    send({ type: "piece", body: { document, event: undefined, ...piece } });
    const isLast = next + 1 === event.count;
    sending.next++;
    if (isLast) {
      cut = undefined;
      cursor = piece.number;
    }
    isOnTheWay({
      number: isLast ? piece.number : piece.number - 1,
      pieces: isLast ? 0 : next + 1,
      events: isLast ? 1 : 0,
      size: event.sizeOf(next),
    });
    return true;
  }

  function land(number: number, pieces: number): void {
    const landed = inFlight.filter(
      (sent) => sent.number < number || (sent.number === number && sent.pieces <= pieces),
    );
    inFlight = inFlight.slice(landed.length);
    for (const { events, size } of landed) {
      eventsInFlight -= events;
      sizeInFlight -= size;
    }
  }

  function pump(onlyFull: boolean): void {
    try {
      while (sendNext(onlyFull));
    } catch (error) {
      form = undefined;
      failed(error);
    }
  }

  function waitForMore(): void {
    if (isWaiting || form === undefined || cursor >= buffer.lastNumber) return;
    isWaiting = true;
    const done = () => {
      isWaiting = false;
      pump(false);
    };
    clock.after(BATCH_DELAY, done, signal);
  }

  return {
    resume(number, binaryForm) {
      form = binaryForm;
      cursor = number;
      cut = undefined;
      land(Number.POSITIVE_INFINITY, 0);
      pump(false);
    },
    sendUnasked(number) {
      if (form === undefined) {
        form = "base64";
        cursor = number;
      }
      pump(false);
    },
    wake() {
      waitForMore();
      const isFull =
        buffer.lastNumber - cursor >= MAX_BATCH_EVENTS || buffer.sizeAfter(cursor) >= MAX_BATCH_SIZE;
      if (isFull) pump(true);
    },
    acknowledge(number, pieces) {
      buffer.acknowledge(number);
      land(number, pieces);
      pump(true);
      waitForMore();
    },
    flush: () => pump(false),
  };
}

/** Runs are made of what is small. */
function cutOf({ number, event }: RingRead["events"][number], form: BinaryForm): CutEvent | undefined {
  return event.type === "socket-payloads" ? undefined : cutEvent(number, event, form);
}
