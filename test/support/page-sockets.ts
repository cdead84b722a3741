import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

/** The server's ends of a page's WebSockets. */
export interface PageSockets {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Those that were opened so far, oldest first. */
  readonly sockets: WebSocket[];
  close(): void;
}

/** Says back what it hears, unless the address has `silent`. */
export function createPageSockets(): PageSockets {
  const server = new WebSocketServer({ noServer: true });
  const sockets: WebSocket[] = [];
  return {
    sockets,
    upgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (opened) => {
        sockets.push(opened);
        if (request.url?.includes("silent") === true) return;
        opened.on("message", (data, isBinary) => opened.send(data, { binary: isBinary }));
      });
    },
    close() {
      for (const socket of sockets) socket.terminate();
    },
  };
}
