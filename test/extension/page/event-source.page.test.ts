import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import { createEventStreamParser } from "../../../core/src/wire/framing/event-stream.ts";
import {
  type HookedChromium,
  type HookedPage,
  openHookedChromium,
  type PageServer,
  sendPage,
  startPageServer,
} from "../../support/hooked-chromium.ts";
import { until } from "../../support/until.ts";

const HANDSHAKE_ANSWER = "{}\u001e";
const NEGOTIATION = JSON.stringify({
  negotiateVersion: 1,
  connectionId: "id-1",
  connectionToken: "token-1",
  availableTransports: [{ transport: "ServerSentEvents", transferFormats: ["Text"] }],
});

let chromium: HookedChromium;
let server: PageServer;
/** The streams that are open, oldest first. */
let streams: ServerResponse[] = [];
let lastEventIds: (string | undefined)[] = [];
let hooked: HookedPage;

beforeAll(async () => {
  chromium = await openHookedChromium();
  server = await startPageServer((request, response) => {
    const url = request.url ?? "/";
    if (url.startsWith("/hub/negotiate")) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(NEGOTIATION);
    } else if (url.startsWith("/refused")) {
      response.writeHead(404);
      response.end();
    } else if (request.headers.accept === "text/event-stream") {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write("retry: 50\n\n");
      lastEventIds.push(request.headers["last-event-id"]?.toString());
      streams.push(response);
    } else sendPage(response, "<!doctype html><title>Streams</title>");
  });
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
});
beforeEach(async () => {
  streams = [];
  lastEventIds = [];
  hooked = await chromium.open();
  await hooked.page.goto(`${server.origin}/`);
});
afterEach(async () => {
  await hooked.close();
  for (const stream of streams) stream.end();
});

const negotiate = () =>
  hooked.page.evaluate(async () => (await fetch("/hub/negotiate", { method: "POST" })).text());
const openSource = (url: string) =>
  hooked.page.evaluate((address) => {
    const source = new EventSource(address);
    const heard: string[] = [];
    source.onmessage = ({ data }) => heard.push(data);
    Object.assign(globalThis, { source, heard });
  }, url);
const heardByPage = () => hooked.page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
const streamNumber = (number: number) => until("a stream", () => streams[number - 1]);
const seen = (type: CaptureEvent["type"], most = Number.POSITIVE_INFINITY) =>
  hooked.events.filter((event) => event.type === type && !isNegotiate(event)).slice(0, most);
const isNegotiate = (event: CaptureEvent) =>
  "exchange" in event &&
  hooked.events.some(
    (other) =>
      other.type === "http-request" && other.exchange === event.exchange && other.url.includes("/negotiate"),
  );
const eventual = (count: number, type: CaptureEvent["type"]) =>
  until(`${count} × ${type}`, () => seen(type).length >= count && seen(type));
const bodies = () =>
  seen("http-response-body").map((event) =>
    event.type === "http-response-body" && event.payload.kind === "text" ? event.payload.text : "?",
  );

describe("an EventSource of ASP.NET Core SignalR", () => {
  test("is the connection that was negotiated, with its messages, and ends when the page closes it", async () => {
    await negotiate();
    await openSource("/hub?id=token-1");
    const stream = await streamNumber(1);
    stream.write(`data: ${HANDSHAKE_ANSWER}\r\n\r\n`);
    stream.write(`data: {"type":1,"target":"Said","arguments":["x"]}\u001e\r\n\r\n`);
    await eventual(2, "http-response-body");
    await hooked.page.evaluate(() => (globalThis as unknown as { source: EventSource }).source.close());
    await eventual(1, "http-ended");

    const [request] = seen("http-request");
    expect(request).toMatchObject({
      method: "GET",
      url: `${server.origin}/hub?id=token-1`,
      headers: { accept: "text/event-stream" },
      origin: { documentUrl: `${server.origin}/`, frame: "top" },
    });
    const session = createSession();
    for (const event of hooked.events) session.apply(event);
    expect(session.connections).toHaveLength(1);
    expect(session.connections[0]).toMatchObject({
      transport: "ServerSentEvents",
      state: { how: "stream-closed" },
    });
    const targets = session.log.flatMap((entry) =>
      entry.kind === "message" && entry.target !== undefined ? [entry.target] : [],
    );
    expect(targets).toEqual(["Said"]);
    expect(await heardByPage()).toHaveLength(2);
  });

  test("that the server ends and the browser opens again is two exchanges", async () => {
    await negotiate();
    await openSource("/hub?id=token-1");
    (await streamNumber(1)).end(`data: ${HANDSHAKE_ANSWER}\n\n`);
    const again = await streamNumber(2);
    again.write(`data: {"type":6}\u001e\n\n`);
    await eventual(2, "http-response-body");
    expect(hooked.events.filter((event) => !isNegotiate(event)).map(({ type }) => type)).toEqual([
      "http-request",
      "http-response",
      "http-response-body",
      "http-ended",
      "http-request",
      "http-response",
      "http-response-body",
    ]);
  });

  test("that is refused ends with a reason and has no answer", async () => {
    await negotiate();
    await openSource("/refused?id=token-1");
    await eventual(1, "http-ended");
    expect(seen("http-response")).toEqual([]);
    expect(seen("http-ended")[0]).toMatchObject({ error: expect.any(String) });
  });
});

test("a server may name its events `open` and `error`: they end no stream", async () => {
  await negotiate();
  await openSource("/hub?id=token-1");
  const stream = await streamNumber(1);
  stream.write("event: error\ndata: one\n\nevent: open\ndata: two\n\ndata: three\n\n");
  await eventual(3, "http-response-body");
  expect(bodies()).toEqual(["event: error\ndata: one\n\n", "event: open\ndata: two\n\n", "data: three\n\n"]);
  expect(seen("http-response")).toHaveLength(1);
  expect(seen("http-ended")).toEqual([]);
});

test("a stream of classic SignalR is known by its address alone", async () => {
  await openSource(
    "/signalr/connect?transport=serverSentEvents&clientProtocol=2.1&connectionToken=abc&tid=3",
  );
  const stream = await streamNumber(1);
  stream.write("data: initialized\n\n");
  stream.write('data: {"C":"d-1,0|A,0|B,1","S":1,"M":[]}\n\n');
  await eventual(2, "http-response-body");
  const session = createSession();
  for (const event of hooked.events) session.apply(event);
  expect(session.connections).toHaveLength(1);
  expect(session.connections[0]).toMatchObject({
    transport: "ServerSentEvents",
    protocol: { name: "classic" },
  });
});

describe("somebody else's stream", () => {
  test("is not reported, and our listeners leave it", async () => {
    await openSource("/news");
    const stream = await streamNumber(1);
    stream.write("data: rain\n\n");
    stream.write("data: snow\n\n");
    await until("the page to hear it", async () => (await heardByPage()).length === 2);
    expect(hooked.events).toEqual([]);
  });

  test("is written again as it came where the user wants it: named events, several lines, IDs", async () => {
    await hooked.tell({ type: "other-traffic", body: { wanted: true } });
    await hooked.page.evaluate(() => {
      const source = new EventSource("/news");
      const order: string[] = [];
      const listener = { handleEvent: ({ type, data }: MessageEvent) => order.push(`${type}:${data}`) };
      source.addEventListener("weather", listener as unknown as (event: MessageEvent) => void);
      source.addEventListener("weather", listener as unknown as (event: MessageEvent) => void);
      Object.assign(globalThis, { source, heard: order });
    });
    const stream = await streamNumber(1);
    const sent =
      "event: weather\nid: 7\ndata: rain\ndata:  and snow\n\ndata: plain\n\nevent: weather\ndata:\n\n";
    stream.write(`: a comment\n${sent}`);
    await eventual(3, "http-response-body");
    expect(createEventStreamParser().push(bodies().join(""))).toEqual(createEventStreamParser().push(sent));
    expect(bodies()[0]).toBe("event: weather\nid: 7\ndata: rain\ndata:  and snow\n\n");
    expect(await heardByPage()).toEqual(["weather:rain\n and snow", "weather:"]);
  });
});
