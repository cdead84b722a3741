import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireBrowser } from "./browsers.ts";
import { ended, endWithUs } from "./child-processes.ts";
import type { LaunchOptions } from "./chromium-launch.ts";
import { hasCaches, keepCaches, useCaches } from "./firefox-caches.ts";
import { connectMarionette, type Marionette } from "./firefox-marionette.ts";
import { createProfile, type ThrowAwayProfile } from "./throw-away-profile.ts";
import { until } from "./until.ts";

/** A quiet start and no talk with the outside. Port 0 lets Firefox choose; it writes the port into the profile. */
const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  "marionette.port": 0,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.tabs.warnOnClose": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "toolkit.telemetry.reportingpolicy.firstRun": false,
  "app.update.enabled": false,
  "devtools.everOpened": true,
  "devtools.aboutdevtools.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "extensions.update.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "toolkit.telemetry.enabled": false,
  "datareporting.healthreport.uploadEnabled": false,
  "app.normandy.enabled": false,
  "browser.newtabpage.enabled": false,
  "browser.pagethumbnails.capturing_disabled": true,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "media.gmp-manager.updateEnabled": false,
};

export interface LaunchedFirefox {
  readonly marionette: Marionette;
  readonly process: ChildProcess;
  readonly close: () => Promise<void>;
}

/** Starts Firefox with a fresh profile and the extension as a temporary add-on. */
export async function launchFirefox(options: LaunchOptions): Promise<LaunchedFirefox> {
  const profile = createProfile("firefox");
  useCaches(requireBrowser("firefox"), profile.folder);
  return launchIn(profile, options);
}

/** Starts and ends Firefox once, so that the starts of the tests find its caches; does nothing where they are there. */
export async function prepareFirefox(): Promise<void> {
  const path = requireBrowser("firefox");
  if (hasCaches(path)) return;
  const profile = createProfile("firefox");
  const { marionette, process: firefox, close } = await launchIn(profile, {});
  try {
    await marionette.chrome(OPEN_TOOLBOX);
    // It may hang up before it answers. Told to quit by force it would write nothing.
    marionette.send("Marionette:Quit", { flags: ["eAttemptQuit"] }).catch(() => undefined);
    await ended(firefox, 30_000);
    keepCaches(path, profile.folder);
  } finally {
    await close();
  }
}

const OPEN_TOOLBOX = `
  const { require } = ChromeUtils.importESModule("resource://devtools/shared/loader/Loader.sys.mjs");
  const { gDevTools } = require("devtools/client/framework/devtools");
  await gDevTools.showToolboxForTab(gBrowser.selectedTab, { toolId: "webconsole", hostType: "bottom" });
  await gDevTools.closeToolboxForTab(gBrowser.selectedTab);
`;

async function launchIn(profile: ThrowAwayProfile, options: LaunchOptions): Promise<LaunchedFirefox> {
  const { extension, theme = "light", size = [1400, 900], headless = true, flags = [] } = options;
  const preferences = {
    ...PREFERENCES,
    "devtools.theme": theme === "system" ? "auto" : theme,
    // 0 dark, 1 light, 2 as the system says.
    "layout.css.prefers-color-scheme.content-override": { dark: 0, light: 1, system: 2 }[theme],
    ...Object.fromEntries(flags.map(parsePreference)),
  };
  const lines = Object.entries(preferences).map(
    ([n, v]) => `user_pref(${JSON.stringify(n)}, ${JSON.stringify(v)});`,
  );
  writeFileSync(join(profile.folder, "user.js"), lines.join("\n"));

  const [width, height] = size.map(String) as [string, string];
  const firefox = endWithUs(
    spawn(
      requireBrowser("firefox"),
      // The second argument is what allows scripts with the browser's own privileges, which devtools need.
      ["--marionette", "--remote-allow-system-access", "--no-remote", "--profile", profile.folder].concat(
        "--width",
        width,
        "--height",
        height,
        headless ? "--headless" : [],
        "about:blank",
      ),
      {
        stdio: "ignore",
        env: {
          ...process.env,
          // A window finds its display's key in the real one.
          ...(headless ? { HOME: profile.folder } : {}),
          MOZ_HEADLESS_WIDTH: width,
          MOZ_HEADLESS_HEIGHT: height,
        },
      },
    ),
  );
  let marionette: Marionette | undefined;
  const close = async () => {
    // Firefox may hang up before it answers.
    marionette?.send("Marionette:Quit", { flags: ["eForceQuit"] }).catch(() => undefined);
    await ended(firefox, marionette === undefined ? 0 : 5000);
    marionette?.disconnect();
    profile.remove();
  };
  try {
    marionette = await connectMarionette(await portOf(profile.folder, firefox));
    await marionette.send("WebDriver:NewSession", { capabilities: { alwaysMatch: {} } });
    await marionette.send("WebDriver:SetTimeouts", { script: 120_000, pageLoad: 30_000, implicit: 0 });
    if (extension !== undefined) await marionette.send("Addon:Install", { path: extension, temporary: true });
    return { marionette, process: firefox, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function portOf(profile: string, firefox: ChildProcess): Promise<number> {
  const file = join(profile, "MarionetteActivePort");
  return until(
    "Firefox's Marionette port",
    () => {
      if (firefox.exitCode !== null)
        throw new Error(`Firefox ended with code ${firefox.exitCode} while starting.`);
      return existsSync(file) ? Number(readFileSync(file, "utf8")) : undefined;
    },
    60_000,
  );
}

function parsePreference(flag: string): [name: string, value: string | number | boolean] {
  const equals = flag.indexOf("=");
  return [flag.slice(0, equals), JSON.parse(flag.slice(equals + 1)) as string | number | boolean];
}
