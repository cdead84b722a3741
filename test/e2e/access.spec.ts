import type { BrowserKind } from "../support/browsers.ts";
import { expect, test } from "./server-fixtures.ts";

const HOST = "hubscope-access.test";

/** That name leads to this machine, though nothing about it says loopback. */
const RESOLVE: Readonly<Record<BrowserKind, string>> = {
  chromium: `--host-resolver-rules=MAP ${HOST} 127.0.0.1`,
  firefox: `network.dns.localDomains="${HOST}"`,
};

interface CallsPage {
  readonly connected: Promise<void>;
  readonly connection: { invoke(target: string, ...args: unknown[]): Promise<unknown> };
}

test("a site that is not granted is not read, and the panel says so", async ({
  inspected,
  launch,
  server,
}) => {
  const { firstTab } = await launch({ flags: [RESOLVE[inspected]] });
  await firstTab.goto(`http://${HOST}:${new URL(server).port}/calls.html`);
  await firstTab.evaluate(() => (window as unknown as CallsPage).connected);
  const panel = await firstTab.openPanel();
  await expect.poll(() => panel.text()).toContain(`Hubscope does not read ${HOST}`);
  expect(await panel.hasNamed("button", "Record this site")).toBe(true);
  expect(await panel.rowCount()).toBe(0);
});

test("one click asks the browser for this site and no other", { tag: "@chromium" }, async ({
  launch,
  server,
}) => {
  const { firstTab } = await launch({ flags: [RESOLVE.chromium] });
  await firstTab.goto(`http://${HOST}:${new URL(server).port}/blank.html`);
  const panel = await firstTab.openPanel();
  // The browser's question is no part of a page: no script can answer it. What is asked can be heard.
  await panel.evaluate(() => {
    type Asked = { asked?: unknown; chrome: typeof globalThis };
    const page = globalThis as unknown as Asked & { browser?: unknown };
    const { permissions } = (page.browser ?? page.chrome) as unknown as {
      permissions: { request: (what: unknown) => Promise<boolean> };
    };
    permissions.request = async (what) => {
      page.asked = { what, inClick: navigator.userActivation.isActive };
      return false;
    };
  });
  await panel.clickNamed("button", "Record this site");
  expect(await panel.waitFor(() => (globalThis as unknown as { asked?: unknown }).asked)).toEqual({
    what: { origins: [`http://${HOST}/*`] },
    inClick: true,
  });
});

test("a site that was granted is recorded at once", { tag: "@firefox" }, async ({ launch, server }) => {
  const browser = await launch({ flags: [RESOLVE.firefox] });
  const tab = browser.firstTab;
  await tab.goto(`http://${HOST}:${new URL(server).port}/calls.html`);
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain("does not read");
  await browser.grantSite(`http://${HOST}/*`);
  await expect.poll(() => panel.text()).not.toContain("does not read");
  await expect
    .poll(async () => (await panel.rows()).map(({ cells }) => cells["Type"]))
    .toContain("handshake");
  await tab.evaluate(async () => {
    const page = window as unknown as CallsPage;
    await page.connected;
    await page.connection.invoke("EchoString", "granted");
  });
  await expect
    .poll(async () => (await panel.rows()).map(({ cells }) => cells["Data"]))
    .toContain('"granted"');
});

test("a page of the browser says that it cannot be recorded", async ({ tab }) => {
  await tab.goto("about:blank");
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toMatch(/cannot be recorded/);
});
