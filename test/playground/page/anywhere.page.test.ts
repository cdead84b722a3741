import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { staticFile } from "../../../playground/server/static-files.ts";
import {
  button,
  expectPage,
  openPlaygroundPages,
  type PlaygroundPages,
  result,
  SET_UP_LIMIT,
} from "./playground-page.ts";

let pages: PlaygroundPages;
let host: Server;
beforeAll(async () => {
  pages = await openPlaygroundPages();
  // A plain static host that serves the folder under a path of its own, with the policy of an extension's pages.
  host = createServer((request, response) => {
    const path = (request.url ?? "").replace(/^\/some\/where/, "");
    void staticFile(pages.folder, path).then((file) => {
      const policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src *";
      if (file === undefined || path === request.url) response.writeHead(404).end();
      else
        response
          .writeHead(200, { "content-type": file.type, "content-security-policy": policy })
          .end(file.content);
    });
  });
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
}, SET_UP_LIMIT);
afterAll(async () => {
  host.closeAllConnections();
  await new Promise((resolve) => host.close(resolve));
  await pages.close();
});

describe("the built playground", () => {
  test("works from any static host under any path, under a strict policy, and asks nobody else", async () => {
    const url = `http://127.0.0.1:${(host.address() as AddressInfo).port}/some/where/`;
    const { page, complaints, requests } = await pages.open({ url });
    await button(page, "Invoke").click();
    await expectPage(result(page, "Join")).toContainText("answered in");
    await expectPage(page.locator(".pg-header")).toHaveCSS("display", "flex");
    expect(complaints).toEqual([]);
    expect(requests.filter((asked) => !asked.startsWith(url) && !asked.startsWith("data:"))).toEqual([]);
    await page.context().close();
  });

  test("is the same in a frame that may store nothing", async () => {
    const { page } = await pages.open({ url: `${pages.server.url}demo/` });
    await page.route("**/framed", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<iframe sandbox="allow-scripts" src="http://127.0.0.1:${(host.address() as AddressInfo).port}/some/where/" width="1200" height="700"></iframe>`,
      }),
    );
    // An opaque origin may load module scripts only where the host allows it: served by the test instead.
    await page.route("**/some/where/**", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({
        response: answer,
        headers: {
          "content-type": answer.headers()["content-type"] ?? "",
          "access-control-allow-origin": "*",
        },
      });
    });
    await page.goto(`${pages.server.url}framed`);
    await expectPage(page.frameLocator("iframe").getByText("connected", { exact: true })).toBeVisible();
    await page.context().close();
  });

  test("fills in the address of a link and connects to nothing by itself", async () => {
    const { page, requests } = await pages.open({
      url: `${pages.server.url}#server=${encodeURIComponent(pages.server.hubUrl)}`,
    });
    await expectPage(page.getByLabel("Hub address")).toHaveValue(pages.server.hubUrl);
    expect(requests.some((url) => url.includes("/demo/hub"))).toBe(false);
    await button(page, "Connect").click();
    await expectPage(button(page, "Disconnect")).toBeVisible();
    await page.context().close();
  });
});

describe("the demo page for the panel", () => {
  test("connects by itself, and each of its buttons does something", async () => {
    const { page, complaints } = await pages.open({ url: pages.server.demoUrl });
    await expectPage(page.locator("#state")).toHaveText("connected, json");
    await expectPage(page.locator("#said")).toContainText("Welcome to lobby");
    const answer = page.locator("#answer");
    for (const [name, text] of [
      ["Upload 1 to 5 and sum", '"sum":15'],
      ["Add", "42"],
      ["Let the hub ask for a name", "Hello, Grace."],
      ["Fail with a text", "HubException: Order 88100 is already filled."],
      ["Crash", "An unexpected error occurred invoking 'Crash' on the server."],
      ["Call what is not there", "Method does not exist."],
      ["Stream that breaks", "The stream broke after 4 items"],
      ["Slow answer", "waited 1500 ms"],
    ] as const) {
      await button(page, name).click();
      await expectPage(answer).toContainText(text);
    }
    await button(page, "Stream MSFT").click();
    await expectPage(page.locator("#price")).toHaveText(/^MSFT \d+\.\d\d$/);
    await button(page, "Cancel").click();
    await button(page, "Connect with MessagePack").click();
    await expectPage(page.locator("#state")).toHaveText("connected, messagepack");
    await button(page, "Say").click();
    await expectPage(page.locator("#said")).toContainText("Hello from the page");
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
