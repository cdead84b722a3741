import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestOptions,
  request as requestOf,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { hasWholeStart, withFirstScript } from "./first-script.ts";
import type { HookedFolderServer } from "./hooked-folder-server.ts";

/** Names that are never anybody's in the DNS (RFC 6761): they lead to this machine. */
const OURS = /(?:^|\.)(?:localhost|test)$/i;

/**
 * Passes everything on to `upstream`, byte for byte, WebSockets too, but for the HTML of navigations, which gets `script`
 * first. What a page fetches is not touched, HTML or not. A browser may also have it as its proxy: then pages keep their
 * addresses, whatever they are, and what is encrypted passes as it is.
 */
export async function serveHookedProxy(
  upstream: string,
  script: string,
  { port = 0 } = {},
): Promise<HookedFolderServer> {
  const { protocol, origin } = new URL(upstream);
  if (protocol !== "http:") throw new Error(`${upstream} is no http address.`);
  const open = new Set<Duplex>();
  const server = createServer({ insecureHTTPParser: true, keepAliveTimeout: 0 }, (request, response) =>
    pass(request, response, targetOf(request, origin), script),
  );
  const join = (socket: Duplex, head: Buffer, target: URL, begin: (to: Socket) => void) => {
    const to = connect(portOf(target), hostOf(target));
    for (const end of [socket, to]) {
      open.add(end);
      end.once("close", () => open.delete(end));
    }
    to.once("connect", () => {
      begin(to);
      to.write(head);
      socket.pipe(to).pipe(socket);
    });
    to.on("error", () => socket.destroy());
    socket.on("error", () => to.destroy());
    socket.once("close", () => to.destroy());
  };
  server.on("upgrade", (request, socket, head) => {
    const target = targetOf(request, origin);
    join(socket, head, target, (to) => {
      const { method, httpVersion, rawHeaders } = request;
      const lines = [`${method} ${target.pathname}${target.search} HTTP/${httpVersion}`];
      for (let at = 0; at < rawHeaders.length; at += 2)
        lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
      to.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
    });
  });
  server.on("connect", (request, socket, head) => {
    join(socket, head, new URL(`http://${request.url ?? ""}`), () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const end of open) end.destroy();
      server.closeAllConnections();
      await new Promise((done) => {
        server.close(done);
      });
    },
  };
}

/** A browser asks its proxy by the whole address, a server by the path. */
function targetOf({ url = "/" }: IncomingMessage, origin: string): URL {
  return /^http:\/\//i.test(url) ? new URL(url) : new URL(origin + url);
}

function hostOf({ hostname }: URL): string {
  const name = hostname.replaceAll(/[[\]]/g, "");
  return OURS.test(name) ? "127.0.0.1" : name;
}

function portOf({ port }: URL): number {
  return port === "" ? 80 : Number(port);
}

function pass(request: IncomingMessage, response: ServerResponse, target: URL, script: string): void {
  const isPage = isNavigation(request);
  const options: RequestOptions = {
    host: hostOf(target),
    port: portOf(target),
    method: request.method,
    path: target.pathname + target.search,
    headers: passedOn(request.rawHeaders, isPage),
    insecureHTTPParser: true,
    agent: false,
  };
  const onward = requestOf(options, (answer) => {
    const status = answer.statusCode ?? 502;
    const isHooked = isPage && script !== "" && isPlainHtml(answer);
    const headers = answer.rawHeaders.filter((_part, at) => {
      const name = answer.rawHeaders[at - (at % 2)]?.toLowerCase() ?? "";
      return !(name === "connection" || name === "keep-alive" || (isHooked && name === "content-length"));
    });
    response.sendDate = false;
    response.writeHead(status, answer.statusMessage, headers);
    // Whoever waits for the start of an answer must get it before there is a body.
    response.flushHeaders();
    if (isHooked) hook(answer, response, script);
    else answer.pipe(response);
    answer.on("aborted", () => response.destroy());
  });
  onward.on("error", (error) => {
    if (response.headersSent) response.destroy();
    else {
      response.writeHead(502, { "content-type": "text/plain" });
      response.end(`${target.origin}: ${error.message}`);
    }
  });
  // What the page cancels is cancelled.
  response.once("close", () => onward.destroy());
  request.pipe(onward);
}

/** Only browsers say what a request is for, and only to hosts that they trust; before, pages alone ask for HTML. */
function isNavigation({ method, headers }: IncomingMessage): boolean {
  if (method !== "GET" && method !== "POST") return false;
  const destination = headers["sec-fetch-dest"];
  if (typeof destination === "string")
    return /^(?:document|i?frame|fencedframe|embed|object)$/.test(destination);
  return headers.accept?.includes("text/html") === true;
}

/** In an encoding that keeps ASCII as it is. */
function isPlainHtml({ statusCode, headers }: IncomingMessage): boolean {
  const type = headers["content-type"] ?? "";
  const coding = headers["content-encoding"] ?? "identity";
  return (
    statusCode !== 204 &&
    statusCode !== 304 &&
    /^text\/html\b/i.test(type) &&
    !/charset\s*=\s*"?utf-?16/i.test(type) &&
    coding === "identity"
  );
}

function passedOn(rawHeaders: readonly string[], isPage: boolean): string[] {
  const passed: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (/^(?:connection|proxy-connection|keep-alive)$/i.test(name)) continue;
    // A page is asked for whole, and as text.
    if (isPage && /^(?:accept-encoding|if-none-match|if-modified-since|range)$/i.test(name)) continue;
    passed.push(name, rawHeaders[at + 1] ?? "");
  }
  return passed;
}

/** As it comes: a page that loads for ever is hooked when its start is there. */
function hook(answer: IncomingMessage, response: ServerResponse, script: string): void {
  let start: string | undefined = "";
  const begin = (text: string) => {
    start = undefined;
    // Byte for byte, in whatever encoding it is.
    response.write(withFirstScript(text, asciiOnly(script)), "latin1");
  };
  answer.on("data", (piece: Buffer) => {
    if (start === undefined) {
      if (!response.write(piece)) {
        answer.pause();
        response.once("drain", () => answer.resume());
      }
      return;
    }
    start += piece.toString("latin1");
    if (hasWholeStart(start)) begin(start);
  });
  answer.on("end", () => {
    if (start !== undefined) begin(start);
    response.end();
  });
}

/** The same script in any encoding. What is not ASCII is in texts and comments. */
function asciiOnly(script: string): string {
  return script.replaceAll(/[\u0080-\uffff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
