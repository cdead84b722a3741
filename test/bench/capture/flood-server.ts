import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

export interface FloodServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** What the server sends over one socket. */
export interface Flood {
  readonly count: number;
  /** Bytes of a message, about. */
  readonly size: number;
}

const PAGE = "<!doctype html><meta charset=utf-8><title>flood</title>";
const RECORD_END = "\u001e";

/**
 * A page, and a socket at `/hub?count=…&size=…` that answers a SignalR handshake and then, at the first message after it,
 * sends that many invocations as fast as the page takes them.
 */
export async function startFloodServer(): Promise<FloodServer> {
  const http = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
  });
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  sockets.on("connection", (socket, { url }) => {
    const query = new URL(url ?? "/", "http://x").searchParams;
    const flood = { count: Number(query.get("count")), size: Number(query.get("size")) };
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

function send(socket: WebSocket, { count, size }: Flood): void {
  const padding = "x".repeat(Math.max(0, size - 60));
  for (let number = 0; number < count; number++)
    socket.send(`{"type":1,"target":"Tick","arguments":[${number},"${padding}"]}${RECORD_END}`);
}
