import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { build } from "vite";
import type { CaptureEvent } from "../../core/src/capture-event.ts";
import { extensionScriptConfig } from "../../vite.config.ts";
import { CHROMIUM_ARGUMENTS, requireBrowser, runsAsRoot } from "./browsers.ts";

/** A real Chromium in which the built page hook runs first in every document, as a content script would. */
export interface HookedChromium {
  readonly browser: Browser;
  /** A tab. `before` runs in every document before the hook, `after` behind it: other tools, in either order. */
  open(options?: { readonly before?: string; readonly after?: string }): Promise<HookedPage>;
  close(): Promise<void>;
}

export interface HookedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the hooks of all its documents reported so far, in order; bytes as lists of numbers. */
  readonly events: CaptureEvent[];
  /** Faults and messages of the page's console. */
  readonly complaints: string[];
  /** Says to the hook of the top document what a relay would say. */
  tell(message: unknown): Promise<void>;
  close(): Promise<void>;
}

const REPORT = "hubscopeTestReport";

/** Built once for a test file: the very script that the extension loads. */
export async function openHookedChromium(): Promise<HookedChromium> {
  const hook = await builtHook();
  const browser = await chromium.launch({
    executablePath: requireBrowser("chromium"),
    args: [...CHROMIUM_ARGUMENTS, ...(runsAsRoot ? ["--no-sandbox"] : [])],
  });
  return {
    browser,
    async open({ before = "", after = "" } = {}) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const events: CaptureEvent[] = [];
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      // A binding of the protocol rather than Playwright's: it also delivers for a document that is just going.
      const session = await context.newCDPSession(page);
      await session.send("Runtime.enable");
      await session.send("Runtime.addBinding", { name: REPORT });
      session.on("Runtime.bindingCalled", ({ name, payload }) => {
        if (name === REPORT) events.push(JSON.parse(payload) as CaptureEvent);
      });
      await context.addInitScript({
        content: `${before};(${standInForRelay})("${REPORT}");${hook};${after}`,
      });
      return {
        page,
        context,
        events,
        complaints,
        async tell(message) {
          await page.evaluate(
            (text) => document.dispatchEvent(new CustomEvent("test:tell", { detail: text })),
            JSON.stringify(message),
          );
        },
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}

async function builtHook(): Promise<string> {
  const config = extensionScriptConfig("unwritten", "page");
  const built = await build({ ...config, build: { ...config.build, write: false } });
  const [bundle] = Array.isArray(built) ? built : [built];
  if (bundle === undefined || !("output" in bundle)) throw new Error("Vite built no hook.");
  return bundle.output[0].code;
}

/** Takes the hook's node as a relay does. Sent as source text; writes JSON by itself, which no page can disturb. */
const standInForRelay = String((binding: string) => {
  const report = (globalThis as unknown as Record<string, (text: string) => void>)[binding];
  Reflect.deleteProperty(globalThis, binding);
  const listen = Function.prototype.call.bind(EventTarget.prototype.addEventListener);
  const dispatch = Function.prototype.call.bind(EventTarget.prototype.dispatchEvent);
  const { stringify } = JSON;
  const OwnEvent = CustomEvent;
  const { isView } = ArrayBuffer;
  const written = (value: unknown): string => {
    if (typeof value !== "object" || value === null) return stringify(value) ?? "null";
    const isList = Array.isArray(value) || isView(value);
    let text = "";
    for (const key of Object.keys(value)) {
      const item = (value as Record<string, unknown>)[key];
      if (item === undefined) continue;
      text += `${text === "" ? "" : ","}${isList ? "" : `${stringify(key)}:`}${written(item)}`;
    }
    return isList ? `[${text}]` : `{${text}}`;
  };
  let node: EventTarget | undefined;
  const take = (event: Event) => {
    const offered = (event as MouseEvent).relatedTarget;
    if (node !== undefined || offered === null) return;
    node = offered;
    listen(node, "from-hook", ({ detail }: CustomEvent<{ body: { event: unknown } }>) => {
      report?.(written(detail.body.event));
    });
    dispatch(node, new Event("taken"));
  };
  listen(document, "hubscope:node-offered", take);
  listen(document, "test:tell", ({ detail }: CustomEvent<string>) => {
    if (node !== undefined) dispatch(node, new OwnEvent("from-relay", { detail }));
  });
});

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
