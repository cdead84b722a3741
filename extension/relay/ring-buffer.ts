import type { CaptureEvent } from "../channel/capture-event-guard.ts";
import { eventSize, withPayloadWithin } from "../channel/event-size.ts";
import {
  type BufferLimits,
  PINNED_LIMITS,
  type RecordingLimits,
  UNWATCHED_LIMITS,
} from "../channel/limits.ts";
import { type PayloadRun, runLength, sizeInRun, sliceRun, timeInRun } from "../channel/payload-run.ts";

/**
 * A document's recording: numbered from 1, bounded. What no longer fits is forgotten, oldest first, pinned events
 * last; whoever reads past the gap gets an `events-dropped` in its place.
 */
export interface RingBuffer {
  add(event: CaptureEvent, pinned: boolean): void;
  /** The payloads of a run, each an event of its own, none of them pinned. */
  addRun(run: PayloadRun): void;
  /** A reader has everything up to `number`: no more of it is kept than for a reader that may come. */
  acknowledge(number: number): void;
  /** Takes effect at once. */
  limit(limits: RecordingLimits): void;
  /** The next events after `number`, in order. A run stays together unless it has more events than `limits`. */
  readAfter(number: number, limits: BufferLimits): RingRead;
  /** Number of the newest event, or 0. */
  readonly lastNumber: number;
  /** Size of all that came after `number`. */
  sizeAfter(number: number): number;
  clear(): void;
}

export interface RingRead {
  /** Of a run, `number` is that of its first event. */
  readonly events: readonly { readonly number: number; readonly event: CaptureEvent | PayloadRun }[];
  readonly size: number;
  /** The batch is as full as the limits allow: there may be more. */
  readonly full: boolean;
}

/** How many events of the recording it is. */
export function eventsIn(event: CaptureEvent | PayloadRun): number {
  return event.type === "socket-payloads" ? runLength(event) : 1;
}

interface Entry {
  /** Number of its first event. Of a run, the first that is not forgotten. */
  first: number;
  readonly last: number;
  readonly event: CaptureEvent | PayloadRun;
  /** Of the events that are not forgotten. */
  size: number;
  /** Sizes of this entry and all before it, forgotten ones included. */
  readonly total: number;
}

/** What an event costs besides what its page chose. */
const EVENT_SIZE = 100;

export function createRingBuffer(initial: RecordingLimits): RingBuffer {
  const payloads = createShelf();
  const pins = createShelf();
  let limits = initial;
  let lastNumber = 0;
  let total = 0;
  /** The newest acknowledged entry, whose total must be known after it is forgotten. */
  let acknowledged = { number: 0, total: 0 };

  function put(event: CaptureEvent | PayloadRun, count: number, size: number, pinned: boolean): void {
    total += size;
    const first = lastNumber + 1;
    lastNumber += count;
    (pinned ? pins : payloads).put({ first, last: lastNumber, event, size, total });
    forgetWhatOverflows();
  }

  function forgetWhatOverflows(): void {
    while (pins.exceeds(PINNED_LIMITS)) pins.dropOldest();
    while (payloads.exceeds(limits)) payloads.dropOldest();
  }

  /** Exact where the entry is kept or was acknowledged last, else the nearest total below. */
  function totalThrough(number: number): number {
    if (number === lastNumber) return total;
    const entry = payloads.find(number) ?? pins.find(number);
    if (entry !== undefined) return entry.total - sizeBetween(entry, number + 1, entry.last);
    return number >= acknowledged.number ? acknowledged.total : 0;
  }

  function dropped(count: number, bytes: number, at: number): CaptureEvent {
    return { type: "events-dropped", at, count, bytes, reason: "buffer-full", limit: limitText(limits) };
  }

  return {
    add(observed, pinned) {
      const event = withPayloadWithin(observed, limits.payload);
      put(event, 1, EVENT_SIZE + eventSize(event), pinned);
    },
    addRun(run) {
      const count = runLength(run);
      put(run, count, count * EVENT_SIZE + run.text.length + (run.bytes?.byteLength ?? 0), false);
    },
    acknowledge(number) {
      if (number <= acknowledged.number || number > lastNumber) return;
      acknowledged = { number, total: totalThrough(number) };
      payloads.dropThrough(number, UNWATCHED_LIMITS);
    },
    limit(next) {
      limits = next;
      forgetWhatOverflows();
    },
    readAfter(number, most) {
      const events: { number: number; event: CaptureEvent | PayloadRun }[] = [];
      const reader = merge(payloads.from(number), pins.from(number));
      let count = 0;
      let size = 0;
      let previous = { number, total: totalThrough(number) };
      for (let entry = reader(); entry !== undefined; entry = reader()) {
        const first = Math.max(entry.first, number + 1);
        const whole = entry.last - first + 1;
        const wholeSize = sizeBetween(entry, first, entry.last);
        const overflows = count + whole > most.events || size + wholeSize > most.size;
        if (count > 0 && overflows) return { events, size, full: true };
        const missing = first - previous.number - 1;
        if (missing > 0) {
          const bytes = entry.total - wholeSize - previous.total;
          events.push({ number: first - 1, event: dropped(missing, bytes, timeOf(entry, first)) });
          count++;
        }
        const last = Math.min(entry.last, first + most.events - 1);
        events.push({ number: first, event: partOf(entry, first, last) });
        count += last - first + 1;
        size += sizeBetween(entry, first, last);
        if (last < entry.last) return { events, size, full: true };
        previous = { number: last, total: entry.total };
      }
      return { events, size, full: count >= most.events || size >= most.size };
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

/** Of the events of an entry from number `first` to number `last`. */
function sizeBetween(entry: Entry, first: number, last: number): number {
  if (first === entry.first && last === entry.last) return entry.size;
  let size = 0;
  for (let number = first; number <= last; number++) size += sizeAt(entry, number);
  return size;
}

function sizeAt(entry: Entry, number: number): number {
  const { event } = entry;
  if (event.type !== "socket-payloads") return entry.size;
  return EVENT_SIZE + sizeInRun(event, placeOf(entry, event, number));
}

function timeOf(entry: Entry, number: number): number {
  const { event } = entry;
  return event.type === "socket-payloads" ? timeInRun(event, placeOf(entry, event, number)) : event.at;
}

function partOf(entry: Entry, first: number, last: number): CaptureEvent | PayloadRun {
  const { event } = entry;
  if (event.type !== "socket-payloads") return event;
  return sliceRun(event, placeOf(entry, event, first), placeOf(entry, event, last) + 1);
}

function placeOf({ last }: Entry, run: PayloadRun, number: number): number {
  return runLength(run) - 1 - (last - number);
}

interface Shelf {
  put(entry: Entry): void;
  /** One event. Of a run, what is forgotten is freed with its last event. */
  dropOldest(): void;
  /** Whole entries, oldest first, as far as all of them is up to `number` and above the limits. */
  dropThrough(number: number, limits: BufferLimits): void;
  exceeds(limits: BufferLimits): boolean;
  find(number: number): Entry | undefined;
  /** Reads in order what has an event after `number`. */
  from(number: number): () => Entry | undefined;
  clear(): void;
}

/** A queue over an array whose head moves: `Array.shift` would move every entry. */
function createShelf(): Shelf {
  let entries: (Entry | undefined)[] = [];
  let head = 0;
  let count = 0;
  let size = 0;

  function exceeds(limits: BufferLimits): boolean {
    return count > limits.events || size > limits.size;
  }

  function dropHead(): void {
    entries[head] = undefined;
    head++;
    if (head > 1_000 && head * 2 > entries.length) {
      entries = entries.slice(head);
      head = 0;
    }
  }

  return {
    put(entry) {
      entries.push(entry);
      count += entry.last - entry.first + 1;
      size += entry.size;
    },
    dropOldest() {
      const entry = entries[head];
      if (entry === undefined) return;
      const oldest = sizeAt(entry, entry.first);
      count--;
      size -= oldest;
      entry.size -= oldest;
      entry.first++;
      if (entry.first > entry.last) dropHead();
    },
    dropThrough(number, limits) {
      for (let entry = entries[head]; entry !== undefined && exceeds(limits); entry = entries[head]) {
        if (entry.last > number) return;
        count -= entry.last - entry.first + 1;
        size -= entry.size;
        dropHead();
      }
    },
    exceeds,
    find(number) {
      const entry = entries[firstAfter(entries, head, number - 1)];
      return entry !== undefined && entry.first <= number ? entry : undefined;
    },
    from(number) {
      let at = firstAfter(entries, head, number);
      return () => entries[at++];
    },
    clear() {
      entries = [];
      head = 0;
      count = 0;
      size = 0;
    },
  };
}

/** Place of the first entry that has an event after `number`. */
function firstAfter(entries: readonly (Entry | undefined)[], head: number, number: number): number {
  let low = head;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.last ?? 0) <= number) low = middle + 1;
    else high = middle;
  }
  return low;
}

function merge(left: () => Entry | undefined, right: () => Entry | undefined): () => Entry | undefined {
  let a = left();
  let b = right();
  return () => {
    const next = b === undefined || (a !== undefined && a.first < b.first) ? a : b;
    if (next === a) a = left();
    else b = right();
    return next;
  };
}

function limitText({ events, size }: BufferLimits): string {
  return `${events.toLocaleString("en-GB")} events or ${Math.round(size / 1_000_000)} MB`;
}
