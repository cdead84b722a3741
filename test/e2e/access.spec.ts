import { expect, test } from "./server-fixtures.ts";

const HOST = "hubscope-access.test";

interface CallsPage {
  readonly connected: Promise<void>;
  readonly connection: { invoke(target: string, ...args: unknown[]): Promise<unknown> };
}

test("a site that is not granted is not read, which is said with the way to grant it; granted, it is recorded", async ({
  inspected,
  launch,
  server,
}) => {
  const flag = {
    chromium: `--host-resolver-rules=MAP ${HOST} 127.0.0.1`,
    firefox: `network.dns.localDomains="${HOST}"`,
  }[inspected];
  const browser = await launch({ flags: [flag] });
  const site = `http://${HOST}:${new URL(server).port}`;
  const tab = browser.firstTab;
  await tab.goto(`${site}/calls.html`);
  await tab.evaluate(() => (window as unknown as CallsPage).connected);

  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain(`Hubscope does not read ${HOST}`);
  expect(await panel.hasNamed("button", "Record this site")).toBe(true);
  expect(await panel.rowCount()).toBe(0);

  await browser.grantSite(`http://${HOST}/*`);
  await expect.poll(() => panel.text()).not.toContain("does not read");
  await panel.clickNamed("button", "Reload the page");
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
