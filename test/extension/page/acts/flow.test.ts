import { expect, test } from "vitest";
import { createFlow } from "../../../../extension/page/acts/flow.ts";
import type { Piece } from "../../../../extension/page/acts/pieces.ts";
import { createFakeClock } from "../../../support/fake-clock.ts";

function open() {
  const clock = createFakeClock();
  const delivered: string[] = [];
  const state = { isSilenced: false };
  const flow = createFlow({
    after(delay, action) {
      const timer = new AbortController();
      clock.after(delay, action, timer.signal);
      return () => timer.abort();
    },
    deliver: ({ data }) => delivered.push(`${data as string}`),
    isSilenced: () => state.isSilenced,
  });
  return { clock, delivered, flow, state };
}

const piece = (data: string): Piece => ({ data, record: undefined, joins: false });

test("a delayed piece comes after its time, and not before", async () => {
  const { clock, delivered, flow } = open();
  flow.hold(piece("a"), "f", "delay", 100);
  await clock.advance(99);
  expect(delivered).toEqual([]);
  await clock.advance(1);
  expect(delivered).toEqual(["a"]);
  expect(flow.isEmpty).toBe(true);
});

test("a delayed piece never overtakes another, though its own delay is shorter", async () => {
  const { clock, delivered, flow } = open();
  flow.hold(piece("slow"), "f", "delay", 1_000);
  flow.hold(piece("fast"), "g", "delay", 10);
  await clock.advance(500);
  expect(delivered).toEqual([]);
  await clock.advance(500);
  expect(delivered).toEqual(["slow", "fast"]);
});

test("a piece that waits to be overtaken comes when its longest wait is over", async () => {
  const { clock, delivered, flow } = open();
  flow.hold(piece("a"), "f", "reorder", 50);
  expect(flow.waitsForNext).toBe(true);
  await clock.advance(50);
  expect(delivered).toEqual(["a"]);
  expect(flow.waitsForNext).toBe(false);
});

test("what was overtaken is handed out once, and its timer is gone", async () => {
  const { clock, delivered, flow } = open();
  flow.hold(piece("a"), "f", "reorder", 50);
  expect(flow.takeOvertaken().map(({ data }) => data)).toEqual(["a"]);
  expect(clock.pending).toBe(0);
  await clock.advance(100);
  expect(delivered).toEqual([]);
});

test("silence holds what is due too; when it ends all comes in the order of the wire", async () => {
  const { clock, delivered, flow, state } = open();
  flow.hold(piece("late"), "d", "delay", 10);
  flow.hold(piece("later"), "d", "delay", 5_000);
  state.isSilenced = true;
  flow.hold(piece("silent"), "s", "silence");
  await clock.advance(100);
  expect(delivered).toEqual([]);
  state.isSilenced = false;
  flow.release((fault) => fault === "d");
  expect(delivered).toEqual(["late", "silent"]);
  await clock.advance(5_000);
  expect(delivered).toEqual(["late", "silent", "later"]);
});

test("a fault that goes lets out what it held, and nothing else", () => {
  const { delivered, flow } = open();
  flow.hold(piece("a"), "f", "delay", 100);
  flow.hold(piece("b"), "g", "delay", 100);
  flow.hold(piece("c"), "f", "reorder", 100);
  flow.release((fault) => fault === "g");
  expect(delivered).toEqual(["a", "c"]);
});

test("all of it comes out in order, even in silence; what is discarded never does", async () => {
  const { clock, delivered, flow, state } = open();
  state.isSilenced = true;
  flow.hold(piece("a"), "f", "delay", 100);
  flow.hold(piece("b"), "s", "silence");
  flow.releaseAll();
  expect(delivered).toEqual(["a", "b"]);
  flow.hold(piece("c"), "f", "delay", 100);
  flow.discard();
  state.isSilenced = false;
  await clock.advance(1_000);
  expect(delivered).toEqual(["a", "b"]);
  expect(clock.pending).toBe(0);
});
