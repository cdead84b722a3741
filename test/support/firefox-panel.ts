import { asyncScript, type Marionette, unwrap } from "./firefox-marionette.ts";

/**
 * The panel is a `<browser remote>` inside the toolbox: neither a tab nor a frame of one, so that WebDriver cannot
 * switch to it. Marionette's own window actor is there all the same, and with it the code behind WebDriver's find,
 * click, keys and script: trusted events, aimed at the panel.
 */
const PANEL_LOOKUP = `
  const { require } = ChromeUtils.importESModule("resource://devtools/shared/loader/Loader.sys.mjs");
  const { gDevTools } = require("devtools/client/framework/devtools");
  const panelIn = (document) => {
    for (const frame of document.querySelectorAll("browser, iframe")) {
      if (frame.getAttribute("webextension-view-type") === "devtools_panel") {
        const spec = frame.browsingContext?.currentWindowGlobal?.documentURI?.spec;
        if (spec && spec.startsWith("moz-extension:")) return frame;
      }
      let inner = null;
      try { inner = frame.contentDocument; } catch {}
      const found = inner && panelIn(inner);
      if (found) return found;
    }
    return undefined;
  };
  // The last argument says which, whatever tab is in front by now.
  const inspected = gBrowser.tabs.find((tab) => tab.linkedBrowser.browserId === args.at(-1));
  const panelFrame = () => panelIn(gDevTools.getToolboxForTab(inspected).doc);
  const actor = () => panelFrame().browsingContext.currentWindowGlobal.getActor("MarionetteCommands");
  const find = (selector) => actor().findElement("css selector", selector, {});
  const noCapabilities = { toJSON: () => ({}) };
  const until = async (what, look) => {
    const end = Date.now() + 60000;
    for (;;) {
      const found = await look();
      if (found) return found;
      if (Date.now() > end) throw new Error("Waited in vain for " + what);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
`;

export interface FirefoxPanel {
  /** Runs `body`, the body of an async function of `args`, in the panel's document. */
  run<R = unknown>(body: string, ...args: readonly unknown[]): Promise<R>;
  click(selector: string): Promise<void>;
  /** Types `keys` (WebDriver's codes for keys that are no characters) into the element. */
  type(selector: string, keys: string): Promise<void>;
  screenshot(part: "panel" | "window"): Promise<Buffer>;
}

/** Opens the toolbox for the current tab and selects the extension's panel. */
export async function openFirefoxPanel(
  marionette: Marionette,
  extensionId: string,
  layout: "undocked" | "right" | "bottom",
  size: readonly [number, number] = [1400, 900],
): Promise<FirefoxPanel> {
  const tab = await marionette.chrome<number>("return gBrowser.selectedBrowser.browserId;");
  const inPanel = <R>(body: string, ...args: readonly unknown[]): Promise<R> =>
    marionette.chrome<R>(`${PANEL_LOOKUP} ${body}`, ...args, tab);

  await inPanel(
    `const [extensionId, hostType, size] = args;
     const toolbox = await gDevTools.showToolboxForTab(inspected, { toolId: "webconsole", hostType });
     if (hostType === "window") toolbox.topWindow.resizeTo(...size);
     const tool = await until("the extension's panel", () =>
       [...toolbox.panelDefinitions, ...toolbox.getAdditionalTools()].find((t) => t.extensionId === extensionId));
     await toolbox.selectTool(tool.id);
     await until("the panel's document", panelFrame);
     await until("the panel's load", async () =>
       await actor().executeScript("return document.readyState", [], {}) === "complete");`,
    extensionId,
    layout === "undocked" ? "window" : layout,
    size,
  );

  return {
    run: async (body, ...args) => {
      const value = await inPanel<string>(
        "return actor().executeScript(args[0], args[1], { async: true, timeout: 120_000 });",
        asyncScript(body),
        args,
      );
      return unwrap({ value }) as never;
    },
    click: (selector) =>
      inPanel("await actor().clickElement(await find(args[0]), noCapabilities);", selector),
    type: (selector, keys) =>
      inPanel(
        "await actor().sendKeysToElement(await find(args[0]), args[1], noCapabilities);",
        selector,
        keys,
      ),
    screenshot: async (part) =>
      Buffer.from(
        await inPanel<string>(
          `const panel = panelFrame().browsingContext;
           const shown = args[0] === "panel" ? panel : panel.topChromeWindow.browsingContext;
           const bitmap = await shown.currentWindowGlobal.drawSnapshot(null, 1, "white");
           const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
           canvas.getContext("2d").drawImage(bitmap, 0, 0);
           return new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()).toBase64();`,
          part,
        ),
        "base64",
      ),
  };
}

/** Closes the toolbox of the current tab, and with it the panel. */
export async function closeFirefoxToolbox(marionette: Marionette): Promise<void> {
  await marionette.chrome(`${PANEL_LOOKUP} await gDevTools.closeToolboxForTab(gBrowser.selectedTab);`);
}

/** Ends the extension's event page, as the browser does when it is idle; the next event starts it again. */
export async function endEventPage(marionette: Marionette, extensionId: string): Promise<void> {
  await marionette.chrome(
    `const { extension } = WebExtensionPolicy.getByID(args[0]);
     await extension.terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true });`,
    extensionId,
  );
}

/** From now on the browser takes every question for access as answered with yes. It still asks only in a click. */
export async function agreeToSites(marionette: Marionette): Promise<void> {
  await marionette.chrome('Services.prefs.setBoolPref("extensions.webextOptionalPermissionPrompts", false);');
}

/** Address of a page of the extension; its host is another in each profile. */
export function extensionPageUrl(marionette: Marionette, extensionId: string, page: string): Promise<string> {
  return marionette.chrome<string>(
    "return WebExtensionPolicy.getByID(args[0]).getURL(args[1]);",
    extensionId,
    page,
  );
}

/** Does what the browser does when the user allows the site. */
export async function grantSite(marionette: Marionette, extensionId: string, pattern: string): Promise<void> {
  await marionette.chrome(
    `const { ExtensionPermissions } = ChromeUtils.importESModule("resource://gre/modules/ExtensionPermissions.sys.mjs");
     const { extension } = WebExtensionPolicy.getByID(args[0]);
     await ExtensionPermissions.add(args[0], { permissions: [], origins: [args[1]] }, extension);`,
    extensionId,
    pattern,
  );
}
