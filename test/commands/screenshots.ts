import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildAll } from "../../playground/server/build.ts";
import { type DemoServer, startDemoServer } from "../../playground/server/demo-server.ts";
import { openChromium } from "../e2e/driver/chromium.ts";
import type { Theme } from "../support/chromium-launch.ts";
import { until } from "../support/until.ts";
import { ROOT } from "./step.ts";

/** `npm run screenshots`: the README's pictures of the panel in devtools, on the demo page, and of the playground. */

const SIZE = [1440, 640] as const;

async function main(): Promise<void> {
  await buildAll();
  mkdirSync(join(ROOT, "assets"), { recursive: true });
  const demo = await startDemoServer({ port: 0 });
  try {
    await panelPicture(demo, "light", "panel.png");
    await panelPicture(demo, "dark", "panel-dark.png");
    await playgroundPicture(demo, "playground.png");
  } finally {
    await demo.close();
  }
}

/** The panel with some traffic of the demo page, a failed call opened. */
async function panelPicture(demo: DemoServer, theme: Theme, file: string): Promise<void> {
  const browser = await openChromium({ theme, size: SIZE });
  try {
    const { page } = browser.firstTab;
    await browser.firstTab.goto(demo.demoUrl);
    const panel = await browser.firstTab.openPanel();
    await until("the demo page's connection", async () => (await panel.rowCount()) > 6);
    for (const name of [
      "Say",
      "Add",
      "Slow answer",
      "Let the hub ask for a name",
      "Upload 1 to 5 and sum",
      "Fail with a text",
    ]) {
      const before = await panel.rowCount();
      await page.getByRole("button", { name, exact: true }).click();
      await until(`the answer to ${name}`, async () => (await panel.rowCount()) >= before + 2);
    }
    await page.getByRole("button", { name: "Stream MSFT" }).click();
    await until("some prices", async () => (await panel.rowCount()) > 24);
    await page.getByRole("button", { name: "Cancel" }).click();
    await panel.clickRow(
      ({ cells }) => cells["Type"] === "completion" && cells["Data"]?.startsWith("error") === true,
    );
    await until("the detail", () => panel.detailText());
    writeFileSync(join(ROOT, "assets", file), await panel.screenshot("window"));
  } finally {
    await browser.close();
  }
}

/** The first screen of the playground after two calls of the demo hub. */
async function playgroundPicture(demo: DemoServer, file: string): Promise<void> {
  const browser = await openChromium({ extension: false, size: [1440, 900] });
  try {
    const { page, driver } = browser.firstTab;
    await browser.firstTab.goto(demo.url);
    for (const method of ["Join group", "Prices", "Add a, b"]) {
      await driver.clickNamed("button", method);
      const before = await driver.rowCount();
      await driver.clickNamed("button", method === "Prices" ? "Stream" : "Invoke");
      await until(`the answer to ${method}`, async () => (await driver.rowCount()) >= before + 2);
    }
    await until("some prices", async () => (await driver.rowCount()) > 16);
    await driver.clickRow(({ cells }) => cells["Type"] === "completion" && cells["Target"] === "Join");
    await page.mouse.move(0, 0);
    writeFileSync(join(ROOT, "assets", file), await browser.firstTab.screenshot());
  } finally {
    await browser.close();
  }
}

await main();
