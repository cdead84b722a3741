import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { isReportedEvent } from "../../../extension/channel/capture-event-guard.ts";
import { isMessageOf } from "../../../extension/channel/channel.ts";
import { MAX_PAYLOAD_SIZE } from "../../../extension/channel/limits.ts";
import {
  FROM_PAGE,
  FROM_PANEL,
  FROM_RELAY,
  isObservedEvent,
  TO_PANEL,
  TO_RELAY,
  tabOfPanelPort,
} from "../../../extension/channel/messages.ts";
import { binaryFormOf, binaryProbe, fromWire, toWire } from "../../../extension/channel/wire-event.ts";

const origin = { documentUrl: "http://localhost/", frame: "top" } as const;
const EVENTS: readonly CaptureEvent[] = [
  {
    type: "socket-opening",
    at: 1.5,
    socket: "a-1",
    url: "ws://localhost/hub?id=t",
    protocols: ["p"],
    origin,
  },
  { type: "socket-opened", at: 2, socket: "a-1", protocol: "" },
  {
    type: "socket-payload",
    at: 3,
    socket: "a-1",
    direction: "out",
    payload: { kind: "text", text: "{}\u001e" },
  },
  {
    type: "socket-payload",
    at: 4,
    socket: "a-1",
    direction: "in",
    payload: { kind: "binary", bytes: new Uint8Array([0, 127, 128, 255]) },
  },
  {
    type: "socket-payload",
    at: 4,
    socket: "a-1",
    direction: "in",
    payload: { kind: "omitted", reason: "too-large", size: 9_000_000 },
  },
  { type: "socket-failed", at: 5, socket: "a-1" },
  { type: "socket-closed", at: 6, socket: "a-1", code: 1006, reason: "", wasClean: false },
  {
    type: "http-request",
    at: 7,
    exchange: "a-2",
    method: "POST",
    url: "http://localhost/hub/negotiate",
    origin,
  },
  { type: "http-response", at: 8, exchange: "a-2", status: 200 },
  { type: "http-response-body", at: 9, exchange: "a-2", payload: { kind: "text", text: "{}" } },
  { type: "http-ended", at: 10, exchange: "a-2" },
  { type: "events-dropped", at: 11, count: 1, bytes: 0, reason: "not-delivered" },
];

describe("what a page may report", () => {
  test.for(EVENTS)("$type is let through", (event) => {
    expect(isReportedEvent(event)).toBe(true);
    expect(isObservedEvent({ event, pinned: true })).toBe(true);
    const events = [{ event, pinned: true }];
    expect(isMessageOf(FROM_PAGE, { type: "observed", body: { events } })).toBe(true);
  });

  test.for<[string, unknown]>([
    ["nothing", null],
    ["an unknown type", { type: "socket-exploded", at: 1, socket: "a" }],
    ["a type from the prototype", { type: "toString", at: 1 }],
    ["a navigation, which only the panel knows", { type: "page-navigated", at: 1, url: "http://localhost/" }],
    ["no time", { type: "socket-failed", socket: "a" }],
    ["a time that is no number", { type: "socket-failed", at: Number.NaN, socket: "a" }],
    ["an id that is too long", { type: "socket-failed", at: 1, socket: "x".repeat(65) }],
    ["an id that is an object", { type: "socket-failed", at: 1, socket: {} }],
    [
      "a direction that is none",
      { type: "socket-payload", at: 1, socket: "a", direction: "up", payload: { kind: "text", text: "" } },
    ],
    [
      "bytes that are an array",
      {
        type: "socket-payload",
        at: 1,
        socket: "a",
        direction: "in",
        payload: { kind: "binary", bytes: [1] },
      },
    ],
    [
      "text above the limit",
      {
        type: "socket-payload",
        at: 1,
        socket: "a",
        direction: "in",
        payload: { kind: "text", text: "x".repeat(MAX_PAYLOAD_SIZE + 1) },
      },
    ],
    ["a negative count", { type: "events-dropped", at: 1, count: -1, bytes: 0, reason: "buffer-full" }],
    [
      "headers that are no text",
      { type: "http-response", at: 1, exchange: "a", status: 200, headers: { a: 1 } },
    ],
  ])("%s is refused", ([, event]) => {
    expect(isReportedEvent(event)).toBe(false);
  });
});

describe("guard tables", () => {
  const tables = { FROM_PAGE, FROM_RELAY, TO_RELAY, TO_PANEL, FROM_PANEL };

  test.for(Object.entries(tables))(
    "%s refuses what is no message, whatever it is, without a throw",
    ([, guards]) => {
      fc.assert(
        fc.property(
          fc.anything({ withNullPrototype: true, withBigInt: true, withTypedArray: true }),
          (value) => {
            expect(isMessageOf(guards, value)).toBe(false);
            for (const type of Object.keys(guards)) {
              expect(typeof isMessageOf(guards, { type, body: value })).toBe("boolean");
            }
          },
        ),
      );
    },
  );

  test("a name of Object.prototype is no message type", () => {
    for (const guards of Object.values(tables)) {
      expect(isMessageOf(guards, { type: "constructor", body: undefined })).toBe(false);
      expect(isMessageOf(guards, { type: "__proto__", body: undefined })).toBe(false);
    }
  });

  test("a batch longer than any relay sends is refused", () => {
    const events = Array.from({ length: 1_001 }, (_, number) => ({ number, event: {} }));
    expect(isMessageOf(FROM_RELAY, { type: "batch", body: { document: "d", events } })).toBe(false);
  });

  test("a panel's port names its tab in digits and nothing else", () => {
    expect(tabOfPanelPort("panel:12")).toBe(12);
    for (const name of ["panel:", "panel:-1", "panel:1e3", "panel:1 ", "relay", "panel:9999999999999999"]) {
      expect(tabOfPanelPort(name)).toBeUndefined();
    }
  });
});

describe("events on ports", () => {
  test.for(EVENTS)("$type is the same after a port of bytes and after a port of JSON", (event) => {
    expect(fromWire(structuredClone(toWire(event, "bytes")))).toEqual(event);
    expect(fromWire(JSON.parse(JSON.stringify(toWire(event, "base64"))))).toEqual(event);
  });

  test("the probe tells the two kinds of port apart", () => {
    expect(binaryFormOf(structuredClone(binaryProbe()))).toBe("bytes");
    expect(binaryFormOf(JSON.parse(JSON.stringify(binaryProbe())))).toBe("base64");
    expect(binaryFormOf(undefined)).toBe("base64");
  });

  test("a large binary payload survives base64", () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => at % 251);
    const event: CaptureEvent = {
      type: "socket-payload",
      at: 1,
      socket: "a",
      direction: "in",
      payload: { kind: "binary", bytes },
    };
    expect(fromWire(toWire(event, "base64"))).toEqual(event);
  });

  test("base64 that is none makes no event", () => {
    const event = {
      type: "socket-payload",
      at: 1,
      socket: "a",
      direction: "in",
      payload: { kind: "base64", base64: "*" },
    };
    expect(fromWire(event)).toBeUndefined();
  });
});
