import { describe, expect, test } from "vitest";
import type { ActListener } from "../../extension/panel/event-source.ts";
import { createExtensionChain, numberedPayload } from "../support/extension-chain.ts";

const FAULTS = {
  kind: "faults",
  faults: [{ id: "f", kind: "drop", direction: "in", share: 1, delay: 0 }],
} as const;

function listen() {
  const heard: string[] = [];
  const listener: ActListener = {
    connected: (document) => heard.push(`connected ${document}`),
    arrived: (document, events) => heard.push(`${events.length} events of ${document}`),
    answered: ({ document, command, refusal }) =>
      heard.push(`${document} answered ${command}: ${refusal ?? "done"}`),
    struck: ({ document, fault, count }) => heard.push(`${fault} struck ${count} times in ${document}`),
    disconnected: (document) => heard.push(`disconnected ${document}`),
  };
  return { heard, listener };
}

async function open() {
  const chain = createExtensionChain();
  const { heard, listener } = listen();
  const panel = chain.openPanel(listener);
  chain.relay.record(numberedPayload(1), false);
  await chain.rest();
  return { chain, heard, panel };
}

describe("an act", () => {
  test("reaches the page of its document, and what came of it the panel", async () => {
    const { chain, heard, panel } = await open();
    expect(panel.act({ document: "document-1", command: 7, act: FAULTS })).toBe(true);
    await chain.rest();
    expect(chain.toPage).toEqual([{ type: "act", body: { command: 7, act: FAULTS } }]);
    const document = "document-1";
    chain.relay.tell({ type: "act-answered", body: { document, command: 7 } });
    chain.relay.tell({ type: "act-answered", body: { document, command: 8, refusal: "No." } });
    chain.relay.tell({ type: "fault-struck", body: { document, fault: "f", count: 3 } });
    await chain.rest();
    expect(heard.filter((line) => !line.includes("events") && !line.includes("connected"))).toEqual([
      "document-1 answered 7: done",
      "document-1 answered 8: No.",
      "f struck 3 times in document-1",
    ]);
    expect(heard).toContain("connected document-1");
    expect(heard).toContain("1 events of document-1");
  });

  test("that is not one does not get past the guards", async () => {
    const { chain, panel } = await open();
    const wrong = [
      { kind: "faults", faults: [{ id: "f", kind: "drop", direction: "in", share: 0, delay: 0 }] },
      { kind: "faults", faults: [{ id: "f", kind: "delay", direction: "sideways", share: 1, delay: 0 }] },
      { kind: "faults", faults: [{ id: "f", kind: "refuse", known: [], times: -1, elsewhere: 0 }] },
      { kind: "send", carrier: "c", payload: { kind: "binary", bytes: [1] }, takesAnswers: true },
      { kind: "close", carrier: "c", code: "1000", reason: "" },
      { kind: "constructor" },
      null,
    ];
    for (const act of wrong) panel.act({ document: "document-1", command: 1, act: act as never });
    await chain.rest();
    expect(chain.toPage).toEqual([]);
  });

  test("for another document reaches nobody", async () => {
    const { chain, panel } = await open();
    panel.act({ document: "document-2", command: 7, act: FAULTS });
    await chain.rest();
    expect(chain.toPage).toEqual([]);
  });
});

describe("what was done is undone", () => {
  test("at once when the panel closes", async () => {
    const { chain, panel } = await open();
    panel.act({ document: "document-1", command: 7, act: FAULTS });
    await chain.rest();
    chain.closePanel();
    chain.deliver();
    expect(chain.toPage.map(({ type }) => type)).toEqual(["act", "undo-acts"]);
  });

  test("not when the background is stopped: it comes back, and the panel hears that it may tell again", async () => {
    const { chain, heard, panel } = await open();
    panel.act({ document: "document-1", command: 7, act: FAULTS });
    await chain.rest();
    heard.length = 0;
    chain.killBackground();
    await chain.rest();
    expect(chain.toPage.map(({ type }) => type)).toEqual(["act"]);
    expect(heard).toContain("connected document-1");
    expect(panel.act({ document: "document-1", command: 8, act: FAULTS })).toBe(true);
    await chain.rest();
    expect(chain.toPage).toHaveLength(2);
  });

  test("when the background comes back without a panel", async () => {
    const { chain, panel } = await open();
    panel.act({ document: "document-1", command: 7, act: FAULTS });
    await chain.rest();
    chain.killBackground();
    chain.closePanel();
    await chain.rest();
    expect(chain.toPage.map(({ type }) => type)).toEqual(["act", "undo-acts"]);
  });

  test("when the extension is reloaded, before the hook is told to stop", async () => {
    const { chain, panel } = await open();
    panel.act({ document: "document-1", command: 7, act: FAULTS });
    await chain.rest();
    chain.orphan();
    await chain.rest();
    expect(chain.toPage.map(({ type }) => type)).toEqual(["act", "undo-acts"]);
    expect(chain.isStopped).toBe(true);
  });

  test("never where nothing was done", async () => {
    const { chain } = await open();
    chain.killBackground();
    await chain.rest();
    chain.closePanel();
    await chain.rest();
    expect(chain.toPage).toEqual([]);
  });
});
