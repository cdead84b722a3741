import { existsSync, readFileSync } from "node:fs";
import {
  BROWSER_VARIABLE,
  type BrowserKind,
  findBrowser,
  howToInstall,
  runsAsRoot,
} from "../support/browsers.ts";
import { run, tool } from "./step.ts";

const DEBIAN_PACKAGES: Readonly<Record<BrowserKind, string>> = {
  chromium: "chromium",
  firefox: "firefox-esr",
};

/**
 * Finds the browsers, or installs what is missing: Debian's packages on Debian as root, elsewhere Playwright's own
 * Chromium. Afterwards the environment names those that are there. True when Chromium is: without Firefox its tests
 * are skipped, by name.
 */
export async function provideBrowsers(): Promise<boolean> {
  const missing = (["chromium", "firefox"] as const).filter((kind) => findBrowser(kind) === undefined);
  if (missing.length > 0) await install(missing);
  for (const kind of ["chromium", "firefox"] as const) {
    const path = findBrowser(kind);
    if (path !== undefined) process.env[BROWSER_VARIABLE[kind]] = path;
    console.log(path === undefined ? howToInstall(kind) : `${kind}: ${path}`);
  }
  return findBrowser("chromium") !== undefined;
}

async function install(missing: readonly BrowserKind[]): Promise<void> {
  if (isDebian() && runsAsRoot) {
    const packages = [...missing.map((kind) => DEBIAN_PACKAGES[kind]), "fonts-dejavu-core"];
    console.log(`Installing ${packages.join(", ")} with apt-get.`);
    const environment = { DEBIAN_FRONTEND: "noninteractive" };
    if (!(await run("apt-get", ["update", "-qq"], environment))) return;
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], environment);
  } else if (missing.includes("chromium")) {
    console.log("Installing Playwright's Chromium.");
    await run(tool("playwright"), ["install", "chromium"]);
  }
}

function isDebian(): boolean {
  return existsSync("/etc/os-release") && /^ID="?debian"?$/m.test(readFileSync("/etc/os-release", "utf8"));
}
