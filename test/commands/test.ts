import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildAspNetCoreServer, dotNetSkipReason } from "../support/aspnetcore-server.ts";
import { buildBlazorServer } from "../support/blazor-server.ts";
import { findBrowser } from "../support/browsers.ts";
import { prepareFirefox } from "../support/firefox-launch.ts";
import { provideBrowsers } from "./install-browsers.ts";
import { ROOT, run, step, stepBeside, tool } from "./step.ts";
import {
  add,
  NOTHING,
  type PlaywrightReport,
  skippedSuites,
  summary,
  type Tally,
  tallyPlaywright,
  tallyVitest,
} from "./tally.ts";

/**
 * `npm test`: type check, lint and build beside the browsers and the real servers, then unit and browser tests, then
 * end-to-end tests. `unit` and `e2e` run a part; arguments after `--` then go to its runner. With HUBSCOPE_REQUIRE_ALL=1 a
 * skipped test is a failure.
 */

const RESULTS = join(ROOT, "test-results");

function failedStep(name: string): Tally {
  return { ...NOTHING, failed: 1, failures: [name] };
}

type Part = "all" | "unit" | "e2e";

async function main(part: Part, runnerArguments: readonly string[]): Promise<number> {
  if (part === "all" && runnerArguments.length > 0) {
    console.log("Arguments go to one runner: use npm run test:unit -- … or npm run test:e2e -- …");
    return 2;
  }
  mkdirSync(RESULTS, { recursive: true });
  let total = NOTHING;
  const prepare = async (name: string, work: () => Promise<boolean>): Promise<boolean> => {
    const ok = await stepBeside(name, work);
    if (!ok) total = add(total, failedStep(name));
    return ok;
  };
  const count = async (
    name: string,
    report: string,
    tally: (text: string) => Tally,
    work: () => Promise<boolean>,
  ) => {
    const file = join(RESULTS, report);
    rmSync(file, { force: true });
    const ok = await step(name, work);
    const counted = existsSync(file) ? tally(readFileSync(file, "utf8")) : failedStep(name);
    // A runner that fails without a failed test (a global error, a leak) still fails.
    total = add(total, !ok && counted.failed === 0 ? add(counted, failedStep(name)) : counted);
  };

  const sources = async () => {
    if (part !== "e2e") {
      await prepare("Type check", () => run(tool("tsc"), ["-b"]));
      await prepare("Lint", () => run(tool("biome"), ["check", "."]));
    }
    return part === "unit" || prepare("Build", build);
  };
  if (dotNetSkipReason() !== undefined) console.log(`\n${dotNetSkipReason()}`);
  console.log("\n── Sources, browsers and servers");
  const [isBuilt, browsers] = await Promise.all([
    sources(),
    prepare("Browsers", browsersThatStart),
    dotNetSkipReason() === undefined && prepare("Build of the ASP.NET Core server", aspNetCoreServer),
  ]);
  // Wanted by the end-to-end tests alone, and much of its time is a download.
  const blazorServer =
    part !== "unit" && dotNetSkipReason() === undefined
      ? prepare("Build of the Blazor server", blazorServerOrNone)
      : undefined;

  if (part !== "e2e" && browsers) {
    await count(
      "Unit and browser tests",
      "unit.json",
      (text) => tallyVitest(JSON.parse(text), ROOT),
      () =>
        run(tool("vitest"), [
          ...["run", "--config", "test/vitest.config.ts", "--reporter=default", "--reporter=json"],
          `--outputFile.json=${join(RESULTS, "unit.json")}`,
          ...runnerArguments,
        ]),
    );
  }
  await blazorServer;
  if (part !== "unit" && browsers && isBuilt) {
    await count(
      "End-to-end tests",
      "e2e.json",
      (text) => tallyPlaywright(JSON.parse(text) as PlaywrightReport),
      () =>
        run(tool("playwright"), ["test", "--config", "test/e2e/playwright.config.ts", ...runnerArguments], {
          HUBSCOPE_REPORT: join(RESULTS, "e2e.json"),
        }),
    );
  }
  return conclude(total, runnerArguments.length === 0);
}

/** What keeps Firefox from starting here will be told by its tests. */
async function browsersThatStart(): Promise<boolean> {
  if (!(await provideBrowsers())) return false;
  if (findBrowser("firefox") !== undefined) await prepareFirefox().catch((error) => console.log(`${error}`));
  return true;
}

async function aspNetCoreServer(): Promise<boolean> {
  await buildAspNetCoreServer();
  return true;
}

/** Where its packages cannot be had, its tests say so themselves. */
async function blazorServerOrNone(): Promise<boolean> {
  await buildBlazorServer();
  return true;
}

async function build(): Promise<boolean> {
  const { buildAll } = await import("../../playground/server/build.ts");
  await buildAll();
  return true;
}

/** Prints what was skipped, what failed and the sum; the exit code. Tests that the user's own arguments left out are not named. */
function conclude(total: Tally, whole: boolean): number {
  const requireAll = process.env["HUBSCOPE_REQUIRE_ALL"] === "1" && whole;
  const suites = whole ? skippedSuites(total.skipped) : [];
  console.log("");
  for (const suite of suites)
    console.log(`${requireAll ? "Failed, because it was skipped" : "Skipped"}: ${suite}`);
  for (const test of total.retried) console.log(`Passed only when tried again: ${test}`);
  for (const test of total.failures) console.log(`Failed: ${test}`);
  const counted = requireAll ? { ...total, failed: total.failed + total.skipped.length, skipped: [] } : total;
  console.log(summary(counted));
  return counted.failed === 0 ? 0 : 1;
}

const [first, ...rest] = process.argv.slice(2);
const part: Part = first === "unit" || first === "e2e" ? first : "all";
process.exitCode = await main(part, part === "all" ? process.argv.slice(2) : rest);
