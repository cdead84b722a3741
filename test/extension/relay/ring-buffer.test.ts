import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UNWATCHED_LIMITS } from "../../../extension/channel/limits.ts";
import { type PayloadRun, runEvents } from "../../../extension/channel/payload-run.ts";
import { createRingBuffer, type RingBuffer, type RingRead } from "../../../extension/relay/ring-buffer.ts";
import { numberedPayload } from "../../support/extension-chain.ts";

const ALL = { events: 1_000, size: 1_000_000, payload: 1_000_000 };
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

describe("ring buffer", () => {
  test("numbers start at one and reading goes on after a number", () => {
    const buffer = createRingBuffer(ALL);
    for (const number of upTo(5)) buffer.add(numberedPayload(number), number % 2 === 0);
    expect(buffer.readAfter(0, ALL).events.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(buffer.readAfter(3, ALL).events.map(({ number }) => number)).toEqual([4, 5]);
    expect(buffer.readAfter(5, ALL).events).toEqual([]);
  });

  test("a read stops at the limit of events and says that it is full", () => {
    const buffer = createRingBuffer(ALL);
    for (const number of upTo(5)) buffer.add(numberedPayload(number), false);
    const read = buffer.readAfter(1, { events: 2, size: 1_000_000 });
    expect(read.events.map(({ number }) => number)).toEqual([2, 3]);
    expect(read.full).toBe(true);
  });

  test("a read holds at least one event, however large it is", () => {
    const buffer = createRingBuffer({ events: 10, size: 10_000, payload: 1_000_000 });
    buffer.add(numberedPayload(1, 5_000), false);
    buffer.add(numberedPayload(2), false);
    expect(buffer.readAfter(0, { events: 10, size: 100 }).events.map(({ number }) => number)).toEqual([1]);
  });

  test("the limit of bytes forgets the oldest payloads and counts them with their size", () => {
    const buffer = createRingBuffer({ events: 100, size: 3_000, payload: 1_000_000 });
    for (const number of upTo(6)) buffer.add(numberedPayload(number, 900), false);
    const [dropped, ...rest] = buffer.readAfter(0, ALL).events;
    expect(dropped).toEqual({
      number: 3,
      event: {
        type: "events-dropped",
        at: 4,
        count: 3,
        bytes: 3_000,
        reason: "buffer-full",
        limit: "100 events or 0 MB",
      },
    });
    expect(rest.map(({ number }) => number)).toEqual([4, 5, 6]);
  });

  test("pinned events outlive payloads and gaps around them are counted apart", () => {
    const buffer = createRingBuffer({ events: 2, size: 1_000_000, payload: 1_000_000 });
    for (const number of upTo(8)) buffer.add(numberedPayload(number), number === 1 || number === 4);
    const events = buffer.readAfter(0, ALL).events;
    expect(
      events.map(({ number, event }) => [number, event.type === "events-dropped" ? event.count : 0]),
    ).toEqual([
      [1, 0],
      [3, 2],
      [4, 0],
      [6, 2],
      [7, 0],
      [8, 0],
    ]);
  });

  test("pinned events are bounded too", () => {
    const buffer = createRingBuffer(ALL);
    for (const number of upTo(1_500)) buffer.add(numberedPayload(number), true);
    expect(buffer.readAfter(0, { events: 5_000, size: 1e9 }).events[0]).toMatchObject({
      number: 500,
      event: { type: "events-dropped", count: 500 },
    });
  });

  test("a reader that goes on after an acknowledged event misses only what came after it", () => {
    const buffer = createRingBuffer({ events: 3, size: 1_000_000, payload: 1_000_000 });
    for (const number of upTo(4)) buffer.add(numberedPayload(number), false);
    buffer.acknowledge(4);
    for (const number of upTo(5)) buffer.add(numberedPayload(4 + number), false);
    const [dropped] = buffer.readAfter(4, ALL).events;
    expect(dropped).toMatchObject({ number: 6, event: { type: "events-dropped", count: 2, bytes: 202 } });
  });

  test("of what a reader has, no more is kept than for one that may come; what it has not, stays", () => {
    const most = UNWATCHED_LIMITS.events;
    const buffer = createRingBuffer({ events: 10 * most, size: 1e9, payload: 1e6 });
    const run = (count: number): PayloadRun => ({
      type: "socket-payloads",
      sockets: ["a"],
      marks: Array.from({ length: count }, () => [1, 2, 1]).flat(),
      text: "x".repeat(count),
    });
    for (let at = 0; at < 30; at++) buffer.addRun(run(1_000));
    buffer.acknowledge(15_500);
    const kept = buffer.readAfter(0, { events: 1e6, size: 1e9 }).events;
    expect(kept[0]).toMatchObject({ number: 15_000, event: { type: "events-dropped", count: 15_000 } });
    expect(kept[1]?.number).toBe(15_001);
    expect(buffer.readAfter(15_500, ALL).events[0]?.number).toBe(15_501);
    expect(buffer.sizeAfter(29_000)).toBe(101 * 1_000);
    buffer.acknowledge(30_000);
    const rest = buffer.readAfter(0, { events: 1e6, size: 1e9 }).events;
    expect(rest[0]).toMatchObject({ number: 30_000 - most, event: { count: 30_000 - most } });
    expect(rest.slice(1).map(({ number }) => number)).toEqual(
      Array.from({ length: 10 }, (_, at) => 30_000 - most + 1 + at * 1_000),
    );
  });

  test("an acknowledgement from the future is ignored", () => {
    const buffer = createRingBuffer(ALL);
    buffer.add(numberedPayload(1), false);
    buffer.acknowledge(1_000_000);
    expect(buffer.readAfter(0, ALL).events).toHaveLength(1);
  });

  test("a smaller limit takes effect at once", () => {
    const buffer = createRingBuffer(ALL);
    for (const number of upTo(10)) buffer.add(numberedPayload(number), false);
    buffer.limit({ events: 2, size: 1_000_000, payload: 1_000_000 });
    expect(buffer.readAfter(0, ALL).events.map(({ number }) => number)).toEqual([8, 9, 10]);
  });

  test("a payload that would push out most of the rest is kept as its size", () => {
    const buffer = createRingBuffer({ events: 10, size: 1_000, payload: 500 });
    buffer.add(numberedPayload(1), false);
    buffer.add(numberedPayload(2, 501), false);
    buffer.add(
      { type: "http-request", at: 3, exchange: "x", method: "POST", url: "u", body: payload(501) },
      false,
    );
    const events = buffer.readAfter(0, ALL).events.map(({ event }) => event);
    expect(events[0]).toEqual(numberedPayload(1));
    expect(events[1]).toMatchObject({ payload: { kind: "omitted", reason: "too-large", size: 501 } });
    expect(events[2]).toMatchObject({ body: { kind: "omitted", reason: "too-large", size: 501 } });
  });
});

describe("runs in the ring buffer", () => {
  const run = (first: number, count: number, size = 1): PayloadRun => ({
    type: "socket-payloads",
    sockets: ["a"],
    marks: upTo(count).flatMap((number) => [first + number - 1, 2, size]),
    text: "x".repeat(count * size),
  });
  const timesOf = (read: RingRead) =>
    read.events.map(({ number, event }) => [
      number,
      event.type === "socket-payloads" ? runEvents(event).map(({ at }) => at) : event.type,
    ]);

  test("each payload has its number, and a run is read as it came", () => {
    const buffer = createRingBuffer(ALL);
    buffer.add(numberedPayload(1), true);
    buffer.addRun(run(2, 3));
    buffer.add(numberedPayload(5), true);
    buffer.addRun(run(6, 2));
    expect(buffer.lastNumber).toBe(7);
    expect(timesOf(buffer.readAfter(0, ALL))).toEqual([
      [1, "socket-payload"],
      [2, [2, 3, 4]],
      [5, "socket-payload"],
      [6, [6, 7]],
    ]);
  });

  test("a reader in the middle of a run gets the rest of it", () => {
    const buffer = createRingBuffer(ALL);
    buffer.addRun(run(1, 5));
    expect(timesOf(buffer.readAfter(3, ALL))).toEqual([[4, [4, 5]]]);
    expect(buffer.sizeAfter(3)).toBe(202);
    expect(buffer.sizeAfter(0)).toBe(505);
    expect(buffer.sizeAfter(5)).toBe(0);
  });

  test("a run that is longer than a read is divided, one that does not fit any more waits", () => {
    const buffer = createRingBuffer(ALL);
    buffer.addRun(run(1, 5));
    buffer.addRun(run(6, 2));
    const few = { events: 3, size: 1_000_000 };
    const reads = [0, 3, 5].map((after) => buffer.readAfter(after, few));
    expect(reads.map(timesOf)).toEqual([[[1, [1, 2, 3]]], [[4, [4, 5]]], [[6, [6, 7]]]]);
    expect(reads.map(({ full }) => full)).toEqual([true, true, false]);
  });

  test("the limits forget payload by payload, oldest first, and count each with its size", () => {
    const buffer = createRingBuffer({ events: 4, size: 1_000_000, payload: 1_000_000 });
    buffer.addRun(run(1, 3, 10));
    buffer.add(numberedPayload(4), true);
    buffer.addRun(run(5, 3, 20));
    const read = buffer.readAfter(0, ALL);
    expect(timesOf(read)).toEqual([
      [2, "events-dropped"],
      [3, [3]],
      [4, "socket-payload"],
      [5, [5, 6, 7]],
    ]);
    expect(read.events[0]?.event).toMatchObject({ count: 2, bytes: 220, at: 3 });
  });

  test("bytes count for the limit of size as text does", () => {
    const buffer = createRingBuffer({ events: 100, size: 1_000, payload: 1_000_000 });
    buffer.addRun({
      type: "socket-payloads",
      sockets: ["a"],
      marks: [1, 3, 500, 2, 3, 500],
      text: "",
      bytes: new Uint8Array(1_000),
    });
    expect(timesOf(buffer.readAfter(0, ALL))).toEqual([
      [1, "events-dropped"],
      [2, [2]],
    ]);
  });

  test("singly or in runs, the same payloads are forgotten and read", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ count: fc.integer({ min: 1, max: 6 }), pinned: fc.boolean() }), {
          maxLength: 12,
        }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(30),
        (parts, events, after) => {
          const limits = { events, size: 1_000_000, payload: 1_000_000 };
          const [runs, single] = [createRingBuffer(limits), createRingBuffer(limits)];
          let next = 1;
          for (const { count, pinned } of parts) {
            if (pinned) runs.add(numberedPayload(next, 4), true);
            else runs.addRun(run(next, count, 4));
            for (let at = 0; at < (pinned ? 1 : count); at++) single.add(numberedPayload(next++, 4), pinned);
          }
          const told = (buffer: RingBuffer) =>
            buffer.readAfter(after, ALL).events.flatMap(({ event }) => {
              if (event.type === "socket-payloads") return runEvents(event).map(({ at }) => [at]);
              return event.type === "events-dropped" ? [[event.at, event.count, event.bytes]] : [[event.at]];
            });
          expect(told(runs)).toEqual(told(single));
          expect(runs.lastNumber).toBe(single.lastNumber);
        },
      ),
    );
  });
});

const payload = (size: number) => ({ kind: "text", text: "x".repeat(size) }) as const;
