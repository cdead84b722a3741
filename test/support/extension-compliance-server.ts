import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { createStreamEndpoints } from "./compliance-streams.ts";

export interface ComplianceServer {
  /** `http://127.0.0.1:port`. Pages: `/`, `/blank`. Sockets: `/echo`, `/refused`. For the rest see {@link createStreamEndpoints}. */
  readonly origin: string;
  close(): Promise<void>;
}

const NEGOTIATION =
  '{"negotiateVersion":1,"connectionId":"c","connectionToken":"t","availableTransports":[]}';
const SCRIPTS = ["compliance", "compliance-fetch", "compliance-xhr", "compliance-event-source"] as const;

const PAGES: Readonly<Record<string, string>> = {
  "/": `<!doctype html><title>Compliance</title><body>${SCRIPTS.map((name) => `<script src="/${name}.js"></script>`).join("")}`,
  "/blank": "<!doctype html><title>Blank</title><body>",
  // A frame of another origin, which its parent can only talk to.
  "/obedient":
    "<!doctype html><title>Obedient</title><body><script>onmessage = ({ data }) => (0, eval)(data);</script>",
};

/** Echoes over WebSockets, answers negotiate, and fails when told to. */
export async function startComplianceServer(): Promise<ComplianceServer> {
  const scripts = new Map<string, Buffer>();
  for (const name of SCRIPTS) {
    const source = new URL(`../extension/compliance/${name}.js`, import.meta.url);
    scripts.set(`/${name}.js`, await readFile(source));
  }
  const streams = createStreamEndpoints();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const page = PAGES[path];
    if (page !== undefined) return send(response, "text/html; charset=utf-8", page);
    const script = scripts.get(path);
    if (script !== undefined) return send(response, "text/javascript; charset=utf-8", script);
    if (streams.answer(request, response)) return undefined;
    if (path.startsWith("/cut/")) return request.socket.destroy();
    // Never answered: the page aborts it.
    if (request.headers["x-slow"] !== undefined) return undefined;
    return send(response, "application/json", NEGOTIATION);
  });
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  server.on("upgrade", (request, socket, head) => {
    if (request.url?.startsWith("/echo") !== true) {
      socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, echo);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** Says back what it hears; "close CODE REASON" and "cut" end the socket. */
function echo(socket: WebSocket): void {
  socket.on("message", (data, isBinary) => {
    const text = isBinary ? "" : data.toString();
    const [, code, reason] = /^close (\d+) (.*)$/.exec(text) ?? [];
    if (code !== undefined) socket.close(Number(code), reason);
    else if (text === "cut") socket.terminate();
    else socket.send(data, { binary: isBinary });
  });
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { "content-type": type, "cache-control": "no-store" });
  response.end(body);
}
