import { describe, expect, test } from "vitest";
import { createRegistrations } from "../../../extension/background/registrations.ts";
import { createRouter } from "../../../extension/background/router.ts";
import { createPortWorld } from "../../support/extension-ports.ts";
import { settle } from "../../support/fake-clock.ts";

function createWorld() {
  const world = createPortWorld();
  const grantPages: string[] = [];
  const router = createRouter({
    hasAccess: async (url) => url.startsWith("http://granted"),
    watchTab: async () => true,
    openGrantPage: (url, tab) => grantPages.push(`${url} ${tab}`),
  });
  function open(name: string, sender: { tab?: number; isExtensionPage: boolean }) {
    const pair = world.open(name);
    const heard: unknown[] = [];
    let isClosed = false;
    pair.near.onMessage((message) => heard.push(message));
    pair.near.onDisconnect(() => {
      isClosed = true;
    });
    router.accept(pair.far, sender);
    return { port: pair.near, heard, isClosed: () => isClosed };
  }
  return {
    world,
    router,
    grantPages,
    relay: (tab: number) => open("relay", { tab, isExtensionPage: false }),
    panel: (tab: number) => open(`panel:${tab}`, { isExtensionPage: true }),
    open,
  };
}

const hello = (document: string) => ({
  type: "hello",
  body: { document, url: "http://granted/", frame: "top" },
});

describe("router", () => {
  test("a relay without a panel is told that nobody watches", () => {
    const { world, relay } = createWorld();
    const { port, heard } = relay(1);
    port.post(hello("d"));
    world.deliver();
    expect(heard).toEqual([{ type: "unwatched", body: undefined }]);
  });

  test("batches reach the panel of their own tab and no other", () => {
    const { world, relay, panel } = createWorld();
    const [own, other] = [panel(1), panel(2)];
    const { port } = relay(1);
    const batch = { type: "batch", body: { document: "d", events: [{ number: 1, event: {} }] } };
    port.post(hello("d"));
    port.post(batch);
    world.deliver();
    expect(own.heard).toContainEqual(batch);
    expect(other.heard).toEqual([]);
  });

  test("a page's script cannot pass for a panel", () => {
    const { open } = createWorld();
    expect(open("panel:1", { tab: 1, isExtensionPage: false }).isClosed()).toBe(true);
    expect(open("anything", { tab: 1, isExtensionPage: false }).isClosed()).toBe(true);
    expect(open("relay", { isExtensionPage: true }).isClosed()).toBe(true);
  });

  test("acknowledgements reach only the document that they name", () => {
    const { world, relay, panel } = createWorld();
    const watcher = panel(1);
    const [first, second] = [relay(1), relay(1)];
    first.port.post(hello("one"));
    second.port.post(hello("two"));
    world.deliver();
    watcher.port.post({ type: "acknowledge", body: { document: "two", number: 4 } });
    world.deliver();
    expect(first.heard).toEqual([]);
    expect(second.heard).toEqual([{ type: "acknowledge", body: { document: "two", number: 4 } }]);
  });

  test("a panel that opens late hears of the relays that are connected", () => {
    const { world, relay, panel } = createWorld();
    panel(1);
    const { port } = relay(1);
    port.post(hello("d"));
    world.deliver();
    const later = panel(1);
    world.deliver();
    expect(later.heard).toEqual([{ type: "document-connected", body: hello("d").body }]);
  });

  test("when the panel goes, its relays are told", () => {
    const { world, relay, panel } = createWorld();
    const watcher = panel(1);
    const { port, heard } = relay(1);
    port.post(hello("d"));
    world.deliver();
    watcher.port.disconnect();
    world.deliver();
    expect(heard).toEqual([{ type: "unwatched", body: undefined }]);
  });

  test("a survey says where the page stands, and the refused address is known to the toolbar", async () => {
    const { world, router, panel } = createWorld();
    const { port, heard } = panel(1);
    port.post({ type: "survey", body: { url: "http://other.example/" } });
    world.deliver();
    await settle();
    world.deliver();
    expect(heard).toEqual([
      { type: "access", body: { url: "http://other.example/", granted: false, relay: true } },
    ]);
    expect(router.refusedUrl(1)).toBe("http://other.example/");
    expect(router.refusedUrl(2)).toBeUndefined();
  });

  test("messages that are none are dropped", () => {
    const { world, relay, panel, grantPages } = createWorld();
    const { port, heard } = relay(1);
    panel(1);
    for (const message of [
      null,
      1,
      "hello",
      {},
      { type: "hello" },
      { type: "hello", body: { document: 1 } },
    ]) {
      port.post(message);
    }
    expect(() => world.deliver()).not.toThrow();
    expect(heard).toEqual([]);
    expect(grantPages).toEqual([]);
  });
});

describe("registrations", () => {
  test("content scripts are registered for what was granted besides the manifest's own", async () => {
    const registered: unknown[] = [];
    const { align } = createRegistrations({
      grantedPatterns: async () => ["*://127.0.0.1/*", "https://example.com/*"],
      manifestPatterns: () => ["*://127.0.0.1/*"],
      registerScripts: async (...call) => {
        registered.push(call);
      },
    });
    await align();
    expect(registered).toEqual([[["https://example.com/*"], ["*://127.0.0.1/*"]]]);
  });

  test("alignments follow each other, also after one that failed", async () => {
    const order: string[] = [];
    const { align } = createRegistrations({
      grantedPatterns: async () => [],
      manifestPatterns: () => [],
      async registerScripts() {
        order.push("start");
        await settle();
        order.push("end");
        if (order.length === 2) throw new Error("busy");
      },
    });
    const results = await Promise.allSettled([align(), align()]);
    expect(order).toEqual(["start", "end", "start", "end"]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });
});
