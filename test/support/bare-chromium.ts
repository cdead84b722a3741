import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHROMIUM_ARGUMENTS, requireBrowser, runsAsRoot } from "./browsers.ts";
import { ended, endWithUs } from "./child-processes.ts";
import { writeDevtoolsSettings } from "./chromium-launch.ts";
import { type ChromiumTargets, connectToTargets } from "./chromium-targets.ts";
import { createProfile } from "./throw-away-profile.ts";
import { until } from "./until.ts";

export interface BareChromium {
  readonly targets: ChromiumTargets;
  close(): Promise<void>;
}

/**
 * Chromium as its user starts it, with nobody attached to its pages. Playwright attaches to each and switches features off
 * for it: a page that is prerendered there is never shown.
 */
export async function launchBareChromium(extension: string): Promise<BareChromium> {
  const profile = createProfile("chromium");
  writeDevtoolsSettings(profile.folder, { currentDockState: "undocked" });
  const chromium = endWithUs(
    spawn(
      requireBrowser("chromium"),
      [
        ...CHROMIUM_ARGUMENTS,
        ...(runsAsRoot ? ["--no-sandbox"] : []),
        "--headless",
        "--disable-features=DisableLoadExtensionCommandLineSwitch",
        `--load-extension=${extension}`,
        `--disable-extensions-except=${extension}`,
        "--remote-debugging-port=0",
        `--user-data-dir=${profile.folder}`,
        "about:blank",
      ],
      { stdio: "ignore" },
    ),
  );
  let targets: ChromiumTargets | undefined;
  const close = async () => {
    if (targets === undefined) chromium.kill();
    else await targets.endBrowser();
    await ended(chromium, 10_000);
    profile.remove();
  };
  try {
    // Port and path, a line each: written when the browser listens.
    const file = join(profile.folder, "DevToolsActivePort");
    const address = await until("Chromium to listen", () => {
      const [port, path] = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
      return path ? `ws://127.0.0.1:${port}${path}` : undefined;
    });
    targets = await connectToTargets(address);
    return { targets, close };
  } catch (error) {
    await close();
    throw error;
  }
}
