import { describe, expect, test } from "vitest";
import { createPace } from "../../../core/src/flow/pace.ts";
import { pump } from "../../../core/src/flow/pump.ts";
import { createFakeClock, settle } from "../../support/fake-clock.ts";

const atOnce = () => undefined;

describe("pump", () => {
  test("every item is delivered in order", async () => {
    const delivered: number[] = [];
    await pump(countTo(3), (item) => delivered.push(item), atOnce, new AbortController().signal);
    expect(delivered).toEqual([0, 1, 2]);
  });

  test("what the source throws is what it rejects with", async () => {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error("source failed");
    }
    const delivered: number[] = [];
    const done = pump(failing(), (item) => delivered.push(item), atOnce, new AbortController().signal);
    await expect(done).rejects.toThrow("source failed");
    expect(delivered).toEqual([1]);
  });

  test("an abort ends it while the source is waiting, and the source is told to end", async () => {
    const { source, ended } = stuckSource();
    const abort = new AbortController();
    const done = pump(source, () => undefined, atOnce, abort.signal);
    await settle();
    abort.abort();
    await done;
    expect(ended()).toBe(1);
  });

  test("a source is told to end when an item cannot be delivered", async () => {
    let ended = false;
    async function* source(): AsyncGenerator<number> {
      try {
        for (;;) yield 1;
      } finally {
        ended = true;
      }
    }
    const refuse = () => {
      throw new TypeError("cannot be sent");
    };
    await expect(pump(source(), refuse, atOnce, new AbortController().signal)).rejects.toThrow(TypeError);
    await settle();
    expect(ended).toBe(true);
  });

  test("a source whose iterator throws at once rejects instead of throwing", async () => {
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next() {
          throw new Error("broken iterator");
        },
      }),
    };
    await expect(pump(source, () => undefined, atOnce, new AbortController().signal)).rejects.toThrow(
      "broken",
    );
  });

  test("a source that rejects after the abort leaves no unhandled rejection", async () => {
    let fail: (error: Error) => void = () => undefined;
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise((_, reject) => (fail = reject)),
        return: () => Promise.reject(new Error("the clean-up failed")),
      }),
    };
    const abort = new AbortController();
    const done = pump(source, () => undefined, atOnce, abort.signal);
    await settle();
    abort.abort();
    await done;
    fail(new Error("too late"));
    // Vitest fails the run on an unhandled rejection.
    await settle();
  });
});

describe("pace", () => {
  test("a source that never waits lets timers run", async () => {
    const clock = createFakeClock();
    const abort = new AbortController();
    let delivered = 0;
    async function* endless(): AsyncGenerator<number> {
      for (;;) yield 1;
    }
    const done = pump(endless(), () => (delivered += 1), createPace(clock, {}, abort.signal), abort.signal);
    await settle();
    expect(delivered).toBe(64);
    await clock.advance(1);
    expect(delivered).toBe(128);
    abort.abort();
    await done;
    expect(clock.pending).toBe(0);
  });

  test("a socket with too much to send is waited for", async () => {
    const clock = createFakeClock();
    const abort = new AbortController();
    const socket = { bufferedAmount: 2 * 1024 * 1024 };
    const delivered: number[] = [];
    const done = pump(
      countTo(3),
      (item) => delivered.push(item),
      createPace(clock, socket, abort.signal),
      abort.signal,
    );
    await clock.advance(1_000);
    expect(delivered).toEqual([0]);
    socket.bufferedAmount = 0;
    await clock.advance(11);
    expect(delivered).toEqual([0, 1, 2]);
    await done;
  });
});

async function* countTo(count: number): AsyncGenerator<number> {
  for (let item = 0; item < count; item++) yield item;
}

function stuckSource(): { readonly source: AsyncIterable<number>; readonly ended: () => number } {
  let ended = 0;
  const iterator: AsyncIterator<number> = {
    next: () => new Promise(() => undefined),
    async return() {
      ended += 1;
      return { done: true, value: undefined };
    },
  };
  return { source: { [Symbol.asyncIterator]: () => iterator }, ended: () => ended };
}
