import { describe, expect, test } from "vitest";
import { createOptionsModel, type OptionsPlatform } from "../../../extension/options/options-model.ts";
import { readAddress } from "../../../extension/options/read-address.ts";
import { siteLabel } from "../../../extension/options/site-label.ts";

const LOOPBACK = ["*://*.localhost/*", "*://127.0.0.1/*"];

/** A browser that keeps grants and switches as the real ones do. */
function createBrowser(own: readonly string[] = LOOPBACK) {
  const granted = new Set<string>(own);
  const off = new Set<string>();
  let others = false;
  const asked: (readonly string[])[] = [];
  const world = { answer: true, fault: undefined as Error | undefined };
  const platform: OptionsPlatform = {
    grantedPatterns: async () => [...granted],
    manifestPatterns: () => LOOPBACK,
    async askForAccess(patterns) {
      asked.push(patterns);
      if (world.fault !== undefined) throw world.fault;
      if (world.answer) for (const pattern of patterns) granted.add(pattern);
      return world.answer;
    },
    async giveAccessBack(pattern) {
      if (LOOPBACK.includes(pattern)) throw new Error("You cannot remove required permissions.");
      return granted.delete(pattern);
    },
    async switchedOffOrigins() {
      return [...off];
    },
    async switchOrigin(origin, to) {
      if (to === "off") off.add(origin);
      else off.delete(origin);
    },
    wantsOtherTraffic: async () => others,
    async recordOtherTraffic(wanted) {
      if (world.fault !== undefined) throw world.fault;
      others = wanted;
    },
  };
  return { platform, granted, off, asked, world };
}

async function createOptions(url?: string, own?: readonly string[]) {
  const browser = createBrowser(own);
  const model = createOptionsModel(browser.platform, url);
  await model.refresh();
  return { browser, model };
}

describe("what is recorded", () => {
  test("SignalR alone, until the user wants other sockets too", async () => {
    const { model } = await createOptions();
    expect(model.others.value).toBe(false);
    await model.recordOthers(true);
    expect(model.others.value).toBe(true);
    expect(model.said.value).toBe("Other WebSockets and event streams are recorded too.");
    await model.recordOthers(false);
    expect(model.others.value).toBe(false);
  });

  test("stays what it was where the browser keeps nothing", async () => {
    const { browser, model } = await createOptions();
    browser.world.fault = new Error("The disk is full.");
    await model.recordOthers(true);
    expect(model.others.value).toBe(false);
    expect(model.said.value).toContain("The disk is full.");
  });
});

describe("sites", () => {
  test("the manifest's own sites are no grants of the user's", async () => {
    const { browser, model } = await createOptions();
    expect(model.granted.value).toEqual([]);
    expect(model.withheld.value).toEqual([]);
    browser.granted.add("https://example.com/*");
    await model.refresh();
    expect(model.granted.value).toEqual(["https://example.com/*"]);
  });

  test("what the user took back of the manifest's is offered again, and asked for as it stands there", async () => {
    const { browser, model } = await createOptions(undefined, ["*://127.0.0.1/*"]);
    expect(model.withheld.value).toEqual(["*://*.localhost/*"]);
    await model.ask(model.withheld.value);
    expect(browser.asked).toEqual([["*://*.localhost/*"]]);
    expect(model.withheld.value).toEqual([]);
  });

  test("a site that is typed is asked for in the same turn, and listed when the user agrees", async () => {
    const { browser, model } = await createOptions();
    model.allow.type(" example.com/some/page ");
    const submitted = model.allow.submit();
    expect(browser.asked).toEqual([["https://example.com/*"]]);
    await submitted;
    expect(model.granted.value).toEqual(["https://example.com/*"]);
    expect(model.allow.text.value).toBe("");
    expect(model.said.value).toContain("Hubscope may read https://example.com.");
  });

  test("a site that the user declines is not listed, and the page says so", async () => {
    const { browser, model } = await createOptions();
    browser.world.answer = false;
    model.allow.type("https://example.com");
    await model.allow.submit();
    expect(model.granted.value).toEqual([]);
    expect(model.said.value).toBe("Hubscope does not read https://example.com.");
  });

  test("a site that is read already is not asked for again", async () => {
    const { browser, model } = await createOptions();
    model.allow.type("localhost:5000");
    await model.allow.submit();
    expect(browser.asked).toEqual([]);
    expect(model.allow.fault.value).toBe("http://localhost:5000 is read from the start.");
    expect(model.allow.text.value).toBe("localhost:5000");
  });

  test("a site is removed, and a refusal of the browser is said", async () => {
    const { browser, model } = await createOptions();
    browser.granted.add("https://example.com/*");
    await model.remove("https://example.com/*");
    expect(model.granted.value).toEqual([]);
    expect(model.said.value).toBe("Hubscope does not read https://example.com any more.");
    await model.remove("*://127.0.0.1/*");
    expect(model.said.value).toBe("The browser refused: You cannot remove required permissions.");
    browser.world.fault = new Error("no gesture");
    model.allow.type("https://other.test");
    await model.allow.submit();
    expect(model.said.value).toBe("The browser refused: no gesture");
  });
});

describe("the off switch", () => {
  test("goes by scheme, host and port", async () => {
    const { browser, model } = await createOptions();
    model.exclude.type("localhost:5000/app");
    await model.exclude.submit();
    expect([...browser.off]).toEqual(["http://localhost:5000"]);
    expect(model.off.value).toEqual(["http://localhost:5000"]);
    model.exclude.type("http://localhost:5000");
    await model.exclude.submit();
    expect(model.exclude.fault.value).toBe("http://localhost:5000 is switched off already.");
    await model.switchTo("http://localhost:5000", "on");
    expect(model.off.value).toEqual([]);
  });
});

describe("the page that the options were opened from", () => {
  test("stands first with its state", async () => {
    const { model } = await createOptions("http://localhost:5000/app?secret=1#x");
    expect(model.openedFrom.value).toEqual({ origin: "http://localhost:5000", state: "recorded" });
    await model.switchTo("http://localhost:5000", "off");
    expect(model.openedFrom.value?.state).toBe("switched-off");
    const other = await createOptions("https://example.com/");
    expect(other.model.openedFrom.value).toEqual({ origin: "https://example.com", state: "not-read" });
  });

  test.for([undefined, "about:blank", "nonsense", "javascript:alert(1)"])(
    "is not there when it is %s",
    async (url) => {
      const { model } = await createOptions(url);
      expect(model.openedFrom.value).toBeUndefined();
    },
  );
});

describe("an address that is typed", () => {
  test.for([
    ["example.com", "https://example.com", "https://example.com/*"],
    ["http://example.com:8080/a?b", "http://example.com:8080", "http://example.com/*"],
    ["localhost", "http://localhost", "http://localhost/*"],
    ["LOCALHOST:5000/x", "http://localhost:5000", "http://localhost/*"],
    ["app.localhost:1", "http://app.localhost:1", "http://app.localhost/*"],
    ["[::1]:5000", "http://[::1]:5000", "http://[::1]/*"],
    ["https://user:secret@example.com", "https://example.com", "https://example.com/*"],
    ["bücher.test", "https://xn--bcher-kva.test", "https://xn--bcher-kva.test/*"],
  ] as const)("%s is the site %s", ([typed, origin, pattern]) => {
    expect(readAddress(typed)).toEqual({ kind: "site", origin, pattern });
  });

  test.for([
    ["", /^Write an address/],
    ["  ", /^Write an address/],
    ["*.example.com", /One site at a time/],
    ["file:///etc/passwd", /Only pages with http or https/],
    ["javascript:alert(1)", /Only pages with http or https/],
    ["about:blank", /Only pages with http or https/],
    ["not an address", /not an address/],
    ["https://", /not an address/],
    ["example.com:99999", /not an address/],
  ] as const)("%s is none", ([typed, sentence]) => {
    const address = readAddress(typed);
    expect(address).toMatchObject({ kind: "fault", sentence: expect.stringMatching(sentence) });
  });
});

test.for([
  ["https://example.com/*", "https://example.com"],
  ["*://example.com/*", "example.com, http and https"],
  ["https://*.example.com/*", "https://example.com, with its subdomains"],
  ["*://*/*", "every site"],
  ["<all_urls>", "every site"],
  ["https://*/*", "every site with https"],
  ["something else", "something else"],
] as const)("the pattern %s is called %s", ([pattern, label]) => {
  expect(siteLabel(pattern)).toBe(label);
});
