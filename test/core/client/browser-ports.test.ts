import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserDiagnosisPorts, browserPorts } from "../../../core/src/client/browser-ports.ts";
import { createHubClient } from "../../../core/src/client/create-hub-client.ts";
import { rejection } from "./client-under-test.ts";

const { clock, sendHttp } = browserPorts;
const signal = new AbortController().signal;

describe("the platform's ports, in Node", () => {
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    server = createServer((request, response) =>
      answer(request.url ?? "/", request.headers["x-own"], response),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });

  function answer(path: string, own: unknown, response: ServerResponse): void {
    switch (path) {
      case "/moved":
        response.writeHead(307, { location: "/text" }).end();
        break;
      case "/endless":
        response.writeHead(200);
        response.on("drain", () => response.write("x".repeat(65_536)));
        response.write("x".repeat(1_048_576));
        break;
      case "/refused":
        response.writeHead(403, { "content-type": "Text/Plain" }).end("no");
        break;
      default:
        response.writeHead(200, { "content-type": "text/plain" }).end(`é😀 ${String(own)}`);
    }
  }

  const ask = (path: string, abort = signal) =>
    sendHttp(new URL(path, origin), {
      method: "POST",
      headers: { "x-own": "1" },
      withCredentials: true,
      signal: abort,
    });

  test("an answer has status, content type in lower case, and text", async () => {
    expect(await ask("/text")).toEqual({ status: 200, contentType: "text/plain", text: "é😀 1" });
    expect(await ask("/refused")).toEqual({ status: 403, contentType: "text/plain", text: "no" });
  });

  test("an HTTP redirect is told", async () => {
    expect(await ask("/moved")).toMatchObject({ status: 200, redirectedTo: `${origin}/text` });
  });

  test("an answer without end is cut off", async () => {
    expect(await rejection(ask("/endless"))).toEqual(new Error("The answer is longer than 4194304 bytes."));
  });

  test("an abort rejects with its reason", async () => {
    expect(await rejection(ask("/text", AbortSignal.abort(new Error("enough"))))).toEqual(
      new Error("enough"),
    );
  });

  test("a probe resolves where something answers and rejects where nothing does", async () => {
    await browserDiagnosisPorts.probeHttp(new URL("/refused", origin), signal);
    await rejection(browserDiagnosisPorts.probeHttp(new URL("http://127.0.0.1:9/"), signal));
  });

  test("the clock tells the time of day, and calls back once unless it was told not to", async () => {
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
    const abort = new AbortController();
    clock.after(1, () => expect.fail("called after the abort"), abort.signal);
    abort.abort();
    clock.after(1, () => expect.fail("called with an aborted signal"), abort.signal);
    // In the order of their times: a timer of Node's may well fire some milliseconds before its time, or long after it.
    const called: number[] = [];
    await Promise.all(
      [200, 20, 1].map(
        (time) =>
          new Promise<void>((resolve) => clock.after(time, () => resolve(void called.push(time)), signal)),
      ),
    );
    expect(called).toEqual([1, 20, 200]);
  });

  test.skipIf(typeof WebSocket !== "undefined")("a platform without WebSocket is named", async () => {
    const client = createHubClient({ url: origin, protocol: "json", skipNegotiation: true });
    expect(await rejection(client.start())).toMatchObject({
      code: "transport-failed",
      message: "This platform has no WebSocket (Node has one from version 22); give ports.openSocket.",
    });
  });
});
