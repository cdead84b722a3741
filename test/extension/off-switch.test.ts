import { describe, expect, test } from "vitest";
import { createExtensionChain, numberedPayload, numbersOf } from "../support/extension-chain.ts";

const URL = "http://localhost:5000/";

describe("while a relay does not know yet whether its origin is switched off", () => {
  test("the background asks, and passes on what it says where it is not", async () => {
    const chain = createExtensionChain({ isHeld: true });
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.relay.allow();
    chain.relay.record(numberedPayload(2), false);
    await chain.rest();
    expect(numbersOf(chain.arrived)).toEqual([1, 2]);
  });

  test.each([false, true])("a document that dies sooner is there, unless it is off (%s)", async (isOff) => {
    const chain = createExtensionChain({ isHeld: true, isOff, ports: "json" });
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    chain.relay.record(numberedPayload(2), false);
    chain.first.goAway("at once");
    await chain.rest();
    expect(numbersOf(chain.arrived)).toEqual(isOff ? [] : [1, 2]);
  });

  test("the panel hears nothing of one that is off, not even that it was there", async () => {
    const chain = createExtensionChain({ isHeld: true, isOff: true });
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.first.goAway("with a word");
    await chain.rest();
    const types = chain.posted.map((message) => (message as { type: string }).type);
    expect(types).toContain("hello");
    for (const type of ["document-connected", "document-disconnected", "resume"])
      expect(types).not.toContain(type);
  });

  test("a background that dies before the storage has answered is asked again by the next greeting", async () => {
    const chain = createExtensionChain({ isHeld: true });
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    chain.killBackground();
    await chain.rest();
    expect(numbersOf(chain.arrived)).toEqual([1]);
  });

  test("switched off, what was said is gone and stays gone", async () => {
    const chain = createExtensionChain({ isHeld: true });
    chain.relay.record(numberedPayload(1), false);
    chain.relay.end();
    chain.relay.allow();
    chain.relay.record(numberedPayload(2), false);
    chain.openPanel();
    chain.relay.watch();
    chain.relay.show();
    await chain.rest();
    expect(chain.arrived).toEqual([]);
  });
});

describe("switched while a panel looks", () => {
  test("off: the panel says so, keeps what it has and gets no more", async () => {
    const chain = createExtensionChain();
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.switchOff();
    chain.relay.record(numberedPayload(2), false);
    await chain.rest();
    expect(chain.statuses.at(-1)).toEqual({ kind: "switched-off", url: URL });
    expect(numbersOf(chain.arrived)).toEqual([1]);
  });

  test("on: the page is loaded again, once", async () => {
    const chain = createExtensionChain();
    chain.switchOff();
    const panel = chain.openPanel();
    await chain.rest();
    expect(chain.statuses.at(-1)?.kind).toBe("switched-off");
    panel.switchOn();
    await chain.rest();
    expect(chain.reloads).toBe(1);
  });
});

describe("a page whose address devtools do not know", () => {
  test("is asked again: it may be on its way", async () => {
    const chain = createExtensionChain();
    chain.inspected = undefined;
    chain.openPanel();
    await chain.clock.advance(300);
    chain.inspected = URL;
    await chain.rest();
    expect(chain.statuses.map(({ kind }) => kind)).not.toContain("cannot-record");
    expect(chain.statuses.at(-1)?.kind).toBe("recording");
  });

  test("is a page of the browser when it never answers", async () => {
    const chain = createExtensionChain();
    chain.inspected = undefined;
    chain.openPanel();
    await chain.rest();
    expect(chain.statuses).toEqual([{ kind: "cannot-record", reason: "browser-page" }]);
  });
});
