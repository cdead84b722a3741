import { request } from "node:http";
import { connect } from "node:net";
import { HubConnectionBuilder, LogLevel, Subject } from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DemoServer, startDemoServer } from "../../../playground/server/demo-server.ts";
import { startText } from "../../../playground/server/start-text.ts";

let server: DemoServer;
beforeAll(async () => {
  server = await startDemoServer({ port: 0 });
});
afterAll(() => server.close());

interface Answer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** A request as written: fetch would tidy the path and forbid the host. */
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(server.url);
    const asked = request({ host: "127.0.0.1", port, path, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        resolve({
          status: response.statusCode,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        });
      });
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** The status of an answer to a WebSocket upgrade. */
function upgrade(path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    const lines = [
      `GET ${path} HTTP/1.1`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    socket.once("data", (data) => {
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString())?.[1]));
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

describe.for(["json", "messagepack"] as const)("the official client and the demo hub over %s", (protocol) => {
  const create = () => {
    const builder = new HubConnectionBuilder().withUrl(server.hubUrl).configureLogging(LogLevel.None);
    return protocol === "json"
      ? builder.build()
      : builder.withHubProtocol(new MessagePackHubProtocol()).build();
  };

  test("every kind of call over real WebSockets", async () => {
    const connection = create();
    const said: unknown[][] = [];
    connection.on("Said", (...args) => said.push(args));
    connection.on("Joined", () => undefined);
    connection.on("WhatIsYourName", () => "Grace");
    await connection.start();
    expect(connection.connectionId).toMatch(/^[\w-]{22}$/);

    const heard = new Promise<void>((resolve) => connection.on("Said", () => resolve()));
    const { you } = await connection.invoke("Join", "official");
    await connection.invoke("Say", "official", "Hello");
    await heard;
    expect(said[0]?.slice(0, 3)).toEqual(["official", you, "Hello"]);

    expect(await connection.invoke("Echo", { a: [1, null, "é"] })).toEqual({ a: [1, null, "é"] });
    expect(await connection.invoke("AskMyName")).toBe("Hello, Grace.");
    await expect(connection.invoke("Fail", "No.")).rejects.toThrow("HubException: No.");
    await expect(connection.invoke("Nothing")).rejects.toThrow("Method does not exist.");

    const numbers = new Subject<number>();
    const sum = connection.invoke("Sum", numbers);
    for (const number of [1, 2, 3]) numbers.next(number);
    numbers.complete();
    expect(await sum).toEqual({ sum: 6, count: 3, mean: 2 });

    const prices = await new Promise<unknown[]>((resolve, reject) => {
      const items: unknown[] = [];
      connection.stream("Prices", "MSFT", 1, 5).subscribe({
        next: (item) => items.push(item),
        complete: () => resolve(items),
        error: reject,
      });
    });
    expect(prices).toHaveLength(5);
    await connection.stop();
  });

  test("a cancelled stream ends, and the connection goes on", async () => {
    const connection = create();
    await connection.start();
    await new Promise<void>((resolve) => {
      const subscription = connection.stream("Prices", "MSFT", 1, 0).subscribe({
        next: () => {
          subscription.dispose();
          resolve();
        },
        complete: () => undefined,
        error: () => undefined,
      });
    });
    expect(await connection.invoke("Add", 1, 2)).toBe(3);
    await connection.stop();
  });
});

describe("the demo server keeps to this machine", () => {
  test("a foreign host name is refused: DNS rebinding", async () => {
    for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:5177"]) {
      expect((await ask("/demo/", { headers: { host } })).status).toBe(403);
      expect(
        (await ask("/demo/hub/negotiate?negotiateVersion=1", { method: "POST", headers: { host } })).status,
      ).toBe(403);
      expect(await upgrade("/demo/hub", { host })).toBe(403);
    }
    for (const host of ["localhost:5177", "127.0.0.1:1", "[::1]:5177"]) {
      expect((await ask("/demo/", { headers: { host } })).status).toBe(200);
    }
  });

  test("pages of other sites are refused, pages of this machine and extensions are not", async () => {
    const host = "localhost";
    for (const origin of ["https://evil.example", "null", "http://localhost.evil.example"]) {
      expect((await ask("/demo/hub/negotiate", { method: "POST", headers: { host, origin } })).status).toBe(
        403,
      );
      expect(await upgrade("/demo/hub", { host, origin })).toBe(403);
    }
    for (const origin of ["http://localhost:5173", "chrome-extension://abcdef", "moz-extension://1234"]) {
      const { status, headers } = await ask("/demo/hub/negotiate", {
        method: "POST",
        headers: { host, origin },
      });
      expect(status).toBe(200);
      expect(headers["access-control-allow-origin"]).toBe(origin);
      expect(headers["access-control-allow-credentials"]).toBe("true");
      expect(await upgrade("/demo/hub", { host, origin })).toBe(101);
    }
  });

  test.for([
    "/../package.json",
    "/demo/../../package.json",
    "/demo/..%2f..%2f..%2fpackage.json",
    "/%2e%2e/%2e%2e/package.json",
    "/..%5c..%5cpackage.json",
    "/demo/%00.html",
    "//evil.example/",
    "/%",
    "/demo/hub-endpoint.ts",
    "/assets",
  ])("%s leads to no file", async (path) => {
    const { status, text } = await ask(path);
    expect([400, 404]).toContain(status);
    expect(text).not.toContain("hubscope-workspace");
  });

  test("every answer forbids scripts that are not its own", async () => {
    for (const path of ["/demo/", "/demo/demo.js", "/nothing"]) {
      const { headers } = await ask(path);
      expect(headers["content-security-policy"]).toContain("script-src 'self'");
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
  });
});

describe("the demo server's HTTP", () => {
  test("a connection ID is good for one WebSocket, and an unknown one for none", async () => {
    const { text } = await ask("/demo/hub/negotiate?negotiateVersion=1", { method: "POST" });
    const { connectionToken, connectionId } = JSON.parse(text);
    const host = "localhost";
    expect(await upgrade(`/demo/hub?id=${connectionId}`, { host })).toBe(404);
    expect(await upgrade(`/demo/hub?id=${connectionToken}`, { host })).toBe(101);
    expect(await upgrade(`/demo/hub?id=${connectionToken}`, { host })).toBe(404);
    expect(await upgrade("/demo/hub/other", { host })).toBe(404);
  });

  test("serves the official client to the demo page", async () => {
    const [page, client] = await Promise.all([ask("/demo/"), ask("/demo/signalr.js")]);
    expect(page.text).toContain("<title>Hubscope demo page</title>");
    expect(client.headers["content-type"]).toBe("text/javascript; charset=utf-8");
    expect(client.text.length).toBeGreaterThan(50_000);
    expect((await ask("/demo")).headers["location"]).toBe("/demo/");
  });

  test("answers what is not for it with a status and no more", async () => {
    expect((await ask("/demo/hub")).status).toBe(400);
    expect((await ask("/demo/hub?id=x")).text).toBe("No Connection with that ID");
    expect((await ask("/demo/hub/negotiate")).status).toBe(405);
    expect((await ask("/demo/", { method: "DELETE" })).status).toBe(405);
    expect((await ask("/demo/", { method: "HEAD" })).text).toBe("");
  });

  test("a port that is taken rejects with the platform's code", async () => {
    const port = Number(new URL(server.url).port);
    await expect(startDemoServer({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});

test("npm start says what to open and what to load", () => {
  const text = startText({ url: "http://127.0.0.1:5177/", demoUrl: "http://127.0.0.1:5177/demo/" }, "/src");
  for (const part of [
    "http://127.0.0.1:5177/",
    "http://127.0.0.1:5177/demo/",
    "chrome://extensions",
    "about:debugging",
    "/src/dist/extension-chrome",
    "/src/dist/extension-firefox/manifest.json",
  ]) {
    expect(text).toContain(part);
  }
});
