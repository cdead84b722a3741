import { writeFileSync } from "node:fs";
import { test as base, type PlaywrightWorkerArgs } from "@playwright/test";
import { type BrowserKind, findBrowser, howToInstall } from "../support/browsers.ts";
import { type InspectedChromium, openChromium } from "./driver/chromium.ts";
import { openFirefox } from "./driver/firefox.ts";
import type { BrowserLaunch, InspectedBrowser, InspectedTab } from "./driver/inspected-browser.ts";

export { expect } from "@playwright/test";

export interface ProjectOptions {
  /** Set by the project in playwright.config.ts. */
  readonly inspected: BrowserKind;
}

export interface Fixtures {
  /** Starts another browser; it is closed when the test ends. */
  readonly launch: (options?: BrowserLaunch) => Promise<InspectedBrowser>;
  /** The same in Chromium, with Playwright's context at hand; for tests that are tagged `@chromium`. */
  readonly launchChromium: (options?: BrowserLaunch) => Promise<InspectedChromium>;
  /** A browser with the extension, started for this test. */
  readonly inspectedBrowser: InspectedBrowser;
  /** Its first tab. */
  readonly tab: InspectedTab;
}

const headless = process.env["HUBSCOPE_HEADED"] !== "1";

export const test = base.extend<Fixtures & ProjectOptions>({
  inspected: ["chromium", { option: true }],
  launchChromium: async ({ playwright }, use, testInfo) => {
    const opened: InspectedChromium[] = [];
    await use(async (options = {}) => {
      const browser = await openChromium({ headless, ...options }, chromiumOf(playwright));
      opened.push(browser);
      return browser;
    });
    if (testInfo.status !== testInfo.expectedStatus) await attachPictures(opened, testInfo);
    for (const browser of opened) await browser.close();
  },
  launch: async ({ inspected, launchChromium }, use, testInfo) => {
    testInfo.skip(findBrowser(inspected) === undefined, howToInstall(inspected));
    const opened: InspectedBrowser[] = [];
    await use(async (options = {}) => {
      if (inspected === "chromium") return launchChromium(options);
      const browser = await openFirefox({ headless, ...options });
      opened.push(browser);
      return browser;
    });
    if (testInfo.status !== testInfo.expectedStatus) await attachPictures(opened, testInfo);
    for (const browser of opened) await browser.close();
  },
  inspectedBrowser: async ({ launch }, use) => {
    await use(await launch());
  },
  tab: async ({ inspectedBrowser }, use) => {
    await use(inspectedBrowser.firstTab);
  },
});

/** The runner's own Playwright: contexts that it starts get their traces attached. */
function chromiumOf(playwright: PlaywrightWorkerArgs["playwright"]) {
  return playwright.chromium;
}

async function attachPictures(
  browsers: readonly InspectedBrowser[],
  testInfo: Pick<ReturnType<typeof base.info>, "attach" | "outputPath">,
): Promise<void> {
  for (const [number, browser] of browsers.entries()) {
    for (const [name, body] of await browser.pictures()) {
      const path = testInfo.outputPath(`${browser.kind}-${number + 1}-${name.replaceAll(" ", "-")}.png`);
      writeFileSync(path, body);
      await testInfo.attach(name, { path, contentType: "image/png" });
    }
  }
}
