import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildAll } from "../../playground/server/build.ts";
import { openChromium } from "../e2e/driver/chromium.ts";
import { EXTENSION_FOLDERS } from "../e2e/driver/extension-folders.ts";
import { openFirefox } from "../e2e/driver/firefox.ts";
import type { InspectedBrowser } from "../e2e/driver/inspected-browser.ts";
import type { BrowserKind } from "../support/browsers.ts";
import { buildPageHook } from "../support/build-page-hook.ts";
import { NO_RESULT, type WptDifference, type WptResult, wptDifferences } from "../wpt/differences.ts";
import { copyExtension } from "../wpt/extension.ts";
import { wptFlags } from "../wpt/hosts.ts";
import { readWptTests, type WptTest } from "../wpt/manifest.ts";
import { runWpt } from "../wpt/run.ts";

const USAGE = `npm run compare:wpt -- --checkout DIR [--browser chromium|firefox] [--shipped] [--panel] [--at-once N] [--json FILE] FOLDER...
DIR is a checkout of web-platform-tests whose \`wpt serve\` is running and whose \`wpt manifest\` has been made.`;

/** What differed must differ each of these times, both browsers with nothing else open, to be more than chance. */
const AGAIN = 2;

/**
 * `npm run compare:wpt`: runs web-platform-tests in a browser without the extension and with it, and names what comes
 * out otherwise. Ends with 1 where something does.
 */
async function main(): Promise<number> {
  const { values, positionals: folders } = parseArgs({
    allowPositionals: true,
    options: {
      checkout: { type: "string" },
      browser: { type: "string", default: "chromium" },
      shipped: { type: "boolean", default: false },
      panel: { type: "boolean", default: false },
      "at-once": { type: "string", default: "3" },
      json: { type: "string" },
    },
  });
  const { checkout, browser, shipped, panel: hasPanel, json } = values;
  const atOnce = Number(values["at-once"]);
  if (checkout === undefined || folders.length === 0 || !isBrowser(browser) || !(atOnce >= 1)) {
    console.error(USAGE);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "hubscope-wpt-"));
  try {
    const extension = join(folder, "extension");
    await buildAll();
    copyExtension(
      EXTENSION_FOLDERS[browser],
      extension,
      shipped ? undefined : await buildPageHook({ isBusy: true }),
    );
    const report = await compare(readWptTests(resolve(checkout), folders), {
      plain: opener(browser, false),
      hooked: opener(browser, extension),
      atOnce,
      hasPanel,
    });
    if (json !== undefined) writeFileSync(json, JSON.stringify(report, null, 1));
    return say(report);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Comparison {
  readonly plain: () => Promise<InspectedBrowser>;
  readonly hooked: () => Promise<InspectedBrowser>;
  readonly atOnce: number;
  readonly hasPanel: boolean;
}

interface Report {
  readonly pages: number;
  readonly subtests: number;
  /** Pages that told nothing natively either. */
  readonly silent: readonly string[];
  /** What differed once, and not again. */
  readonly byChance: readonly string[];
  readonly differences: readonly WptDifference[];
}

async function compare(
  tests: readonly WptTest[],
  { plain, hooked, atOnce, hasPanel }: Comparison,
): Promise<Report> {
  const run = (name: string, open: Comparison["plain"], what: readonly WptTest[], windows: number) =>
    runWpt(what, {
      open,
      atOnce: windows,
      hasPanel: hasPanel && open === hooked,
      progress: (done) => console.log(`${name}: ${done} of ${what.length} pages`),
    });
  const natively = await run("without", plain, tests, atOnce);
  const told = natively.filter(({ status }) => status !== NO_RESULT);
  const asked = tests.filter(({ path }) => told.some((result) => result.path === path));
  const first = wptDifferences(told, await run("with", hooked, asked, atOnce));

  let differences = first;
  for (let time = 1; time <= AGAIN && differences.length > 0; time++) {
    const paths = new Set(differences.map(({ path }) => path));
    const again = asked.filter(({ path }) => paths.has(path));
    const before = await run(`without, time ${time + 1}`, plain, again, 1);
    differences = wptDifferences(before, await run(`with, time ${time + 1}`, hooked, again, 1));
  }
  const lasting = new Set(differences.map(({ path }) => path));
  return {
    pages: told.length,
    subtests: told.reduce((sum: number, { subtests }: WptResult) => sum + subtests.length, 0),
    silent: natively.filter(({ status }) => status === NO_RESULT).map(({ path }) => path),
    byChance: first.map(({ path }) => path).filter((path) => !lasting.has(path)),
    differences,
  };
}

function opener(kind: BrowserKind, extension: false | string): () => Promise<InspectedBrowser> {
  const launch = { flags: wptFlags(kind), trustsAnyCertificate: true, extension };
  return () => (kind === "chromium" ? openChromium(launch) : openFirefox(launch));
}

function say({ pages, subtests, silent, byChance, differences }: Report): number {
  for (const { path, changes } of differences) {
    console.log(`\n${path}`);
    for (const change of changes) console.log(`  ${change}`);
  }
  console.log(
    `\n${pages} pages, ${subtests} subtests: ${differences.length} pages differ; ${byChance.length} by chance; ${silent.length} tell nothing in either.`,
  );
  return differences.length === 0 ? 0 : 1;
}

function isBrowser(name: string): name is BrowserKind {
  return name === "chromium" || name === "firefox";
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
