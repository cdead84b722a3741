import type { BrowserContext, BrowserType, ElementHandle, Frame, Page } from "playwright";
import {
  agreeToSite,
  closeDevtools,
  endServiceWorker,
  openDevtoolsPanel,
} from "../../support/chromium-devtools.ts";
import { launchChromium } from "../../support/chromium-launch.ts";
import { until } from "../../support/until.ts";
import { EXTENSION_FOLDERS } from "./extension-folders.ts";
import { createGallery, type Gallery } from "./gallery.ts";
import {
  type BrowserLaunch,
  callAsJson,
  type InspectedBrowser,
  type InspectedTab,
  type PageFunction,
  resultOf,
} from "./inspected-browser.ts";
import { createPanelDriver, type PanelDriver, type PanelHandle } from "./panel-driver.ts";

export interface InspectedChromium extends InspectedBrowser {
  readonly kind: "chromium";
  /** For what only Playwright can do. */
  readonly context: BrowserContext;
  readonly firstTab: ChromiumTab;
  openTab(): Promise<ChromiumTab>;
}

export interface ChromiumTab extends InspectedTab {
  readonly page: Page;
}

export async function openChromium(
  options: BrowserLaunch,
  browserType?: BrowserType,
): Promise<InspectedChromium> {
  const { extension, ...launch } = options;
  const { context, close } = await launchChromium(
    extension === false ? launch : { ...launch, extension: EXTENSION_FOLDERS.chromium },
    browserType,
  );
  const gallery = createGallery();
  const first = context.pages()[0] ?? (await context.newPage());
  return {
    kind: "chromium",
    context,
    firstTab: tabOf(context, first, gallery),
    openTab: async () => tabOf(context, await context.newPage(), gallery),
    pictures: gallery.pictures,
    grantSite: () =>
      Promise.reject(new Error("Chromium's question for access cannot be answered by a script.")),
    agreeTo: async (pattern) => agreeToSite(context, await extensionHost(context), pattern),
    openExtensionPage: async (path) => {
      const page = await context.newPage();
      await page.goto(`chrome-extension://${await extensionHost(context)}/${path}`);
      return tabOf(context, page, gallery);
    },
    tabAt: async (part) => {
      const page = await until(`a tab at ${part}`, () => context.pages().find((p) => p.url().includes(part)));
      await page.waitForLoadState("load");
      await page.bringToFront();
      return tabOf(context, page, gallery);
    },
    endBackground: () => endServiceWorker(context, first),
    close,
  };
}

async function extensionHost(context: BrowserContext): Promise<string> {
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  return new URL(worker.url()).host;
}

function tabOf(context: BrowserContext, page: Page, gallery: Gallery): ChromiumTab {
  const evaluate = evaluateIn(page.mainFrame());
  gallery.add("tab", () => page.screenshot());
  return {
    page,
    goto: async (url) => {
      await page.goto(url);
    },
    reload: async () => {
      await page.reload();
    },
    url: async () => page.url(),
    evaluate,
    waitFor: (fn, ...args) => until(String(fn), () => evaluate(fn, ...args)) as never,
    openPanel: async () => {
      const { devtools, panel } = await openDevtoolsPanel(context, page);
      gallery.add("devtools", () => devtools.screenshot());
      return driverIn(panel, async (part) =>
        part === "window" ? devtools.screenshot() : (await panel.frameElement()).screenshot(),
      );
    },
    closePanel: () => closeDevtools(page),
    driver: driverIn(page.mainFrame(), () => page.screenshot()),
    screenshot: () => page.screenshot(),
  };
}

function driverIn(frame: Frame, screenshot: PanelHandle["screenshot"]): PanelDriver {
  return createPanelDriver({
    browser: "chromium",
    evaluate: evaluateIn(frame),
    click: (selector) => frame.click(selector),
    press: async (key) => (await focusedIn(frame)).press(key),
    insert: (selector, text) => frame.locator(selector).pressSequentially(text),
    screenshot,
  });
}

function evaluateIn(frame: Frame) {
  return async <A extends readonly unknown[], R>(fn: PageFunction<A, R>, ...args: A): Promise<R> =>
    // As source text: a policy that forbids eval does not bind it.
    resultOf<R>(await frame.evaluate<string>(callAsJson(fn, args)));
}

async function focusedIn(frame: Frame): Promise<ElementHandle<Element>> {
  const handle = await frame.evaluateHandle(() => document.activeElement ?? document.body);
  return handle as ElementHandle<Element>;
}
