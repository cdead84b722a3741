import { describe, expect, test } from "vitest";
import { createRegistrations } from "../../../extension/background/registrations.ts";
import { createRouter } from "../../../extension/background/router.ts";
import { createPortWorld } from "../../support/extension-ports.ts";
import { settle } from "../../support/fake-clock.ts";

function createWorld() {
  const world = createPortWorld();
  const grantPages: string[] = [];
  const switchedOn: string[] = [];
  const options: (string | undefined)[] = [];
  const router = createRouter({
    hasAccess: async (url) => {
      if (url.includes("unnamed")) throw new Error("no match pattern");
      return url.startsWith("http://granted");
    },
    watchTab: async () => true,
    openGrantPage: (url, tab) => grantPages.push(`${url} ${tab}`),
    isSwitchedOff: async (url) => url.startsWith("http://granted-off"),
    isAnySwitchedOff: async () => false,
    switchOn: (url) => switchedOn.push(url),
    openOptions: (url) => options.push(url),
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
    switchedOn,
    options,
    relay: (tab: number) => open("relay", { tab, isExtensionPage: false }),
    panel: (tab: number) => open(`panel:${tab}`, { isExtensionPage: true }),
    open,
  };
}

const hello = (document: string) => ({
  type: "hello",
  body: { document, url: "http://granted/", frame: "top", number: 0, isLate: false },
});

describe("router", () => {
  test("a relay without a panel is told that nobody watches", () => {
    const { world, relay } = createWorld();
    const { port, heard } = relay(1);
    port.post(hello("d"));
    world.deliver();
    expect(heard).toEqual([{ type: "unwatched", body: undefined }]);
  });

  test("a site that the browser cannot name counts as one that may not be read", async () => {
    const { world, panel } = createWorld();
    const { port, heard } = panel(1);
    const asked = ["http://granted/frame", "http://unnamed/"];
    port.post({ type: "survey", body: { url: "http://unnamed/" } });
    port.post({ type: "survey-frames", body: { urls: asked } });
    world.deliver();
    await settle();
    world.deliver();
    expect(heard).toContainEqual({
      type: "access",
      body: { url: "http://unnamed/", granted: false, switchedOff: false, relay: true },
    });
    expect(heard).toContainEqual({ type: "frames-access", body: { asked, refused: ["http://unnamed/"] } });
  });

  test("says which of a page's frames are of sites that may not be read", async () => {
    const { world, panel } = createWorld();
    const { port, heard } = panel(1);
    const asked = ["http://granted/frame", "http://other/frame"];
    port.post({ type: "survey-frames", body: { urls: asked } });
    world.deliver();
    await settle();
    world.deliver();
    expect(heard).toEqual([{ type: "frames-access", body: { asked, refused: ["http://other/frame"] } }]);
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
    watcher.port.post({ type: "acknowledge", body: { document: "two", number: 4, pieces: 0 } });
    world.deliver();
    expect(first.heard).toEqual([]);
    expect(second.heard).toEqual([{ type: "acknowledge", body: { document: "two", number: 4, pieces: 0 } }]);
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
      {
        type: "access",
        body: { url: "http://other.example/", granted: false, switchedOff: false, relay: true },
      },
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

describe("the off switch and the options", () => {
  test("a panel hears that its page is switched off, and may switch it on or open the options", async () => {
    const { world, panel, switchedOn, options } = createWorld();
    const { port, heard } = panel(7);
    const url = "http://granted-off:5000/page";
    port.post({ type: "survey", body: { url } });
    world.deliver();
    await settle();
    world.deliver();
    expect(heard).toEqual([{ type: "access", body: { url, granted: true, switchedOff: true, relay: true } }]);
    port.post({ type: "switch-on", body: { url } });
    port.post({ type: "open-options", body: { url } });
    port.post({ type: "open-options", body: {} });
    port.post({ type: "switch-on", body: {} });
    world.deliver();
    expect(switchedOn).toEqual([url]);
    expect(options).toEqual([url, undefined]);
  });
});

describe("registrations", () => {
  test("content scripts are registered for what was granted besides the manifest's own", async () => {
    const registered: unknown[] = [];
    const { align } = createRegistrations({
      grantedPatterns: async () => ["*://127.0.0.1/*", "https://example.com/*"],
      manifestPatterns: () => ["*://127.0.0.1/*"],
      switchedOffOrigins: async () => [],
      registerScripts: async (...call) => {
        registered.push(call);
      },
    });
    await align();
    expect(registered).toEqual([[["https://example.com/*"], ["*://127.0.0.1/*"]]]);
  });

  describe("of what is switched off", () => {
    async function align(takesPorts: boolean) {
      const registered: unknown[] = [];
      const registrations = createRegistrations({
        grantedPatterns: async () => ["https://example.com/*"],
        manifestPatterns: () => ["*://127.0.0.1/*"],
        switchedOffOrigins: async () => ["https://example.com", "http://127.0.0.1:5000", "no origin"],
        registerScripts: async (...call) => {
          if (!takesPorts && call[1].some((pattern) => /:\d+\/\*$/.test(pattern))) throw new Error("no port");
          registered.push(call);
        },
      });
      await registrations.align();
      return registered;
    }

    test("an origin is left out by its port where patterns have one", async () => {
      expect(await align(true)).toEqual([
        [
          ["https://example.com/*"],
          ["*://127.0.0.1/*", "https://example.com:443/*", "http://127.0.0.1:5000/*"],
        ],
      ]);
    });

    test("a browser whose patterns have no port gets the scripts all the same", async () => {
      expect(await align(false)).toEqual([[["https://example.com/*"], ["*://127.0.0.1/*"]]]);
    });
  });

  test("alignments follow each other, also after one that failed", async () => {
    const order: string[] = [];
    const { align } = createRegistrations({
      grantedPatterns: async () => [],
      manifestPatterns: () => [],
      switchedOffOrigins: async () => [],
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
