import type { BrowserKind } from "../support/browsers.ts";
import { complaintsAbout } from "../support/chromium-devtools.ts";
import { type ComplianceServer, startComplianceServer } from "../support/extension-compliance-server.ts";
import type { InspectedTab } from "./driver/inspected-browser.ts";
import type { PanelDriver } from "./driver/panel-driver.ts";
import { expect, test } from "./fixtures.ts";

const HOST = "hubscope-options.test";

/** That name leads to this machine, though nothing about it says loopback. */
const RESOLVE: Readonly<Record<BrowserKind, string>> = {
  chromium: `--host-resolver-rules=MAP ${HOST} 127.0.0.1`,
  firefox: `network.dns.localDomains="${HOST}"`,
};

let server: ComplianceServer;
let other: ComplianceServer;
test.beforeAll(async () => {
  [server, other] = await Promise.all([startComplianceServer(), startComplianceServer()]);
});
test.afterAll(async () => {
  await Promise.all([server.close(), other.close()]);
});

test("an origin that is switched off is not recorded, while another port goes on", async ({
  tab,
  inspectedBrowser,
}) => {
  const { host } = new URL(server.origin);
  await tab.goto(`${server.origin}/blank`);
  const panel = await tab.openPanel();
  await tab.evaluate(say, "Before");
  await expect.poll(() => targets(panel)).toEqual(["Before", "Before"]);

  const options = await inspectedBrowser.openExtensionPage("options.html");
  await options.driver.fill("textbox", "Switch off another", server.origin);
  await options.driver.press("Enter");
  await expect.poll(() => options.driver.hasNamed("button", `Switch on ${server.origin}`)).toBe(true);
  await tab.url();
  await expect.poll(() => panel.text()).toContain(`Recording of ${host} is switched off`);
  // The page that is open, its next load, and what is in its frames: those of the other port too.
  await tab.evaluate(say, "OpenPage");
  await tab.reload();
  await tab.evaluate(say, "LoadedPage");
  await tab.evaluate(sayInFrames, `${other.origin}/blank`);

  await tab.goto(`${other.origin}/blank`);
  await tab.evaluate(say, "OtherPort");
  await expect.poll(() => targets(panel)).toContain("OtherPort");
  expect(new Set(await targets(panel))).toEqual(
    new Set((await targets(panel)).filter((target) => /^(?:Before|OtherPort)$/.test(target))),
  );

  await tab.goto(`${server.origin}/blank`);
  await expect.poll(() => panel.text()).toContain("is switched off");
  await tab.evaluate(markDocument);
  await panel.clickNamed("button", "Switch on");
  await loadedAgain(tab);
  await expect.poll(() => panel.text()).not.toContain("is switched off");
  await tab.evaluate(say, "After");
  await expect.poll(() => targets(panel)).toContain("After");
});

test("a site is allowed by hand, recorded, and not read any more once it is removed", async ({
  inspected,
  launch,
}) => {
  const browser = await launch({ flags: [RESOLVE[inspected]] });
  const page = `http://${HOST}:${new URL(server.origin).port}/blank`;
  const tab = browser.firstTab;
  await tab.goto(page);
  expect(await tab.evaluate(isHooked)).toBe(false);
  await browser.agreeTo(`http://${HOST}/*`);
  const options = await browser.openExtensionPage("options.html");
  await options.driver.fill("textbox", "Allow another site", `http://${HOST}`);
  await options.driver.clickNamed("button", "Allow");
  await expect.poll(() => options.driver.hasNamed("button", `Remove http://${HOST}`)).toBe(true);

  await tab.goto(page);
  expect(await tab.evaluate(isHooked)).toBe(true);
  const panel = await tab.openPanel();
  await tab.evaluate(say, "Allowed");
  await expect.poll(() => targets(panel)).toEqual(["Allowed", "Allowed"]);

  await options.driver.clickNamed("button", `Remove http://${HOST}`);
  await expect.poll(() => options.driver.hasNamed("button", `Remove http://${HOST}`)).toBe(false);
  await tab.url();
  await expect.poll(() => panel.text()).toContain(`Hubscope does not read ${HOST}`);
  // What is open stops at once; what is loaded next is not even hooked.
  await tab.evaluate(say, "Removed");
  await tab.reload();
  expect(await tab.evaluate(isHooked)).toBe(false);
  expect(await targets(panel)).not.toContain("Removed");
});

test("one click in the panel, and the site is recorded from its first message", async ({
  inspected,
  launch,
}) => {
  const browser = await launch({ flags: [RESOLVE[inspected]] });
  const tab = browser.firstTab;
  await tab.goto(`http://${HOST}:${new URL(server.origin).port}/blank`);
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain(`Hubscope does not read ${HOST}`);
  await browser.agreeTo(`http://${HOST}/*`);
  await tab.evaluate(markDocument);
  await panel.clickNamed("button", "Record this site");
  if (inspected === "firefox") {
    // Firefox's panel may not ask; the page that it opens may, and goes when it has the answer.
    const grant = await browser.tabAt("grant.html");
    await grant.driver.clickNamed("button", "Record this site");
  }
  await loadedAgain(tab);
  await expect.poll(() => panel.text()).not.toContain("does not read");
  await tab.evaluate(say, "Granted");
  await expect.poll(() => targets(panel)).toEqual(["Granted", "Granted"]);
});

test("a granted origin that is switched off is not even hooked", { tag: "@chromium" }, async ({ launch }) => {
  const browser = await launch({ flags: [RESOLVE.chromium] });
  const [off, on] = [server, other].map(({ origin }) => `http://${HOST}:${new URL(origin).port}`);
  await browser.agreeTo(`http://${HOST}/*`);
  const options = await browser.openExtensionPage("options.html");
  await options.driver.fill("textbox", "Allow another site", `${off}`);
  await options.driver.press("Enter");
  await expect.poll(() => options.driver.hasNamed("button", `Remove http://${HOST}`)).toBe(true);
  await options.driver.fill("textbox", "Switch off another", `${off}`);
  await options.driver.press("Enter");
  await expect.poll(() => options.driver.hasNamed("button", `Switch on ${off}`)).toBe(true);
  const hooked = async (origin: string | undefined) => {
    await browser.firstTab.goto(`${origin}/blank`);
    return browser.firstTab.evaluate(isHooked);
  };
  await expect.poll(() => hooked(off)).toBe(false);
  expect(await hooked(on)).toBe(true);
});

test("Chromium has no complaint about the manifest", { tag: "@chromium" }, async ({ launchChromium }) => {
  const { context } = await launchChromium();
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  expect(await complaintsAbout(context, new URL(worker.url()).host)).toEqual([]);
});

test("the panel leads to the options of its page", async ({ tab, inspectedBrowser }) => {
  await tab.goto(`${server.origin}/blank`);
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain("recording");
  await panel.clickNamed("button", "Sites…");
  const options = await inspectedBrowser.tabAt("options.html");
  await expect.poll(() => options.driver.text()).toContain(`${server.origin} Recorded`);
  await options.driver.clickNamed("button", "Switch off");
  await expect.poll(() => options.driver.text()).toContain(`${server.origin} Switched off`);
  await tab.url();
  await expect.poll(() => panel.text()).toContain("is switched off");
});

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing in the options, ${theme}`, async ({ launch }) => {
    const browser = await launch({ theme, size: [theme === "dark" ? 420 : 1000, 900] });
    const options = await browser.openExtensionPage(`options.html?url=${encodeURIComponent(server.origin)}`);
    await expect.poll(() => options.driver.text()).toContain("Recorded");
    expect.soft(await options.driver.violations(), "at first").toEqual([]);
    await options.driver.fill("textbox", "Allow another site", "*.example.com");
    await options.driver.press("Enter");
    await expect.poll(() => options.driver.text()).toContain("One site at a time");
    await options.driver.fill("textbox", "Switch off another", "localhost:5000");
    await options.driver.press("Enter");
    await expect.poll(() => options.driver.hasNamed("button", "Switch on http://localhost:5000")).toBe(true);
    expect.soft(await options.driver.violations(), "with a fault and a list").toEqual([]);
  });
}

async function loadedAgain(tab: InspectedTab): Promise<void> {
  // A document that goes takes the question with it.
  await expect.poll(() => tab.evaluate(isNewDocument).catch(() => false)).toBe(true);
}

async function targets(panel: PanelDriver): Promise<string[]> {
  const rows = await panel.allRows();
  return rows.flatMap(({ cells }) => (cells["Type"] === "invocation" ? [cells["Target"] ?? ""] : []));
}

// Functions for the page: each is sent as source text.

/** Resolves when the echo is back: what is recorded of it has been recorded by then. */
async function say(target: string): Promise<void> {
  const socket = new WebSocket(`ws://${location.host}/echo`);
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  const echoed = () =>
    new Promise((resolve) => {
      socket.onmessage = resolve;
    });
  socket.send('{"protocol":"json","version":1}\u001e');
  await echoed();
  socket.send(`{"type":1,"target":"${target}","arguments":[]}\u001e`);
  await echoed();
}

/** Frames of each kind, each with a socket of its own; `elsewhere` is a page of another origin. */
async function sayInFrames(elsewhere: string): Promise<void> {
  const source = (target: string) => `
    (async () => {
      const socket = new WebSocket("ws://${location.host}/echo");
      await new Promise((resolve) => { socket.onopen = resolve; });
      socket.send('{"protocol":"json","version":1}\\u001e');
      await new Promise((resolve) => { socket.onmessage = resolve; });
      socket.send('{"type":1,"target":"${target}","arguments":[]}\\u001e');
      await new Promise((resolve) => { socket.onmessage = resolve; });
      top.postMessage("done", "*");
    })();`;
  const page = (target: string) => `<body><script>${source(target)}</script>`;
  const kinds: Record<string, string>[] = [
    { srcdoc: page("Srcdoc") },
    { srcdoc: page("Sandboxed"), sandbox: "allow-scripts" },
    { src: `data:text/html,${encodeURIComponent(page("Data"))}` },
    { src: URL.createObjectURL(new Blob([page("Blob")], { type: "text/html" })) },
  ];
  let done = 0;
  const all = new Promise<void>((resolve) => {
    addEventListener("message", () => {
      done++;
      if (done === kinds.length) resolve();
    });
  });
  for (const attributes of kinds) {
    const frame = document.createElement("iframe");
    for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
    document.body.append(frame);
  }
  await all;
  const foreign = document.createElement("iframe");
  const loaded = new Promise((resolve) => {
    foreign.onload = resolve;
  });
  foreign.src = elsewhere;
  document.body.append(foreign);
  await loaded;
}

/** Only the native function has its name in its source text. */
function isHooked(): boolean {
  return !String(WebSocket).includes("WebSocket");
}

function markDocument(): void {
  document.documentElement.dataset["old"] = "";
}

function isNewDocument(): boolean {
  return document.readyState === "complete" && document.documentElement.dataset["old"] === undefined;
}
