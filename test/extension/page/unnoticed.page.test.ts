import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import {
  type HookedChromium,
  type HookedPage,
  type HookedPageOptions,
  openHookedChromium,
  type PageServer,
  sendPage,
  startPageServer,
} from "../../support/hooked-chromium.ts";
import { createPageSockets } from "../../support/page-sockets.ts";
import { until } from "../../support/until.ts";

const COLLECTIONS = 100;
const HANDSHAKE = '{"protocol":"json","version":1}\u001e';

/** JSON that a parser has much to say of, and `json()` must say the same. */
const EXACT = '{ "connectionToken": "t",\n "n": 12345678901234567890, "n": 1.0 }';

let chromium: HookedChromium;
let server: PageServer;
const ends = createPageSockets();
const streams: ServerResponse[] = [];

beforeAll(async () => {
  chromium = await openHookedChromium();
  server = await startPageServer((request, response) => {
    if (request.url?.includes("/negotiate?exact") === true) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(EXACT);
    } else if (request.url?.includes("/negotiate?torn") === true) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(request.url.includes("empty") ? "" : '{"connectionTok');
    } else if (request.url?.includes("/negotiate") === true) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"connectionToken":"t","availableTransports":[]}');
    } else if (request.headers.accept === "text/event-stream") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`data: {}\u001e\n\n`);
      streams.push(response);
    } else if (request.url === "/go-on") {
      for (const stream of streams.splice(0)) stream.end(`data: {"type":6}\u001e\n\n`);
      response.end();
    } else sendPage(response, '<!doctype html><title>Page</title><link rel="icon" href="data:,">');
  }, ends.upgrade);
});
afterAll(async () => {
  await chromium?.close();
  ends.close();
  for (const stream of streams) stream.end();
  await server?.close();
});

interface Outcome {
  readonly answer: unknown;
  readonly complaints: readonly string[];
  readonly events: readonly CaptureEvent[];
}

/** What the page's own code says of its world: `script` is the body of an async function. */
async function outcome(script: string, options: HookedPageOptions, wanted = 0): Promise<Outcome> {
  const hooked = await chromium.open(options);
  await hooked.page.goto(`${server.origin}/`);
  const answer = await answerOf(hooked, script);
  if (options.hook !== "none") await until("what is reported", () => hooked.events.length >= wanted);
  const { complaints, events } = hooked;
  await hooked.close();
  return { answer, complaints, events };
}

function answerOf({ page }: HookedPage, script: string): Promise<unknown> {
  return page.evaluate(
    (body) =>
      (new Function(`return (async () => { ${body} })()`)() as Promise<unknown>).catch(
        (error: unknown) => `failed: ${error}`,
      ),
    script,
  );
}

/** The same with and without the hook; returns what the hook reported. */
async function same(
  script: string,
  { wanted = 0, before = "" }: { wanted?: number; before?: string } = {},
): Promise<readonly CaptureEvent[]> {
  const native = await outcome(script, { hook: "none", before });
  const hooked = await outcome(script, { before }, wanted);
  expect(String(native.answer)).not.toMatch(/^failed/);
  expect(hooked.answer).toEqual(native.answer);
  expect(hooked.complaints).toEqual(native.complaints);
  return hooked.events;
}

const SOCKET = `
  const socket = new WebSocket("ws://" + location.host + "/hub");
  await new Promise((done) => socket.addEventListener("open", done));
  const heard = () => new Promise((done) => socket.addEventListener("message", ({ data }) => done(data), { once: true }));
`;
const sentBytes = (events: readonly CaptureEvent[]) =>
  events.flatMap((event) =>
    event.type === "socket-payload" && event.direction === "out" && event.payload.kind === "binary"
      ? [[...event.payload.bytes]]
      : [],
  );

test("accessors that the page has put on a buffer's view are not asked, and do not decide what is recorded", async () => {
  const events = await same(
    `${SOCKET}
    socket.binaryType = "arraybuffer";
    socket.send(${JSON.stringify(HANDSHAKE)});
    await heard();
    const asked = [];
    class Bytes extends Uint8Array {
      get buffer() { asked.push("buffer"); return new ArrayBuffer(9); }
      get byteLength() { asked.push("byteLength"); return 9; }
      get byteOffset() { asked.push("byteOffset"); return 0; }
    }
    socket.send(new Bytes([1, 2, 3]));
    await heard();
    const view = new DataView(new ArrayBuffer(4), 1, 2);
    Object.defineProperty(view, "byteLength", { get() { asked.push("own"); return 1; } });
    socket.send(view);
    await heard();
    return asked;`,
    { wanted: 8 },
  );
  expect(sentBytes(events)).toEqual([
    [1, 2, 3],
    [0, 0],
  ]);
});

test("names on Object.prototype do not keep a tapped answer from being piped", async () => {
  await same(
    `Object.prototype.type = "polluted";
    Object.prototype.size = 1;
    Object.prototype.start = () => { throw new Error("start"); };
    try {
      const answer = await fetch("/hub/negotiate", { method: "POST" });
      const parts = [];
      await answer.body.pipeTo(new WritableStream(Object.assign(Object.create(null), {
        write(chunk) { parts.push(chunk.length); },
      }), Object.create(null)));
      return parts;
    } finally {
      delete Object.prototype.type;
      delete Object.prototype.size;
      delete Object.prototype.start;
    }`,
    { wanted: 4 },
  );
});

test("a promise of the platform is asked for its constructor as often as without us", async () => {
  await same(
    `let asked = 0;
    const { constructor } = Promise.prototype;
    Object.defineProperty(Promise.prototype, "constructor", {
      configurable: true, get() { asked++; return constructor; },
    });
    const answer = fetch("/hub/negotiate", { method: "POST" });
    const isNative = Object.getPrototypeOf(answer) === Promise.prototype;
    const names = Reflect.ownKeys(answer).length;
    const before = asked;
    const text = (await answer).text();
    const after = asked;
    await text;
    Object.defineProperty(Promise.prototype, "constructor", {
      configurable: true, writable: true, enumerable: false, value: constructor,
    });
    return [before, after, isNative, names, Reflect.ownKeys(text)];`,
    { wanted: 4 },
  );
});

test("a fetch of another tool that answers with a promise of its own is left as it is", async () => {
  const before = `{
    const native = fetch;
    window.fetch = function (...args) {
      const answer = native.apply(this, args);
      return { then: (done, failed) => answer.then(done, failed) };
    };
  }`;
  await same(`return (await fetch("/hub/negotiate", { method: "POST" })).status;`, { before });
});

test("a Response of another tool whose text is a promise of its own is left as it is", async () => {
  const before = `{
    const { text } = Response.prototype;
    Response.prototype.text = function () {
      const answer = text.call(this);
      return { then: (done, failed) => answer.then(done, failed) };
    };
  }`;
  await same(`return await (await fetch("/hub/negotiate", { method: "POST" })).text();`, { before });
  await same(`return await (await fetch("/hub/negotiate", { method: "POST" })).json();`, { before });
  // By its looks the platform's.
  const proxied = `${before} Response.prototype.text = new Proxy(Response.prototype.text, {});`;
  await same(`return await (await fetch("/hub/negotiate", { method: "POST" })).json();`, { before: proxied });
});

test("a socket of another window that is sent through ours is seen once", async () => {
  const events = await same(
    `const frame = document.body.appendChild(document.createElement("iframe"));
    const socket = new frame.contentWindow.WebSocket("ws://" + location.host + "/hub");
    await new Promise((done) => socket.addEventListener("open", done));
    const heard = () => new Promise((done) => socket.addEventListener("message", ({ data }) => done(data), { once: true }));
    WebSocket.prototype.send.call(socket, ${JSON.stringify(HANDSHAKE)});
    const first = await heard();
    socket.send('{"type":6}\\u001e');
    return [first, await heard()];`,
    { wanted: 5 },
  );
  const incoming = events.filter((event) => event.type === "socket-payload" && event.direction === "in");
  expect(incoming).toHaveLength(2);
  expect(new Set(incoming.map((event) => ("socket" in event ? event.socket : ""))).size).toBe(1);
});

test("the strings and lists of a page may fail: what it does goes on", async () => {
  await same(
    `const broken = () => { throw new Error("broken"); };
    const spoilt = [
      [String.prototype, ["replace", "slice", "startsWith", "includes", "toLowerCase", "toUpperCase", "split", "indexOf", "charCodeAt", "trim"]],
      [Array.prototype, ["slice", "includes", "push", "map", "indexOf", Symbol.iterator]],
      [RegExp.prototype, ["exec", "test", Symbol.replace]],
    ].flatMap(([owner, names]) => names.map((name) => [owner, name, Object.getOwnPropertyDescriptor(owner, name)]));
    const spoil = () => { for (let at = 0; at < spoilt.length; at++) spoilt[at][0][spoilt[at][1]] = broken; };
    const restore = () => { for (let at = 0; at < spoilt.length; at++) Object.defineProperty(spoilt[at][0], spoilt[at][1], spoilt[at][2]); };
    const address = "ws://" + location.host + "/hub";
    spoil();
    let xhr, answer, socket, source;
    try {
      answer = fetch("/hub/negotiate", { method: "POST" });
      xhr = new XMLHttpRequest();
      xhr.open("POST", "/hub/negotiate", false);
      xhr.setRequestHeader("x-test", "1");
      xhr.send("x");
      socket = new WebSocket(address);
      source = new EventSource("/hub?id=t");
    } finally { restore(); }
    const event = new Promise((done) => source.addEventListener("message", ({ data }) => done(data)));
    const opened = await new Promise((done) => socket.addEventListener("open", done));
    spoil();
    try { socket.send(${JSON.stringify(HANDSHAKE)}); } finally { restore(); }
    const data = await new Promise((done) => socket.addEventListener("message", ({ data }) => done(data)));
    return [xhr.status, (await answer).status, xhr.responseText, data, await event];`,
  );
});

test("a reason to abort, however long, ends its exchange", async () => {
  const events = await same(
    `const abort = new AbortController();
    const answer = fetch("/hub/negotiate", { method: "POST", signal: abort.signal });
    abort.abort(new Error("x".repeat(20_000)));
    return await answer.catch(({ message }) => message.length);`,
    { wanted: 2 },
  );
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["http-request", "http-ended"]));
});

test("subprotocols that carry a token do not cost the socket its name", async () => {
  const events = await same(
    `const socket = new WebSocket("ws://" + location.host + "/hub?transport=webSockets&connectionToken=t", ["token." + "x".repeat(3_000)]);
    await new Promise((done) => { socket.onopen = socket.onclose = done; });
    return socket.url;`,
    { wanted: 1 },
  );
  expect(events[0]?.type).toBe("socket-opening");
});

/**
 * How many of five objects that `script` has made and dropped stay there, however often the page's garbage is collected.
 * The engine may hold the last one on its stack.
 */
async function leftOf(hooked: HookedPage, script: string): Promise<number> {
  await hooked.page.evaluate(async (body) => {
    const make = new Function(`return (async () => { ${body} })()`) as () => Promise<object>;
    const kept: WeakRef<object>[] = [];
    for (let at = 0; at < 5; at++) kept.push(new WeakRef(await make()));
    Object.assign(globalThis, { kept });
  }, script);
  const session = await hooked.context.newCDPSession(hooked.page);
  const alive = async () => {
    await session.send("HeapProfiler.collectGarbage");
    return hooked.page.evaluate(() => {
      const { kept } = globalThis as unknown as { readonly kept: readonly WeakRef<object>[] };
      return kept.filter((ref) => ref.deref() !== undefined).length;
    });
  };
  // What the browser's other threads still hold of them they let go at their leisure.
  let left = await alive();
  for (let rounds = 0; left > 1 && rounds < COLLECTIONS; rounds++) {
    await pause(50);
    left = await alive();
  }
  return left;
}

const CLOSED_STREAM = `
  const source = new EventSource("/hub?id=t");
  await new Promise((done) => source.addEventListener("message", done, { once: true }));
  source.close();
  return source;
`;

test("a stream that the page has closed and let go is let go by us", async () => {
  const hooked = await chromium.open();
  await hooked.page.goto(`${server.origin}/`);
  await answerOf(hooked, `await (await fetch("/hub/negotiate", { method: "POST" })).text()`);
  expect(await leftOf(hooked, CLOSED_STREAM)).toBeLessThanOrEqual(1);
  await hooked.close();
});

test("a stream that was refused at the user's command is let go too", async () => {
  const hooked = await chromium.open();
  await hooked.page.goto(`${server.origin}/`);
  await answerOf(hooked, `await (await fetch("/hub/negotiate", { method: "POST" })).text()`);
  const refuse = {
    id: "f",
    kind: "refuse",
    hub: `${server.origin}/hub`,
    known: [],
    times: 100,
    elsewhere: 0,
  };
  await hooked.tell({ type: "act", body: { command: 1, act: { kind: "faults", faults: [refuse] } } });
  const alive = await leftOf(
    hooked,
    `const source = new EventSource("/hub?id=t");
    await new Promise((done) => source.addEventListener("error", done, { once: true }));
    return source;`,
  );
  await hooked.tell({ type: "undo-acts" });
  await hooked.close();
  expect(alive).toBeLessThanOrEqual(1);
});

test("a pipe that fails with a read under way leaves the stream, and its recording, as they were", async () => {
  const events = await same(
    `await fetch("/hub/negotiate", { method: "POST" }).then((answer) => answer.text());
    const answer = await fetch("/hub?id=t", { headers: { accept: "text/event-stream" } });
    const failing = new WritableStream({
      async write() { await new Promise((done) => setTimeout(done, 100)); throw new Error("full"); },
    }, { highWaterMark: 10 });
    const piped = await answer.body.pipeTo(failing, { preventCancel: true }).catch(({ message }) => message);
    await fetch("/go-on");
    const reader = answer.body.getReader();
    const texts = [];
    for (let read = await reader.read(); !read.done; read = await reader.read())
      texts.push(new TextDecoder().decode(read.value));
    return [piped, texts];`,
    { wanted: 8 },
  );
  const stream = events.filter(({ type }) => type === "http-ended").at(-1);
  expect(stream).not.toHaveProperty("error");
});

test("prototypes that are frozen after us cost neither the page nor the recording anything", async () => {
  const events = await same(
    `for (const owner of [Object, Array, String, Promise, EventTarget, WebSocket, EventSource, Response, ReadableStream, XMLHttpRequest])
      Object.freeze(owner.prototype);
    const text = await fetch("/hub/negotiate", { method: "POST", headers: { constructor: "x", accept: "*/*" } })
      .then((answer) => answer.text());
    const source = new EventSource("/hub?id=t");
    const event = await new Promise((done) => source.addEventListener("message", ({ data }) => done(data)));
    source.close();
    ${SOCKET}
    socket.send(${JSON.stringify(HANDSHAKE)});
    return [text, event, await heard()];`,
    { wanted: 12 },
  );
  const types = new Set(events.map(({ type }) => type));
  for (const type of ["http-request", "http-response-body", "socket-opening", "socket-payload"])
    expect(types).toContain(type);
});

test("a frame whose address is its own document is recorded, however long it is", async () => {
  const events = await same(
    `const frame = document.createElement("iframe");
    const script = 'const socket = new WebSocket("ws://' + location.host + '/hub");' +
      'socket.onopen = () => socket.send(${JSON.stringify(HANDSHAKE).replace(/\\/g, "\\\\")});' +
      'socket.onmessage = () => parent.postMessage("heard", "*");';
    const heard = new Promise((done) => addEventListener("message", ({ data }) => done(data)));
    frame.src = "data:text/html," + encodeURIComponent("<script>" + script + "</script><!--" + "x".repeat(100000) + "-->");
    document.body.append(frame);
    return await heard;`,
    { wanted: 4 },
  );
  expect(events[0]).toMatchObject({ type: "socket-opening", origin: { frame: "child" } });
});

test("a socket that has closed and that the page has let go is let go by us", async () => {
  const hooked = await chromium.open();
  await hooked.page.goto(`${server.origin}/`);
  const alive = await leftOf(
    hooked,
    `const socket = new WebSocket("ws://" + location.host + "/hub");
    await new Promise((done) => socket.addEventListener("open", done, { once: true }));
    socket.send(${JSON.stringify(HANDSHAKE)});
    await new Promise((done) => socket.addEventListener("message", done, { once: true }));
    socket.close();
    await new Promise((done) => socket.addEventListener("close", done, { once: true }));
    return socket;`,
  );
  await hooked.close();
  expect(alive).toBeLessThanOrEqual(1);
});

test("what the page's last pattern has found is still there after a request that is none of SignalR's", async () => {
  await same(
    `/a(b)c/.exec("abc");
    const answer = fetch("/other?x=1#y", { headers: { accept: "text/html" } });
    const xhr = new XMLHttpRequest();
    xhr.open("GET", "/other");
    xhr.setRequestHeader("x-test", "1");
    xhr.send();
    const found = [RegExp.$1, RegExp.lastMatch];
    return [...found, (await answer).status];`,
  );
});

test("json() settles when it would, between the same neighbours, and with the same errors", async () => {
  const events = await same(
    `const settled = (promise) => promise.then((value) => JSON.stringify(value), ({ name, message }) => name + ": " + message);
    const get = () => fetch("/hub/negotiate", { method: "POST" });
    const seen = [];
    const [first, second, third] = [await get(), await get(), await get()];
    await new Promise((done) => setTimeout(done, 50));
    await Promise.all([
      first.json().then(() => seen.push("json")),
      second.text().then(() => seen.push("text")),
      third.json().then(() => seen.push("json")),
    ]);
    seen.push(first.bodyUsed, await settled(first.json()), await settled(first.text()));
    const locked = await get();
    locked.body.getReader();
    seen.push(await settled(locked.json()));
    const controller = new AbortController();
    const aborted = await fetch("/hub/negotiate", { method: "POST", signal: controller.signal });
    const reading = settled(aborted.json());
    seen.push(aborted.bodyUsed);
    controller.abort();
    seen.push(await reading);
    const copied = await get();
    const copy = copied.clone();
    seen.push(await settled(copied.json()), await settled(copy.json()));
    const torn = new Response((await get()).body.pipeThrough(new TransformStream({
      transform(chunk, controller) { controller.enqueue(chunk.slice(0, 9)); },
    })));
    seen.push(await settled(torn.json()));
    for (const name of ["exact", "torn"])
      seen.push(await settled((await fetch("/hub/negotiate?" + name, { method: "POST" })).json()));
    const nothing = await settled((await fetch("/hub/negotiate?torn&empty", { method: "POST" })).json());
    // Chromium names the method, or not: it depends on whether the end has come before the page asks.
    seen.push(nothing.replace("Failed to execute 'json' on 'Response': ", ""));
    let unhandled;
    addEventListener("unhandledrejection", (event) => { unhandled = event.reason.name; event.preventDefault(); }, { once: true });
    locked.json();
    await new Promise((done) => setTimeout(done, 50));
    seen.push(unhandled);
    return seen;`,
    { wanted: 20 },
  );
  const bodies = events.flatMap((event) =>
    event.type === "http-response-body" && event.payload.kind === "text" ? [event.payload.text] : [],
  );
  expect(
    bodies.filter((text) => text === '{"connectionToken":"t","availableTransports":[]}').length,
  ).toBeGreaterThan(3);
});

test("names of traps on Object.prototype are none of ours: libraries put get, set and has there", async () => {
  const events = await same(
    `const asked = [];
    const names = ["get", "set", "has", "deleteProperty", "ownKeys", "getOwnPropertyDescriptor", "defineProperty",
      "getPrototypeOf", "setPrototypeOf", "isExtensible", "preventExtensions", "apply", "construct"];
    for (const name of names) {
      Object.defineProperty(Object.prototype, name, Object.assign(Object.create(null), {
        configurable: true, writable: true, enumerable: false,
        value() { asked.push(name); return undefined; },
      }));
    }
    try {
      const socket = new WebSocket("ws://" + location.host + "/hub");
      const seen = [socket instanceof WebSocket, WebSocket.OPEN, WebSocket.prototype === Object.getPrototypeOf(socket),
        "CLOSED" in WebSocket, Object.keys(WebSocket).length, fetch.name, typeof fetch.length, Response.name,
        new Response("x") instanceof Response, EventSource.CONNECTING, socket.send.name];
      WebSocket.mine = 1;
      seen.push(WebSocket.mine, delete WebSocket.mine, "mine" in WebSocket, Object.isExtensible(WebSocket));
      await new Promise((done) => socket.addEventListener("open", done));
      class Own extends WebSocket {}
      const own = new Own("ws://" + location.host + "/hub");
      seen.push(own instanceof Own, Object.getPrototypeOf(own) === Own.prototype);
      own.close();
      const answer = await fetch("/hub/negotiate", Object.assign(Object.create(null), { method: "POST" }));
      seen.push(await answer.text(), answer.body === answer.body);
      return [seen, asked];
    } finally {
      for (const name of names) delete Object.prototype[name];
    }`,
    { wanted: 4 },
  );
  expect(events.map(({ type }) => type)).toContain("http-response-body");
});

test("what is settled at once is so among the page's own reactions, recorded or not", async () => {
  const script = `const order = async (url) => {
      const seen = [];
      const options = { method: "POST", signal: AbortSignal.abort() };
      const over = fetch(url, options).catch(() => seen.push("fetch"));
      let turn = Promise.resolve();
      for (let at = 1; at <= 4; at++) turn = turn.then(() => seen.push(at));
      await Promise.all([over, turn]);
      const answer = await fetch(url, { method: "POST" });
      const reader = answer.body.getReader();
      while (!(await reader.read()).done);
      const read = reader.read().then(() => seen.push("read"));
      turn = Promise.resolve();
      for (let at = 1; at <= 4; at++) turn = turn.then(() => seen.push(at));
      await Promise.all([read, turn]);
      return seen.join(" ");
    };
    return [await order("/hub/negotiate"), await order("/elsewhere")];`;
  const { answer } = await outcome(script, { hook: "none" });
  expect(answer).toEqual(["fetch 1 2 3 4 read 1 2 3 4", "fetch 1 2 3 4 read 1 2 3 4"]);
  await same(script, { wanted: 4 });
});
