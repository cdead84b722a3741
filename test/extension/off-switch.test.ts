import { describe, expect, test } from "vitest";
import { createExtensionChain, numberedPayload, numbersOf } from "../support/extension-chain.ts";

const URL = "http://localhost:5000/";

describe("until the off switch has answered", () => {
  test("nothing leaves the relay, with or without a panel", async () => {
    const chain = createExtensionChain({ isHeld: true });
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    expect(chain.arrived).toEqual([]);
  });

  test("allowed, what was said meanwhile arrives", async () => {
    const chain = createExtensionChain({ isHeld: true });
    chain.openPanel();
    chain.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.relay.allow();
    chain.relay.record(numberedPayload(2), false);
    await chain.rest();
    expect(numbersOf(chain.arrived)).toEqual([1, 2]);
  });

  test("allowed, a quiet page connects to the panel that asked before", async () => {
    const chain = createExtensionChain({ isHeld: true });
    chain.openPanel();
    await chain.rest();
    chain.relay.allow();
    await chain.rest();
    chain.relay.record(numberedPayload(1), false);
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
