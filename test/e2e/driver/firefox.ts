import { launchFirefox } from "../../support/firefox-launch.ts";
import {
  agreeToSites,
  closeFirefoxToolbox,
  endEventPage,
  extensionPageUrl,
  grantSite,
  openFirefoxPanel,
} from "../../support/firefox-panel.ts";
import { until } from "../../support/until.ts";
import { EXTENSION_FOLDERS, firefoxExtensionId } from "./extension-folders.ts";
import { createGallery } from "./gallery.ts";
import {
  type BrowserLaunch,
  callAsJson,
  type InspectedBrowser,
  type InspectedTab,
  type PageFunction,
  resultOf,
} from "./inspected-browser.ts";
import { createPanelDriver } from "./panel-driver.ts";
import { webDriverKeys } from "./webdriver-keys.ts";

/** `return` of an async function body is its result; what we send there is already JSON. */
function body(fn: unknown, args: readonly unknown[]): string {
  return `return ${callAsJson(fn, args)};`;
}

const HAS_FOCUS = "return document.querySelector(':focus') !== null;";

function isLoaded(part: string): boolean {
  return document.readyState === "complete" && location.href.includes(part);
}

export async function openFirefox(options: BrowserLaunch): Promise<InspectedBrowser> {
  const { extension, ...launch } = options;
  const { marionette, close } = await launchFirefox(
    extension === false ? launch : { ...launch, extension: EXTENSION_FOLDERS.firefox },
  );

  const gallery = createGallery();
  const tabOf = (handle: string): InspectedTab => {
    // A session has one current tab; each call says first which one it means.
    const here = () => marionette.send("WebDriver:SwitchToWindow", { handle, focus: true });
    const inContent = async <R = unknown>(command: string, parameters: object = {}): Promise<R> => {
      await marionette.send("Marionette:SetContext", { value: "content" });
      await here();
      return (await marionette.send(command, parameters)) as R;
    };
    const evaluate = async <A extends readonly unknown[], R>(
      fn: PageFunction<A, R>,
      ...args: A
    ): Promise<R> => {
      await marionette.send("Marionette:SetContext", { value: "content" });
      await here();
      return resultOf<R>(await marionette.content<string>(body(fn, args)));
    };
    const screenshot = async () => {
      const { value } = await inContent<{ value: string }>("WebDriver:TakeScreenshot", {
        full: false,
        hash: false,
      });
      return Buffer.from(value, "base64");
    };
    gallery.add("tab", screenshot);
    const find = async (selector: string): Promise<{ readonly id: string }> => {
      const strategy = { using: "css selector", value: selector };
      const { value } = await inContent<{ value: Readonly<Record<string, string>> }>(
        "WebDriver:FindElement",
        strategy,
      );
      return { id: Object.values(value)[0] ?? "" };
    };
    const keysTo = async (selector: string, text: string): Promise<void> => {
      await inContent("WebDriver:ElementSendKeys", { ...(await find(selector)), text });
    };
    return {
      goto: async (url) => {
        await inContent("WebDriver:Navigate", { url });
      },
      reload: async () => {
        await inContent("WebDriver:Refresh");
      },
      url: async () => (await inContent<{ value: string }>("WebDriver:GetCurrentURL")).value,
      evaluate,
      waitFor: (fn, ...args) => until(String(fn), () => evaluate(fn, ...args)) as never,
      screenshot,
      openPanel: async () => {
        await inContent("WebDriver:GetCurrentURL");
        const { layout = "undocked", size = [1400, 900] } = options;
        const panel = await openFirefoxPanel(marionette, firefoxExtensionId(), layout, size);
        gallery.add("toolbox", () => panel.screenshot("window"));
        const { run, click, type, screenshot: picture } = panel;
        return createPanelDriver({
          browser: "firefox",
          evaluate: async (fn, ...args) => resultOf(await run<string>(body(fn, args))),
          click,
          press: async (key) => type((await run<boolean>(HAS_FOCUS)) ? ":focus" : "body", webDriverKeys(key)),
          insert: type,
          screenshot: picture,
        });
      },
      closePanel: async () => {
        await inContent("WebDriver:GetCurrentURL");
        await closeFirefoxToolbox(marionette);
      },
      driver: createPanelDriver({
        browser: "firefox",
        evaluate,
        click: async (selector) => {
          await inContent("WebDriver:ElementClick", await find(selector));
        },
        press: async (key) => {
          const focused = await evaluate(() => document.querySelector(":focus") !== null);
          await keysTo(focused ? ":focus" : "body", webDriverKeys(key));
        },
        insert: keysTo,
        screenshot,
      }),
    };
  };

  const { value: first } = (await marionette.send("WebDriver:GetWindowHandle")) as { value: string };
  return {
    kind: "firefox",
    firstTab: tabOf(first),
    openTab: async () => {
      const opened = (await marionette.send("WebDriver:NewWindow", { type: "tab" })) as { handle: string };
      return tabOf(opened.handle);
    },
    agreeTo: () => agreeToSites(marionette),
    openExtensionPage: async (path) => {
      const url = await extensionPageUrl(marionette, firefoxExtensionId(), path);
      const opened = (await marionette.send("WebDriver:NewWindow", { type: "tab" })) as { handle: string };
      const tab = tabOf(opened.handle);
      await tab.goto(url);
      return tab;
    },
    tabAt: (part) =>
      until(`a tab at ${part}`, async () => {
        for (const handle of (await marionette.send("WebDriver:GetWindowHandles")) as readonly string[]) {
          const tab = tabOf(handle);
          // A page of the extension has a process of its own: the tab's first, empty document goes, and a question with it.
          const url = await tab.url().catch(() => "");
          if (url.includes(part) && (await tab.evaluate(isLoaded, part).catch(() => false))) return tab;
        }
        return undefined;
      }),
    grantSite: (pattern) => grantSite(marionette, firefoxExtensionId(), pattern),
    endBackground: () => endEventPage(marionette, firefoxExtensionId()),
    pictures: gallery.pictures,
    close,
  };
}
