import {
  startWorkerPagesServer,
  type WorkerKind,
  type WorkerPage,
  type WorkerPagesServer,
} from "../support/worker-pages-server.ts";
import type { InspectedTab } from "./driver/inspected-browser.ts";
import type { PanelDriver } from "./driver/panel-driver.ts";
import { expect, test } from "./server-fixtures.ts";

const WEB_SOCKETS = 1;
const LONG_POLLING = 4;

let pages: WorkerPagesServer;
test.beforeAll(async () => {
  pages = await startWorkerPagesServer();
});
test.afterAll(async () => {
  await pages.close();
});

const talk = (tab: InspectedTab, where: WorkerKind | "page", server: string, transport: number) =>
  tab.evaluate((place, what) => (window as unknown as WorkerPage).talk(place, what), where, {
    hubUrl: `${server}/hubs/calls`,
    text: `from ${where}`,
    transport,
  });

/** The rows that carry this text: the call, and its completion. */
async function rowsWith(panel: PanelDriver, text: string): Promise<readonly string[]> {
  const rows = await panel.allRows();
  return rows
    .filter(({ cells }) => cells["Data"]?.includes(text) === true)
    .map(({ cells }) => `${cells["Direction"]} ${cells["Type"]}`);
}

const CALL_AND_ANSWER = ["↑ invocation", "↓ completion"];

for (const kind of ["dedicated", "nested", "service"] as const) {
  test(`what a ${kind} worker says is shown, and where it was seen`, { tag: "@chromium" }, async ({
    tab,
    server,
  }) => {
    await tab.goto(pages.origin);
    const panel = await tab.openPanel();
    await expect.poll(() => panel.text()).toContain("recording");
    expect(await talk(tab, kind, server, WEB_SOCKETS)).toBe(`from ${kind}`);
    await expect.poll(() => rowsWith(panel, `from ${kind}`)).toEqual(CALL_AND_ANSWER);
    expect(await panel.text()).toContain("network log");
  });
}

for (const [kind, row, state] of [
  ["dedicated", "page left", "page left"],
  ["service", "out of sight", "out of sight"],
] as const) {
  test(`when the page is left, a ${kind} worker's connection is said to be: ${state}`, {
    tag: "@chromium",
  }, async ({ tab, server }) => {
    await tab.goto(pages.origin);
    const panel = await tab.openPanel();
    await expect.poll(() => panel.text()).toContain("recording");
    await panel.clickNamed("checkbox", "Preserve log");
    expect(await talk(tab, kind, server, WEB_SOCKETS)).toBe(`from ${kind}`);
    await expect.poll(() => rowsWith(panel, `from ${kind}`)).toEqual(CALL_AND_ANSWER);
    await tab.goto(`${pages.origin}/?next`);
    const types = async () => (await panel.allRows()).map(({ cells }) => cells["Type"]);
    await expect.poll(types).toContain(row);
    expect(await types()).toContain("navigated");
    expect(await panel.text()).toContain(state);
  });
}

test("long polling of a worker is shown too", async ({ tab, server }) => {
  await tab.goto(pages.origin);
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain("recording");
  expect(await talk(tab, "dedicated", server, LONG_POLLING)).toBe("from dedicated");
  await expect.poll(() => rowsWith(panel, "from dedicated")).toEqual(CALL_AND_ANSWER);
});

test("what the page itself says is shown once, though the network log shows it too", async ({
  tab,
  server,
}) => {
  await tab.goto(pages.origin);
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain("recording");
  for (const transport of [WEB_SOCKETS, LONG_POLLING]) await talk(tab, "page", server, transport);
  await expect.poll(() => rowsWith(panel, "from page")).toEqual([...CALL_AND_ANSWER, ...CALL_AND_ANSWER]);
  // Longer than the log's word is held back for a page that has a hook.
  await new Promise((later) => setTimeout(later, 11_500));
  expect(await rowsWith(panel, "from page")).toEqual([...CALL_AND_ANSWER, ...CALL_AND_ANSWER]);
  expect(await panel.text()).not.toContain("network log ·");
});

test("of shared workers the panel says that it does not record them", { tag: "@chromium" }, async ({
  tab,
  server,
}) => {
  await tab.goto(pages.origin);
  const panel = await tab.openPanel();
  await tab.reload();
  await expect.poll(() => panel.text()).toContain("shared workers not at all");
  expect(await panel.text()).toContain("workers, not shared ones");
  expect(await talk(tab, "shared", server, WEB_SOCKETS)).toBe("from shared");
  expect(await rowsWith(panel, "from shared")).toEqual([]);
});

test("a worker that talks over a socket is named, where nobody sees what it says", {
  tag: "@firefox",
}, async ({ tab, server }) => {
  await tab.goto(pages.origin);
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain("recording");
  expect(await talk(tab, "page", server, WEB_SOCKETS)).toBe("from page");
  await expect.poll(() => rowsWith(panel, "from page")).toEqual(CALL_AND_ANSWER);
  expect(await talk(tab, "dedicated", server, WEB_SOCKETS)).toBe("from dedicated");
  await expect
    .poll(() => panel.text(), { timeout: 30_000 })
    .toContain("A worker on this page talks SignalR. Firefox does not let extensions record workers.");
  expect(await panel.text()).toContain("no workers");
  expect(await rowsWith(panel, "from dedicated")).toEqual([]);
});
