import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { CHROMIUM_ARGUMENTS, findBrowser, runsAsRoot } from "./support/browsers.ts";

const executablePath = findBrowser("chromium");

/** Tests in Node that talk to what is not ours: a real browser, a real server, the official client. */
const PEERS = [
  "test/**/*.page.test.ts",
  "test/servers/**/*.test.ts",
  "test/commands/serve-hooked.test.ts",
  "test/core/client/aspnetcore.test.ts",
  "test/core/client/in-a-page.test.ts",
  "test/core/hub/official-client.test.ts",
  "test/core/wire/vectors-in-firefox.test.ts",
];

/**
 * Limits that say "it hangs" and not "it is slow". Real browsers and servers on a busy machine have two more tries on CI; the
 * end of the run names what needed it. Pure logic has none.
 */
const LIMITS = { testTimeout: 60_000, hookTimeout: 120_000 };
const PEER_LIMITS = { ...LIMITS, retry: process.env["CI"] === undefined ? 0 : 2 };

/** `unit`: pure logic in Node; `peers`: the same with real browsers and servers; `browser`: in a real Chromium. */
export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    // Vitest would leave one processor to itself: on two, the one half of the run would wait for the other.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          environment: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.browser.test.*", ...PEERS],
          ...LIMITS,
        },
      },
      {
        extends: true,
        test: { name: "peers", environment: "node", include: PEERS, ...PEER_LIMITS },
      },
      {
        extends: true,
        // All of them named: one that is found while tests run would load their page again.
        optimizeDeps: {
          include: [
            "@preact/signals",
            "axe-core",
            "fast-check",
            "preact",
            "preact/hooks",
            "preact/jsx-dev-runtime",
            "preact/jsx-runtime",
          ],
        },
        test: {
          name: "browser",
          include: ["test/**/*.browser.test.{ts,tsx}"],
          ...PEER_LIMITS,
          expect: { poll: { timeout: 15_000 } },
          browser: {
            enabled: true,
            headless: true,
            // Beside the others one page at a time: the keyboard's focus is in one.
            fileParallelism: false,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                ...(executablePath === undefined ? {} : { executablePath }),
                args: [...CHROMIUM_ARGUMENTS, ...(runsAsRoot ? ["--no-sandbox"] : [])],
              },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
