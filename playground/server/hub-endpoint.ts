import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Hub } from "../../core/src/hub/hub.ts";
import { negotiateAnswer } from "../../core/src/hub/negotiate-answer.ts";
import type { Socket, SocketClosedEvent } from "../../core/src/ports/socket.ts";
import { corsHeaders } from "./loopback-guard.ts";

/** Milliseconds that a negotiated connection may stay unused, as in ASP.NET Core. */
const TOKEN_LIFETIME = 15_000;
const TOKENS_KEPT = 1_000;
const MAX_PAYLOAD = 1024 * 1024;

/** A hub of the core under an HTTP path: negotiate, and WebSockets. */
export interface HubEndpoint {
  negotiate(request: IncomingMessage, response: ServerResponse, url: URL): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void;
  close(): void;
}

export function createHubEndpoint(hub: Hub): HubEndpoint {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_PAYLOAD });
  /** By what a client connects with. */
  const negotiated = new Map<string, Negotiated>();

  const take = (id: string): string | undefined => {
    const found = negotiated.get(id);
    negotiated.delete(id);
    clearTimeout(found?.timer);
    return found?.connectionId;
  };

  const remember = (id: string, connectionId: string) => {
    const [oldest] = negotiated.keys();
    if (negotiated.size >= TOKENS_KEPT && oldest !== undefined) take(oldest);
    const timer = setTimeout(() => negotiated.delete(id), TOKEN_LIFETIME);
    timer.unref();
    negotiated.set(id, { connectionId, timer });
  };

  return {
    negotiate: (request, response, url) => {
      const ids = { connectionId: freshId(), connectionToken: freshId() };
      const body = negotiateAnswer(url.searchParams, ids);
      // Version 0 connects with the connection ID; the answer shows which of the two was given out.
      remember(body.includes(ids.connectionToken) ? ids.connectionToken : ids.connectionId, ids.connectionId);
      response.writeHead(200, { "content-type": "application/json", ...corsHeaders(request) }).end(body);
    },
    upgrade: (request, socket, head, url) => {
      const id = url.searchParams.get("id");
      const connectionId = id === null ? freshId() : take(id);
      if (connectionId === undefined) refuseUpgrade(socket, 404, "No Connection with that ID");
      else sockets.handleUpgrade(request, socket, head, (accepted) => serve(hub, accepted, connectionId));
    },
    close: () => {
      for (const id of [...negotiated.keys()]) take(id);
      hub.stop();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

interface Negotiated {
  readonly connectionId: string;
  readonly timer: NodeJS.Timeout;
}

/** An upgrade is refused on the bare socket: there is no response object. */
export function refuseUpgrade(socket: Duplex, status: number, text: string): void {
  const head = [
    `HTTP/1.1 ${status} Refused`,
    "Content-Type: text/plain",
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  socket.end([...head, "Connection: close", "", text].join("\r\n"));
}

function serve(hub: Hub, socket: WebSocket, connectionId: string): void {
  const server: Socket = {
    send: (payload) => socket.send(payload),
    close: (code, reason) => socket.close(code, reason),
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
  };
  const accepted = hub.accept(server, connectionId);
  let failure: string | undefined;
  socket.on("error", (error) => {
    failure = error.message;
  });
  socket.on("message", (data, isBinary) => {
    const bytes = Buffer.isBuffer(data)
      ? data
      : Array.isArray(data)
        ? Buffer.concat(data)
        : Buffer.from(data);
    accepted.receive({ type: "payload", payload: isBinary ? new Uint8Array(bytes) : bytes.toString() });
  });
  socket.on("close", (code, reason) => {
    const closed: SocketClosedEvent = {
      type: "closed",
      code,
      reason: reason.toString(),
      wasClean: code !== 1006,
    };
    accepted.receive(failure === undefined ? closed : { ...closed, failure });
  });
  accepted.receive({ type: "open", protocol: "" });
}

function freshId(): string {
  return randomBytes(16).toString("base64url");
}
