import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import {
  createExtensionChain,
  type ExtensionChain,
  numberedPayload,
  numbersOf,
} from "../../support/extension-chain.ts";

const URL = "http://localhost:5000/";

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
