import type { Frame, Page } from "playwright";
import { callAsJson, type PageFunction, resultOf } from "../../e2e/driver/inspected-browser.ts";
import { openDevtools, openDevtoolsPanel } from "../../support/chromium-devtools.ts";
import { launchChromium } from "../../support/chromium-launch.ts";

export interface BenchBrowser {
  readonly page: Page;
  readonly devtools: Page;
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
    const opened =
      extension === undefined
        ? { devtools: await openDevtools(context, page), panel: undefined }
        : await openDevtoolsPanel(context, page);
    return { page, ...opened, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** How many messages the Network panel has of the socket of which it has most: 0 where it does not record. */
export async function recordedByDevtools({ devtools }: BenchBrowser): Promise<number> {
  return await devtools.evaluate<number>(`(async () => {
    const { NetworkLog } = await import("devtools://devtools/bundled/models/logs/logs.js");
    const frames = NetworkLog.NetworkLog.instance().requests().map((request) => request.frames().length);
    return Math.max(0, ...frames);
  })()`);
}

export async function callIn<A extends readonly unknown[], R>(
  frame: Frame | Page,
  fn: PageFunction<A, R>,
  ...args: A
): Promise<R> {
  return resultOf<R>(await frame.evaluate<string>(callAsJson(fn, args)));
}
