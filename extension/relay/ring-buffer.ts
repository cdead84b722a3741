import type { CaptureEvent } from "../channel/capture-event-guard.ts";
import { type BufferLimits, PINNED_LIMITS, type RecordingLimits } from "../channel/limits.ts";
import { payloadSize } from "../channel/payload-size.ts";

/**
 * A document's recording: numbered from 1, bounded. What no longer fits is forgotten, oldest first, pinned events
 * last; whoever reads past the gap gets an `events-dropped` in its place.
 */
export interface RingBuffer {
  add(event: CaptureEvent, pinned: boolean): void;
  /** A reader has everything up to `number`. */
  acknowledge(number: number): void;
  /** Takes effect at once. */
  limit(limits: RecordingLimits): void;
  /** The next events after `number`, in order. */
  readAfter(number: number, limits: BufferLimits): RingRead;
  /** Number of the newest event, or 0. */
  readonly lastNumber: number;
  /** Size of all that came after `number`. */
  sizeAfter(number: number): number;
  clear(): void;
}

export interface RingRead {
  readonly events: readonly { readonly number: number; readonly event: CaptureEvent }[];
  readonly size: number;
  /** The batch is as full as the limits allow: there may be more. */
  readonly full: boolean;
}

interface Entry {
  readonly number: number;
  readonly event: CaptureEvent;
  readonly size: number;
  /** Sizes of this entry and all before it, forgotten ones included. */
  readonly total: number;
}

/** What an event costs besides its payload. */
const EVENT_SIZE = 100;

export function createRingBuffer(initial: RecordingLimits): RingBuffer {
  const payloads = createShelf();
  const pins = createShelf();
  let limits = initial;
  let lastNumber = 0;
  let total = 0;
  /** The newest acknowledged entry, whose total must be known after it is forgotten. */
  let acknowledged = { number: 0, total: 0 };

  function forgetWhatOverflows(): void {
    while (pins.exceeds(PINNED_LIMITS)) pins.dropOldest();
    while (payloads.exceeds(limits)) payloads.dropOldest();
  }

  /** Exact where the entry is kept or was acknowledged last, else the nearest total below. */
  function totalThrough(number: number): number {
    const entry = payloads.find(number) ?? pins.find(number);
    if (entry !== undefined) return entry.total;
    return number >= acknowledged.number ? acknowledged.total : 0;
  }

  function dropped(count: number, bytes: number, at: number): CaptureEvent {
    return { type: "events-dropped", at, count, bytes, reason: "buffer-full", limit: limitText(limits) };
  }

  return {
    add(observed, pinned) {
      const event = withinLimit(observed, limits.payload);
      const size = EVENT_SIZE + sizeOf(event);
      total += size;
      (pinned ? pins : payloads).put({ number: ++lastNumber, event, size, total });
      forgetWhatOverflows();
    },
    acknowledge(number) {
      if (number <= acknowledged.number || number > lastNumber) return;
      acknowledged = { number, total: totalThrough(number) };
    },
    limit(next) {
      limits = next;
      forgetWhatOverflows();
    },
    readAfter(number, most) {
      const events: { number: number; event: CaptureEvent }[] = [];
      const reader = merge(payloads.from(number), pins.from(number));
      let size = 0;
      let previous = { number, total: totalThrough(number) };
      for (let entry = reader(); entry !== undefined; entry = reader()) {
        const overflows = events.length > 0 && size + entry.size > most.size;
        if (events.length >= most.events || overflows) return { events, size, full: true };
        const missing = entry.number - previous.number - 1;
        if (missing > 0) {
          const bytes = entry.total - entry.size - previous.total;
          events.push({ number: entry.number - 1, event: dropped(missing, bytes, entry.event.at) });
        }
        events.push({ number: entry.number, event: entry.event });
        size += entry.size;
        previous = entry;
      }
      return { events, size, full: events.length >= most.events || size >= most.size };
    },
    sizeAfter: (number) => total - totalThrough(number),
    get lastNumber() {
      return lastNumber;
    },
    clear() {
      payloads.clear();
      pins.clear();
    },
  };
}

interface Shelf {
  put(entry: Entry): void;
  dropOldest(): void;
  exceeds(limits: BufferLimits): boolean;
  find(number: number): Entry | undefined;
  /** Reads in order what comes after `number`. */
  from(number: number): () => Entry | undefined;
  clear(): void;
}

/** A queue over an array whose head moves: `Array.shift` would move every entry. */
function createShelf(): Shelf {
  let entries: Entry[] = [];
  let head = 0;
  let size = 0;
  return {
    put(entry) {
      entries.push(entry);
      size += entry.size;
    },
    dropOldest() {
      size -= entries[head]?.size ?? 0;
      head++;
      if (head > 1_000 && head * 2 > entries.length) {
        entries = entries.slice(head);
        head = 0;
      }
    },
    exceeds: (limits) => entries.length - head > limits.events || size > limits.size,
    find(number) {
      const entry = entries[firstAfter(entries, head, number - 1)];
      return entry?.number === number ? entry : undefined;
    },
    from(number) {
      let at = firstAfter(entries, head, number);
      return () => entries[at++];
    },
    clear() {
      entries = [];
      head = 0;
      size = 0;
    },
  };
}

function firstAfter(entries: readonly Entry[], head: number, number: number): number {
  let low = head;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.number ?? 0) <= number) low = middle + 1;
    else high = middle;
  }
  return low;
}

function merge(left: () => Entry | undefined, right: () => Entry | undefined): () => Entry | undefined {
  let a = left();
  let b = right();
  return () => {
    const next = b === undefined || (a !== undefined && a.number < b.number) ? a : b;
    if (next === a) a = left();
    else b = right();
    return next;
  };
}

function sizeOf(event: CaptureEvent): number {
  switch (event.type) {
    case "socket-payload":
    case "http-response-body":
      return payloadSize(event.payload);
    case "http-request":
      return event.url.length + (event.body === undefined ? 0 : payloadSize(event.body));
    case "socket-opening":
      return event.url.length;
    default:
      return 0;
  }
}

/** Of a payload that would push out most of the rest only the size is kept. */
function withinLimit(event: CaptureEvent, most: number): CaptureEvent {
  const payload = event.type === "http-request" ? event.body : "payload" in event ? event.payload : undefined;
  if (payload === undefined || payloadSize(payload) <= most) return event;
  const omitted = { kind: "omitted", reason: "too-large", size: payloadSize(payload) } as const;
  if (event.type === "http-request") return { ...event, body: omitted };
  return "payload" in event ? { ...event, payload: omitted } : event;
}

function limitText({ events, size }: BufferLimits): string {
  return `${events.toLocaleString("en-GB")} events or ${Math.round(size / 1_000_000)} MB`;
}
