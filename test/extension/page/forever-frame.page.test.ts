import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import { createForeverFrameParser, frameScriptText } from "../../../core/src/wire/classic/forever-frame.ts";
import {
  type HookedChromium,
  type HookedPage,
  openHookedChromium,
  type PageServer,
  sendPage,
  startPageServer,
} from "../../support/hooked-chromium.ts";
import { until } from "../../support/until.ts";

interface Line {
  readonly kind: string;
  readonly id: number;
  readonly url?: string;
  readonly text?: string;
}

/** What a real ASP.NET SignalR server sent into a forever frame (test/captures/classic/README.md). */
const RECORDING: readonly Line[] = readFileSync(
  new URL("../../captures/classic/push-ff.ndjson", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Line);
const FRAME_URL = RECORDING.find(({ url }) => url?.startsWith("/signalr/connect"))?.url ?? "";
const FRAME_ID = RECORDING.find(({ url }) => url === FRAME_URL)?.id;
const CHUNKS = RECORDING.flatMap(({ kind, id, text }) =>
  kind === "response-chunk" && id === FRAME_ID ? [text ?? ""] : [],
);

/** The side of the official client (jquery.signalR.js 2.4.3, "foreverFrame") that a frame calls. */
const PAGE = `<!doctype html><title>Classic</title><script>
  window.received = [];
  window.calls = [];
  const connection = { id: 1 };
  window.jQuery = { signalR: { transports: { foreverFrame: {
    getConnection: (id) => (id === "1" ? connection : undefined),
    started: () => {},
    receive(to, data) {
      if (to !== connection) throw new Error("another connection");
      received.push(JSON.stringify(data));
      // As a client does whose call was answered: it calls again, at once.
      if (received.length === 2) fetch(frame.src.replace("/connect", "/send"), { method: "POST", body: "data={}" });
      // The client empties the frame's body after 50 messages.
      if (received.length === 50) {
        const { body } = window.frame.contentDocument;
        while (body.firstChild) body.removeChild(body.firstChild);
      }
    },
  } } } };
  window.openFrame = (url) => {
    window.frame = document.createElement("iframe");
    document.documentElement.appendChild(frame);
    frame.src = url;
  };
</script>`;

let chromium: HookedChromium;
let server: PageServer;
let hooked: HookedPage;
let streams: ServerResponse[] = [];

beforeAll(async () => {
  chromium = await openHookedChromium();
  server = await startPageServer((request, response) => {
    const url = request.url ?? "/";
    if (url.startsWith("/signalr/refused")) {
      response.writeHead(403, { "content-type": "text/html" });
      response.end("<!doctype html>Forbidden");
    } else if (url.startsWith("/signalr/connect")) {
      response.writeHead(200, { "content-type": "text/html; charset=UTF-8" });
      response.flushHeaders();
      streams.push(response);
    } else if (url.startsWith("/signalr/send")) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end("{}");
    } else sendPage(response, PAGE);
  });
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
});
beforeEach(async () => {
  streams = [];
  hooked = await chromium.open();
  await hooked.page.goto(`${server.origin}/`);
});
afterEach(async () => {
  await hooked.close();
  for (const stream of streams) stream.end();
});

const openFrame = async (url: string): Promise<void> => {
  await hooked.page.evaluate(
    (address) => (globalThis as unknown as { openFrame(url: string): void }).openFrame(address),
    url,
  );
};
const stream = () => until("the frame's request", () => streams[0]);
const received = () =>
  hooked.page.evaluate(() => (globalThis as unknown as { received: readonly string[] }).received);
const frameEvents = (): CaptureEvent[] => {
  const request = hooked.events.find(
    (event) => event.type === "http-request" && event.url.includes("/signalr/") && event.method === "GET",
  );
  return hooked.events.filter(
    (event) => "exchange" in event && request?.type === "http-request" && event.exchange === request.exchange,
  );
};
const body = () =>
  frameEvents()
    .map((event) =>
      event.type === "http-response-body" && event.payload.kind === "text" ? event.payload.text : "",
    )
    .join("");
const ended = () =>
  until("the end of the frame", () => frameEvents().find(({ type }) => type === "http-ended"));
const scriptsIn = (text: string) => {
  const parser = createForeverFrameParser("hubs");
  return [...parser.push(text), ...parser.end()].map(({ json, decoded }) => json ?? decoded.message);
};

describe("a forever frame", () => {
  test("is recorded as the body of its GET, every script that the real server sent", async () => {
    await openFrame(FRAME_URL);
    const response = await stream();
    for (const chunk of CHUNKS) response.write(chunk);
    response.end();
    await ended();
    expect(CHUNKS.length).toBeGreaterThan(20);
    expect(scriptsIn(body())).toEqual(scriptsIn(CHUNKS.join("")));
    expect(frameEvents()[0]).toMatchObject({
      method: "GET",
      url: `${server.origin}${FRAME_URL}`,
      origin: { frame: "child" },
    });
    expect(frameEvents()[1]).toMatchObject({ type: "http-response", status: 200 });
    // The page got all of them too.
    expect(await received()).toHaveLength(CHUNKS.length - 1);
  });

  test("loses nothing where the client empties the frame to save memory", async () => {
    await openFrame(FRAME_URL);
    const response = await stream();
    const messages = Array.from({ length: 200 }, (_, at) => frameScriptText(`{"C":"d-1,${at}","M":[]}`));
    response.end([CHUNKS[0], ...messages].join(""));
    await ended();
    expect(scriptsIn(body())).toEqual(scriptsIn([CHUNKS[0], ...messages].join("")));
    expect(await received()).toHaveLength(200);
  });

  test("cut anywhere, within a message or a tag, gives the same scripts, each once", async () => {
    const text = CHUNKS.slice(0, 12).join("");
    await openFrame(FRAME_URL);
    const response = await stream();
    for (let at = 0; at < text.length; at += 37) {
      response.write(text.slice(at, at + 37));
      // Apart, so that the parser stops between them.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    response.end();
    await ended();
    expect(scriptsIn(body())).toEqual(scriptsIn(text));
  });

  test("a message is reported before the page acts on it", async () => {
    await openFrame(FRAME_URL);
    const response = await stream();
    for (const chunk of CHUNKS.slice(0, 3)) response.write(chunk);
    await until("the page's next call", () =>
      hooked.events.some((event) => event.type === "http-request" && event.method === "POST"),
    );
    const order = hooked.events.map((event) =>
      event.type === "http-request" ? event.method : event.type === "http-response-body" ? "piece" : "",
    );
    expect(order.indexOf("POST")).toBeGreaterThan(order.lastIndexOf("piece"));
    expect(order.filter((word) => word === "piece")).toHaveLength(3);
  });

  test("a text that ends like a call within a message is not taken for its end", async () => {
    const message = { C: "d-1,0|A,0", M: [{ H: "h", M: "code", A: ["run(); then(c, 1);", "x"] }] };
    await openFrame(FRAME_URL);
    const response = await stream();
    const script = `<script>r(c, ${JSON.stringify(message)});</script>\r\n`;
    const border = script.indexOf("run();") + "run();".length;
    response.write(`${CHUNKS[0] ?? ""}${script.slice(0, border)}`);
    await until("the opening", () => body().includes("getConnection"));
    response.end(script.slice(border));
    await ended();
    expect(scriptsIn(body()).at(-1)).toBe(JSON.stringify(message));
  });

  test("that is refused says the status", async () => {
    await openFrame("/signalr/refused?transport=foreverFrame&connectionToken=t&frameId=1");
    await ended();
    expect(frameEvents()[1]).toMatchObject({ type: "http-response", status: 403 });
  });

  test("is the classic connection of its token, with its messages in the session", async () => {
    await openFrame(FRAME_URL);
    const response = await stream();
    for (const chunk of CHUNKS.slice(0, 4)) response.write(chunk);
    await until("the messages", () => scriptsIn(body()).length === 4);
    const session = createSession();
    for (const event of hooked.events) session.apply(event);
    expect(session.connections).toHaveLength(1);
    expect(session.connections[0]).toMatchObject({
      transport: "ForeverFrame",
      protocol: { name: "classic" },
      state: { kind: "connected" },
    });
  });
});
