import type { BrowserKind } from "../support/browsers.ts";
import type { InspectedTab } from "./driver/inspected-browser.ts";
import type { PanelDriver } from "./driver/panel-driver.ts";
import { expect, test } from "./server-fixtures.ts";

const HOST = "hubscope-not-granted.test";

/** That name leads to this machine, though nothing about it says loopback. */
const RESOLVE: Readonly<Record<BrowserKind, string>> = {
  chromium: `--host-resolver-rules=MAP ${HOST} 127.0.0.1`,
  firefox: `network.dns.localDomains="${HOST}"`,
};

interface CallsPage {
  readonly connected: Promise<void>;
  readonly connection: { invoke(target: string, ...args: unknown[]): Promise<unknown> };
}

const echo = (tab: InspectedTab, text: string) =>
  tab.evaluate(async (said) => {
    const page = window as unknown as CallsPage;
    await page.connected;
    return page.connection.invoke("EchoString", said);
  }, text);

async function rowsWith(panel: PanelDriver, text: string): Promise<readonly string[]> {
  const rows = await panel.allRows();
  return rows
    .filter(({ cells }) => cells["Data"]?.includes(text) === true)
    .map(({ cells }) => `${cells["Direction"]} ${cells["Type"]}`);
}

const CALL_AND_ANSWER = ["↑ invocation", "↓ completion"];
const at = (server: string, path: string) => `http://${HOST}:${new URL(server).port}/${path}`;

test("a site without access is seen in the network log, socket messages and all", {
  tag: "@chromium",
}, async ({ launch, server }) => {
  const { firstTab: tab } = await launch({ flags: [RESOLVE.chromium] });
  await tab.goto(at(server, "blank.html"));
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain(`Hubscope does not read ${HOST}`);
  await tab.goto(at(server, "calls.html"));
  expect(await echo(tab, "seen")).toBe("seen");
  await expect.poll(() => rowsWith(panel, '"seen"')).toEqual(CALL_AND_ANSWER);
  await expect.poll(() => panel.text()).toContain("comes from the browser's network log");
  expect(await panel.hasNamed("button", "Record this site")).toBe(true);
});

test("long polling of a site without access is seen in both browsers", async ({
  inspected,
  launch,
  server,
}) => {
  const { firstTab: tab } = await launch({ flags: [RESOLVE[inspected]] });
  await tab.goto(at(server, "blank.html"));
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain(`Hubscope does not read ${HOST}`);
  await tab.goto(at(server, "calls.html?transport=lp"));
  expect(await echo(tab, "polled")).toBe("polled");
  await expect.poll(() => rowsWith(panel, '"polled"')).toEqual(CALL_AND_ANSWER);
});

test("reload and capture records one load, each message once, and says so", async ({
  inspected,
  launch,
  server,
}) => {
  const { firstTab: tab } = await launch({ flags: [RESOLVE[inspected]] });
  await tab.goto(at(server, "calls.html"));
  await echo(tab, "before");
  const panel = await tab.openPanel();
  await expect.poll(() => panel.hasNamed("button", "Reload and capture once")).toBe(true);
  await panel.clickNamed("button", "Reload and capture once");
  await expect.poll(() => panel.text()).toContain("captures this load");
  await expect.poll(() => panel.text()).toContain("handshake");
  expect(await echo(tab, "captured")).toBe("captured");
  await expect.poll(() => rowsWith(panel, '"captured"')).toEqual(CALL_AND_ANSWER);
  // Longer than the network log's word is held back where a hook is.
  await new Promise((later) => setTimeout(later, 11_000));
  expect(await rowsWith(panel, '"captured"')).toEqual(CALL_AND_ANSWER);
  expect(await panel.text()).not.toContain("network log ·");
  expect(
    await tab.evaluate(() => Object.getOwnPropertyNames(window).filter((name) => /hubscope/i.test(name))),
  ).toEqual([]);
  await tab.goto(at(server, "blank.html"));
  await expect.poll(() => panel.text()).toContain(`Hubscope does not read ${HOST}`);
});

test("a frame of a site without access is named, with a way to grant it", async ({
  inspected,
  launch,
  server,
}) => {
  const { firstTab: tab } = await launch({ flags: [RESOLVE[inspected]] });
  await tab.goto(`${server}/blank.html`);
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain("recording");
  await tab.evaluate(
    (src) => {
      const frame = document.createElement("iframe");
      frame.src = src;
      document.body.append(frame);
    },
    at(server, "blank.html"),
  );
  await expect.poll(() => panel.text()).toContain(`does not read the frame of ${HOST}`);
  expect(await panel.hasNamed("button", `Record ${HOST}`)).toBe(true);
  expect(await panel.text()).toContain(`not the frames of ${HOST}`);
});

test("a frame of a site without access is seen in the network log", { tag: "@chromium" }, async ({
  launch,
  server,
}) => {
  const { firstTab: tab } = await launch({ flags: [RESOLVE.chromium] });
  await tab.goto(`${server}/blank.html`);
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain("recording");
  await tab.evaluate(
    (src) => {
      const frame = document.createElement("iframe");
      frame.src = src;
      document.body.append(frame);
    },
    at(server, "calls.html"),
  );
  await expect
    .poll(async () => (await panel.allRows()).map(({ cells }) => cells["Type"]))
    .toContain("handshake");
  expect(await panel.text()).toContain("network log");
});
