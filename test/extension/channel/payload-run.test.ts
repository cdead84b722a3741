import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CaptureEvent, SocketPayload } from "../../../core/src/capture-event.ts";
import { MAX_BATCH_EVENTS, MAX_BATCH_SIZE } from "../../../extension/channel/limits.ts";
import {
  isPayloadRun,
  type PayloadRun,
  runEvents,
  runLength,
  sliceRun,
} from "../../../extension/channel/payload-run.ts";
import { runFromWire, toWire } from "../../../extension/channel/wire-event.ts";
import { createRunBuilder } from "../../../extension/page/run-builder.ts";

const payloads: fc.Arbitrary<SocketPayload> = fc.record({
  type: fc.constant("socket-payload" as const),
  at: fc.double({ min: 0, max: 2e12, noNaN: true, noInteger: false }),
  socket: fc.constantFrom("a-1", "a-2", "b-1"),
  direction: fc.constantFrom("in" as const, "out" as const),
  payload: fc.oneof(
    // Any UTF-16 units: halves of a pair meet the halves of a neighbour.
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
      .map((units) => ({ kind: "text" as const, text: String.fromCharCode(...units) })),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => ({ kind: "binary" as const, bytes })),
  ),
});
const someEvents = fc.array(payloads, { minLength: 1, maxLength: 40 });

function runOf(events: readonly CaptureEvent[]): PayloadRun {
  const builder = createRunBuilder();
  for (const event of events) expect(builder.add(event)).toBe(true);
  const run = builder.take();
  if (run === undefined) throw new Error("The run is empty.");
  return run;
}

const RUN = runOf([
  { type: "socket-payload", at: 1.5, socket: "a", direction: "in", payload: { kind: "text", text: "one" } },
  {
    type: "socket-payload",
    at: 2.5,
    socket: "b",
    direction: "out",
    payload: { kind: "binary", bytes: new Uint8Array([1, 2]) },
  },
]);

describe("a run of payloads", () => {
  test("brings back every event as it was, over ports of either kind", () => {
    fc.assert(
      fc.property(someEvents, (events) => {
        const run = runOf(events);
        expect(runLength(run)).toBe(events.length);
        expect(runEvents(run)).toEqual(events);
        expect(runFromWire(structuredClone(toWire(run, "bytes")))).toEqual(events);
        expect(runFromWire(JSON.parse(JSON.stringify(toWire(run, "base64"))))).toEqual(events);
      }),
    );
  });

  test("any part of it is a run of its own that takes nothing else along", () => {
    fc.assert(
      fc.property(someEvents, fc.nat(40), fc.nat(40), (events, one, other) => {
        const start = Math.min(one, other) % events.length;
        const end = Math.max(start + 1, Math.min(events.length, Math.max(one, other)));
        const part = sliceRun(runOf(events), start, end);
        expect(isPayloadRun(part)).toBe(true);
        expect(runEvents(part)).toEqual(events.slice(start, end));
        expect(part.bytes?.buffer.byteLength).toBe(part.bytes?.byteLength);
      }),
    );
  });

  test("a builder that was emptied begins anew", () => {
    const builder = createRunBuilder();
    const [event] = runEvents(RUN);
    if (event === undefined) throw new Error("The run is empty.");
    builder.add(event);
    expect(builder.take()?.marks).toHaveLength(3);
    expect(builder.take()).toBeUndefined();
    builder.add(event);
    expect(runEvents(builder.take() as PayloadRun)).toEqual([event]);
  });

  test("what an act has marked, what is omitted, and what is large goes by itself", () => {
    const builder = createRunBuilder();
    const event = { type: "socket-payload", at: 1, socket: "a", direction: "in" } as const;
    const text = (size: number) => ({ kind: "text", text: "x".repeat(size) }) as const;
    expect(builder.add({ ...event, payload: text(1), act: "sent" })).toBe(false);
    expect(builder.add({ ...event, payload: { kind: "omitted", reason: "too-large", size: 1 } })).toBe(false);
    expect(builder.add({ ...event, payload: text(MAX_BATCH_SIZE) })).toBe(false);
    expect(
      builder.add({ ...event, payload: { kind: "binary", bytes: new Uint8Array(MAX_BATCH_SIZE) } }),
    ).toBe(false);
    expect(builder.add({ type: "socket-failed", at: 1, socket: "a" })).toBe(false);
    expect(builder.take()).toBeUndefined();
  });
});

describe("a run that a page has forged", () => {
  const [at = 0, code = 0, length = 0, ...rest] = RUN.marks;

  test.for<[string, object]>([
    ["without payloads", { ...RUN, marks: [] }],
    ["with half a mark", { ...RUN, marks: [...RUN.marks, 1] }],
    ["with a time that is none", { ...RUN, marks: [Number.NaN, code, length, ...rest] }],
    ["with a text for a time", { ...RUN, marks: ["1", code, length, ...rest] }],
    ["with a hole", { ...RUN, marks: Object.assign([...RUN.marks], { 0: undefined }) }],
    ["with a negative length", { ...RUN, marks: [at, code, -3, ...rest] }],
    ["with a fraction of a length", { ...RUN, marks: [at, code, 2.5, ...rest] }],
    ["with a socket that it does not name", { ...RUN, marks: [at, 4 * 2, length, ...rest] }],
    ["with lengths above its text", { ...RUN, marks: [at, code, length + 1, ...rest] }],
    ["with text that no length tells of", { ...RUN, text: `${RUN.text}more` }],
    ["with bytes that no length tells of", { ...RUN, bytes: new Uint8Array(3) }],
    ["without the bytes that lengths tell of", { ...RUN, bytes: undefined }],
    ["with numbers for bytes", { ...RUN, bytes: [1, 2] }],
    ["with a name that is too long", { ...RUN, sockets: ["a".repeat(65), "b"] }],
    [
      "with more text than a batch holds",
      {
        ...RUN,
        marks: [at, code, MAX_BATCH_SIZE + 1],
        text: "x".repeat(MAX_BATCH_SIZE + 1),
        bytes: undefined,
      },
    ],
    [
      "with more payloads than a batch holds",
      {
        ...RUN,
        marks: Array.from({ length: 3 * (MAX_BATCH_EVENTS + 1) }, () => 0),
        text: "",
        bytes: undefined,
      },
    ],
  ])("%s is refused", ([, run]) => {
    expect(isPayloadRun(RUN)).toBe(true);
    expect(isPayloadRun(run)).toBe(false);
    expect(runFromWire(run)).toBeUndefined();
  });

  test("with what nobody counts is refused", () => {
    const honest = runOf([
      {
        type: "socket-payload",
        at: 1,
        socket: "s",
        direction: "in",
        payload: { kind: "binary", bytes: new Uint8Array(3) },
      },
    ]);
    const buffer = new ArrayBuffer(10_000_000);
    expect(isPayloadRun(honest)).toBe(true);
    expect(isPayloadRun({ ...honest, ballast: "x".repeat(100_000) })).toBe(false);
    expect(isPayloadRun({ ...honest, bytes: new Uint8Array(buffer, 5, 3) })).toBe(false);
  });

  test("whatever it is, it is refused without a throw", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (sockets, marks, text) => {
        expect(isPayloadRun({ type: "socket-payloads", sockets, marks, text })).toBe(false);
      }),
    );
  });
});
