import type { Clock } from "../channel/clock.ts";
import { BATCH_DELAY, IN_FLIGHT_LIMITS, MAX_BATCH_EVENTS, MAX_BATCH_SIZE } from "../channel/limits.ts";
import type { FromRelay } from "../channel/messages.ts";
import { type BinaryForm, toWire } from "../channel/wire-event.ts";
import type { RingBuffer } from "./ring-buffer.ts";

/** Sends a buffer's events in batches over one port, from a number that the panel names. */
export interface Delivery {
  /** Starts, or starts again, after `number`. */
  resume(number: number, form: BinaryForm): void;
  /** The buffer has grown. */
  wake(): void;
  acknowledge(number: number): void;
  /** Sends what waits, as far as it may, without waiting for a batch to fill. */
  flush(): void;
}

interface SentBatch {
  readonly last: number;
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
  let inFlight: SentBatch[] = [];
  let eventsInFlight = 0;
  let sizeInFlight = 0;
  let isWaiting = false;

  function hasRoom(): boolean {
    return eventsInFlight < IN_FLIGHT_LIMITS.events && sizeInFlight < IN_FLIGHT_LIMITS.size;
  }

  /** Sends one batch; false when there is none to send. */
  function sendBatch(onlyFull: boolean): boolean {
    if (form === undefined || signal.aborted || cursor >= buffer.lastNumber || !hasRoom()) return false;
    const binary = form;
    const { events, size, full } = buffer.readAfter(cursor, BATCH_LIMITS);
    const last = events.at(-1)?.number;
    if (last === undefined || (onlyFull && !full)) return false;
    send({
      type: "batch",
      body: {
        document,
        events: events.map(({ number, event }) => ({ number, event: toWire(event, binary) })),
      },
    });
    cursor = last;
    inFlight.push({ last, events: events.length, size });
    eventsInFlight += events.length;
    sizeInFlight += size;
    return true;
  }

  function land(number: number): void {
    const landed = inFlight.filter((batch) => batch.last <= number);
    inFlight = inFlight.slice(landed.length);
    for (const { events, size } of landed) {
      eventsInFlight -= events;
      sizeInFlight -= size;
    }
  }

  function pump(onlyFull: boolean): void {
    try {
      while (sendBatch(onlyFull));
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
      land(Number.POSITIVE_INFINITY);
      pump(false);
    },
    wake() {
      waitForMore();
      const isFull =
        buffer.lastNumber - cursor >= MAX_BATCH_EVENTS || buffer.sizeAfter(cursor) >= MAX_BATCH_SIZE;
      if (isFull) pump(true);
    },
    acknowledge(number) {
      buffer.acknowledge(number);
      land(number);
      pump(true);
      waitForMore();
    },
    flush: () => pump(false),
  };
}
