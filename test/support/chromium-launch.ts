import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BrowserContext, type BrowserType, chromium as bundled } from "playwright";
import { CHROMIUM_ARGUMENTS, requireBrowser } from "./browsers.ts";
import { createProfile } from "./throw-away-profile.ts";

// A devtools window is announced as a target of type "other"; Playwright makes a page of it only with this variable.
process.env["PW_CHROMIUM_ATTACH_TO_OTHER"] = "1";

/** "system": whatever the desktop says. */
export type Theme = "light" | "dark" | "system";

export interface LaunchOptions {
  /** Folder of the built extension; absent: a browser without it. */
  readonly extension?: string;
  readonly theme?: Theme;
  /** Where devtools sit. Undocked gives the panel a whole window of `size`. */
  readonly layout?: "undocked" | "right" | "bottom";
  readonly size?: readonly [width: number, height: number];
  readonly headless?: boolean;
  /** Playwright starts Chromium without its back/forward cache; true leaves it on. Firefox has its own always. */
  readonly backForwardCache?: boolean;
  /** More command line arguments (Chromium) or preferences as `name=json` (Firefox). */
  readonly flags?: readonly string[];
}

const DEVTOOLS_THEMES: Readonly<Record<Theme, string>> = {
  light: "default",
  dark: "dark",
  system: "systemPreferred",
};

export interface LaunchedChromium {
  readonly context: BrowserContext;
  readonly close: () => Promise<void>;
}

/**
 * Starts Chromium with a fresh profile and the extension in it. Pass the runner's own `playwright.chromium` for traces.
 * `viewport: null` keeps the devtools window at its own size.
 */
export async function launchChromium(
  options: LaunchOptions,
  browserType: BrowserType = bundled,
): Promise<LaunchedChromium> {
  const {
    extension,
    theme = "light",
    layout = "undocked",
    size = [1400, 900],
    headless = true,
    flags = [],
    backForwardCache = false,
  } = options;
  const profile = createProfile("chromium");
  writeDevtoolsSettings(profile.folder, {
    // Not the elements, which cost a start half a second of a processor: the tests want our panel.
    "panel-selected-tab": "console",
    currentDockState: layout,
    "ui-theme": DEVTOOLS_THEMES[theme],
  });
  const loadExtension =
    extension === undefined
      ? []
      : [`--load-extension=${extension}`, `--disable-extensions-except=${extension}`];
  try {
    const context = await browserType.launchPersistentContext(profile.folder, {
      executablePath: requireBrowser("chromium"),
      headless,
      ...(backForwardCache ? { ignoreDefaultArgs: ["--disable-back-forward-cache"] } : {}),
      viewport: null,
      colorScheme: theme === "system" ? null : theme,
      args: [...CHROMIUM_ARGUMENTS, ...loadExtension, `--window-size=${size.join(",")}`, ...flags],
    });
    return {
      context,
      close: async () => {
        try {
          await context.close();
        } finally {
          profile.remove();
        }
      },
    };
  } catch (error) {
    profile.remove();
    throw error;
  }
}

/** Devtools keep their settings in the profile's preferences, each as a JSON text. */
export function writeDevtoolsSettings(profile: string, settings: Readonly<Record<string, unknown>>): void {
  const preferences = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, JSON.stringify(value)]),
  );
  mkdirSync(join(profile, "Default"), { recursive: true });
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify({ devtools: { preferences } }));
}
