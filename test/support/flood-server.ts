import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

export interface FloodServer {
  /** `http://127.0.0.1:port`. Any path is a page. */
  readonly origin: string;
  close(): Promise<void>;
}

/** What the server sends over one socket. */
interface Flood {
  readonly count: number;
  /** Bytes of a message, about. */
  readonly size: number;
  /** Messages a second; as many as the page takes where it is 0. */
  readonly rate: number;
}

const RECORD_END = "\u001e";
const STEP = 10;
/** Without `no-store`, which keeps a page out of the back/forward cache. */
const PAGE = `<!doctype html><meta charset=utf-8><title>page</title><link rel=icon href="data:,"><body><a id=next href="/next">next</a>`;

/**
 * Sockets at `/hub?count=…&size=…&rate=…` answer a SignalR handshake and then, at the first message after it, send that many
 * invocations of `Tick` with their numbers. Sockets at `/echo` say back what they hear.
 */
export async function startFloodServer(): Promise<FloodServer> {
  const http = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
  });
  const sockets = new WebSocketServer({
    server: http,
    perMessageDeflate: false,
    maxPayload: 256 * 1024 * 1024,
  });
  sockets.on("connection", (socket, { url }) => {
    const { pathname, searchParams: query } = new URL(url ?? "/", "http://x");
    if (pathname === "/echo") {
      socket.on("message", (data, binary) => socket.send(data, { binary }));
      return;
    }
    const number = (name: string) => Number(query.get(name) ?? 0);
    const flood = { count: number("count"), size: number("size"), rate: number("rate") };
    let isGreeted = false;
    socket.on("message", () => {
      if (isGreeted) send(socket, flood);
      else socket.send(`{}${RECORD_END}`);
      isGreeted = true;
    });
  });
  await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
  return {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise((closed) => http.close(closed));
    },
  };
}

function send(socket: WebSocket, { count, size, rate }: Flood): void {
  const padding = "x".repeat(Math.max(0, size - 60));
  let number = 0;
  const sendUntil = (end: number) => {
    for (; number < end && number < count; number++)
      socket.send(`{"type":1,"target":"Tick","arguments":[${number},"${padding}"]}${RECORD_END}`);
  };
  if (rate === 0) {
    sendUntil(count);
    return;
  }
  const started = performance.now();
  const timer = setInterval(() => {
    // By the clock, so that a busy machine catches up.
    sendUntil(Math.floor(((performance.now() - started) * rate) / 1_000));
    if (number >= count || socket.readyState !== socket.OPEN) clearInterval(timer);
  }, STEP);
}
