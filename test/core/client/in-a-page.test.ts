import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { negotiateAnswer } from "../../../core/src/hub/negotiate-answer.ts";
import { CHROMIUM_ARGUMENTS, findBrowser, runsAsRoot } from "../../support/browsers.ts";
import { createCallsHub } from "../hub/calls-hub.ts";

/** What the page's script leaves on its window; it is built from core/src/client/index.ts. */
interface Hubscope {
  readonly createHubClient: typeof import("../../../core/src/client/index.ts").createHubClient;
  readonly diagnose: typeof import("../../../core/src/client/index.ts").diagnose;
  readonly browserDiagnosisPorts: typeof import("../../../core/src/client/index.ts").browserDiagnosisPorts;
}

const executablePath = findBrowser("chromium");

describe.skipIf(executablePath === undefined)("the client in a page of a real Chromium", () => {
  const servers: Server[] = [];
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const script = await bundle();
    const site = await listen((request, response) => {
      const isScript = request.url === "/client.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.end(
        isScript ? script : "<!doctype html><title>page</title><script src='/client.js'></script>",
      );
    });
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [...CHROMIUM_ARGUMENTS, ...(runsAsRoot ? ["--no-sandbox"] : [])],
    });
    page = await browser.newPage();
    await page.goto(site);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function listen(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** A hub host; `cors` are the headers that it gives to every answer. */
  async function hubHost(
    cors: (request: IncomingMessage) => Readonly<Record<string, string>>,
  ): Promise<string> {
    const { hub } = createCallsHub();
    const origin = await listen((request, response) => {
      for (const [name, value] of Object.entries(cors(request))) response.setHeader(name, value);
      const { searchParams } = new URL(request.url ?? "/", "http://host");
      response.setHeader("content-type", "application/json");
      if (request.method === "OPTIONS") response.writeHead(204).end();
      else response.end(negotiateAnswer(searchParams, { connectionId: "public", connectionToken: "secret" }));
    });
    const sockets = new WebSocketServer({ server: servers.at(-1) });
    sockets.on("connection", (socket) => {
      const connection = hub.accept(socket);
      socket.on("message", (data: Buffer, isBinary) => {
        connection.receive({
          type: "payload",
          payload: isBinary ? new Uint8Array(data) : data.toString("utf8"),
        });
      });
      socket.on("close", (code) =>
        connection.receive({ type: "closed", code, reason: "", wasClean: code !== 1006 }),
      );
    });
    return origin;
  }

  const allowed = ({ headers }: IncomingMessage) => ({
    "access-control-allow-origin": headers.origin ?? "",
    "access-control-allow-credentials": "true",
    "access-control-allow-headers": "x-requested-with, authorization",
  });

  /** Starts a client in the page; resolves with the sum that the hub answers, or with the diagnosis. */
  function tryIn(url: string, protocol: "json" | "messagepack" = "json"): Promise<unknown> {
    return page.evaluate(
      async ([url, protocol]) => {
        const { createHubClient, diagnose, browserDiagnosisPorts } = (
          window as unknown as { hubscope: Hubscope }
        ).hubscope;
        const client = createHubClient({ url, protocol });
        try {
          await client.start();
        } catch (error) {
          return diagnose(error, { url }, browserDiagnosisPorts);
        }
        const items: unknown[] = [];
        for await (const item of client.stream("Count", [3])) items.push(item);
        const sum = await client.invoke("Add", [40, 2]);
        await client.stop();
        return { sum, items, state: client.state.kind };
      },
      [url, protocol] as const,
    );
  }

  test.each(["json", "messagepack"] as const)(
    "it calls a hub that allows the page's origin (%s)",
    async (protocol) => {
      const origin = await hubHost(allowed);
      expect(await tryIn(`${origin}/hub`, protocol)).toEqual({
        sum: 42,
        items: [0, 1, 2],
        state: "disconnected",
      });
    },
  );

  test("a hub without CORS is told from one that is not there", async () => {
    const origin = await hubHost(() => ({}));
    expect(await tryIn(`${origin}/hub`)).toMatchObject({
      kind: "blocked-by-cors",
      origin,
      worksWithoutCredentials: false,
    });
    expect(await tryIn("http://127.0.0.1:9/hub")).toEqual({
      kind: "unreachable",
      origin: "http://127.0.0.1:9",
    });
  });

  test("a hub that allows every origin, and so no credentials, is recognised", async () => {
    const origin = await hubHost((request) => ({
      ...allowed(request),
      "access-control-allow-origin": "*",
      "access-control-allow-credentials": "false",
    }));
    expect(await tryIn(`${origin}/hub`)).toMatchObject({
      kind: "blocked-by-cors",
      worksWithoutCredentials: true,
    });
  });

  test("a web server and a server without WebSockets are named", async () => {
    const web = await listen((request, response) => {
      for (const [name, value] of Object.entries(allowed(request))) response.setHeader(name, value);
      response
        .writeHead(request.method === "OPTIONS" ? 204 : 200, { "content-type": "text/html" })
        .end("<!doctype html>");
    });
    expect(await tryIn(`${web}/hub`)).toMatchObject({
      kind: "not-signalr",
      answered: "html",
      contentType: "text/html",
    });
    const plain = await listen((request, response) => {
      for (const [name, value] of Object.entries(allowed(request))) response.setHeader(name, value);
      const isNegotiate = request.method === "POST";
      const body = negotiateAnswer(new URLSearchParams("negotiateVersion=1"), {
        connectionId: "a",
        connectionToken: "b",
      });
      response
        .writeHead(request.method === "OPTIONS" ? 204 : isNegotiate ? 200 : 400)
        .end(isNegotiate ? body : "no");
    });
    expect(await tryIn(`${plain}/hub`)).toEqual({ kind: "socket-refused", closeCode: 1006, status: 400 });
  });
});

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL("../../../core/src/client/index.ts", import.meta.url));
  const output = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "hubscope" } },
  });
  const [result] = Array.isArray(output) ? output : [output];
  if (result === undefined || !("output" in result)) throw new Error("Vite built nothing.");
  return result.output[0].code;
}
