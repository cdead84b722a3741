import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright";
import { build } from "vite";
import { vi } from "vitest";
import { type DemoServer, startDemoServer } from "../../../playground/server/demo-server.ts";
import { playgroundConfig } from "../../../vite.config.ts";

/** The playground as built, served as `npm start` serves it, in a real Chromium. */
export interface PlaygroundPages {
  readonly server: DemoServer;
  /** Where the built files are. */
  readonly folder: string;
  readonly browser: Browser;
  /** A fresh visitor. What the page complains of ends up in `complaints`. */
  open(options?: { readonly url?: string; readonly context?: BrowserContextOptions }): Promise<OpenedPage>;
  close(): Promise<void>;
}

export interface OpenedPage {
  readonly page: Page;
  /** Faults, errors of the console and violations of the content security policy. */
  readonly complaints: readonly string[];
  /** Addresses of all requests and WebSockets. */
  readonly requests: readonly string[];
}

export const SET_UP_LIMIT = 120_000;

/** Waits for what a page comes to show; generous, because other suites use the machine at the same time. */
export const expectPage = expect.configure({ timeout: 30_000 });
vi.setConfig({ testTimeout: 120_000 });

export async function openPlaygroundPages(): Promise<PlaygroundPages> {
  const folder = await mkdtemp(join(tmpdir(), "hubscope-playground-"));
  const config = playgroundConfig();
  // A folder of its own: other tests may be building at the same time.
  await build({ ...config, build: { ...config.build, outDir: folder } });
  const server = await startDemoServer({ port: 0, playground: folder });
  const browser = await chromium.launch({
    executablePath: process.env["HUBSCOPE_CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    server,
    folder,
    browser,
    async open({ url = server.url, context = {} } = {}) {
      const visitor = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...context });
      const page = await visitor.newPage();
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => requests.push(request.url()));
      page.on("websocket", (socket) => requests.push(socket.url()));
      await page.goto(url);
      return { page, complaints, requests };
    },
    async close() {
      await browser.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Fills the composer, as a person does. */
export async function compose(page: Page, target: string, args: string): Promise<void> {
  await page.getByLabel("Target", { exact: true }).fill(target);
  await page.getByLabel("Arguments").fill(args);
}

export function button(page: Page, name: string) {
  return page.getByRole("button", { name, exact: true });
}

/** The newest result of a target. */
export function result(page: Page, target: string) {
  return page.getByRole("article", { name: new RegExp(`^${target},`) }).first();
}

/** A row of the inspector's log. */
export function logRow(page: Page, text: RegExp) {
  return page.getByRole("grid").getByRole("row").filter({ hasText: text });
}

export async function connectTo(
  page: Page,
  address: string,
  options: { readonly protocol?: "JSON" | "MessagePack"; readonly token?: string } = {},
): Promise<void> {
  await page.getByRole("radio", { name: "My server" }).check();
  await page.getByLabel("Hub address").fill(address);
  await page.getByRole("radio", { name: options.protocol ?? "JSON", exact: true }).check();
  if (options.token !== undefined) {
    await page.getByRole("radio", { name: "Token", exact: true }).check();
    await page.getByLabel(/Bearer token/).fill(options.token);
  }
  await button(page, "Connect").click();
}
