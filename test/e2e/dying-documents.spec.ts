import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { PanelDriver } from "./driver/panel-driver.ts";
import { expect, test } from "./fixtures.ts";

/** Documents that are gone before anybody has asked them for their recording: it is in the panel all the same, once. */
let server: Server;
let origin = "";

test.beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    if (url.pathname === "/hub/negotiate") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        '{"connectionId":"c","connectionToken":"tok","negotiateVersion":1,"availableTransports":[]}',
      );
      return;
    }
    response.writeHead(200, { "content-type": "text/html" });
    const script = `<script>(${String(failAndGo)})(${JSON.stringify(url.searchParams.get("how"))})</script>`;
    response.end(
      `<!doctype html><link rel="icon" href="data:,">${url.pathname === "/dying" ? script : "<title>Alive</title>"}`,
    );
  });
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => {
    server.close(done);
  });
});

for (const log of ["kept", "of this page alone"]) {
  test(`a frame that goes as soon as it has failed is in a log that is ${log}`, async ({ tab }) => {
    await tab.goto(`${origin}/alive`);
    const panel = await tab.openPanel();
    if (log === "kept") await panel.clickNamed("checkbox", "Preserve log");
    const hows = ["fails and is removed", "fails and moves on", "is removed at once", "moves on at once"];
    for (const [at, how] of hows.entries()) {
      await tab.evaluate(appendFrame, `/dying?how=${encodeURIComponent(how)}`);
      await expect.poll(() => negotiates(panel), how).toBe(at + 1);
    }
    // A refused connection is one that failed, whoever is told of it.
    const ends = (await types(panel)).filter((type) => type !== "negotiate");
    expect(ends.filter((type) => type === "close")).toHaveLength(2);
    expect(await negotiates(panel)).toBe(hows.length);
  });
}

test("a page that goes on as soon as it has failed is in a log that is kept", async ({ tab }) => {
  await tab.goto(`${origin}/alive`);
  const panel = await tab.openPanel();
  await panel.clickNamed("checkbox", "Preserve log");
  await tab.goto(`${origin}/dying?how=${encodeURIComponent("moves on at once")}`);
  await expect.poll(async () => (await types(panel)).filter((type) => type === "navigated").length).toBe(2);
  await expect.poll(() => negotiates(panel)).toBe(1);
});

async function types(panel: PanelDriver): Promise<readonly string[]> {
  return (await panel.allRows()).map(({ cells }) => cells["Type"] ?? "");
}

async function negotiates(panel: PanelDriver): Promise<number> {
  return (await types(panel)).filter((type) => type === "negotiate").length;
}

// Functions for the page: each is sent as source text.

function appendFrame(src: string): void {
  const frame = document.createElement("iframe");
  frame.src = src;
  document.body.append(frame);
}

/** In the document: one negotiate, one connect that is refused, and away. */
async function failAndGo(how: string): Promise<void> {
  const answer = await fetch("/hub/negotiate?negotiateVersion=1", { method: "POST" });
  await answer.text();
  if (how.includes("fails")) {
    const socket = new WebSocket("ws://127.0.0.1:1/hub?id=tok");
    await new Promise((done) => {
      socket.onclose = done;
    });
  }
  if (how.includes("removed")) window.frameElement?.remove();
  else location.href = "/alive?next";
}
