import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { build, type InlineConfig } from "vite";
import type { CaptureEvent } from "../../core/src/capture-event.ts";
import type { FromPage } from "../../extension/channel/messages.ts";
import { extensionScriptConfig } from "../../vite.config.ts";
import { CHROMIUM_ARGUMENTS, requireBrowser, runsAsRoot } from "./browsers.ts";
import { LAST_WORDS, REPORT_BINDING, TELL_HOOK } from "./stand-in-names.ts";

/** A real Chromium in which the built page hook runs first in every document, as a content script would. */
export interface HookedChromium {
  readonly browser: Browser;
  open(options?: HookedPageOptions): Promise<HookedPage>;
  close(): Promise<void>;
}

export type ActReport = Exclude<FromPage, { type: "observed" }>;

export interface HookedPageOptions {
  /** Runs in every document before the hook, or behind it: other tools, in either order. */
  readonly before?: string;
  readonly after?: string;
  /** In place of the stand-in for a relay. */
  readonly relay?: string;
  /** "late": the hook runs when `install` is called. "none": a page without it. Default "first". */
  readonly hook?: "first" | "late" | "none";
}

export interface HookedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the hooks of all its documents reported so far, in order; bytes as lists of numbers. */
  readonly events: CaptureEvent[];
  /** What the hooks answered to acts, and what their faults have met. */
  readonly acts: ActReport[];
  /** Faults and messages of the page's console. */
  readonly complaints: string[];
  /** The last events of each document of this origin that has said its end: nothing else is heard of those then. */
  lastWords(): Promise<readonly CaptureEvent[]>;
  /** Runs the hook in the top document as it is now. */
  install(): Promise<void>;
  /** Says to the hook of the top document what a relay would say. */
  tell(message: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Built once for a test file: the very script that the extension loads. */
export async function openHookedChromium(): Promise<HookedChromium> {
  const config = extensionScriptConfig("unwritten", "page");
  const [hook, relay] = [await built(config), await built(withEntry(config, STAND_IN_RELAY))];
  const browser = await chromium.launch({
    executablePath: requireBrowser("chromium"),
    args: [...CHROMIUM_ARGUMENTS, ...(runsAsRoot ? ["--no-sandbox"] : [])],
    // Playwright's own choice; pages of users have the cache.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  return {
    browser,
    async open({ before = "", after = "", relay: other, hook: when = "first" } = {}) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const events: CaptureEvent[] = [];
      const acts: ActReport[] = [];
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      // A binding of the protocol rather than Playwright's: nothing of ours is on the window.
      const session = await context.newCDPSession(page);
      await session.send("Runtime.enable");
      await session.send("Runtime.addBinding", { name: REPORT_BINDING });
      session.on("Runtime.bindingCalled", ({ name, payload }) => {
        if (name !== REPORT_BINDING) return;
        const reported = JSON.parse(payload) as CaptureEvent | ActReport;
        if (reported.type === "act-answered" || reported.type === "fault-struck") acts.push(reported);
        else events.push(reported);
      });
      const first = when === "first" ? hook : "";
      await context.addInitScript({ content: `${before};${other ?? relay};${first};${after}` });
      return {
        page,
        context,
        events,
        acts,
        complaints,
        async lastWords() {
          const lines = await page.evaluate((key) => localStorage.getItem(key), LAST_WORDS);
          return (lines ?? "")
            .split("\n")
            .filter((line) => line !== "")
            .map((line) => JSON.parse(line) as CaptureEvent);
        },
        async install() {
          await page.evaluate(hook);
        },
        async tell(message) {
          await page.evaluate(([type, detail]) => document.dispatchEvent(new CustomEvent(type, { detail })), [
            TELL_HOOK,
            message,
          ] as const);
        },
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}

const STAND_IN_RELAY = fileURLToPath(new URL("stand-in-relay.ts", import.meta.url));

function withEntry(config: InlineConfig, entry: string): InlineConfig {
  return { ...config, build: { ...config.build, lib: { entry, name: "relay", formats: ["iife"] } } };
}

async function built(config: InlineConfig): Promise<string> {
  const result = await build({ ...config, build: { ...config.build, write: false } });
  const [bundle] = Array.isArray(result) ? result : [result];
  if (bundle === undefined || !("output" in bundle)) throw new Error("Vite built no script.");
  return bundle.output[0].code;
}

export interface PageServer {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  close(): Promise<void>;
}

/** A server on a free port that says what the test says. */
export async function startPageServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
): Promise<PageServer> {
  const server = createServer(answer);
  if (upgrade !== undefined) server.on("upgrade", upgrade);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export function sendPage(response: ServerResponse, html: string, headers: Record<string, string> = {}): void {
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    ...headers,
  });
  response.end(html);
}
