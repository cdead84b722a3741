import { describe, expect, test } from "vitest";
import {
  createExtensionChain,
  type ExtensionChain,
  numberedPayload,
  numbersOf,
} from "../../support/extension-chain.ts";

const URL = "http://localhost:5000/";

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

  test.for([
    { told: 2_600, began: 2_600 },
    { told: undefined, began: undefined },
    // A page from the cache began before the one that it follows.
    { told: -60_000, began: undefined },
    { told: 60_000, began: undefined },
  ])("off: when the new page began is said, where it is known: $told", async ({ told, began }) => {
    const chain = createExtensionChain();
    chain.preservesLog = false;
    const start = chain.clock.now();
    chain.openPanel();
    await chain.rest();
    const since = (after: number | undefined) => (after === undefined ? undefined : start + after);
    chain.inspectedSince = since(told);
    chain.first.goAway("with a word");
    chain.navigate(next.url);
    await chain.clock.advance(0);
    expect(chain.cleared).toEqual([since(began)]);
    expect(chain.changed).toEqual([since(began) ?? chain.clock.now()]);
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
