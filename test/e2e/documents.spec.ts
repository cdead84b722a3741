import { type FloodServer, startFloodServer } from "../support/flood-server.ts";
import type { PanelDriver } from "./driver/panel-driver.ts";
import { expect, test } from "./fixtures.ts";

let server: FloodServer;
test.beforeAll(async () => {
  server = await startFloodServer();
});
test.afterAll(async () => {
  await server.close();
});

const types = async (panel: PanelDriver): Promise<readonly string[]> =>
  (await panel.allRows()).map(({ cells }) => cells["Type"] ?? "");

/** Targets of the invocations that went out, in order. */
async function said(panel: PanelDriver): Promise<readonly string[]> {
  return (await panel.allRows())
    .filter(({ cells }) => cells["Type"] === "invocation" && cells["Direction"] === "↑")
    .map(({ cells }) => cells["Target"] ?? "");
}

test("a new page begins a new log, and nothing that it says is missing", async ({ tab }) => {
  await tab.goto(`${server.origin}/one`);
  const panel = await tab.openPanel();
  await tab.evaluate(say, "OfOne");
  await expect.poll(() => said(panel)).toEqual(["OfOne"]);
  await tab.reload();
  await tab.evaluate(say, "Again");
  await expect.poll(() => said(panel)).toEqual(["Again"]);
  await tab.goto(`${server.origin}/two`);
  await tab.evaluate(say, "OfTwo");
  await expect.poll(() => said(panel)).toEqual(["OfTwo"]);
});

test("what is no navigation of the page keeps the log", async ({ tab }) => {
  await tab.goto(`${server.origin}/one`);
  const panel = await tab.openPanel();
  await tab.evaluate(say, "Before");
  await expect.poll(() => said(panel)).toEqual(["Before"]);
  await tab.evaluate(moveWithin);
  await tab.evaluate(say, "After");
  await expect.poll(() => said(panel)).toEqual(["Before", "InFrame", "InFrame", "After"]);
});

test("preserve log keeps it, and says where the page was left", async ({ tab }) => {
  await tab.goto(`${server.origin}/one`);
  const panel = await tab.openPanel();
  await panel.clickNamed("checkbox", "Preserve log");
  await tab.evaluate(say, "OfOne");
  await expect.poll(() => said(panel)).toEqual(["OfOne"]);
  await tab.goto(`${server.origin}/two`);
  await tab.evaluate(say, "OfTwo");
  await expect.poll(() => said(panel)).toEqual(["OfOne", "OfTwo"]);
  // Firefox closes the sockets of a page before it leaves it, and the page sees that.
  const ends = ["page left", "close"];
  const rows = (await types(panel)).filter((type) => ends.includes(type) || type === "navigated");
  expect(rows).toEqual([expect.stringMatching(ends.join("|")), "navigated"]);
  await panel.filter("is:error");
  expect(await panel.rowCount()).toBe(0);
});

test("a frame that is removed leaves its connection, and the page's own goes on", async ({ tab }) => {
  await tab.goto(`${server.origin}/one`);
  const panel = await tab.openPanel();
  await tab.evaluate(say, "OfPage");
  await tab.evaluate(sayInFrame, "OfFrame");
  await expect.poll(() => said(panel)).toEqual(["OfPage", "OfFrame"]);
  await tab.evaluate(() => document.querySelector("iframe")?.remove());
  await expect.poll(() => types(panel), { timeout: 30_000 }).toContain("page left");
  await tab.evaluate(sayMore, "Still");
  await expect.poll(() => said(panel)).toEqual(["OfPage", "OfFrame", "Still"]);
});

test("there and back through the back/forward cache, nothing is lost or doubled", {
  tag: "@chromium",
}, async ({ launchChromium }) => {
  const { firstTab: tab, context } = await launchChromium({ backForwardCache: true });
  await tab.goto(`${server.origin}/one`);
  const panel = await tab.openPanel();
  await panel.clickNamed("checkbox", "Preserve log");
  await tab.evaluate(say, "OfOne");
  await tab.evaluate(closeAll);
  await expect.poll(() => types(panel)).toContain("close");
  await tab.evaluate(markCached);
  await tab.page.click("#next");
  await tab.page.waitForURL(/next/);
  await tab.evaluate(say, "OfNext");
  await expect.poll(() => said(panel)).toEqual(["OfOne", "OfNext"]);
  // Playwright loses sight of a page that comes back from the cache; the browser's own protocol does not.
  const session = await context.newCDPSession(tab.page);
  const evaluate = async (expression: string): Promise<unknown> =>
    (await session.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true })).result
      .value;
  await evaluate("history.back()");
  await expect.poll(() => evaluate("location.pathname")).toBe("/one");
  expect(await evaluate(`(${String(wasCached)})()`)).toBe(true);
  await evaluate(`(${String(say)})("OfOneAgain")`);
  await expect.poll(() => said(panel)).toEqual(["OfOne", "OfNext", "OfOneAgain"]);
  expect((await types(panel)).filter((type) => type === "navigated")).toHaveLength(2);
});

for (const layout of ["right", "undocked"] as const) {
  test(`DevTools ${layout}: the panel shows its own tab`, { tag: "@chromium" }, async ({
    launchChromium,
  }) => {
    const browser = await launchChromium({ layout });
    const other = await browser.openTab();
    await other.goto(`${server.origin}/other`);
    await browser.firstTab.goto(`${server.origin}/one`);
    const panel = await browser.firstTab.openPanel();
    await other.evaluate(say, "OfOther");
    await browser.firstTab.evaluate(say, "OfOne");
    await browser.endBackground();
    await other.evaluate(sayMore, "OfOther");
    await browser.firstTab.evaluate(sayMore, "Again");
    await expect.poll(() => said(panel)).toEqual(["OfOne", "Again"]);
  });
}

test("DevTools that are closed and opened again show the log again", { tag: "@chromium" }, async ({
  launchChromium,
}) => {
  const { firstTab: tab, context } = await launchChromium();
  await tab.goto(`${server.origin}/one`);
  const panel = await tab.openPanel();
  await tab.evaluate(say, "First");
  await expect.poll(() => said(panel)).toEqual(["First"]);
  for (const page of context.pages()) if (page.url().startsWith("devtools:")) await page.close();
  await tab.evaluate(sayMore, "Meanwhile");
  const again = await tab.openPanel();
  await expect.poll(() => said(again)).toEqual(["First", "Meanwhile"]);
});

// Functions for the page: each is sent as source text.

interface TalkingPage {
  sockets: WebSocket[];
  cached: boolean;
}

async function say(target: string): Promise<void> {
  const page = window as unknown as TalkingPage;
  page.sockets ??= [];
  const socket = new WebSocket(`ws://${location.host}/echo`);
  page.sockets.push(socket);
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  socket.send('{"protocol":"json","version":1}\u001e');
  await new Promise((resolve) => {
    socket.onmessage = resolve;
  });
  socket.send(`{"type":1,"target":"${target}","arguments":[]}\u001e`);
  await new Promise((resolve) => {
    socket.onmessage = resolve;
  });
}

function sayMore(target: string): void {
  (window as unknown as TalkingPage).sockets[0]?.send(`{"type":1,"target":"${target}","arguments":[]}\u001e`);
}

async function closeAll(): Promise<void> {
  for (const socket of (window as unknown as TalkingPage).sockets) {
    socket.close();
    await new Promise((resolve) => {
      socket.onclose = resolve;
    });
  }
}

function markCached(): void {
  addEventListener("pageshow", (event) => {
    (window as unknown as TalkingPage).cached = event.persisted;
  });
}

function wasCached(): boolean {
  return (window as unknown as TalkingPage).cached === true;
}

async function sayInFrame(target: string): Promise<void> {
  const frame = document.createElement("iframe");
  frame.src = "/frame";
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
  });
  document.body.append(frame);
  await loaded;
  const inner = frame.contentWindow as unknown as { eval(source: string): Promise<void> };
  await inner.eval(`(async () => {
    const socket = new WebSocket("ws://" + location.host + "/echo");
    const next = (name) => new Promise((resolve) => { socket[name] = resolve; });
    await next("onopen");
    socket.send('{"protocol":"json","version":1}\\u001e');
    await next("onmessage");
    socket.send('{"type":1,"target":"${target}","arguments":[]}\\u001e');
    await next("onmessage");
  })()`);
}

async function moveWithin(): Promise<void> {
  history.pushState({}, "", "/pushed");
  location.hash = "part";
  history.replaceState({}, "", "/replaced");
  const frame = document.createElement("iframe");
  const load = (src: string) =>
    new Promise((resolve) => {
      frame.onload = resolve;
      frame.src = src;
    });
  const talk = (): Promise<void> =>
    (frame.contentWindow as unknown as { eval(source: string): Promise<void> }).eval(`(async () => {
      const socket = new WebSocket("ws://" + location.host + "/echo");
      const next = (name) => new Promise((resolve) => { socket[name] = resolve; });
      await next("onopen");
      socket.send('{"protocol":"json","version":1}\\u001e');
      await next("onmessage");
      socket.send('{"type":1,"target":"InFrame","arguments":[]}\\u001e');
      await next("onmessage");
      await new Promise((resolve) => setTimeout(resolve, 700));
    })()`);
  document.body.append(frame);
  await load("/frame");
  await talk();
  await load("/frame?other");
  await talk();
}
