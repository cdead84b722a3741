import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../core/src/capture-event.ts";
import { MAX_BATCH_EVENTS, UNWATCHED_LIMITS } from "../../extension/channel/limits.ts";
import { createRunBuilder } from "../../extension/page/run-builder.ts";
import { createDocumentInbox } from "../../extension/panel/document-inbox.ts";
import {
  createExtensionChain,
  type ExtensionChain,
  numberedPayload,
  numbersOf,
} from "../support/extension-chain.ts";

const URL = "http://localhost:5000/";
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

describe("what the panel says of the page", () => {
  test("when its own extension is gone it says so once, and tries no more", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.isExtensionGone = true;
    chain.killBackground();
    await chain.clock.advance(60_000);
    expect(chain.statuses.filter(({ kind }) => kind === "superseded")).toHaveLength(1);
    expect(chain.statuses.at(-1)).toEqual({ kind: "superseded" });
    chain.navigate(URL);
    await chain.clock.advance(60_000);
    expect(chain.statuses.at(-1)).toEqual({ kind: "superseded" });
    expect(numbersOf(chain.arrived)).toEqual([1]);
  });

  test("a page of the browser's own, which devtools do not tell of, is found out when the page before is gone", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    await chain.rest();
    chain.inspected = undefined;
    chain.first.goAway("with a word");
    chain.deliver();
    await chain.clock.advance(10_000);
    expect(chain.statuses.at(-1)).toEqual({ kind: "cannot-record", reason: "browser-page" });
  });

  test("a page that is switched off has not been left: its recording has ended, at once", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.switchOff();
    chain.deliver();
    await chain.clock.advance(1_000);
    chain.deliver();
    await chain.clock.advance(1_000);
    expect(chain.statuses.at(-1)?.kind).toBe("switched-off");
    const ends = chain.arrived.filter(({ type }) => type === "document-ended");
    expect(ends).toEqual([expect.objectContaining({ document: "document-1", isUnrecorded: true })]);
    await chain.rest();
    expect(chain.arrived.filter(({ type }) => type === "document-ended")).toEqual(ends);
  });

  test("a site that is not granted is named", async () => {
    const chain = createExtensionChain();
    chain.granted = false;
    chain.openPanel();
    await chain.rest();
    expect(chain.statuses.at(-1)).toEqual({ kind: "not-granted", url: "http://localhost:5000/" });
  });

  test("a navigation that devtools and the document both report is one event", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    await chain.rest();
    chain.navigate("http://localhost:5000/next#part");
    await chain.rest();
    expect(chain.arrived.filter(({ type }) => type === "page-navigated")).toHaveLength(1);
  });

  test("a navigation has the time at which the page was shown, so that nothing that the page says is before it", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    const times = () => chain.arrived.flatMap((event) => (event.type === "page-navigated" ? [event.at] : []));
    await chain.clock.advance(1_000);
    const shownAt = chain.clock.now() - 40;
    const next = chain.addDocument({ document: "document-2", url: `${URL}next`, frame: "top", shownAt });
    next.relay.record(numberedPayload(2), false);
    await chain.rest();
    expect(times()).toEqual([shownAt]);
    await chain.clock.advance(1_000);
    chain.inspectedSince = chain.clock.now() - 30;
    chain.navigate(`${URL}third`);
    await chain.rest();
    expect(times()).toEqual([shownAt, chain.inspectedSince]);
    // Shown again from the cache: it began long before.
    await chain.clock.advance(1_000);
    const before = chain.clock.now();
    chain.inspectedSince = shownAt;
    chain.navigate(`${URL}next`);
    await chain.rest();
    expect(times()[2]).toBeGreaterThanOrEqual(before);
  });
});

describe("payloads that are too large for one message", () => {
  const bytesOf = (size: number) => Uint8Array.from({ length: size }, (_, at) => (at * 7) % 251);

  function large(kind: "text" | "binary", size: number): CaptureEvent {
    // Two units a sign, of which a cut may go through the middle.
    const text = `.${"😀".repeat(size / 2)}`.slice(0, size);
    const payload = kind === "text" ? ({ kind, text } as const) : ({ kind, bytes: bytesOf(size) } as const);
    return { type: "socket-payload", at: 2, socket: "socket-1", direction: "in", payload };
  }

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

function samePayload(one: CaptureEvent, other: CaptureEvent): boolean {
  if (one.type !== "socket-payload" || other.type !== "socket-payload") return false;
  if (one.payload.kind === "text" && other.payload.kind === "text")
    return one.payload.text === other.payload.text;
  if (one.payload.kind !== "binary" || other.payload.kind !== "binary") return false;
  return Buffer.compare(one.payload.bytes, other.payload.bytes) === 0;
}

describe("documents that end", () => {
  const ends = (chain: ExtensionChain) =>
    chain.arrived.flatMap((event) => (event.type === "document-ended" ? [event.document] : []));
  const child = (document: string) => ({ document, url: URL, frame: "child" }) as const;

  test("a frame that is removed without a word has ended when it does not come back", async () => {
    const chain = createExtensionChain();
    const frame = chain.addDocument(child("frame-1"));
    chain.openPanel();
    frame.relay.record(numberedPayload(1), false);
    await chain.rest();
    frame.goAway("silently");
    chain.deliver();
    await chain.clock.advance(5_000);
    expect(ends(chain)).toEqual([]);
    await chain.clock.advance(15_000);
    expect(ends(chain)).toEqual(["frame-1"]);
  });

  test("one that says that it goes has ended at once, after what it said last", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    await chain.rest();
    chain.relay.record(numberedPayload(1), false);
    chain.first.goAway("with a word");
    chain.deliver();
    expect(chain.arrived.map(({ type }) => type)).toEqual(["socket-payload", "document-ended"]);
    await chain.rest();
    expect(ends(chain)).toEqual(["document-1"]);
  });

  test("what a page says while it goes is delivered", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    await chain.rest();
    chain.relay.leave(false);
    chain.relay.record(numberedPayload(1), false);
    chain.deliver();
    expect(numbersOf(chain.arrived)).toEqual([1]);
  });

  test("a page in the back/forward cache has not ended, and goes on when it comes back", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.first.goAway("into the cache");
    const next = chain.addDocument({ document: "document-2", url: `${URL}next`, frame: "top" });
    next.relay.record(numberedPayload(2), false);
    await chain.rest();
    next.goAway("with a word");
    chain.first.comeBack();
    chain.relay.record(numberedPayload(3), false);
    await chain.rest();
    expect(ends(chain)).toEqual(["document-2"]);
    expect(numbersOf(chain.arrived)).toEqual([1, 2, 3]);
    expect(chain.arrived.filter(({ type }) => type === "page-navigated")).toHaveLength(2);
  });

  test("a background that stops ends nothing", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    for (let times = 0; times < 20; times++) {
      chain.killBackground();
      await chain.clock.advance(700);
      chain.deliver();
    }
    await chain.rest();
    await chain.clock.advance(60_000);
    expect(ends(chain)).toEqual([]);
  });

  test("what died while the background was stopped has ended when it is back", async () => {
    const chain = createExtensionChain();
    const frame = chain.addDocument(child("frame-1"));
    chain.openPanel();
    frame.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.killBackground();
    frame.goAway("silently");
    await chain.rest();
    await chain.clock.advance(20_000);
    expect(ends(chain)).toEqual(["frame-1"]);
  });

  test("a page that is left takes its frames along, though nobody said so", async () => {
    const chain = createExtensionChain();
    const frame = chain.addDocument(child("frame-1"));
    chain.openPanel();
    frame.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.killBackground();
    frame.goAway("silently");
    chain.first.goAway("silently");
    const next = chain.addDocument({ document: "document-2", url: `${URL}next`, frame: "top" });
    next.relay.record(numberedPayload(2), false);
    await chain.clock.advance(400);
    chain.deliver();
    await chain.clock.advance(400);
    chain.deliver();
    expect(ends(chain).sort()).toEqual(["document-1", "frame-1"]);
  });
});

describe("preserve log", () => {
  const next = { document: "document-2", url: `${URL}next`, frame: "top" } as const;

  async function visitNext(chain: ExtensionChain, devtoolsFirst: boolean): Promise<void> {
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.first.goAway("with a word");
    if (devtoolsFirst) chain.navigate(next.url);
    const page = chain.addDocument(next);
    page.relay.record(numberedPayload(2), false);
    await chain.rest();
    if (!devtoolsFirst) chain.navigate(next.url);
    await chain.rest();
  }

  test.for([true, false])("on: the log goes on, with a row where the navigation was (%s)", async (first) => {
    const chain = createExtensionChain();
    await visitNext(chain, first);
    expect(chain.arrived.map(({ type }) => type)).toEqual([
      "socket-payload",
      "document-ended",
      "page-navigated",
      "socket-payload",
    ]);
  });

  test.for([true, false])("off: the log is that of the new page, and all of it (%s)", async (first) => {
    const chain = createExtensionChain();
    chain.preservesLog = false;
    await visitNext(chain, first);
    expect(chain.arrived).toEqual([numberedPayload(2)]);
  });

  test("off: a frame of the new page that speaks before the page does loses nothing", async () => {
    const chain = createExtensionChain();
    chain.preservesLog = false;
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.first.goAway("with a word");
    chain.addDocument(next);
    const frame = chain.addDocument({ document: "frame-2", url: `${URL}frame`, frame: "child" });
    frame.relay.record(numberedPayload(2), false);
    chain.deliver();
    await chain.clock.advance(30);
    chain.deliver();
    await chain.rest();
    chain.navigate(next.url);
    await chain.rest();
    expect(chain.arrived).toEqual([numberedPayload(2)]);
  });

  test("off: a frame that goes to another address clears nothing", async () => {
    const chain = createExtensionChain();
    chain.preservesLog = false;
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    const frame = chain.addDocument({ document: "frame-1", url: `${URL}frame`, frame: "child" });
    frame.relay.record(numberedPayload(2), false);
    await chain.rest();
    frame.goAway("with a word");
    const other = chain.addDocument({ document: "frame-2", url: `${URL}other`, frame: "child" });
    other.relay.record(numberedPayload(3), false);
    await chain.rest();
    expect(numbersOf(chain.arrived)).toEqual([1, 2, 3]);
  });

  test("off: what still comes of the page before is not of the new log", async () => {
    const chain = createExtensionChain();
    chain.preservesLog = false;
    chain.openPanel();
    await chain.rest();
    chain.navigate(next.url);
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    expect(chain.arrived).toEqual([]);
  });

  test("off: a page that changes its address by itself clears nothing and goes on", async () => {
    const chain = createExtensionChain();
    chain.preservesLog = false;
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.navigate(`${URL}pushed`, true);
    await chain.rest();
    chain.relay.record(numberedPayload(2), false);
    await chain.rest();
    expect(chain.arrived).toEqual([numberedPayload(1), numberedPayload(2)]);
  });

  test("off: a frame is let in once, however often it is asked to greet", async () => {
    const chain = createExtensionChain();
    chain.preservesLog = false;
    chain.openPanel();
    await chain.rest();
    const frame = chain.addDocument({ document: "frame-1", url: `${URL}frame`, frame: "child" });
    frame.relay.record(numberedPayload(1), false);
    for (let step = 0; step < 60; step++) {
      await chain.clock.advance(20);
      chain.deliver();
    }
    expect(chain.arrived).toEqual([numberedPayload(1)]);
    const greetings = chain.posted.filter((message) => (message as { type: string }).type === "hello");
    expect(greetings.length).toBeLessThan(5);
  });
});

describe("a document that dies before its greeting is answered", () => {
  const numbers = ({ arrived }: { arrived: readonly CaptureEvent[] }) => numbersOf(arrived);
  const lost = ({ arrived }: { arrived: readonly CaptureEvent[] }) =>
    arrived.flatMap((event) => (event.type === "events-dropped" ? [event.count] : []));
  const frame = { document: "frame-1", url: `${URL}frame`, frame: "child" } as const;

  test.each([true, false])("brings what it has said, unasked (preserve log: %s)", async (preserves) => {
    const chain = createExtensionChain({ ports: "json" });
    chain.preservesLog = preserves;
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    const dying = chain.addDocument(frame);
    dying.relay.record(numberedPayload(2), false);
    dying.relay.record(numberedPayload(3), false);
    dying.goAway("at once");
    await chain.rest();
    expect(numbers(chain)).toEqual([1, 2, 3]);
    expect(lost(chain)).toEqual([]);
    expect(chain.arrived.at(-1)).toEqual(
      expect.objectContaining({ type: "document-ended", document: "frame-1" }),
    );
  });

  test.each([true, false])(
    "is said to be missing where it has no time for that (preserve log: %s)",
    async (preserves) => {
      const chain = createExtensionChain();
      chain.preservesLog = preserves;
      chain.openPanel();
      await chain.rest();
      const dying = chain.addDocument(frame);
      dying.relay.record(numberedPayload(2), false);
      dying.goAway("at once, silently");
      await chain.rest();
      await chain.clock.advance(20_000);
      expect(numbers(chain)).toEqual([]);
      expect(lost(chain)).toEqual([1]);
    },
  );

  test("of the page before is not of the new log", async () => {
    const chain = createExtensionChain();
    chain.preservesLog = false;
    chain.openPanel();
    await chain.rest();
    const dying = chain.addDocument(frame);
    dying.relay.record(numberedPayload(2), false);
    dying.goAway("at once");
    chain.first.goAway("with a word");
    const next = chain.addDocument({ document: "document-2", url: `${URL}next`, frame: "top" });
    next.relay.record(numberedPayload(4), false);
    await chain.rest();
    expect(numbers(chain)).toEqual([4]);
  });

  test("or goes into the cache, is there at once, and once when it comes back", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    await chain.rest();
    const cached = chain.addDocument({ document: "document-2", url: `${URL}next`, frame: "top" });
    cached.relay.record(numberedPayload(2), false);
    cached.goAway("at once, into the cache");
    await chain.rest();
    expect(numbers(chain)).toEqual([2]);
    cached.comeBack();
    cached.relay.record(numberedPayload(3), false);
    await chain.rest();
    expect(numbers(chain)).toEqual([2, 3]);
  });

  test("after it was asked once brings the rest, and nothing twice", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    const dying = chain.addDocument(frame);
    dying.relay.record(numberedPayload(2), false);
    await chain.rest();
    dying.relay.record(numberedPayload(3), false);
    dying.goAway("at once");
    await chain.rest();
    expect(numbers(chain)).toEqual([1, 2, 3]);
    expect(lost(chain)).toEqual([]);
  });
});

test("a page that had begun before its relay was there is not said to be recorded whole", async () => {
  const chain = createExtensionChain();
  chain.openPanel();
  await chain.rest();
  const late = { document: "document-2", url: `${URL}late`, frame: "top" } as const;
  chain.first.goAway("with a word");
  chain.inspected = late.url;
  chain.navigate(late.url);
  const document = chain.addDocument(late, { isLate: true });
  document.relay.watch();
  await chain.rest();
  expect(chain.statuses.at(-1)).toEqual({ kind: "recording", url: late.url, isLate: true });
  const next = { document: "document-3", url: `${URL}next`, frame: "top" } as const;
  document.goAway("with a word");
  chain.inspected = next.url;
  chain.navigate(next.url);
  chain.addDocument(next).relay.watch();
  await chain.rest();
  expect(chain.statuses.at(-1)).toEqual({ kind: "recording", url: next.url });
});
