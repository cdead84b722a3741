import type { PanelDriver } from "./driver/panel-driver.ts";
import { expect, test } from "./server-fixtures.ts";

interface CallsPage {
  readonly connected: Promise<void>;
  readonly connection: { invoke(target: string, ...args: unknown[]): Promise<unknown> };
}

const echo = async (text: string): Promise<unknown> => {
  const page = window as unknown as CallsPage;
  await page.connected;
  return page.connection.invoke("EchoString", text);
};

/** Data of the calls of EchoString that the panel shows, in order. */
async function echoes(panel: PanelDriver): Promise<readonly string[]> {
  const rows = await panel.allRows();
  return rows
    .filter(({ cells }) => cells["Type"] === "invocation" && cells["Target"] === "EchoString")
    .map(({ cells }) => cells["Data"] ?? "");
}

test("with preserve log, a reload and a navigation go on in the same log", async ({ tab, server }) => {
  await tab.goto(`${server}/calls.html?protocol=json`);
  await tab.evaluate(echo, "first page");
  const panel = await tab.openPanel();
  await expect.poll(() => echoes(panel)).toEqual(['"first page"']);
  await panel.clickNamed("checkbox", "Preserve log");
  await tab.reload();
  await tab.evaluate(echo, "reloaded page");
  await tab.goto(`${server}/calls.html?protocol=messagepack`);
  await tab.evaluate(echo, "another page");
  await expect.poll(() => echoes(panel)).toEqual(['"first page"', '"reloaded page"', '"another page"']);
});

test("a connection of a frame is in the log", async ({ tab, server }) => {
  await tab.goto(`${server}/blank.html`);
  const panel = await tab.openPanel();
  await tab.evaluate(async (address) => {
    const frame = document.createElement("iframe");
    frame.src = address;
    document.body.append(frame);
    await new Promise((loaded) => frame.addEventListener("load", loaded));
    const inner = frame.contentWindow as unknown as CallsPage;
    await inner.connected;
    await inner.connection.invoke("EchoString", "from a frame");
  }, `${server}/calls.html`);
  await expect.poll(() => echoes(panel)).toEqual(['"from a frame"']);
});

test("each of two panels shows its own tab only", { tag: "@chromium" }, async ({
  inspectedBrowser,
  server,
}) => {
  const one = inspectedBrowser.firstTab;
  const two = await inspectedBrowser.openTab();
  await one.goto(`${server}/calls.html`);
  await two.goto(`${server}/calls.html`);
  const panelOfOne = await one.openPanel();
  const panelOfTwo = await two.openPanel();
  await one.evaluate(echo, "in one");
  await two.evaluate(echo, "in two");
  await inspectedBrowser.endBackground();
  await one.evaluate(echo, "again in one");
  await two.evaluate(echo, "again in two");
  await expect.poll(() => echoes(panelOfOne)).toEqual(['"in one"', '"again in one"']);
  await expect.poll(() => echoes(panelOfTwo)).toEqual(['"in two"', '"again in two"']);
});

test("what happens while devtools are closed is there when they open", async ({ tab, server }) => {
  await tab.goto(`${server}/calls.html?protocol=messagepack`);
  for (const text of ["one", "two", "three"]) await tab.evaluate(echo, text);
  const panel = await tab.openPanel();
  await expect.poll(() => echoes(panel)).toEqual(['"one"', '"two"', '"three"']);
});
