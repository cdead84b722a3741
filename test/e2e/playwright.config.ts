import { defineConfig } from "@playwright/test";
import type { ProjectOptions } from "./fixtures.ts";

/**
 * Every spec runs in real Chromium and in real Firefox; what is tagged `@chromium` or `@firefox` needs something that only
 * that one has. Two workers: a test waits most of its time.
 */
export default defineConfig<ProjectOptions>({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../../test-results/e2e",
  // Limits that say "it hangs" and not "it is slow": what is waited for comes in a second or two.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  workers: Number(process.env["HUBSCOPE_WORKERS"] ?? 2),
  // Real browsers on a busy machine: what passes only when tried again is named at the end of the run, so that it is mended.
  retries: process.env["CI"] === undefined ? 0 : 2,
  forbidOnly: process.env["CI"] !== undefined,
  reporter: [
    ["list"],
    ["json", { outputFile: process.env["HUBSCOPE_REPORT"] ?? "../../test-results/e2e.json" }],
  ],
  // A trace costs each action a picture: on CI only what is tried again has one.
  use: { trace: process.env["CI"] === undefined ? "retain-on-failure" : "on-first-retry" },
  projects: [
    { name: "chromium", grepInvert: /@firefox/, use: { inspected: "chromium" } },
    { name: "firefox", grepInvert: /@chromium/, use: { inspected: "firefox" } },
  ],
});
