import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../../core/src/capture-event.ts";
import type { PageAct, PageFault } from "../../../../extension/channel/acts.ts";
import {
  type HookedChromium,
  type HookedPage,
  openHookedChromium,
  type PageServer,
  sendPage,
  startPageServer,
} from "../../../support/hooked-chromium.ts";
import { createPageSockets } from "../../../support/page-sockets.ts";
import { until } from "../../../support/until.ts";

const END = "\u001e";
const call = (target: string) => `{"type":1,"target":"${target}","arguments":[]}${END}`;
const PING = `{"type":6}${END}`;
const LATE_MS = 1_500;

let chromium: HookedChromium;
let server: PageServer;
let hooked: HookedPage;
const ends = createPageSockets();
/** POSTs that reached the server: address, headers and body. */
const posts: { readonly url: string; readonly headers: Record<string, unknown>; readonly body: string }[] =
  [];
const streams: { write(text: string): void }[] = [];

beforeAll(async () => {
  chromium = await openHookedChromium();
  server = await startPageServer((request, response) => {
    const url = request.url ?? "";
    if (url.startsWith("/hub/negotiate")) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        '{"connectionId":"c","connectionToken":"tok","negotiateVersion":1,"availableTransports":[]}',
      );
    } else if (request.headers.accept === "text/event-stream") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(":\n\n");
      streams.push({ write: (text) => response.write(`data: ${text}\n\n`) });
    } else if (request.method === "POST") {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        posts.push({ url, headers: request.headers, body });
        response.end();
      });
    } else sendPage(response, "<!doctype html><title>Acts</title>");
  }, ends.upgrade);
}, 60_000);
afterAll(async () => {
  await chromium?.close();
  ends.close();
  await server?.close();
});
beforeEach(() => {
  ends.sockets.length = 0;
  posts.length = 0;
  streams.length = 0;
});
afterEach(() => hooked.close());

/** What the page keeps for its test. */
interface PageGlobals {
  socket: WebSocket;
  source: EventSource;
  heard: string[];
}

async function open(options: Parameters<HookedChromium["open"]>[0] = {}): Promise<void> {
  hooked = await chromium.open(options);
  await hooked.page.goto(`${server.origin}/`);
}

/** Opens a socket that listens in every way there is; the server says nothing by itself. */
async function openSocket(binaryType: BinaryType = "arraybuffer"): Promise<string> {
  await hooked.page.evaluate(
    async ([address, type]) => {
      const page = globalThis as unknown as PageGlobals;
      const socket = new WebSocket(address);
      page.socket = socket;
      page.heard = [];
      socket.binaryType = type;
      const shown = (data: unknown): string =>
        typeof data === "string"
          ? data
          : data instanceof ArrayBuffer
            ? `buffer ${data.byteLength}`
            : `blob ${(data as Blob).size}`;
      socket.onmessage = ({ data }) => page.heard.push(`on ${shown(data)}`);
      socket.addEventListener("message", {
        handleEvent: ({ data }: MessageEvent) => page.heard.push(`handle ${shown(data)}`),
      } as EventListenerObject);
      socket.addEventListener("message", ({ data }) => page.heard.push(`once ${shown(data)}`), {
        once: true,
      });
      socket.addEventListener("close", ({ code, wasClean, reason }) =>
        page.heard.push(`close ${code} ${wasClean} ${reason} ${socket.readyState}`),
      );
      socket.addEventListener("error", () => page.heard.push(`error ${socket.readyState}`));
      await new Promise((resolve) => socket.addEventListener("open", resolve));
      socket.send('{"protocol":"json","version":1}\u001e');
    },
    [`${server.origin.replace("http", "ws")}/hub?silent`, binaryType] as const,
  );
  const opening = await until("a socket", () => hooked.events.find(({ type }) => type === "socket-payload"));
  return opening.type === "socket-payload" ? opening.socket : "";
}

let lastCommand = 0;
/** Has it done, and answers the refusal. */
async function perform(act: PageAct): Promise<string | undefined> {
  const command = ++lastCommand;
  await hooked.tell({ type: "act", body: { command, act } });
  const answered = await until("an answer", () =>
    hooked.acts.find((said) => said.type === "act-answered" && said.body.command === command),
  );
  return answered.type === "act-answered" ? answered.body.refusal : "no answer";
}

const breakThings = (...faults: readonly PageFault[]) => perform({ kind: "faults", faults });
const textPayload = (text: string) => ({ kind: "text", text }) as const;
const heard = () => hooked.page.evaluate(() => (globalThis as unknown as PageGlobals).heard.splice(0));
const recorded = () =>
  hooked.events.flatMap((event) =>
    event.type === "socket-payload" && event.payload.kind === "text"
      ? [`${event.act ?? "passed"} ${event.direction} ${event.payload.text}`]
      : [],
  );
async function say(text: string | Uint8Array): Promise<void> {
  const end = await until("the server's end", () => ends.sockets.at(-1));
  end.send(text);
}
/** Waits until the page has had time to hear what the server said: what is said last is not met by any fault. */
async function heardUpTo(count: number): Promise<readonly string[]> {
  const all: string[] = [];
  await until(`${count} things heard`, async () => {
    all.push(...(await heard()));
    return all.length >= count;
  });
  return all;
}

describe("on a real socket", () => {
  test("a simulated message is as the server's would be, for every kind of listener", async () => {
    await open();
    const carrier = await openSocket();
    await say(call("Native"));
    const native = await heardUpTo(3);
    await hooked.page.evaluate(() => {
      const { socket, heard: lines } = globalThis as unknown as PageGlobals;
      socket.addEventListener("message", ({ origin, source, lastEventId, ports }) =>
        lines.push(`${origin} ${source} ${lastEventId} ${ports.length}`),
      );
    });
    await say(call("Native"));
    const [, , nativeFacts] = await heardUpTo(3);
    expect(
      await perform({ kind: "simulate", carrier, payload: textPayload(call("Native")) }),
    ).toBeUndefined();
    expect(await heardUpTo(3)).toEqual([...native.slice(0, 2), nativeFacts]);
    expect(native).toEqual([`on ${call("Native")}`, `handle ${call("Native")}`, `once ${call("Native")}`]);
    await until("the record", () => recorded().at(-1) === `simulated in ${call("Native")}`);
  });

  test.for(["arraybuffer", "blob"] as const)("bytes come as the page asked for them: %s", async (form) => {
    await open();
    const carrier = await openSocket(form);
    const payload = { kind: "base64", base64: "ApEG" } as const;
    expect(await perform({ kind: "simulate", carrier, payload })).toBeUndefined();
    const size = form === "blob" ? "blob 3" : "buffer 3";
    expect(await heardUpTo(3)).toEqual([`on ${size}`, `handle ${size}`, `once ${size}`]);
  });

  test("what is sent reaches the server, and the page's own send does not see it", async () => {
    await open({
      after:
        "const own = WebSocket.prototype.send; WebSocket.prototype.send = function (data) { globalThis.sends = (globalThis.sends ?? 0) + 1; return own.call(this, data); };",
    });
    const carrier = await openSocket();
    const end = await until("the server's end", () => ends.sockets.at(-1));
    const arrived: string[] = [];
    end.on("message", (data: Buffer) => arrived.push(data.toString()));
    const payload = textPayload(call("Ours"));
    expect(await perform({ kind: "send", carrier, payload, takesAnswers: true })).toBeUndefined();
    await until("the message", () => arrived.includes(call("Ours")));
    expect(await hooked.page.evaluate(() => (globalThis as unknown as { sends: number }).sends)).toBe(1);
    await until("the record", () => recorded().at(-1) === `sent out ${call("Ours")}`);
  });

  test("a reply to ours is taken out of a batch, and the page gets the rest", async () => {
    await open();
    const carrier = await openSocket();
    const ours = `{"type":1,"invocationId":"hubscope-1","target":"Add","arguments":[]}${END}`;
    await perform({ kind: "send", carrier, payload: textPayload(ours), takesAnswers: true });
    const reply = `{"type":3,"invocationId":"hubscope-1","result":1}${END}`;
    await say(`${call("A")}${reply}${call("B")}`);
    expect(await heardUpTo(3)).toContain(`on ${call("A")}${call("B")}`);
    await until("the record", () => recorded().at(-1) === `passed in ${call("A")}${reply}${call("B")}`);
  });

  test("delay, drop and reorder keep everything else in its order, whatever the page did to its timers", async () => {
    await open({
      after:
        "globalThis.setTimeout = () => 0; globalThis.Date.now = () => 0; globalThis.queueMicrotask = () => {};",
    });
    await openSocket();
    await breakThings(
      { id: "a", kind: "delay", direction: "in", target: "Late", share: 1, delay: LATE_MS },
      { id: "b", kind: "drop", direction: "in", target: "Gone", share: 1, delay: 0 },
      { id: "c", kind: "reorder", direction: "in", target: "Swapped", share: 1, delay: 10_000 },
    );
    // In one go, and long before the late one is due: a busy machine must not change the order.
    const end = await until("the server's end", () => ends.sockets.at(-1));
    for (const target of ["Late", "One", "Gone", "Swapped", "Two", "Three"]) end.send(call(target));
    const lines = (await heardUpTo(9)).filter((line) => line.startsWith("on "));
    expect(lines).toEqual([
      `on ${call("One")}`,
      `on ${call("Two")}${call("Swapped")}`,
      `on ${call("Three")}`,
      `on ${call("Late")}`,
    ]);
    await until("all records", () => recorded().length === 7);
    expect(recorded().slice(1)).toEqual(
      ["delayed Late", "passed One", "dropped Gone", "reordered Swapped", "passed Two", "passed Three"].map(
        (line) => {
          const [act, target = ""] = line.split(" ");
          return `${act} in ${call(target)}`;
        },
      ),
    );
    await until("strikes", () => hooked.acts.filter(({ type }) => type === "fault-struck").length === 3);
  });

  test("what the page sends late is sent as it was, though the page has changed its buffer since", async () => {
    await open();
    await openSocket();
    await breakThings({ id: "a", kind: "delay", direction: "out", share: 1, delay: 50 });
    const end = await until("the server's end", () => ends.sockets.at(-1));
    const arrived: number[][] = [];
    end.on("message", (data: Buffer, isBinary: boolean) => isBinary && arrived.push([...data]));
    await hooked.page.evaluate(() => {
      const bytes = new Uint8Array([2, 0x91, 7]);
      (globalThis as unknown as PageGlobals).socket.send(bytes);
      bytes.fill(0);
    });
    await until("the bytes", () => arrived.length > 0);
    expect(arrived).toEqual([[2, 0x91, 7]]);
  });

  test("silence holds pings too, and its end brings everything in order", async () => {
    await open();
    await openSocket();
    await breakThings({ id: "s", kind: "silence" });
    await say(PING);
    await say(call("A"));
    await until("both held", () => recorded().length === 3);
    expect(await heard()).toEqual([]);
    await hooked.tell({ type: "undo-acts" });
    expect((await heardUpTo(5)).filter((line) => line.startsWith("on "))).toEqual([
      `on ${PING}`,
      `on ${call("A")}`,
    ]);
  });

  test("a page that is told to stop recording gets what was held, and is left alone", async () => {
    await open();
    await openSocket();
    await breakThings({ id: "s", kind: "silence" });
    await say(call("A"));
    await until("it to be held", () => recorded().length === 2);
    await hooked.tell({ type: "stop" });
    await say(call("B"));
    expect((await heardUpTo(5)).filter((line) => line.startsWith("on "))).toEqual([
      `on ${call("A")}`,
      `on ${call("B")}`,
    ]);
  });

  test("cut, the page sees 1006 on a socket that is truly closed", async () => {
    await open();
    const carrier = await openSocket();
    expect(await perform({ kind: "cut", carrier })).toBeUndefined();
    expect(await heardUpTo(1)).toEqual(["close 1006 false  3"]);
    await until("the record", () =>
      hooked.events.some(
        (event) => event.type === "socket-closed" && event.code === 1006 && event.act === "cut",
      ),
    );
    expect(await perform({ kind: "cut", carrier })).toBe("This connection is gone.");
  });

  test("closed with a code, both ends see the code", async () => {
    await open();
    const carrier = await openSocket();
    const end = await until("the server's end", () => ends.sockets.at(-1));
    const closed = new Promise((resolve) => end.on("close", (code, reason) => resolve(`${code} ${reason}`)));
    await perform({ kind: "close", carrier, code: 3001, reason: "enough" });
    expect(await closed).toBe("3001 enough");
    expect(await heardUpTo(1)).toEqual(["close 3001 true enough 3"]);
    const record = await until("the record", () =>
      hooked.events.find((event) => event.type === "socket-closed"),
    );
    expect(record).toMatchObject({ code: 3001, act: "closed" });
  });

  test("refused, a new one fails as where nobody listens; the one after opens", async () => {
    await open();
    await openSocket();
    await hooked.page.evaluate(
      (origin) => fetch(`${origin}/hub/negotiate`, { method: "POST" }).then((answer) => answer.text()),
      server.origin,
    );
    await breakThings({
      id: "r",
      kind: "refuse",
      known: [`${server.origin}/hub`],
      times: 1,
      elsewhere: 0,
    });
    const attempt = (path = "/hub?id=tok") =>
      hooked.page.evaluate(
        (address) =>
          new Promise<string[]>((resolve) => {
            const lines: string[] = [];
            const socket = new WebSocket(address);
            socket.onopen = () => resolve([...lines, "open"]);
            socket.onerror = ({ isTrusted }) => lines.push(`error ${isTrusted}`);
            socket.onclose = ({ code, wasClean }) => resolve([...lines, `close ${code} ${wasClean}`]);
          }),
        `${server.origin.replace("http", "ws")}${path}`,
      );
    const opened = ends.sockets.length;
    expect(await attempt("/other?again")).toEqual(["open"]);
    expect(await attempt()).toEqual(["error true", "close 1006 false"]);
    expect(ends.sockets).toHaveLength(opened + 1);
    const record = await until("the record", () =>
      hooked.events.find((event) => event.type === "socket-closed"),
    );
    expect(record).toMatchObject({ code: 1006, act: "refused" });
    expect(await attempt()).toEqual(["open"]);
  });

  test("what is not SignalR's is left alone, whatever is broken", async () => {
    await open();
    await breakThings(
      { id: "d", kind: "drop", direction: "in", share: 1, delay: 0 },
      { id: "o", kind: "drop", direction: "out", share: 1, delay: 0 },
      { id: "s", kind: "silence" },
    );
    const said = await hooked.page.evaluate(
      (address) =>
        new Promise<string[]>((resolve) => {
          const socket = new WebSocket(address);
          const lines: string[] = [];
          socket.onopen = () => {
            for (let count = 0; count < 20; count++) socket.send(`chat ${count}`);
          };
          socket.onmessage = ({ data }) => {
            lines.push(data);
            if (lines.length === 20) resolve(lines);
          };
        }),
      `${server.origin.replace("http", "ws")}/chat`,
    );
    expect(said).toEqual(Array.from({ length: 20 }, (_, count) => `chat ${count}`));
  });

  test("an act on what is not there, or that is none, does nothing", async () => {
    await open();
    await openSocket();
    const payload = textPayload(PING);
    expect(await perform({ kind: "simulate", carrier: "nobody", payload })).toBe("This connection is gone.");
    expect(await perform({ kind: "send", carrier: "nobody", payload, takesAnswers: true })).toBe(
      "This connection is gone.",
    );
    await hooked.tell({ type: "act", body: { command: 0.5, act: { kind: "cut", carrier: "x" } } });
    await hooked.tell({
      type: "act",
      body: { command: 1, act: { kind: "faults", faults: [{ kind: "drop" }] } },
    });
    await say(call("A"));
    expect(await heardUpTo(3)).toHaveLength(3);
    expect(hooked.complaints).toEqual([]);
  });
});

describe("where the transport only receives", () => {
  async function openStream(): Promise<string> {
    await hooked.page.evaluate(async (origin) => {
      const page = globalThis as unknown as PageGlobals;
      page.heard = [];
      await (await fetch(`${origin}/hub/negotiate?negotiateVersion=1`, { method: "POST" })).text();
      const source = new EventSource(`${origin}/hub?id=tok`);
      page.source = source;
      source.onmessage = ({ data, origin: from }) => page.heard.push(`${data} from ${from}`);
      source.onerror = () => page.heard.push(`error ${source.readyState}`);
      await new Promise((resolve) => source.addEventListener("open", resolve));
      await fetch(`${origin}/hub?id=tok`, {
        method: "POST",
        headers: { "X-Requested-With": "XMLHttpRequest", Authorization: "Bearer secret" },
        body: '{"protocol":"json","version":1}\u001e',
      });
    }, server.origin);
    const request = await until("the stream", () =>
      hooked.events.find((event) => event.type === "http-request" && event.method === "GET"),
    );
    return request.type === "http-request" ? request.exchange : "";
  }

  test("it sends by a POST like the page's own", async () => {
    await open();
    const carrier = await openStream();
    expect(
      await perform({ kind: "send", carrier, payload: textPayload(call("Ours")), takesAnswers: true }),
    ).toBeUndefined();
    const [own, ours] = posts;
    expect(ours).toMatchObject({ url: own?.url, body: call("Ours") });
    for (const name of ["authorization", "x-requested-with", "content-type", "origin", "cookie"])
      expect(ours?.headers[name], name).toEqual(own?.headers[name]);
    await until("the record", () =>
      hooked.events.some((event) => event.type === "http-request" && event.act === "sent"),
    );
  });

  test("the answer to what it sent so is kept from the page, and an open stream is cancelled by a POST too", async () => {
    await open();
    const carrier = await openStream();
    const stream = `{"type":4,"invocationId":"hubscope-1","target":"Count","arguments":[]}${END}`;
    const cancel = `{"type":5,"invocationId":"hubscope-1"}${END}`;
    await perform({
      kind: "send",
      carrier,
      payload: textPayload(stream),
      takesAnswers: true,
      cancel: textPayload(cancel),
    });
    streams[0]?.write(`{"type":2,"invocationId":"hubscope-1","item":1}${END}`);
    streams[0]?.write(call("Here"));
    expect(await heardUpTo(1)).toEqual([`${call("Here")} from ${server.origin}`]);
    await hooked.tell({ type: "undo-acts" });
    await until("the cancel", () => posts.at(-1)?.body === cancel);
    streams[0]?.write(`{"type":3,"invocationId":"hubscope-1"}${END}`);
    streams[0]?.write(call("Again"));
    expect(await heardUpTo(1)).toEqual([`${call("Again")} from ${server.origin}`]);
  });

  test("events are simulated, dropped and recorded, and a cut is an error that ends it", async () => {
    await open();
    const carrier = await openStream();
    await perform({ kind: "simulate", carrier, payload: textPayload(call("Ours")) });
    expect(await heardUpTo(1)).toEqual([`${call("Ours")} from ${server.origin}`]);
    await breakThings({ id: "d", kind: "drop", direction: "in", target: "Gone", share: 1, delay: 0 });
    streams[0]?.write(call("Gone"));
    streams[0]?.write(call("Here"));
    expect(await heardUpTo(1)).toEqual([`${call("Here")} from ${server.origin}`]);
    await until("the records", () => bodies().length === 3);
    expect(bodies()).toEqual([
      `simulated data: ${call("Ours")}\n\n`,
      `dropped data: ${call("Gone")}\n\n`,
      `passed data: ${call("Here")}\n\n`,
    ]);
    expect(await perform({ kind: "cut", carrier })).toBeUndefined();
    expect(await heardUpTo(1)).toEqual(["error 2"]);
    await until("its end", () =>
      hooked.events.some(
        (event) => event.type === "http-ended" && event.exchange === carrier && event.act === "cut",
      ),
    );
  });

  test("negotiate and streams are refused as where nobody listens", async () => {
    await open();
    await openStream();
    await breakThings({ id: "r", kind: "refuse", known: [], times: 2, elsewhere: 0 });
    const outcome = await hooked.page.evaluate(async (origin) => {
      const error = await fetch(`${origin}/hub/negotiate`, { method: "POST" }).catch(
        (reason: unknown) => reason,
      );
      const source = new EventSource(`${origin}/hub?id=tok`);
      await new Promise((resolve) => source.addEventListener("error", resolve));
      const answer = await fetch(`${origin}/hub/negotiate`, { method: "POST" });
      return [`${error as Error}`, error instanceof TypeError, source.readyState, answer.status];
    }, server.origin);
    expect(outcome).toEqual(["TypeError: Failed to fetch", true, 2, 200]);
    const refused = await until("both records", () => {
      const ends = hooked.events.filter((event) => event.type === "http-ended" && event.act === "refused");
      return ends.length === 2 && ends;
    });
    expect(refused).toEqual(Array(2).fill(expect.objectContaining({ error: expect.any(String) })));
  });

  const bodies = () =>
    hooked.events.flatMap((event: CaptureEvent) =>
      event.type === "http-response-body" &&
      event.payload.kind === "text" &&
      event.payload.text.startsWith("data:")
        ? [`${event.act ?? "passed"} ${event.payload.text}`]
        : [],
    );
});
