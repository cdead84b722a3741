import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { isMessageOf } from "../../../extension/channel/channel.ts";
import type { EventNatives } from "../../../extension/channel/event-natives.ts";
import {
  MAX_BATCH_SIZE,
  MAX_CROSSING_EVENTS,
  MAX_CROSSING_SIZE,
  MAX_UNCLAIMED_EVENTS,
} from "../../../extension/channel/limits.ts";
import { FROM_PAGE, isObservedEvent } from "../../../extension/channel/messages.ts";
import { type RelayEnd, takeNode } from "../../../extension/channel/node-link.ts";
import { isPayloadRun, runEvents } from "../../../extension/channel/payload-run.ts";
import { putTexts } from "../../../extension/channel/texts-apart.ts";
import { createOutlet, type Outlet } from "../../../extension/page/outlet.ts";
import type { PageNatives } from "../../../extension/page/page-natives.ts";

const natives = {
  listen: (target, type, listener) => target.addEventListener(type, listener),
  unlisten: (target, type, listener) => target.removeEventListener(type, listener),
  dispatch: (target, event) => target.dispatchEvent(event),
  event: (type, init) => new Event(type, init),
  customEvent: (type, init) => new CustomEvent(type, init),
  mouseEvent: (type, init) => Object.assign(new Event(type), { relatedTarget: init.relatedTarget }),
  detail: (event) => (event as CustomEvent<unknown>).detail,
  relatedTarget: (event) => (event as MouseEvent).relatedTarget,
  parse: (text) => JSON.parse(text as string) as unknown,
} satisfies EventNatives;

interface World {
  readonly outlet: Outlet;
  readonly relay: RelayEnd;
  /** What has crossed, each time. */
  readonly crossings: CaptureEvent[][];
  /** How often the hook has said that something waits. */
  readonly waits: () => number;
}

function relayOf(host: Document, crossings: CaptureEvent[][], waiting: () => void): RelayEnd {
  return takeNode(host, natives, {
    receive(message, texts) {
      const copy = structuredClone(message);
      if (!isMessageOf(FROM_PAGE, copy) || copy.type !== "observed") throw new Error("Not observed events.");
      putTexts(copy.body.events, texts);
      crossings.push(copy.body.events.flatMap(readOne));
    },
    waiting,
  });
}

function readOne(one: unknown): readonly CaptureEvent[] {
  if (isPayloadRun(one)) return runEvents(one);
  if (isObservedEvent(one)) return [one.event];
  throw new Error("The relay would refuse it.");
}

function outletOf(host: Document): Outlet {
  return createOutlet(host, { ...natives, now: () => 1 } as unknown as PageNatives, () => {});
}

function createDocument(): Document {
  return Object.assign(new EventTarget(), { createElement: () => new EventTarget() }) as unknown as Document;
}

function createWorld(): World {
  const host = createDocument();
  const crossings: CaptureEvent[][] = [];
  let waits = 0;
  const relay = relayOf(host, crossings, () => waits++);
  return { outlet: outletOf(host), relay, crossings, waits: () => waits };
}

function payload(at: number, text: string | Uint8Array, direction: "in" | "out" = "in"): CaptureEvent {
  const payload =
    typeof text === "string" ? ({ kind: "text", text } as const) : ({ kind: "binary", bytes: text } as const);
  return { type: "socket-payload", at, socket: "a-1", direction, payload };
}

const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 })
  .map((units) => String.fromCharCode(...units));
const anyEvent: fc.Arbitrary<{ event: CaptureEvent; pinned: boolean }> = fc
  .record({
    kind: fc.constantFrom("text", "text", "text", "binary", "large", "opened", "marked"),
    text: anyText,
    direction: fc.constantFrom("in" as const, "out" as const),
    at: fc.integer({ min: 0, max: 1_000 }),
    pinned: fc.boolean(),
  })
  .map(({ kind, text, direction, at, pinned }) => {
    switch (kind) {
      case "opened":
        return { event: { type: "socket-opened", at, socket: "a-1", protocol: "" }, pinned: true };
      case "binary":
        return { event: payload(at, new Uint8Array(text.length).fill(at), direction), pinned };
      case "large":
        return { event: payload(at, text + "\udc00".repeat(MAX_BATCH_SIZE), direction), pinned };
      case "marked":
        return { event: { ...payload(at, text, direction), act: "sent" } as CaptureEvent, pinned };
      default:
        return { event: payload(at, text, direction), pinned };
    }
  });

describe("what the hook observes", () => {
  test("crosses once and in its order, sent and received, small and large, text and bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEvent, fc.boolean()), { maxLength: 30 }), (steps) => {
        const { outlet, relay, crossings } = createWorld();
        for (const [{ event, pinned }, isPulled] of steps) {
          outlet.report(event, pinned);
          if (isPulled) relay.pull();
        }
        relay.pull();
        expect(crossings.flat()).toEqual(steps.map(([{ event }]) => event));
      }),
      { numRuns: 50 },
    );
  });

  test("waits until it is pulled, and is announced once", () => {
    const { outlet, relay, crossings, waits } = createWorld();
    for (let at = 0; at < 400; at++) outlet.report(payload(at, "x".repeat(1_000)), false);
    expect([crossings.length, waits()]).toEqual([0, 1]);
    relay.pull();
    expect(crossings.map(({ length }) => length)).toEqual([400]);
    relay.pull();
    expect(crossings).toHaveLength(1);
    outlet.report(payload(1, "more"), false);
    expect(waits()).toBe(2);
  });

  test("goes without being pulled when it is much: by count, by size, and at once what is large by itself", () => {
    const { outlet, crossings } = createWorld();
    for (let at = 0; at < MAX_CROSSING_EVENTS; at++) outlet.report(payload(at, "x"), false);
    expect(crossings.map(({ length }) => length)).toEqual([MAX_CROSSING_EVENTS]);
    const size = MAX_CROSSING_SIZE / 100;
    for (let at = 0; at < 100; at++) outlet.report(payload(at, "y".repeat(size)), false);
    expect(crossings).toHaveLength(2);
    const whole = "\ud83d".repeat(12_000_000) + "\u0000".repeat(12_000_000);
    outlet.report(payload(1, whole), false);
    expect(crossings).toHaveLength(3);
    expect(crossings[2]?.at(-1)).toEqual(payload(1, whole));
  });

  test("goes before what is told, so that an answer comes after what it answers", () => {
    const host = createDocument();
    const heard: string[] = [];
    takeNode(host, natives, {
      receive: (message) => heard.push((message as { type: string }).type),
      waiting() {},
    });
    const outlet = outletOf(host);
    outlet.report(payload(1, "sent", "out"), false);
    outlet.tell({ type: "act-answered", body: { command: 1 } });
    expect(heard).toEqual(["observed", "act-answered"]);
  });

  test("before there is a relay is kept as far as it may be, and the rest is counted first of what comes after", () => {
    const host = createDocument();
    const outlet = outletOf(host);
    for (let at = 0; at < MAX_UNCLAIMED_EVENTS + 7; at++) outlet.report(payload(at, `${at}`), false);
    const crossings: CaptureEvent[][] = [];
    relayOf(host, crossings, () => {});
    const all = crossings.flat();
    expect(all.slice(0, -1)).toEqual(
      Array.from({ length: MAX_UNCLAIMED_EVENTS }, (_, at) => payload(at, `${at}`)),
    );
    expect(all.at(-1)).toMatchObject({ type: "events-dropped", count: 7, reason: "not-delivered" });
  });
});
