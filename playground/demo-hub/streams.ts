import type { HubCall, HubMethod } from "../../core/src/hub/hub.ts";
import { HubMethodError } from "../../core/src/hub/hub-method-error.ts";
import type { Clock } from "../../core/src/ports/clock.ts";
import type { WireValue } from "../../core/src/wire/hub-message.ts";
import { asNumber, numberArgument, textArgument } from "./demo-value.ts";
import { pause } from "./pause.ts";

const DEFAULT_INTERVAL = 250;
const COUNT = { from: 0, to: 1_000_000, otherwise: 0 };

/** `random` gives numbers from 0 to 1. */
export function createStreams(clock: Clock, random: () => number): Readonly<Record<string, HubMethod>> {
  return {
    Prices: (call, symbol, intervalMs, count) =>
      prices(call, {
        symbol: textArgument(symbol, "symbol").toUpperCase(),
        interval: numberArgument(intervalMs, "intervalMs", {
          from: 1,
          to: 60_000,
          otherwise: DEFAULT_INTERVAL,
        }),
        count: numberArgument(count, "count", COUNT) || Number.POSITIVE_INFINITY,
      }),
    Flaky: (call, count) => flaky(call, numberArgument(count, "count", { ...COUNT, otherwise: 5 })),
    Sum: (call) => sum(call.uploads[0]),
  };

  async function* prices(call: HubCall, wanted: { symbol: string; interval: number; count: number }) {
    let cents = openingPrice(wanted.symbol);
    for (let sent = 0; sent < wanted.count; sent++) {
      if (sent > 0 && !(await pause(clock, wanted.interval, call.signal))) return;
      const change = Math.round((random() - 0.5) * 0.006 * cents);
      cents = Math.max(1, cents + change);
      const at = new Date(clock.now()).toISOString();
      yield { symbol: wanted.symbol, price: cents / 100, change: change / 100, at };
    }
  }

  async function* flaky(call: HubCall, count: number) {
    for (let sent = 1; sent <= count; sent++) {
      yield sent;
      if (!(await pause(clock, DEFAULT_INTERVAL, call.signal))) return;
    }
    throw new HubMethodError(`The stream broke after ${count} items, as it was asked to.`);
  }
}

async function sum(upload: AsyncIterable<WireValue> | undefined) {
  if (upload === undefined) throw new HubMethodError("Sum takes an upload stream of numbers.");
  let total = 0;
  let count = 0;
  for await (const item of upload) {
    const number = asNumber(item);
    if (number === undefined) throw new HubMethodError(`Item ${count + 1} is not a number.`);
    total += number;
    count += 1;
  }
  return { sum: total, count, mean: count === 0 ? null : total / count };
}

/** In cents. The same symbol opens at the same price, so that two streams of it look alike. */
function openingPrice(symbol: string): number {
  let hash = 7;
  for (const letter of symbol) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 90_000;
  return 5_000 + hash;
}
