import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { HookedFolderServer } from "./hooked-folder-server.ts";
import { serveHookedProxy } from "./hooked-proxy.ts";

const PAGE = "<!doctype html><title>Page</title>";
const HOOKED = "<!doctype html><script>hook()</script><title>Page</title>";
const NAVIGATION = { "sec-fetch-dest": "document" };

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** What each path answers; the test says. */
const answers = new Map<string, Answer>();
let origin: string;
let proxy: HookedFolderServer;
let close: () => void;

beforeAll(async () => {
  const upstream = createServer((asked, response) => {
    const answer = answers.get(asked.url ?? "");
    if (answer === undefined) response.writeHead(404).end();
    else answer(response, asked);
  });
  const sockets = new WebSocketServer({
    server: upstream,
    handleProtocols: (offered) => [...offered][1] ?? false,
  });
  sockets.on("connection", (socket) =>
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary })),
  );
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  close = () => {
    upstream.closeAllConnections();
    upstream.close();
  };
  proxy = await serveHookedProxy(origin, "hook()");
});
afterAll(async () => {
  await proxy.close();
  close();
});

function html(text: string | Buffer, type = "text/html"): Answer {
  return (response) => response.writeHead(200, { "content-type": type }).end(text);
}

/** `fetch` says of itself what it is for, so a navigation is asked for by hand. */
async function asked(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  base = proxy.origin,
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(base);
  const going = request({ hostname, port, path, headers: { ...headers } });
  going.end();
  const [response] = (await once(going, "response")) as [IncomingMessage];
  return response;
}

async function bytesOf(response: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function textOf(path: string, headers?: Readonly<Record<string, string>>): Promise<string> {
  return String(await bytesOf(await asked(path, headers)));
}

describe("pages", () => {
  test("a page that is navigated to has the hook first", async () => {
    answers.set("/page", html(PAGE));
    expect(await textOf("/page", NAVIGATION)).toBe(HOOKED);
    expect(await textOf("/page", { "sec-fetch-dest": "iframe" })).toBe(HOOKED);
  });

  test("a browser that does not say what it asks for is known by what it accepts", async () => {
    answers.set("/page", html(PAGE));
    expect(await textOf("/page", { accept: "text/html,application/xhtml+xml,*/*;q=0.8" })).toBe(HOOKED);
    expect(await textOf("/page", { accept: "*/*" })).toBe(PAGE);
  });

  test("a page that a script fetches comes as it is", async () => {
    answers.set("/page", html(PAGE));
    expect(await textOf("/page", { "sec-fetch-dest": "empty", accept: "text/html" })).toBe(PAGE);
  });

  test("its encoding stays what it is, byte for byte", async () => {
    answers.set(
      "/latin",
      html(Buffer.from([0x3c, 0x70, 0x3e, 0xe9, 0xff, 0x80]), "text/html; charset=windows-1252"),
    );
    const body = await bytesOf(await asked("/latin", NAVIGATION));
    expect(body.subarray(-6)).toEqual(Buffer.from([0x3c, 0x70, 0x3e, 0xe9, 0xff, 0x80]));
    answers.set("/marked", html(`\ufeff${PAGE}`));
    expect(await textOf("/marked", NAVIGATION)).toBe(`\ufeff${HOOKED}`);
  });

  test("the script is in ASCII alone, so that it means the same in any encoding", async () => {
    const other = await serveHookedProxy(origin, 'say("…")');
    answers.set("/page", html(PAGE));
    expect(String(await bytesOf(await asked("/page", NAVIGATION, other.origin)))).toContain('say("\\u2026")');
    await other.close();
  });

  test("what cannot be written into stays as it is", async () => {
    answers.set("/wide", html(Buffer.from(PAGE, "utf16le"), "text/html; charset=utf-16le"));
    expect(await bytesOf(await asked("/wide", NAVIGATION))).toEqual(Buffer.from(PAGE, "utf16le"));
    answers.set("/packed", (response) =>
      response.writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" }).end("packed"),
    );
    expect(await textOf("/packed", NAVIGATION)).toBe("packed");
    answers.set("/text", html(PAGE, "text/plain"));
    expect(await textOf("/text", NAVIGATION)).toBe(PAGE);
  });

  test("a page is asked for whole and as text, whatever the browser has of it", async () => {
    answers.set("/heard", (response, { headers }) => {
      response.end(JSON.stringify([headers["accept-encoding"], headers["if-none-match"], headers["x-own"]]));
    });
    const headers = { "accept-encoding": "gzip", "if-none-match": '"1"', "x-own": "1" };
    expect(JSON.parse(await textOf("/heard", { ...headers, ...NAVIGATION }))).toEqual([null, null, "1"]);
    expect(JSON.parse(await textOf("/heard", headers))).toEqual(["gzip", '"1"', "1"]);
  });

  test("a page that never ends is hooked when its start is there, and goes on as it comes", async () => {
    let live: ServerResponse | undefined;
    answers.set("/forever", (response) => {
      live = response;
      response.writeHead(200, { "content-type": "text/html" }).write("<!doctype html><ht");
    });
    const response = await asked("/forever", NAVIGATION);
    const pieces = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    live?.write("ml><p>");
    expect(String((await pieces.next()).value)).toBe("<!doctype html><html><script>hook()</script><p>");
    live?.write("1");
    expect(String((await pieces.next()).value)).toBe("1");
    live?.end();
    expect((await pieces.next()).done).toBe(true);
  });
});

describe("everything else", () => {
  test("passes with its headers as they were, twice where they were twice", async () => {
    answers.set("/cookies", (response) => {
      response.writeHead(201, "Made", ["Set-Cookie", "a=1", "Set-Cookie", "b=2", "X-Own", "1"]).end("x");
    });
    const response = await asked("/cookies");
    expect([response.statusCode, response.statusMessage]).toEqual([201, "Made"]);
    expect(response.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect(response.rawHeaders).toContain("X-Own");
  });

  test("a body is sent on, and the host that the browser named", async () => {
    answers.set("/post", (response, sent) => {
      response.writeHead(200, { "x-host": sent.headers.host ?? "" });
      sent.pipe(response);
    });
    const response = await fetch(`${proxy.origin}/post`, { method: "POST", body: "hello" });
    expect(await response.text()).toBe("hello");
    expect(response.headers.get("x-host")).toBe(new URL(proxy.origin).host);
  });

  test("what the page cancels, the server sees cancelled", async () => {
    let cancelled: Promise<unknown> | undefined;
    answers.set("/stream", (response) => {
      cancelled = once(response, "close");
      response.writeHead(200).write("first");
    });
    const leaving = new AbortController();
    const response = await fetch(`${proxy.origin}/stream`, { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    await cancelled;
  });

  test("an answer that is cut is cut", async () => {
    answers.set("/cut", (response) => {
      response.writeHead(200, { "content-length": "100" }).write("some", () => response.destroy());
    });
    await expect(fetch(`${proxy.origin}/cut`).then((response) => response.text())).rejects.toThrow();
  });

  test("a server that is not there is said", async () => {
    const lonely = await serveHookedProxy("http://127.0.0.1:1", "");
    const response = await fetch(`${lonely.origin}/`);
    expect([response.status, await response.text()]).toEqual([502, expect.stringContaining("ECONNREFUSED")]);
    await lonely.close();
  });

  test("sockets are passed through, with their protocol", async () => {
    const socket = new WebSocket(`${proxy.origin.replace("http", "ws")}/any`, ["a", "b"]);
    await once(socket, "open");
    expect(socket.protocol).toBe("b");
    socket.send("text");
    expect(String((await once(socket, "message"))[0])).toBe("text");
    const closed = once(socket, "close");
    socket.terminate();
    await closed;
  });
});

describe("as a browser's proxy", () => {
  test("a page keeps its own address, and names that are nobody's lead here", async () => {
    answers.set("/page", html(PAGE));
    const address = origin.replace("127.0.0.1", "www.anything.test");
    expect(await textOf(`${address}/page`, NAVIGATION)).toBe(HOOKED);
  });

  test("what goes through it encrypted is not touched", async () => {
    const { port, host } = new URL(origin);
    const tunnel = connect(Number(new URL(proxy.origin).port), "127.0.0.1");
    tunnel.write(`CONNECT ${host} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
    expect(String((await once(tunnel, "data"))[0])).toMatch(/^HTTP\/1.1 200 /);
    answers.set("/page", html(PAGE));
    tunnel.write(
      `GET /page HTTP/1.1\r\nhost: x:${port}\r\nsec-fetch-dest: document\r\nconnection: close\r\n\r\n`,
    );
    let heard = "";
    for await (const piece of tunnel) heard += String(piece);
    expect(heard).toContain(PAGE);
    expect(heard).not.toContain("hook()");
  });
});

test("only an http address can be passed on", async () => {
  await expect(serveHookedProxy("https://127.0.0.1:1", "")).rejects.toThrow("is no http address");
});
