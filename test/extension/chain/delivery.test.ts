import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_BATCH_EVENTS, UNWATCHED_LIMITS } from "../../../extension/channel/limits.ts";
import { createRunBuilder } from "../../../extension/page/run-builder.ts";
import { createDocumentInbox } from "../../../extension/panel/document-inbox.ts";
import { createExtensionChain, numberedPayload, numbersOf } from "../../support/extension-chain.ts";

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

/** Numbered payloads as a hook hands them over. */
function runsOf(first: number, count: number): unknown[] {
  const runs: unknown[] = [];
  const builder = createRunBuilder();
  for (let at = 0; at < count; at++) {
    builder.add(numberedPayload(first + at));
    if (at % MAX_BATCH_EVENTS === MAX_BATCH_EVENTS - 1) runs.push(builder.take());
  }
  const rest = builder.take();
  return rest === undefined ? runs : [...runs, rest];
}

describe("from the relay to the panel", () => {
  test("what was recorded before the panel opened arrives when it opens", async () => {
    const chain = createExtensionChain();
    for (const number of upTo(3)) chain.relay.record(numberedPayload(number), false);
    await chain.rest();
    expect(chain.arrived).toEqual([]);
    chain.openPanel();
    await chain.rest();
    expect(numbersOf(chain.arrived)).toEqual([1, 2, 3]);
    expect(chain.statuses.at(-1)).toEqual({ kind: "recording", url: "http://localhost:5000/" });
  });

  test("a panel that is closed and opened again gets the recording again", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    for (const number of upTo(5)) chain.relay.record(numberedPayload(number), false);
    await chain.rest();
    chain.closePanel();
    chain.relay.record(numberedPayload(6), false);
    await chain.rest();
    chain.arrived.length = 0;
    chain.openPanel();
    await chain.rest();
    expect(numbersOf(chain.arrived)).toEqual(upTo(6));
  });

  test("a flood in one task arrives whole once acknowledgements get through", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    await chain.rest();
    for (const number of upTo(60_000)) chain.relay.record(numberedPayload(number), false);
    await chain.rest();
    expect(numbersOf(chain.arrived)).toEqual(upTo(60_000));
  });

  test("what overflows while nobody listens is counted where it is missed", async () => {
    const chain = createExtensionChain();
    const count = UNWATCHED_LIMITS.events + 25;
    for (const number of upTo(count)) chain.relay.record(numberedPayload(number), number === 1);
    chain.openPanel();
    await chain.rest();
    const [first, second, third] = chain.arrived;
    expect(first).toEqual(numberedPayload(1));
    expect(second).toMatchObject({ type: "events-dropped", count: 24, reason: "buffer-full" });
    expect(third).toEqual(numberedPayload(26));
    expect(numbersOf(chain.arrived).length).toBe(UNWATCHED_LIMITS.events + 1);
  });

  test.for([
    ["one by one", "clone"],
    ["in runs", "clone"],
    ["in runs", "json"],
  ] as const)(
    "whatever breaks whenever, each event arrives once and in order: %s, ports that %s",
    async ([how, ports]) => {
      const step = fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({
            kind: fc.constant("record" as const),
            count: fc.integer({ min: 1, max: 700 }),
          }),
        },
        {
          weight: 6,
          arbitrary: fc.record({
            kind: fc.constant("deliver" as const),
            count: fc.integer({ min: 1, max: 5 }),
          }),
        },
        {
          weight: 4,
          arbitrary: fc.record({
            kind: fc.constant("wait" as const),
            count: fc.integer({ min: 1, max: 300 }),
          }),
        },
        { weight: 3, arbitrary: fc.record({ kind: fc.constant("kill" as const), count: fc.constant(1) }) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const chain = createExtensionChain({ ports });
          let recorded = 0;
          chain.openPanel();
          for (const { kind, count } of steps) {
            if (kind === "record" && how === "in runs") {
              chain.relay.recordAll(runsOf(recorded + 1, count));
              recorded += count;
            } else if (kind === "record") {
              for (let more = 0; more < count; more++) chain.relay.record(numberedPayload(++recorded), false);
            } else if (kind === "deliver") chain.deliver(count);
            else if (kind === "wait") await chain.clock.advance(count);
            else chain.killBackground();
          }
          chain.relay.record(numberedPayload(++recorded), false);
          await chain.rest();
          expect(chain.arrived.filter(({ type }) => type !== "socket-payload")).toEqual([]);
          expect(numbersOf(chain.arrived)).toEqual(upTo(recorded));
        }),
        { numRuns: 60 },
      );
    },
  );

  test("a page that says nothing opens no port until a panel asks", async () => {
    const chain = createExtensionChain();
    await chain.rest();
    expect(chain.deliver()).toBe(0);
    chain.openPanel();
    await chain.rest();
    expect(chain.statuses.at(-1)?.kind).toBe("recording");
  });

  test("a prerendered document keeps what it says until it is shown", async () => {
    const chain = createExtensionChain({ isHidden: true });
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    expect(chain.arrived).toEqual([]);
    chain.relay.show();
    await chain.rest();
    expect(numbersOf(chain.arrived)).toEqual([1]);
  });

  test("when the extension is gone the relay stops the hook and tries no more", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.orphan();
    await chain.clock.advance(200);
    expect(chain.isStopped).toBe(true);
    chain.closePanel();
    expect(() => chain.relay.record(numberedPayload(2), false)).not.toThrow();
    await chain.clock.advance(60_000);
    expect(chain.clock.pending).toBe(0);
  });
});

describe("a run that comes again", () => {
  const [run] = runsOf(3, 5);
  const [rest] = runsOf(6, 5);

  test("brings only what of it is new", () => {
    const inbox = createDocumentInbox("document");
    expect(numbersOf(inbox.take([{ number: 3, event: run }], 0))).toEqual([3, 4, 5, 6, 7]);
    expect(inbox.position).toBe(7);
    expect(numbersOf(inbox.take([{ number: 6, event: rest }], 0))).toEqual([8, 9, 10]);
    expect(numbersOf(inbox.take([{ number: 3, event: run }], 0))).toEqual([]);
    expect(inbox.position).toBe(10);
  });
});
