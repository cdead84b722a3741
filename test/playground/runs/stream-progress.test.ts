import { describe, expect, test } from "vitest";
import { JsonNumber } from "../../../core/src/wire/hub-message.ts";
import { runWords } from "../../../playground/runs/run-words.ts";
import { SPARKLINE, sparklinePath } from "../../../playground/runs/sparkline.ts";
import { createStreamTally, numberIn } from "../../../playground/runs/stream-progress.ts";

describe("the tally of a stream", () => {
  test("counts all and keeps the last", () => {
    const tally = createStreamTally();
    for (let item = 1; item <= 1050; item++) tally.add({ price: item }, item * 10);
    const { count, items, numbers, rate } = tally.progress(10_500);
    expect(count).toBe(1050);
    expect(items.at(-1)).toEqual({ number: 1050, value: { price: 1050 } });
    expect(items).toHaveLength(100);
    expect(items[0]?.number).toBe(951);
    expect(numbers).toHaveLength(200);
    expect(rate).toBeCloseTo(100);
  });

  test("the rate is that of the last seconds and falls to nothing when the stream is silent", () => {
    const tally = createStreamTally();
    for (let at = 0; at <= 10_000; at += 250) tally.add(at, at);
    expect(tally.progress(10_000).rate).toBeCloseTo(4);
    expect(tally.progress(20_000).rate).toBe(0);
  });

  test("one item has no rate", () => {
    const tally = createStreamTally();
    tally.add(1, 5);
    expect(tally.progress(5).rate).toBe(0);
  });
});

test.for([
  ["a number", 4, 4],
  ["a 64-bit integer", 9007199254740993n, 9007199254740992],
  ["a number kept as text", new JsonNumber("1.50"), 1.5],
  ["the first number of an object", { symbol: "MSFT", price: 412.3, change: 1 }, 412.3],
  ["the first number of an array", ["MSFT", 412.3], 412.3],
  ["no number in a text", "12", undefined],
  ["no number in bytes", new Uint8Array([1]), undefined],
  ["no number in nothing", null, undefined],
  ["no number that is not finite", Number.NaN, undefined],
] as const)("what a line is drawn of: %s", ([, value, expected]) => {
  expect(numberIn(value)).toBe(expected);
});

describe("the line of a stream", () => {
  test("runs from edge to edge, with the highest number on top", () => {
    expect(sparklinePath([1, 3, 2])).toBe("M0.0 52.0L200.0 4.0L400.0 28.0");
  });

  test("is level where all numbers are the same, and absent for one", () => {
    expect(sparklinePath([5, 5])).toBe("M0.0 28.0L400.0 28.0");
    expect(sparklinePath([5])).toBe("");
  });

  test("holds the largest doubles", () => {
    const path = sparklinePath([-Number.MAX_VALUE, Number.MAX_VALUE]);
    expect(path).toBe(`M0.0 52.0L${SPARKLINE.width}.0 4.0`);
  });
});

describe("how a run stands", () => {
  const run = { number: 1, target: "Prices", startedAt: 0 } as const;
  const stream = { count: 48, rate: 4.02, items: [], numbers: [] };
  test.for([
    ["waiting for the answer", { ...run, kind: "invoke", state: { kind: "waiting" } }],
    ["waiting for the first item", { ...run, kind: "stream", state: { kind: "waiting" } }],
    ["48 items, 4 a second", { ...run, kind: "stream", state: { kind: "waiting" }, stream }],
    ["48 items", { ...run, kind: "stream", state: { kind: "waiting" }, stream: { ...stream, rate: 0 } }],
    [
      "48 items, 1,250 a second",
      { ...run, kind: "stream", state: { kind: "waiting" }, stream: { ...stream, rate: 1250.4 } },
    ],
    ["answered in 64 ms", { ...run, kind: "invoke", state: { kind: "answered", value: 1, took: 64 } }],
    ["sent, no answer expected", { ...run, kind: "send", state: { kind: "sent", took: 1 } }],
    ["48 items, ended after 1.2 s", { ...run, kind: "stream", state: { kind: "ended", took: 1200 }, stream }],
    [
      "48 items, cancelled after 1.2 s",
      { ...run, kind: "stream", state: { kind: "cancelled", took: 1200 }, stream },
    ],
    ["failed after 3 ms", { ...run, kind: "invoke", state: { kind: "failed", message: "no", took: 3 } }],
  ] as const)("%s", ([words, example]) => {
    expect(runWords(example)).toBe(words);
  });
});
