import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { buildAll } from "../../playground/server/build.ts";
import { startDemoServer } from "../../playground/server/demo-server.ts";
import { EXTENSION_FOLDERS, firefoxExtensionId } from "../e2e/driver/extension-folders.ts";
import { type BrowserKind, requireBrowser, runsAsRoot } from "../support/browsers.ts";
import { endWithUs } from "../support/child-processes.ts";
import { writeDevtoolsSettings } from "../support/chromium-launch.ts";
import { launchFirefox } from "../support/firefox-launch.ts";
import { openFirefoxPanel } from "../support/firefox-panel.ts";
import { createProfile } from "../support/throw-away-profile.ts";

/**
 * `npm run open -- chromium|firefox`: that browser with the built extension, a throw-away profile, the demo page and
 * devtools. Ends, and takes everything with it, when the browser is closed or on Ctrl+C.
 */

interface OpenedBrowser {
  /** Resolves when the user has closed it. */
  readonly closed: Promise<unknown>;
  /** Ends the browser and removes its profile. */
  readonly close: () => Promise<void>;
}

async function main(kind: string | undefined): Promise<number> {
  if (kind !== "chromium" && kind !== "firefox") {
    console.error("Say which browser: npm run open -- chromium, or npm run open -- firefox.");
    return 2;
  }
  const refusal = whyNot(kind);
  if (refusal !== undefined) {
    console.error(refusal);
    return 1;
  }
  await buildAll();
  const server = await startDemoServer({ port: 0 });
  try {
    const browser = await (kind === "chromium" ? openChromium : openFirefox)(server.demoUrl);
    console.log(
      `${kind} shows ${server.demoUrl}. In DevTools, choose the tab Hubscope. Close the browser, or press Ctrl+C, to end.`,
    );
    const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    await Promise.race([browser.closed, interrupted]);
    await browser.close();
  } finally {
    await server.close();
  }
  return 0;
}

function whyNot(kind: BrowserKind): string | undefined {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === "linux" && !DISPLAY && !WAYLAND_DISPLAY) {
    return "There is no display here (DISPLAY and WAYLAND_DISPLAY are empty): a browser cannot open a window. Run this in a desktop session, or under xvfb-run.";
  }
  try {
    requireBrowser(kind);
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

async function openChromium(url: string): Promise<OpenedBrowser> {
  const profile = createProfile("open");
  writeDevtoolsSettings(profile.folder, { currentDockState: "bottom" });
  const chromium = spawnQuietly(requireBrowser("chromium"), [
    `--user-data-dir=${profile.folder}`,
    `--load-extension=${EXTENSION_FOLDERS.chromium}`,
    "--auto-open-devtools-for-tabs",
    "--no-first-run",
    "--no-default-browser-check",
    ...(runsAsRoot ? ["--no-sandbox"] : []),
    url,
  ]);
  const closed = once(chromium, "exit");
  return {
    closed,
    close: async () => {
      chromium.kill();
      await closed;
      profile.remove();
    },
  };
}

async function openFirefox(url: string): Promise<OpenedBrowser> {
  const {
    marionette,
    process: firefox,
    close,
  } = await launchFirefox({
    extension: EXTENSION_FOLDERS.firefox,
    headless: false,
    theme: "system",
  });
  const closed = once(firefox, "exit");
  await marionette.send("WebDriver:Navigate", { url });
  await openFirefoxPanel(marionette, firefoxExtensionId(), "bottom");
  return { closed, close };
}

function spawnQuietly(program: string, args: readonly string[]): ChildProcess {
  return endWithUs(spawn(program, args, { stdio: "ignore" }));
}

process.exitCode = await main(process.argv[2]);
