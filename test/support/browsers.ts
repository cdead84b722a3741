import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

export type BrowserKind = "chromium" | "firefox";

/**
 * Commands and places to look at, best first. Branded Chrome and Edge are not among them: since version 137 they
 * ignore `--load-extension`.
 */
const CANDIDATES: Readonly<Record<BrowserKind, readonly string[]>> = {
  chromium: ["chromium", "chromium-browser", "/Applications/Chromium.app/Contents/MacOS/Chromium"],
  firefox: [
    "firefox-esr",
    "firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
  ],
};

/** The environment variable that names the browser to use. */
export const BROWSER_VARIABLE: Readonly<Record<BrowserKind, string>> = {
  chromium: "HUBSCOPE_CHROMIUM",
  firefox: "HUBSCOPE_FIREFOX",
};

/** Quiet start, nothing that asks the network: what every headless Chromium of the tests is started with. */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Chromium's sandbox refuses to run as root. */
export const runsAsRoot: boolean = process.getuid?.() === 0;

/**
 * Path of the browser that the tests use: the one that the environment names, else the system's, else (Chromium only)
 * the one that Playwright installed. `undefined` where there is none that starts.
 */
export function findBrowser(kind: BrowserKind): string | undefined {
  const named = process.env[BROWSER_VARIABLE[kind]];
  if (named !== undefined && named !== "") {
    if (!existsSync(named))
      throw new Error(`${BROWSER_VARIABLE[kind]} names ${named}, which does not exist.`);
    return named;
  }
  const found = CANDIDATES[kind].map(onPath).find((path) => path !== undefined && starts(path));
  return found ?? (kind === "chromium" ? playwrightChromium() : undefined);
}

export function requireBrowser(kind: BrowserKind): string {
  const path = findBrowser(kind);
  if (path === undefined) throw new Error(howToInstall(kind));
  return path;
}

export function howToInstall(kind: BrowserKind): string {
  return kind === "chromium"
    ? "No Chromium was found: install the package chromium, or run npx playwright install chromium, or set HUBSCOPE_CHROMIUM to its path (branded Chrome cannot load an unpacked extension from the command line)."
    : "No Firefox was found: install the package firefox-esr or firefox, or set HUBSCOPE_FIREFOX to its path.";
}

function onPath(command: string): string | undefined {
  if (/[\\/]/.test(command)) return existsSync(command) ? command : undefined;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path));
}

/** Some distributions ship a stub that only says where to buy the browser; it does not print a version. */
function starts(path: string): boolean {
  const answer = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 20_000 });
  return answer.status === 0 && /\d+\.\d+/.test(answer.stdout);
}

function playwrightChromium(): string | undefined {
  const { chromium } = createRequire(import.meta.url)("playwright") as typeof import("playwright");
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}
