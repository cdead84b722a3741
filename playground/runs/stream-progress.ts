import type { Milliseconds } from "../../core/src/capture-event.ts";
import { JsonNumber, type WireValue } from "../../core/src/wire/hub-message.ts";
import type { StreamedItem, StreamProgress } from "./run.ts";

const ITEMS_KEPT = 100;
const NUMBERS_KEPT = 200;
const RATE_WINDOW: Milliseconds = 3000;
/** Enough arrival times for the rate; a faster stream is measured over less than the window. */
const TIMES_KEPT = 3000;

/** Counts a stream and keeps its end. `add` is cheap; `progress` copies and is asked once a frame. */
export interface StreamTally {
  add(value: WireValue, at: Milliseconds): void;
  progress(now: Milliseconds): StreamProgress;
}

export function createStreamTally(): StreamTally {
  let count = 0;
  const items: StreamedItem[] = [];
  const numbers: number[] = [];
  const times: Milliseconds[] = [];
  return {
    add: (value, at) => {
      count += 1;
      keep(items, { number: count, value }, ITEMS_KEPT);
      const number = numberIn(value);
      if (number !== undefined) keep(numbers, number, NUMBERS_KEPT);
      keep(times, at, TIMES_KEPT);
    },
    progress: (now) => ({
      count,
      rate: rateOf(times, now),
      items: items.slice(-ITEMS_KEPT),
      numbers: numbers.slice(-NUMBERS_KEPT),
    }),
  };
}

function keep<T>(list: T[], item: T, limit: number): void {
  list.push(item);
  // Cut rarely: shifting one by one would cost the whole list an item.
  if (list.length >= limit * 2) list.splice(0, list.length - limit);
}

function rateOf(times: readonly Milliseconds[], now: Milliseconds): number {
  const recent = times.filter((at) => at > now - RATE_WINDOW);
  const first = recent[0];
  const last = recent.at(-1);
  if (first === undefined || last === undefined || recent.length < 2 || last <= first) return 0;
  return ((recent.length - 1) * 1000) / (last - first);
}

/** The number that a line can be drawn of: the value itself, or the first number in an object or array. */
export function numberIn(value: WireValue): number | undefined {
  const own = asFinite(value);
  if (own !== undefined) return own;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return undefined;
  for (const part of Object.values(value)) {
    const number = asFinite(part);
    if (number !== undefined) return number;
  }
  return undefined;
}

function asFinite(value: WireValue): number | undefined {
  if (typeof value !== "number" && typeof value !== "bigint" && !(value instanceof JsonNumber))
    return undefined;
  const number = Number(value instanceof JsonNumber ? value.source : value);
  return Number.isFinite(number) ? number : undefined;
}
