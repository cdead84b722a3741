import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { frameOpening, frameScriptText } from "../../core/src/wire/classic/forever-frame.ts";

/**
 * As much of a classic ASP.NET SignalR server as its official JavaScript client (the npm package `signalr`) needs to
 * call one method over WebSockets, Server-Sent Events, forever frame or long polling. Written after what a real server was recorded to
 * say (test/captures/classic); frames are written by core's own writer, which is tested against those recordings.
 */
export interface ClassicServer {
  /** `http://127.0.0.1:port`. The page at `/?transport=NAME` connects; `call(text)` resolves with what was pushed back. */
  readonly origin: string;
  /** Ends every channel that is open, as a server that is stopped does. */
  endChannels(): void;
  close(): Promise<void>;
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
  const connection = $.hubConnection("/signalr", { useDefaultPath: false });
  const hub = connection.createHubProxy("echoHub");
  const heard = [];
  hub.on("said", (text) => heard.push(text));
  window.connected = Promise.resolve(connection.start({ transport })).then(() => connection.transport.name);
  window.call = async (text) => {
    await connected;
    const answer = await hub.invoke("Echo", text);
    while (!heard.includes(text)) await new Promise((resolve) => setTimeout(resolve, 5));
    return answer;
  };
  window.stopConnection = () => connection.stop();
</script>`;

type Push = (json: string) => void;

interface Channel {
  readonly push: Push;
  readonly end: () => void;
  /** Of long polling: answers with what was pushed since, or waits for it. */
  readonly poll?: (response: ServerResponse) => void;
}

export async function startClassicServer(): Promise<ClassicServer> {
  const channels = new Map<string, Channel>();
  let tokens = 0;
  let cursor = 0;
  const nextCursor = () => `d-1,${++cursor}`;

  const begin = (token: string, channel: Channel) => {
    channels.set(token, channel);
    channel.push(JSON.stringify({ C: nextCursor(), S: 1, M: [] }));
  };
  /** Answers a call, and has the hub call the client. */
  const take = (token: string, call: { readonly I: number | string; readonly A: readonly unknown[] }) => {
    const [text] = call.A;
    const said = { C: nextCursor(), M: [{ H: "EchoHub", M: "said", A: [text] }] };
    channels.get(token)?.push(JSON.stringify(said));
    return JSON.stringify({ R: text, I: `${call.I}` });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const token = url.searchParams.get("connectionToken") ?? "";
    switch (url.pathname) {
      case "/":
        return send(response, "text/html", PAGE);
      case "/jquery.js":
      case "/signalr.js":
        return send(response, "text/javascript", library(url.pathname));
      case "/signalr/negotiate":
        return send(response, "application/json", negotiation(`token/${++tokens}`));
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
      case "/signalr/send": {
        const data = new URLSearchParams(await bodyOf(request)).get("data") ?? "{}";
        return send(response, "application/json", take(token, JSON.parse(data)));
      }
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
      opened.on("message", (data) => opened.send(take(token, JSON.parse(data.toString()))));
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
