import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { encodeHandshakeResponse } from "../../../core/src/wire/handshake.ts";

/** One server whose every path goes wrong in a way of its own. */
export interface FaultyServer {
  readonly url: string;
  close(): Promise<void>;
}

const negotiated = (transports: readonly string[]) =>
  JSON.stringify({
    negotiateVersion: 1,
    connectionId: "a",
    connectionToken: "b",
    availableTransports: transports.map((transport) => ({ transport, transferFormats: ["Text", "Binary"] })),
  });

interface Reply {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
  readonly location?: string;
}

const JSON_TYPE = "application/json";
const OFFERS_WEB_SOCKETS: Reply = { status: 200, type: JSON_TYPE, body: negotiated(["WebSockets"]) };

const REPLIES: Readonly<Record<string, Reply>> = {
  "/page": { status: 200, type: "text/html", body: "<!doctype html><title>An app</title>" },
  "/401": { status: 401 },
  "/403": { status: 403 },
  "/500": { status: 500 },
  "/503": { status: 503, type: "text/html", body: "<h1>Service Unavailable</h1>" },
  "/418": { status: 418 },
  "/classic": { status: 200, type: JSON_TYPE, body: '{"ProtocolVersion":"1.5","ConnectionToken":"x"}' },
  "/full": { status: 200, type: JSON_TYPE, body: '{"error":"The house is full."}' },
  "/polling": { status: 200, type: JSON_TYPE, body: negotiated(["LongPolling"]) },
  "/moved": { status: 302, location: "/418/negotiate" },
  "/refuses-socket": OFFERS_WEB_SOCKETS,
  "/rejects": OFFERS_WEB_SOCKETS,
  "/echoes": OFFERS_WEB_SOCKETS,
  "/drops": OFFERS_WEB_SOCKETS,
  "/closes": OFFERS_WEB_SOCKETS,
  "/no-cors": OFFERS_WEB_SOCKETS,
  "/wildcard": OFFERS_WEB_SOCKETS,
};

/** What becomes of a WebSocket, by path; other paths refuse the upgrade. */
const SOCKETS: Readonly<Record<string, (socket: WebSocket) => void>> = {
  "/rejects": (socket) =>
    socket.once("message", () => {
      socket.send(encodeHandshakeResponse({ error: "The protocol 'messagepack' is not supported." }));
      socket.close(1000);
    }),
  "/echoes": (socket) => socket.on("message", (data) => socket.send(`you said ${data}\u001e`)),
  "/drops": (socket) =>
    socket.once("message", () => {
      socket.send(encodeHandshakeResponse({}));
      setTimeout(() => socket.terminate(), 200);
    }),
  "/closes": (socket) =>
    socket.once("message", () => {
      socket.send(
        `${encodeHandshakeResponse({})}{"type":7,"error":"Connection closed with an error."}\u001e`,
      );
      socket.close(1000);
    }),
};

export async function startFaultyServer(): Promise<FaultyServer> {
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer(answer);
  server.on("upgrade", (request, socket, head) => {
    const behave = SOCKETS[pathOf(request)];
    if (behave === undefined) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    else sockets.handleUpgrade(request, socket, head, behave);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = pathOf(request);
  const cors = corsOf(path, request);
  if (request.method === "OPTIONS") {
    response.writeHead(204, cors).end();
    return;
  }
  const isNegotiate = new URL(request.url ?? "/", "http://x").pathname.endsWith("/negotiate");
  const { status, type, body, location } = (isNegotiate ? REPLIES[path] : undefined) ?? { status: 404 };
  const headers = { ...cors, ...(type ? { "content-type": type } : {}), ...(location ? { location } : {}) };
  response.writeHead(status, headers).end(body);
}

function corsOf(path: string, request: IncomingMessage): Readonly<Record<string, string>> {
  const { origin = "" } = request.headers;
  const headers = { "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "" };
  if (path === "/no-cors") return {};
  if (path === "/wildcard") return { ...headers, "access-control-allow-origin": "*" };
  return { ...headers, "access-control-allow-origin": origin, "access-control-allow-credentials": "true" };
}

function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? "/", "http://x").pathname.replace(/\/negotiate$/, "");
}
