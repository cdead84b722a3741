import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDemoServer } from "../../../playground/server/demo-server.ts";
import { type FaultyServer, startFaultyServer } from "./faulty-servers.ts";
import {
  button,
  connectTo,
  expectPage,
  openPlaygroundPages,
  type PlaygroundPages,
  SET_UP_LIMIT,
} from "./playground-page.ts";

let pages: PlaygroundPages;
let faulty: FaultyServer;
beforeAll(async () => {
  [pages, faulty] = await Promise.all([openPlaygroundPages(), startFaultyServer()]);
}, SET_UP_LIMIT);
afterAll(() => Promise.all([pages.close(), faulty.close()]));

/** What the page says of an address. */
async function failureAt(
  address: string,
  options: { readonly token?: string; readonly protocol?: "JSON" | "MessagePack"; readonly skip?: true } = {},
): Promise<string> {
  const { page } = await pages.open();
  await page.getByRole("radio", { name: "My server" }).check();
  if (options.skip) await page.getByLabel("Skip negotiation").check();
  await connectTo(page, address, options);
  const alert = page.getByRole("alert");
  await expectPage(alert).toBeVisible();
  await expectPage(button(page, "Connect")).toBeVisible();
  const text = (await alert.textContent()) ?? "";
  await page.context().close();
  return text;
}

describe("an address that is none", () => {
  test.for([
    ["", "There is no address yet."],
    ["/hubs/chat", "The address has no scheme and host."],
    ["localhost:5000/hub", "The address does not begin with http:// or https://."],
    ["https://host:99999/hub", "This is not an address"],
    ["https://user:password@host/hub", "holds a user name or password"],
  ] as const)("'%s': %s", async ([address, sentence]) => {
    expect(await failureAt(address)).toContain(sentence);
  });
});

describe("a server that does exactly this", () => {
  test.for([
    ["/page", "but it is not SignalR"],
    ["/nowhere", "has no hub at /nowhere (404)"],
    ["/401", "requires authorisation (401). Choose Token"],
    ["/403", "does not let you use this hub (403)"],
    ["/500", "failed with status 500"],
    ["/503", "502 to 504 mean that the proxy does not reach the server"],
    ["/418", "refused to negotiate with status 418"],
    ["/classic", "classic ASP.NET SignalR server"],
    ["/full", "The house is full."],
    ["/polling", "does not offer WebSockets, only LongPolling"],
    ["/refuses-socket", "The server is there, but the WebSocket could not be opened."],
    ["/rejects", "does not speak the chosen hub protocol"],
    ["/echoes", "no SignalR handshake came back"],
    ["/drops", "The connection was lost."],
    ["/closes", "closed the connection with an error"],
    ["/no-cors", "does not allow pages from"],
    ["/wildcard", "clear Send cookies"],
  ] as const)("%s: %s", async ([path, sentence]) => {
    expect(await failureAt(faulty.url + path)).toContain(sentence);
  });

  test("/401 with a token: the token is at fault", async () => {
    expect(await failureAt(`${faulty.url}/401`, { token: "x" })).toContain("did not accept the token (401)");
  });

  test("a redirect: where it leads", async () => {
    const text = await failureAt(`${faulty.url}/moved`);
    expect(text).toContain(`redirects to ${faulty.url}/418/negotiate`);
  });

  test("what is allowed without cookies connects without them", async () => {
    const { page } = await pages.open();
    await page.getByRole("radio", { name: "My server" }).check();
    await page.getByLabel("Send cookies").uncheck();
    await connectTo(page, `${faulty.url}/wildcard`);
    // Negotiate passes now; this server then refuses the WebSocket.
    await expectPage(page.getByRole("alert")).toContainText("the WebSocket could not be opened");
    await page.context().close();
  });

  test("skipped negotiation on a path without a hub", async () => {
    expect(await failureAt(`${faulty.url}/nowhere`, { skip: true })).toContain(
      "has no hub at /nowhere (404)",
    );
  });
});

describe("no server", () => {
  test("a port where nothing listens", async () => {
    const gone = await startDemoServer({ port: 0 });
    await gone.close();
    expect(await failureAt(gone.hubUrl)).toContain(`Nothing answers at ${new URL(gone.url).origin}.`);
    expect(await failureAt(gone.hubUrl, { skip: true })).toContain("Nothing answers at");
  });
});

test("what is no address has no phases of connecting", async () => {
  const { page } = await pages.open();
  await connectTo(page, "nowhere");
  await expectPage(page.getByRole("alert")).toBeVisible();
  await expectPage(page.getByRole("list", { name: "Phases of the connection" })).toHaveCount(0);
  await page.context().close();
});

describe("a page from https", () => {
  test("says that the browser blocks plain http on another machine", async () => {
    const context = await pages.browser.newContext();
    const page = await context.newPage();
    await page.route("https://play.example/**", async (route) => {
      const path = new URL(route.request().url()).pathname.replace(/\/$/, "/index.html");
      const contentType = path.endsWith(".js")
        ? "text/javascript"
        : path.endsWith(".css")
          ? "text/css"
          : "text/html";
      await route.fulfill({ contentType, body: await readFile(join(pages.folder, path)) });
    });
    await page.goto("https://play.example/");
    await connectTo(page, "http://hub.example/hub");
    await expectPage(page.getByRole("alert")).toContainText("The browser blocks http://hub.example");
    await context.close();
  });
});

describe("connecting that takes too long", () => {
  test("can be stopped, and is no failure", async () => {
    const { page } = await pages.open();
    let asked: () => void = () => undefined;
    const wasAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    // Never answered.
    await page.route("**/slow/negotiate**", () => asked());
    await connectTo(page, `${pages.server.url}slow`);
    await wasAsked;
    await button(page, "Stop connecting").click();
    await expectPage(button(page, "Connect")).toBeVisible();
    await expectPage(page.getByRole("alert")).toHaveCount(0);
    await page.context().close();
  });
});
