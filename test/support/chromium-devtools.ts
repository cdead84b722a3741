import type { BrowserContext, Frame, Page } from "playwright";
import { until } from "./until.ts";

const DEVTOOLS_UI = "devtools://devtools/bundled/ui/legacy/legacy.js";

export interface OpenedPanel {
  /** The devtools window. */
  readonly devtools: Page;
  /** The extension's panel inside it: a locator root. */
  readonly panel: Frame;
}

const devtoolsOf = new WeakMap<Page, Page>();

/** Opens devtools for `page` (once) and brings the extension's panel to the front. */
export async function openDevtoolsPanel(context: BrowserContext, page: Page): Promise<OpenedPanel> {
  const devtools = await openDevtools(context, page);
  // The extension's devtools page loads when the devtools UI is up; touching its modules earlier breaks its start.
  const devtoolsPage = await until("the extension's devtools page", () =>
    devtools.frames().find((frame) => /^chrome-extension:.*\/devtools\.html/.test(frame.url())),
  );
  const origin = devtoolsPage.url().split("/", 3).join("/");
  await until("the extension's panel", () =>
    devtools.evaluate(
      async ([ui, prefix]) => {
        const { InspectorView } = await import(/* @vite-ignore */ ui);
        const view = InspectorView.InspectorView.instance();
        const id = view.tabbedPane.tabIds().find((tab: string) => tab.startsWith(prefix));
        if (id !== undefined) await view.showPanel(id);
        return id !== undefined;
      },
      [DEVTOOLS_UI, origin] as const,
    ),
  );
  const panel = await until("the panel's document", () =>
    devtools.frames().find((frame) => frame !== devtoolsPage && frame.url().startsWith(`${origin}/`)),
  );
  await panel.waitForLoadState("load");
  return { devtools, panel };
}

/** Closes devtools, and with them the panel, as its user does. */
export async function closeDevtools(page: Page): Promise<void> {
  await devtoolsOf.get(page)?.close();
  devtoolsOf.delete(page);
}

/** Opens devtools for `page` (once), whatever they show first. */
export async function openDevtools(context: BrowserContext, page: Page): Promise<Page> {
  const known = devtoolsOf.get(page);
  if (known !== undefined && !known.isClosed()) return known;
  const browser = context.browser();
  if (browser === null) throw new Error("The context has no browser.");
  const [browserSession, pageSession] = await Promise.all([
    browser.newBrowserCDPSession(),
    context.newCDPSession(page),
  ]);
  const { targetInfo } = await pageSession.send("Target.getTargetInfo");
  const [devtools] = await Promise.all([
    context.waitForEvent("page", {
      predicate: (opened) => opened.url().includes("/devtools_app.html"),
      timeout: 60_000,
    }),
    // Newer than Playwright's typed list of commands.
    browserSession.send("Target.openDevTools" as "Target.activateTarget", { targetId: targetInfo.targetId }),
  ]);
  await Promise.all([browserSession.detach(), pageSession.detach()]);
  devtoolsOf.set(page, devtools);
  return devtools;
}

/**
 * Ends the extension's service worker, as the browser does when it is idle; the next event starts it again. Resolves
 * when the browser has said that it stopped; it may be running again by then.
 */
export async function endServiceWorker(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  let asked = false;
  const stopped = new Promise<void>((resolve) => {
    session.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
      const worker = versions.find((version) => version.scriptURL.startsWith("chrome-extension:"));
      if (worker?.runningStatus === "running" && !asked) {
        asked = true;
        // Answers when it has stopped; the promise is settled by the event.
        session.send("ServiceWorker.stopWorker", { versionId: worker.versionId }).catch(() => undefined);
      }
      if (worker?.runningStatus === "stopped") resolve();
    });
  });
  await session.send("ServiceWorker.enable");
  await stopped;
  await session.detach();
}

/**
 * Adds the site on the browser's own page for extensions, as its user may. The extension has it when it next asks in a
 * click, and the browser, which knows the answer, shows no question: the question itself is out of a script's reach.
 */
export async function agreeToSite(
  context: BrowserContext,
  extension: string,
  pattern: string,
): Promise<void> {
  const page = await context.newPage();
  try {
    await page.goto(`chrome://extensions/?id=${extension}`);
    await page.evaluate(
      `new Promise((resolve, reject) => chrome.developerPrivate.addHostPermission(
        ${JSON.stringify(extension)}, ${JSON.stringify(pattern)}, () => {
          const { lastError } = chrome.runtime;
          if (lastError === undefined) resolve();
          else reject(new Error(lastError.message));
        }))`,
    );
  } finally {
    await page.close();
  }
}

/** Reloads the extension on the browser's own page for extensions, as its developer does and an update does. */
export async function reloadExtension(context: BrowserContext, extension: string): Promise<void> {
  const page = await context.newPage();
  try {
    await page.goto(`chrome://extensions/?id=${extension}`);
    await page.evaluate(
      // Without developer mode the browser switches an unpacked extension off when it is loaded again.
      `chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true }).then(() =>
        chrome.developerPrivate.reload(${JSON.stringify(extension)}, { failQuietly: true }))`,
    );
  } finally {
    await page.close();
  }
}

/** What the browser's own page for extensions has to say about the manifest, the installation and the scripts so far. */
export async function complaintsAbout(
  context: BrowserContext,
  extension: string,
): Promise<readonly unknown[]> {
  const page = await context.newPage();
  try {
    await page.goto(`chrome://extensions/?id=${extension}`);
    return await page.evaluate<readonly unknown[]>(
      `new Promise((resolve) => chrome.developerPrivate.getExtensionInfo(${JSON.stringify(extension)}, (info) =>
        resolve([...info.manifestErrors, ...info.runtimeErrors, ...(info.installWarnings ?? [])])))`,
    );
  } finally {
    await page.close();
  }
}
