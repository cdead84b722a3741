import type { BrowserContext, Frame, Page } from "playwright";
import { callAsJson, type PageFunction, resultOf } from "../../e2e/driver/inspected-browser.ts";
import { openDevtoolsPanel } from "../../support/chromium-devtools.ts";
import { launchChromium } from "../../support/chromium-launch.ts";

export interface BenchBrowser {
  readonly page: Page;
  /** The extension's panel; undefined in a browser without one. */
  readonly panel: Frame | undefined;
  close(): Promise<void>;
}

/** A browser of its own with devtools open, and with the extension's panel to the front where there is one. */
export async function openBrowser(options: {
  readonly extension?: string;
  readonly url: string;
  /** Runs in the page before everything else, the extension's hook included. */
  readonly first?: () => void;
}): Promise<BenchBrowser> {
  const { extension, url, first } = options;
  const { context, close } = await launchChromium(extension === undefined ? {} : { extension });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    // tsx wraps inner functions in a call of its own `__name`, which no page has.
    if (first !== undefined) await page.addInitScript(`{ const __name = (f) => f; (${String(first)})(); }`);
    await page.goto(url);
    const panel =
      extension === undefined
        ? await openDevtools(context, page)
        : (await openDevtoolsPanel(context, page)).panel;
    return { page, panel, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openDevtools(context: BrowserContext, page: Page): Promise<undefined> {
  const browser = context.browser();
  if (browser === null) throw new Error("The context has no browser.");
  const browserSession = await browser.newBrowserCDPSession();
  const pageSession = await context.newCDPSession(page);
  const { targetInfo } = await pageSession.send("Target.getTargetInfo");
  await Promise.all([
    context.waitForEvent("page", { predicate: (opened) => opened.url().includes("/devtools_app.html") }),
    // Newer than Playwright's typed list of commands.
    browserSession.send("Target.openDevTools" as "Target.activateTarget", { targetId: targetInfo.targetId }),
  ]);
  return undefined;
}

export async function callIn<A extends readonly unknown[], R>(
  frame: Frame | Page,
  fn: PageFunction<A, R>,
  ...args: A
): Promise<R> {
  return resultOf<R>(await frame.evaluate<string>(callAsJson(fn, args)));
}
