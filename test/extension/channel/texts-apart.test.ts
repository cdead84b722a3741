import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { isObservedEvent, type ObservedEvent } from "../../../extension/channel/messages.ts";
import { isPayloadRun, type PayloadRun } from "../../../extension/channel/payload-run.ts";
import { flatten, putTexts, takeTexts } from "../../../extension/channel/texts-apart.ts";

/** Any UTF-16 units: halves of pairs and NUL among them; short, or long enough to go by itself. */
const texts = fc
  .tuple(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }), fc.constantFrom(0, 1_000))
  .map(([units, more]) => `${String.fromCharCode(...units)}${"\u0000\ud800".repeat(more)}`);

const runs: fc.Arbitrary<PayloadRun> = fc.array(texts, { minLength: 1, maxLength: 4 }).map((parts) => ({
  type: "socket-payloads",
  sockets: ["a-1"],
  marks: parts.flatMap((part, at) => [at, 2, part.length]),
  text: parts.join(""),
}));

const single: fc.Arbitrary<ObservedEvent> = fc
  .record({ text: texts, direction: fc.constantFrom("in" as const, "out" as const), pinned: fc.boolean() })
  .map(({ text, direction, pinned }) => ({ event: payload(direction, text), pinned }));

function payload(direction: "in" | "out", text: string): CaptureEvent {
  return { type: "socket-payload", at: 1, socket: "a-1", direction, payload: { kind: "text", text } };
}

const others: fc.Arbitrary<ObservedEvent> = fc.constantFrom<ObservedEvent>(
  { event: { type: "socket-opened", at: 1, socket: "a-1", protocol: "" }, pinned: true },
  {
    event: {
      type: "http-response-body",
      at: 1,
      exchange: "a-2",
      payload: { kind: "text", text: "x".repeat(2_000) },
    },
    pinned: false,
  },
  {
    event: {
      type: "socket-payload",
      at: 1,
      socket: "a-1",
      direction: "in",
      payload: { kind: "binary", bytes: new Uint8Array(2_000) },
    },
    pinned: false,
  },
);

function isWhole(value: unknown): boolean {
  return isPayloadRun(value) || isObservedEvent(value);
}

describe("texts that cross by themselves", () => {
  test("come back to the events that they were taken from, whatever is in them", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(runs, single, others), { maxLength: 12 }), (observed) => {
        const { events, texts: apart } = takeTexts(observed);
        const crossed = structuredClone(events);
        putTexts(crossed, apart);
        expect(crossed).toEqual(observed);
        expect(crossed.every(isWhole)).toBe(true);
      }),
    );
  });

  test("are those of runs and of what came in; what the page sent may be a piece of more, and is copied", () => {
    const long = "x".repeat(2_000);
    const run = (parts: number): PayloadRun => ({
      type: "socket-payloads",
      sockets: ["a-1"],
      marks: Array.from({ length: parts }, () => [1, 0, long.length]).flat(),
      text: long.repeat(parts),
    });
    const sent = { event: payload("out", long), pinned: false };
    const came = { event: payload("in", long), pinned: false };
    const short = { event: payload("in", "short"), pinned: false };
    const { texts: apart, events } = takeTexts([sent, run(1), run(2), came, short]);
    expect(apart).toEqual([long + long, long]);
    expect([events[0], events[1], events[4]]).toEqual([sent, run(1), short]);
    expect(JSON.stringify([events[2], events[3]]).length).toBeLessThan(500);
  });

  test("that do not come, or are none, leave an event that the guards refuse", () => {
    const pair: PayloadRun = {
      type: "socket-payloads",
      sockets: ["a-1"],
      marks: [1, 2, 1, 2, 2, 1],
      text: "ab",
    };
    const came = { event: payload("in", "x".repeat(2_000)), pinned: false };
    for (const apart of [[], [undefined, undefined], [5, { length: 2 }], ["abc", null]]) {
      const crossed = structuredClone(takeTexts([pair, came]).events);
      putTexts(crossed, apart);
      expect(crossed.filter(isWhole)).toEqual([]);
    }
  });

  test("are told by what is an event's own, whatever the page has put on every object", () => {
    const pair: PayloadRun = {
      type: "socket-payloads",
      sockets: ["a-1"],
      marks: [1, 2, 1, 2, 2, 1],
      text: "ab",
    };
    const came = { event: payload("in", "x".repeat(2_000)), pinned: false };
    const spoilt = Object.prototype as unknown as Record<string, unknown>;
    try {
      spoilt["event"] = { type: "forged" };
      const { events, texts: apart } = takeTexts([pair, came]);
      expect(apart).toEqual(["ab", "x".repeat(2_000)]);
      const crossed = structuredClone(events);
      putTexts(crossed, apart);
      expect(crossed).toEqual([pair, came]);
    } finally {
      delete spoilt["event"];
    }
  });

  test("may be put to anything without a throw", () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), fc.array(fc.anything()), (events, apart) => {
        const own = events.map((event) => (typeof event === "object" ? Object.assign({}, event) : event));
        putTexts(own, apart);
        expect(own).toHaveLength(events.length);
      }),
    );
  });

  test("stay what they are when their parts are joined", () => {
    expect(flatten("")).toBe(flatten(""));
    let text = "";
    for (let at = 0; at < 1_000; at++) text += `part ${at}, long enough to be kept apart `;
    const before = text.length;
    flatten(text);
    expect(text).toHaveLength(before);
  });
});
