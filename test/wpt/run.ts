import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { InspectedBrowser, InspectedTab } from "../e2e/driver/inspected-browser.ts";
import type { WptResult } from "./differences.ts";
import { WPT_ORIGINS } from "./hosts.ts";
import type { WptTest } from "./manifest.ts";

export interface WptRunOptions {
  readonly open: () => Promise<InspectedBrowser>;
  /** How many windows a browser has open at once. */
  readonly atOnce: number;
  /** All in one window, with devtools open on it and the panel shown. */
  readonly hasPanel: boolean;
  readonly progress: (done: number) => void;
}

interface RunnerWindow {
  readonly wptRun: { readonly results: readonly WptResult[]; readonly isOver: boolean };
  runWpt(tests: readonly WptTest[], options: object): Promise<void>;
}

const RUNNER = readFileSync(new URL("runner.js", import.meta.url), "utf8");
/** A browser is left after so many: what tests leave behind does not pile up. */
const CHUNK = 120;
/** Milliseconds beyond the time that testharness.js itself gives a test. */
const PATIENCE = 5_000;
const SILENCE = 180_000;

/** Runs the tests in a browser, one fresh browser after the other. */
export async function runWpt(
  tests: readonly WptTest[],
  options: WptRunOptions,
): Promise<readonly WptResult[]> {
  const results: WptResult[] = [];
  for (let at = 0; at < tests.length; at += CHUNK) {
    const browser = await options.open();
    try {
      results.push(...(await runChunk(browser, tests.slice(at, at + CHUNK), options)));
    } finally {
      await browser.close();
    }
    options.progress(results.length);
  }
  return results;
}

async function runChunk(
  browser: InspectedBrowser,
  tests: readonly WptTest[],
  { atOnce, hasPanel }: WptRunOptions,
): Promise<readonly WptResult[]> {
  const tab = browser.firstTab;
  await tab.evaluate((source) => {
    new Function(source)();
  }, RUNNER);
  const run = {
    origins: WPT_ORIGINS,
    atOnce: hasPanel ? 1 : atOnce,
    // Devtools are of one window. In Firefox a new one takes longer than most tests.
    keepsWindow: hasPanel || browser.kind === "firefox",
    patience: PATIENCE,
  };
  if (hasPanel) await showPanel(browser, tab);
  await tab.evaluate(
    (given, how) => {
      void (window as unknown as RunnerWindow).runWpt(given, how);
    },
    tests,
    run,
  );
  let done = -1;
  let heardAt = Date.now();
  while (Date.now() - heardAt < SILENCE) {
    // Asking takes the browser's time: it is not asked more often than needed.
    await pause(1_000);
    const [count, isOver] = await tab.evaluate(() => {
      const { results, isOver } = (window as unknown as RunnerWindow).wptRun;
      return [results.length, isOver] as const;
    });
    if (isOver) break;
    if (count !== done) heardAt = Date.now();
    done = count;
  }
  return tab.evaluate(() => (window as unknown as RunnerWindow).wptRun.results);
}

/** On the window that all tests run in. */
async function showPanel(browser: InspectedBrowser, tab: InspectedTab): Promise<void> {
  const blank = "/common/blank.html";
  await tab.evaluate((url) => {
    window.open(url, "wpt0", "width=800,height=600");
  }, WPT_ORIGINS.http + blank);
  const shown = await browser.tabAt(blank);
  await shown.openPanel();
}
