import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { browserPorts } from "../../core/src/client/browser-ports.ts";
import { createHub } from "../../core/src/hub/create-hub.ts";
import { createDemoHub } from "../demo-hub/create-demo-hub.ts";
import { createHubEndpoint, type HubEndpoint, refuseUpgrade } from "./hub-endpoint.ts";
import { corsHeaders, refusal } from "./loopback-guard.ts";
import { type StaticFile, staticFile } from "./static-files.ts";

export interface DemoServerOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Folder of the built playground. Default `dist/playground`. */
  readonly playground?: string;
}

export interface DemoServer {
  /** Of the playground, with a slash at the end: `http://127.0.0.1:5177/`. */
  readonly url: string;
  /** Of the page for the panel. */
  readonly demoUrl: string;
  /** Of the demo hub, for a client. */
  readonly hubUrl: string;
  close(): Promise<void>;
}

const HUB_PATH = "/demo/hub";

const atRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Files of other packages that the demo page asks for by these names. */
const LIBRARIES: Readonly<Record<string, string>> = {
  "/demo/signalr.js": atRoot("node_modules/@microsoft/signalr/dist/browser"),
  "/demo/signalr-protocol-msgpack.js": atRoot(
    "node_modules/@microsoft/signalr-protocol-msgpack/dist/browser",
  ),
};

const SECURITY_HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    // A playground talks to whichever hub its user names.
    "connect-src http: https: ws: wss:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

/**
 * Serves the built playground, the demo page and the demo hub on one loopback port. Rejects with the platform's
 * error where the port cannot be had (code EADDRINUSE).
 */
export async function startDemoServer(options: DemoServerOptions): Promise<DemoServer> {
  const playground = options.playground ?? atRoot("dist/playground");
  const { clock } = browserPorts;
  const hub = createHubEndpoint(createHub(createDemoHub({ clock }), { clock }));
  const server = createServer((request, response) => {
    answer({ request, response, hub, playground }).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) respondText(response, 500, "The server failed; its window says why.");
    });
  });
  server.on("upgrade", (request, socket, head) => upgrade(hub, request, socket, head));
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    demoUrl: `${url}demo/`,
    hubUrl: `${url.slice(0, -1)}${HUB_PATH}`,
    close: () =>
      new Promise((resolve) => {
        hub.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly hub: HubEndpoint;
  readonly playground: string;
}

async function answer(exchange: Exchange): Promise<void> {
  const { request, response, hub } = exchange;
  const refused = refusal(request);
  const url = urlOf(request);
  if (refused !== undefined) respondText(response, 403, refused);
  else if (url === undefined) respondText(response, 400, "This is not a path.");
  else if (request.method === "OPTIONS") response.writeHead(204, corsHeaders(request)).end();
  else if (url.pathname === `${HUB_PATH}/negotiate` && request.method === "POST") {
    hub.negotiate(request, response, url);
  } else if (url.pathname === HUB_PATH || url.pathname.startsWith(`${HUB_PATH}/`)) {
    refuseHubRequest(request, response, url);
  } else await answerWithFile(exchange, url.pathname);
}

async function answerWithFile({ request, response, playground }: Exchange, path: string): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    respondText(response, 405, "Only GET and HEAD.");
    return;
  }
  // Without the slash, the page's own files would be looked for beside it.
  if (path === "/demo") {
    response.writeHead(308, { location: "/demo/" }).end();
    return;
  }
  const file = await fileAt(path, playground);
  if (file === undefined) {
    respondText(response, 404, "There is nothing here.");
    return;
  }
  response.writeHead(200, { ...SECURITY_HEADERS, "content-type": file.type });
  response.end(request.method === "HEAD" ? undefined : file.content);
}

/** Whatever is neither negotiate nor a WebSocket, in the words of ASP.NET Core. */
function refuseHubRequest(request: IncomingMessage, response: ServerResponse, url: URL): void {
  const headers = corsHeaders(request);
  if (url.pathname !== HUB_PATH || request.method !== "GET") respondText(response, 405, "", headers);
  else if (!url.searchParams.get("id")) respondText(response, 400, "Connection ID required", headers);
  else respondText(response, 404, "No Connection with that ID", headers);
}

function fileAt(encodedPath: string, playground: string): Promise<StaticFile | undefined> {
  const path = decoded(encodedPath);
  if (path === undefined) return Promise.resolve(undefined);
  const library = LIBRARIES[path];
  if (library !== undefined) return staticFile(library, path.slice("/demo/".length));
  if (path.startsWith("/demo/"))
    return staticFile(atRoot("playground/server/demo-page"), path.slice("/demo".length));
  return staticFile(playground, path);
}

function upgrade(hub: HubEndpoint, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on("error", () => socket.destroy());
  const refused = refusal(request);
  const url = urlOf(request);
  if (refused !== undefined) refuseUpgrade(socket, 403, refused);
  else if (url?.pathname !== HUB_PATH) refuseUpgrade(socket, 404, "There is no hub here.");
  else hub.upgrade(request, socket, head, url);
}

/** The request line is the client's to write: `//evil` and `*` are no paths. */
function urlOf(request: IncomingMessage): URL | undefined {
  const target = request.url ?? "";
  if (!target.startsWith("/") || target.startsWith("//")) return undefined;
  return URL.canParse(target, "http://127.0.0.1") ? new URL(target, "http://127.0.0.1") : undefined;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    // A lone per cent sign: no file is called that.
    return undefined;
  }
}

function respondText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(status, { ...SECURITY_HEADERS, "content-type": "text/plain; charset=utf-8", ...headers })
    .end(text);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}
