import { describe, expect, test } from "vitest";
import { createRingBuffer } from "../../../extension/relay/ring-buffer.ts";
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

const payload = (size: number) => ({ kind: "text", text: "x".repeat(size) }) as const;
