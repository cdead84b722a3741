import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { frameOpening, frameScriptText } from "../../core/src/wire/classic/forever-frame.ts";

/**
 * As much of a classic ASP.NET SignalR server as its official JavaScript client (the npm package `signalr`) needs to
 * call methods over WebSockets, Server-Sent Events, forever frame or long polling. Written after what a real server was recorded to
 * say (test/captures/classic; what it makes of calls that are wrong is in `raw-send-bad-lp`); frames are written by core's own
 * writer, which is tested against those recordings.
 */
export interface ClassicServer {
  /**
   * `http://127.0.0.1:port`. The page at `/?transport=NAME` connects; `call(text)` resolves with what was pushed back. Its
   * `heard` has what the hub said to it.
   */
  readonly origin: string;
  /** The send requests that have come, in order. */
  readonly sent: readonly ClassicSend[];
  /** Ends the calls of `Wait`, which end in no other way. */
  endWaiting(): void;
  /** Says this to every channel that is open, as it is. */
  push(json: string): void;
  /** Ends every channel that is open, as a server that is stopped does. */
  endChannels(): void;
  close(): Promise<void>;
}

export interface ClassicSend {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ClassicServerOptions {
  /** "channel": send requests are answered at once with nothing, and replies come by the channel that receives. */
  readonly repliesBy?: "answer" | "channel";
}

const LIBRARIES: Readonly<Record<string, string>> = {
  "/jquery.js": "jquery/dist/jquery.js",
  "/signalr.js": "signalr/jquery.signalR.js",
};

/** The client has no forever frame where the browser has EventSource; old browsers were why it exists. */
const PAGE = `<!doctype html><title>Classic SignalR</title><link rel="icon" href="data:,">
<script>
  const transport = new URLSearchParams(location.search).get("transport");
  if (transport === "foreverFrame") delete window.EventSource;
</script>
<script src="/jquery.js"></script><script src="/signalr.js"></script>
<script>
  $.ajaxSetup({ headers: { "X-Own": "of the page" } });
  const connection = $.hubConnection("/signalr", { useDefaultPath: false, qs: { color: "blue sky" } });
  const hub = connection.createHubProxy("echoHub");
  window.heard = [];
  /** All that the client was given, replies to its own calls among it. */
  window.received = [];
  connection.received((message) => received.push(JSON.stringify(message)));
  hub.on("said", (text) => heard.push(text));
  window.connected = Promise.resolve(connection.start({ transport })).then(() => connection.transport.name);
  window.call = async (text) => {
    await connected;
    const answer = await hub.invoke("Echo", text);
    while (!heard.includes(text)) await new Promise((resolve) => setTimeout(resolve, 5));
    return answer;
  };
  window.invoke = (...call) => hub.invoke(...call);
  window.stopConnection = () => connection.stop();
</script>`;

type Push = (json: string) => void;

/** Undefined: the call never existed, as far as a client can tell. */
type Reply = Readonly<Record<string, unknown>> | undefined;

const TRANSPORTS: ReadonlySet<string> = new Set(["serverSentEvents", "foreverFrame", "longPolling"]);

interface Channel {
  readonly push: Push;
  readonly end: () => void;
  /** Of long polling: answers with what was pushed since, or waits for it. */
  readonly poll?: (response: ServerResponse) => void;
}

export async function startClassicServer({
  repliesBy = "answer",
}: ClassicServerOptions = {}): Promise<ClassicServer> {
  const channels = new Map<string, Channel>();
  const known = new Set<string>();
  const sent: ClassicSend[] = [];
  let waiting: (() => void)[] = [];
  let tokens = 0;
  let cursor = 0;
  const nextCursor = () => `d-1,${++cursor}`;

  const begin = (token: string, channel: Channel) => {
    channels.set(token, channel);
    channel.push(JSON.stringify({ C: nextCursor(), S: 1, M: [] }));
  };
  const say = (token: string, message: unknown): void =>
    channels.get(token)?.push(JSON.stringify({ C: nextCursor(), M: [message] }));

  /** Runs a call, in which the hub may call the client. */
  const run = async (token: string, text: string): Promise<Reply> => {
    const call = callIn(text);
    if (call === undefined || call.H.toLowerCase() !== "echohub") return undefined;
    const { M: method, A: values = [], I: id } = call;
    const [value] = values;
    const reply = { I: `${id}` };
    switch (method.toLowerCase()) {
      case "echo":
        say(token, { H: "EchoHub", M: "said", A: [value] });
        return { R: value, ...reply };
      case "nothing":
        return reply;
      case "fail":
        return { ...reply, E: `There was an error invoking Hub method '${call.H}.${method}'.` };
      case "count":
        for (let told = 1; told <= Number(value); told++)
          say(token, { I: `P|${id}`, P: { I: `${id}`, D: told } });
        return reply;
      case "wait":
        await new Promise<void>((resolve) => waiting.push(resolve));
        return { R: "waited", ...reply };
      default:
        return { ...reply, E: `There was an error invoking Hub method '${call.H}.${method}'.` };
    }
  };

  const answerSend = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const body = await bodyOf(request);
    const { method = "", headers } = request;
    sent.push({ method, url: request.url ?? "", headers, body });
    const token = url.searchParams.get("connectionToken");
    if (!TRANSPORTS.has(url.searchParams.get("transport") ?? ""))
      return fail(response, 400, "Protocol error: Unknown transport.");
    if (token === null) return fail(response, 400, "Protocol error: Missing connection token.");
    if (!known.has(token)) return fail(response, 400, "The ConnectionId is in the incorrect format.");
    const isForm = /^application\/x-www-form-urlencoded/i.test(headers["content-type"] ?? "");
    const data = isForm ? new URLSearchParams(body).get("data") : null;
    const running = run(token, data ?? "");
    if (repliesBy === "channel") {
      send(response, "text/plain", "");
      const reply = await running;
      return reply === undefined ? undefined : channels.get(token)?.push(JSON.stringify(reply));
    }
    const reply = await running;
    if (reply === undefined) return fail(response, 500, "");
    return send(response, "application/json", JSON.stringify(reply));
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const token = url.searchParams.get("connectionToken") ?? "";
    switch (url.pathname) {
      case "/":
        response.setHeader("set-cookie", "who=page; Path=/; SameSite=Lax");
        return send(response, "text/html", PAGE);
      case "/jquery.js":
      case "/signalr.js":
        return send(response, "text/javascript", library(url.pathname));
      case "/signalr/negotiate":
        known.add(`token/${++tokens}`);
        return send(response, "application/json", negotiation(`token/${tokens}`));
      case "/signalr/connect":
      case "/signalr/reconnect": {
        const isPolled = url.searchParams.get("transport") === "longPolling";
        const channel = isPolled ? pollChannel() : openChannel(url, response);
        begin(token, channel);
        return channel.poll?.(response);
      }
      case "/signalr/poll":
        return channels.get(token)?.poll?.(response);
      case "/signalr/start":
        return send(response, "application/json", '{ "Response": "started" }');
      case "/signalr/send":
        return answerSend(request, response, url);
      case "/signalr/abort":
        channels.get(token)?.end();
        return send(response, "application/json", "");
      default:
        response.writeHead(404);
        response.end();
    }
  };

  const server = createServer((request, response) => void answer(request, response));
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    const token = new URL(request.url ?? "/", "http://localhost").searchParams.get("connectionToken") ?? "";
    sockets.handleUpgrade(request, socket, head, (opened) => {
      begin(token, { push: (json) => opened.send(json), end: () => opened.close() });
      opened.on("message", async (data) => {
        const reply = await run(token, data.toString());
        if (reply !== undefined) opened.send(JSON.stringify(reply));
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const endChannels = () => {
    for (const { end } of channels.values()) end();
    channels.clear();
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    sent,
    endWaiting() {
      for (const end of waiting) end();
      waiting = [];
    },
    push(json) {
      for (const { push } of channels.values()) push(json);
    },
    endChannels,
    async close() {
      endChannels();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function openChannel(url: URL, response: ServerResponse): Channel {
  if (url.searchParams.get("transport") === "serverSentEvents") {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("data: initialized\n\n");
    return { push: (json) => response.write(`data: ${json}\n\n`), end: () => response.end() };
  }
  response.writeHead(200, { "content-type": "text/html; charset=UTF-8", "cache-control": "no-store" });
  response.write(frameOpening(url.searchParams.get("frameId") ?? "0"));
  return { push: (json) => response.write(frameScriptText(json)), end: () => response.end() };
}

/** Each answer is one envelope. An aborted connection's poll gets an ordinary one, without messages. */
function pollChannel(): Channel {
  const pushed: string[] = [];
  let waiting: ServerResponse | undefined;
  const answer = () => {
    const json = waiting === undefined ? undefined : pushed.shift();
    if (waiting === undefined || json === undefined) return;
    send(waiting, "application/json", json);
    waiting = undefined;
  };
  const push: Push = (json) => {
    pushed.push(json);
    answer();
  };
  return {
    push,
    end: () => push('{"C":"d-1,0","M":[]}'),
    poll(response) {
      waiting = response;
      answer();
    },
  };
}

function negotiation(token: string): string {
  return JSON.stringify({
    Url: "/signalr",
    ConnectionToken: token,
    ConnectionId: `id-${token}`,
    KeepAliveTimeout: 20,
    DisconnectTimeout: 30,
    ConnectionTimeout: 110,
    TryWebSockets: true,
    ProtocolVersion: "2.1",
    TransportConnectTimeout: 5,
    LongPollDelay: 0,
  });
}

interface ClassicCall {
  readonly H: string;
  readonly M: string;
  readonly A?: readonly unknown[];
  readonly I?: number | string;
}

/** Undefined for what makes a server throw before there is a reply. */
function callIn(text: string): ClassicCall | undefined {
  try {
    const call = JSON.parse(text) as ClassicCall | null;
    return typeof call?.H === "string" && typeof call.M === "string" ? call : undefined;
  } catch {
    return undefined;
  }
}

function fail(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "x-content-type-options": "nosniff" });
  response.end(message);
}

function library(path: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(LIBRARIES[path] ?? ""), "utf8");
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request) text += String(piece);
  return text;
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" });
  response.end(body);
}
