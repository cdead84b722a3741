import { expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { eventSize } from "../../../extension/channel/event-size.ts";
import { createRingBuffer } from "../../../extension/relay/ring-buffer.ts";

const text = (length: number) => "x".repeat(length);
const origin = { documentUrl: text(100), frame: "top" } as const;

test("all of an event counts that its page can make long", () => {
  const sizes: readonly [CaptureEvent, number][] = [
    [
      { type: "socket-opening", at: 1, socket: "s", url: text(10), protocols: [text(5), text(6)], origin },
      121,
    ],
    [{ type: "socket-opened", at: 1, socket: "s", protocol: text(7) }, 7],
    [
      {
        type: "http-request",
        at: 1,
        exchange: "e",
        method: "POST",
        url: text(20),
        headers: { accept: text(30) },
        body: { kind: "binary", bytes: new Uint8Array(40) },
        origin,
      },
      196,
    ],
    [{ type: "http-response", at: 1, exchange: "e", status: 200, headers: { via: text(50) } }, 53],
    [{ type: "http-ended", at: 1, exchange: "e", error: text(60) }, 60],
    [{ type: "socket-failed", at: 1, socket: "s" }, 0],
  ];
  for (const [event, size] of sizes) expect(eventSize(event)).toBe(size);
});

test("answers with long headers do not keep more than a relay may", () => {
  const limits = { events: 10_000, size: 1_000_000, payload: 1_000_000 };
  const buffer = createRingBuffer(limits);
  const headers = { via: text(50_000) };
  for (let at = 0; at < 100; at++)
    buffer.add({ type: "http-response", at, exchange: "e", status: 200, headers }, false);
  const kept = buffer.readAfter(0, { events: 10_000, size: 100_000_000 }).events;
  expect(kept.filter(({ event }) => event.type === "http-response")).toHaveLength(19);
});
