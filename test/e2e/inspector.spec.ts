import type { InspectedTab } from "./driver/inspected-browser.ts";
import type { PanelDriver } from "./driver/panel-driver.ts";
import { expect, test } from "./server-fixtures.ts";

interface CallsPage {
  readonly connected: Promise<void>;
  readonly connection: { invoke(target: string, ...args: unknown[]): Promise<unknown> };
}

const call = async (target: string, args: readonly unknown[]): Promise<string> => {
  const page = window as unknown as CallsPage;
  await page.connected;
  try {
    return String(await page.connection.invoke(target, ...args));
  } catch (error) {
    return String(error);
  }
};

const ORDER = { id: 7, name: "crème", tags: ["a", "b"] };

/** A page with five calls, one of which fails, and its panel. */
async function openFiveCalls(tab: InspectedTab, server: string, protocol = "json"): Promise<PanelDriver> {
  await tab.goto(`${server}/calls.html?protocol=${protocol}`);
  await tab.evaluate(call, "Add", [40, 2]);
  await tab.evaluate(call, "EchoAny", [ORDER]);
  await tab.evaluate(call, "ThrowHubException", ["told to the client"]);
  await tab.evaluate(call, "Slow", [60]);
  await tab.evaluate(call, "EchoString", ["last"]);
  const panel = await tab.openPanel();
  await expect
    .poll(() => targets(panel))
    .toEqual(["Add", "EchoAny", "ThrowHubException", "Slow", "EchoString"]);
  return panel;
}

/** Targets of the calls that the log shows. */
async function targets(panel: PanelDriver): Promise<readonly string[]> {
  return (await panel.rows()).flatMap(({ cells }) =>
    cells["Type"] === "invocation" ? (cells["Target"] ?? "") : [],
  );
}

/** The bytes that the Hex tab shows. */
function bytesShown(panel: PanelDriver): Promise<string> {
  return panel.evaluate(() => {
    const lines = [...document.querySelectorAll('[aria-label="Bytes"] .hex-bytes')];
    return lines.map((line) => (line.textContent ?? "").trim().replace(/\s+/g, " ")).join(" ");
  });
}

async function selected(panel: PanelDriver): Promise<string> {
  const row = (await panel.rows()).find((one) => one.selected);
  return `${row?.cells["Type"]} ${row?.cells["Target"]}`;
}

test("the filter narrows while typing, by text, key and exclusion, and is undone by one click", async ({
  tab,
  server,
}) => {
  const panel = await openFiveCalls(tab, server);
  const all = await panel.rowCount();
  await panel.filter("target:Slow");
  await expect
    .poll(async () => (await panel.rows()).map(({ cells }) => cells["Target"]))
    .toEqual(["Slow", "Slow"]);
  await panel.filter("crème");
  await expect.poll(() => targets(panel)).toEqual(["EchoAny"]);
  await panel.filter("type:completion is:error");
  await expect
    .poll(async () => (await panel.rows()).map(({ cells }) => cells["Target"]))
    .toEqual(["ThrowHubException"]);
  await panel.filter("nothing has this text");
  await expect.poll(() => panel.text()).toContain("No message matches.");
  await panel.clickNamed("button", "Clear filter");
  await expect.poll(() => panel.rowCount()).toBe(all);
});

test("direction and errors narrow with one click each", async ({ tab, server }) => {
  const panel = await openFiveCalls(tab, server);
  await panel.clickNamed("button", "↑ Out");
  await expect
    .poll(async () => [...new Set((await panel.rows()).map(({ cells }) => cells["Direction"]))])
    .toEqual(["↑"]);
  await panel.clickNamed("button", "All");
  await panel.clickNamed("button", "Errors");
  await expect
    .poll(async () => (await panel.rows()).map(({ cells }) => cells["Target"]))
    .toEqual(["ThrowHubException"]);
});

test("pings are shown on demand", async ({ tab, server }) => {
  await tab.goto(`${server}/calls.html?hub=/hubs/quick`);
  const panel = await tab.openPanel();
  const pings = async () => (await panel.rows()).filter(({ cells }) => cells["Type"] === "ping").length;
  await expect.poll(() => panel.rowCount()).toBeGreaterThan(2);
  expect(await pings()).toBe(0);
  await panel.clickNamed("checkbox", "Pings");
  await expect.poll(pings).toBeGreaterThan(0);
  await panel.clickNamed("checkbox", "Pings");
  await expect.poll(pings).toBe(0);
});

test("clear empties the log; what comes later is decoded and paired all the same", async ({
  tab,
  server,
}) => {
  const panel = await openFiveCalls(tab, server, "messagepack");
  await panel.clickNamed("button", "Clear");
  await expect.poll(() => panel.rowCount()).toBe(0);
  await tab.evaluate(call, "Add", [1, 2]);
  await expect
    .poll(async () =>
      (await panel.rows()).map(({ cells }) => `${cells["Type"]} ${cells["Target"]} ${cells["Data"]}`),
    )
    .toEqual(["invocation Add 1, 2", "completion Add 3"]);
});

test("paused, the log stands still and says how much has arrived; going on shows it", async ({
  tab,
  server,
}) => {
  const panel = await openFiveCalls(tab, server);
  const before = await panel.rowCount();
  await panel.clickNamed("button", "Pause recording");
  await tab.evaluate(call, "Add", [1, 2]);
  await expect.poll(() => panel.text()).toContain("Paused. 2 messages have arrived since.");
  expect(await panel.rowCount()).toBe(before);
  await panel.clickNamed("button", "Go on");
  await expect.poll(() => panel.rowCount()).toBe(before + 2);
});

test("a completion shows its value as a tree, its raw text, its bytes, and leads to its call", async ({
  tab,
  server,
}) => {
  const panel = await openFiveCalls(tab, server);
  await panel.clickRow(({ cells }) => cells["Type"] === "completion" && cells["Target"] === "EchoAny");
  await expect.poll(() => panel.detailText()).toContain("crème");
  const tree = await panel.evaluate(() =>
    [...document.querySelectorAll('[role="treeitem"]')].map((item) => item.textContent ?? ""),
  );
  for (const key of ["result", "id", "name", "tags"])
    expect(
      tree.some((text) => text.includes(key)),
      key,
    ).toBe(true);

  await panel.clickNamed("tab", "Raw");
  await expect.poll(() => panel.detailText()).toContain('"result":{"id":7,"name":"crème","tags":["a","b"]}');
  await panel.clickNamed("tab", "Hex");
  // "crème" in UTF-8.
  await expect.poll(() => bytesShown(panel)).toContain("63 72 c3 a8 6d 65");
  await panel.clickNamed("tab", "Related");
  await panel.clickNamed("option", "Client to server invocation");
  await expect.poll(() => selected(panel)).toBe("invocation EchoAny");
});

test("a MessagePack message shows its value and its bytes", async ({ tab, server }) => {
  const panel = await openFiveCalls(tab, server, "messagepack");
  await panel.clickRow(({ cells }) => cells["Type"] === "invocation" && cells["Target"] === "Add");
  await expect.poll(() => panel.detailText()).toMatch(/arguments[\s\S]*40[\s\S]*2/);
  await panel.clickNamed("tab", "Hex");
  // The target as MessagePack writes it: a string of three bytes, then an array of the two arguments.
  await expect.poll(() => bytesShown(panel)).toContain("a3 41 64 64 92 28 02");
});

test("an answer shows its latency, no shorter than the server took", async ({ tab, server }) => {
  const panel = await openFiveCalls(tab, server);
  const rows = (await panel.rows()).filter(({ cells }) => cells["Target"] === "Slow");
  const latencies = rows.map(({ cells }) => cells["Latency"] ?? "");
  expect(latencies).toHaveLength(2);
  expect(latencies[0]).toBe(latencies[1]);
  expect(latencies[0]).toMatch(/^[\d.]+ m?s$/);
  const [value = "", unit] = (latencies[0] ?? "").split(" ");
  // 60 ms by the server's timer, which has steps of its own, as the browser's clock has.
  expect(Number(value) * (unit === "s" ? 1000 : 1)).toBeGreaterThanOrEqual(50);
});

test("everything is reached by keyboard", async ({ tab, server }) => {
  const panel = await openFiveCalls(tab, server);
  await panel.clickRow(({ cells }) => cells["Type"] === "invocation" && cells["Target"] === "Add");
  await panel.press("Escape");
  await expect.poll(() => panel.detailText()).toBe("");
  await panel.press("ArrowDown");
  await expect.poll(() => selected(panel)).toBe("completion Add");
  await panel.press("Enter");
  await expect.poll(() => panel.detailText()).toContain("42");
  await panel.press("]");
  await expect.poll(() => selected(panel)).toBe("completion ThrowHubException");
  await panel.press("k");
  await expect.poll(() => selected(panel)).toBe("invocation ThrowHubException");
  await panel.press("j");
  await expect.poll(() => selected(panel)).toBe("completion ThrowHubException");
  await panel.press("End");
  await expect.poll(() => selected(panel)).toBe("completion EchoString");
  await panel.press("/");
  await panel.waitFor(() => document.activeElement?.localName === "input");
  await panel.press("Escape");
  await panel.press("?");
  await expect.poll(() => panel.text()).toContain("Next and previous error");
  await panel.press("Escape");
  await expect.poll(() => panel.text()).not.toContain("Next and previous error");
});
