import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { ACKNOWLEDGE_DELAY, UNWATCHED_LIMITS } from "../../../extension/channel/limits.ts";
import { createExtensionChain, numberedPayload, numbersOf } from "../../support/extension-chain.ts";

function samePayload(one: CaptureEvent, other: CaptureEvent): boolean {
  if (one.type !== "socket-payload" || other.type !== "socket-payload") return false;
  if (one.payload.kind === "text" && other.payload.kind === "text")
    return one.payload.text === other.payload.text;
  if (one.payload.kind !== "binary" || other.payload.kind !== "binary") return false;
  return Buffer.compare(one.payload.bytes, other.payload.bytes) === 0;
}

describe("payloads that are too large for one message", () => {
  const bytesOf = (size: number) => Uint8Array.from({ length: size }, (_, at) => (at * 7) % 251);

  function large(kind: "text" | "binary", size: number): CaptureEvent {
    // Two units a sign, of which a cut may go through the middle.
    const text = `.${"😀".repeat(size / 2)}`.slice(0, size);
    const payload = kind === "text" ? ({ kind, text } as const) : ({ kind, bytes: bytesOf(size) } as const);
    return { type: "socket-payload", at: 2, socket: "socket-1", direction: "in", payload };
  }

  test("many of one megabyte do not wait for acknowledgements", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    await chain.rest();
    const begun = chain.clock.now();
    for (let count = 0; count < 40; count++) chain.relay.record(large("binary", 1024 * 1024), false);
    while (chain.arrived.length < 40 && chain.clock.now() < begun + ACKNOWLEDGE_DELAY) {
      await chain.clock.advance(10);
      chain.deliver();
    }
    expect(chain.arrived).toHaveLength(40);
  });

  test.for([
    ["text", "clone"],
    ["text", "json"],
    ["binary", "clone"],
    ["binary", "json"],
  ] as const)("%s of 21 MB arrives whole and in its place over ports that %s", async ([kind, ports]) => {
    const chain = createExtensionChain({ ports });
    chain.openPanel();
    await chain.rest();
    const event = large(kind, 21_000_001);
    chain.relay.record(numberedPayload(1), false);
    chain.relay.record(event, false);
    chain.relay.record(numberedPayload(3), false);
    await chain.rest();
    expect(numbersOf(chain.arrived)).toEqual([1, 2, 3]);
    const arrived = chain.arrived[1];
    expect(arrived?.type === "socket-payload" && samePayload(arrived, event)).toBe(true);
  });

  test.for([1_000, 9_000_001, UNWATCHED_LIMITS.payload + 1])(
    "a body of %d that was written anew says so when it arrives, also where its size alone does",
    async (size) => {
      for (const ports of ["clone", "json"] as const) {
        const chain = createExtensionChain({ ports });
        const payload = { kind: "text", text: "x".repeat(size) } as const;
        const piece = {
          type: "http-response-body",
          at: 1,
          exchange: "e",
          payload,
          isRewritten: true,
        } as const;
        chain.relay.record(piece, false);
        chain.openPanel();
        await chain.rest();
        expect(chain.arrived).toHaveLength(1);
        expect(chain.arrived[0]).toHaveProperty("isRewritten", true);
      }
    },
  );

  test("no message comes near 64 MiB as JSON, whatever the text", async () => {
    const chain = createExtensionChain({ ports: "json" });
    chain.openPanel();
    await chain.rest();
    // Six characters each, as JSON.
    const text = "\u0001".repeat(20_000_000);
    chain.relay.record({ ...numberedPayload(1), payload: { kind: "text", text } } as CaptureEvent, false);
    await chain.rest();
    expect(numbersOf(chain.arrived)).toEqual([1]);
    const largest = Math.max(...chain.posted.map((message) => JSON.stringify(message).length));
    expect(largest).toBeLessThan(32 * 1024 * 1024);
  });

  test("a background that stops between two pieces costs nothing", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    await chain.rest();
    const event = large("binary", 30_000_000);
    chain.relay.record(event, false);
    chain.relay.record(numberedPayload(3), false);
    for (let kill = 0; kill < 4; kill++) {
      await chain.clock.advance(20);
      chain.deliver(3 + kill);
      chain.killBackground();
    }
    await chain.rest();
    expect(numbersOf(chain.arrived)).toEqual([2, 3]);
    expect(chain.arrived[0]?.type === "socket-payload" && samePayload(chain.arrived[0], event)).toBe(true);
  });

  test("above the limit the size is said", async () => {
    const chain = createExtensionChain();
    const size = UNWATCHED_LIMITS.payload + 1;
    chain.relay.record(numberedPayload(1), false);
    chain.relay.record(large("text", size), false);
    chain.openPanel();
    await chain.rest();
    expect(numbersOf(chain.arrived)).toEqual([1, 2]);
    expect(chain.arrived[1]).toMatchObject({ payload: { kind: "omitted", reason: "too-large", size } });
  });
});
