import { describe, expect, test } from "vitest";
import { createExtensionChain, numberedPayload, numbersOf } from "../../support/extension-chain.ts";

const URL = "http://localhost:5000/";

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

  test("devtools that speak late of the first document that has connected do not end its recording", async () => {
    const chain = createExtensionChain();
    chain.preservesLog = false;
    chain.first.goAway("silently");
    chain.openPanel();
    await chain.rest();
    const shownAt = chain.clock.now();
    const page = chain.addDocument({ document: "document-2", url: `${URL}next`, frame: "top", shownAt });
    page.relay.record(numberedPayload(1), false);
    await chain.rest();
    chain.inspected = `${URL}next`;
    chain.inspectedSince = shownAt - 3;
    chain.navigate(`${URL}next#part`);
    await chain.rest();
    page.relay.record(numberedPayload(2), false);
    await chain.rest();
    expect(chain.arrived.filter(({ type }) => type === "socket-payload")).toHaveLength(2);
    // The same address once more is another document.
    await chain.clock.advance(1_000);
    chain.inspectedSince = chain.clock.now();
    chain.navigate(`${URL}next`);
    await chain.rest();
    expect(chain.arrived.filter(({ type }) => type === "socket-payload")).toHaveLength(0);
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
