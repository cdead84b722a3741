import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import { MAX_PAYLOAD_SIZE } from "../../../extension/channel/limits.ts";
import {
  type HookedChromium,
  type HookedPage,
  openHookedChromium,
  type PageServer,
  sendPage,
  startPageServer,
} from "../../support/hooked-chromium.ts";
import { createPageSockets } from "../../support/page-sockets.ts";
import { until } from "../../support/until.ts";

const HANDSHAKE = '{"protocol":"json","version":1}\u001e';
const PING = '{"type":6}\u001e';

let chromium: HookedChromium;
let server: PageServer;
let hooked: HookedPage;
const ends = createPageSockets();

beforeAll(async () => {
  chromium = await openHookedChromium();
  server = await startPageServer((request, response) => {
    if (request.url?.startsWith("/redirected/negotiate") === true) {
      response.writeHead(200, { "content-type": "application/json" });
      const url = `http://${request.headers.host}/client/?hub=chat`;
      response.end(JSON.stringify({ url, accessToken: "token", availableTransports: [] }));
    } else sendPage(response, "<!doctype html><title>Sockets</title>");
  }, ends.upgrade);
});
afterAll(async () => {
  await chromium?.close();
  ends.close();
  await server?.close();
});
beforeEach(() => {
  ends.sockets.length = 0;
});
afterEach(() => hooked.close());

async function open(options: Parameters<HookedChromium["open"]>[0] = {}): Promise<void> {
  hooked = await chromium.open(options);
  await hooked.page.goto(`${server.origin}/`);
}

/** Opens a socket of the page as `socket`, sends what is given, and waits until as much came back. */
async function converse(path: string, texts: readonly string[]): Promise<readonly string[]> {
  return hooked.page.evaluate(
    async ([address, sent]) => {
      const socket = new WebSocket(address.replace("http", "ws"));
      Object.assign(globalThis, { socket });
      const heard: string[] = [];
      await new Promise((resolve) => socket.addEventListener("open", resolve));
      for (const text of sent) {
        socket.send(text);
        heard.push(
          await new Promise<string>((resolve) =>
            socket.addEventListener("message", ({ data }) => resolve(data), { once: true }),
          ),
        );
      }
      return heard;
    },
    [`${server.origin}${path}`, texts] as const,
  );
}

const types = () => hooked.events.map(({ type }) => type);
const payloads = (events: readonly CaptureEvent[] = hooked.events) =>
  events.flatMap((event) =>
    event.type === "socket-payload"
      ? [
          `${event.direction} ${
            event.payload.kind === "text"
              ? event.payload.text
              : event.payload.kind === "binary"
                ? `[${event.payload.bytes.slice(0, 9).join(" ")}]`
                : event.payload.reason
          }`,
        ]
      : [],
  );
const payloadCount = (count: number) =>
  until(`${count} payloads`, () => payloads().length >= count && payloads());

describe("which sockets are reported", () => {
  test("one of classic SignalR, by its address, before it says anything", async () => {
    await open();
    await converse("/signalr/connect?transport=webSockets&clientProtocol=2.1&connectionToken=abc&tid=1", []);
    await until("the opening", () => types().includes("socket-opened"));
    const session = createSession();
    for (const event of hooked.events) session.apply(event);
    expect(session.connections[0]).toMatchObject({
      protocol: { name: "classic" },
      transport: "WebSockets",
    });
  });

  test("one whose address no negotiate named, once a hub's message passes", async () => {
    await open();
    await converse("/hub", ["hello", HANDSHAKE]);
    await payloadCount(4);
    expect(payloads()).toEqual(["out hello", "in hello", `out ${HANDSHAKE}`, `in ${HANDSHAKE}`]);
  });

  test("one at the address that a negotiate redirected to, as Azure SignalR Service does", async () => {
    await open();
    await hooked.page.evaluate(async () =>
      (await fetch("/redirected/negotiate?negotiateVersion=1", { method: "POST" })).text(),
    );
    await until("the negotiate", () => types().includes("http-ended"));
    await converse("/client/?hub=chat&id=x", []);
    await until("the socket", () => types().includes("socket-opened"));
  });

  test("nobody else's, nor anything of it", async () => {
    await open();
    await converse("/chat", ["one", "two", "[1]", "{}", '{"R":1}']);
    expect(hooked.events).toEqual([]);
  });

  test("everybody's where the user wants it", async () => {
    await open();
    await hooked.tell({ type: "other-traffic", body: { wanted: true } });
    await converse("/chat", ["iris-websocket-message:chat;0;hello", "plain"]);
    await payloadCount(4);
    expect(types().slice(0, 2)).toEqual(["socket-opening", "socket-opened"]);
    const session = createSession({ otherSockets: true });
    for (const event of hooked.events) session.apply(event);
    expect(session.connections).toHaveLength(1);
    expect(session.connections[0]).toMatchObject({ protocol: { name: "iris" } });
  });

  test("one that was forgotten, from its next send on, once the user wants it", async () => {
    await open();
    await converse("/chat", ["1", "2", "3", "4", "5", "6"]);
    await hooked.tell({ type: "other-traffic", body: { wanted: true } });
    await hooked.page.evaluate(() => {
      const { socket } = globalThis as unknown as { socket: WebSocket };
      socket.send("seven");
      socket.send("eight");
    });
    await payloadCount(4);
    expect([...payloads()].sort()).toEqual(["in eight", "in seven", "out eight", "out seven"]);
    expect(types().filter((type) => type === "socket-opening")).toHaveLength(1);
  });

  test("none after the relay said stop", async () => {
    await open();
    await hooked.tell({ type: "stop" });
    await converse("/hub", [HANDSHAKE, PING]);
    expect(hooked.events).toEqual([]);
  });
});

describe("what is reported of a socket", () => {
  test("Blobs in their places, both ways, though their bytes come later", async () => {
    await open();
    await converse("/hub", [HANDSHAKE]);
    await hooked.page.evaluate(async () => {
      const { socket } = globalThis as unknown as { socket: WebSocket };
      const seen: string[] = [];
      const done = new Promise<void>((resolve) =>
        socket.addEventListener("message", ({ data }) => {
          seen.push(typeof data);
          if (seen.length === 4) resolve();
        }),
      );
      socket.send(new Blob([new Uint8Array([1, 2, 3])]));
      socket.send("after");
      socket.send(new Uint8Array([9, 8, 7, 6]).subarray(1, 3));
      socket.send("last");
      await done;
    });
    await payloadCount(10);
    expect(
      payloads()
        .slice(2)
        .filter((text) => text.startsWith("out")),
    ).toEqual(["out [1 2 3]", "out after", "out [8 7]", "out last"]);
    expect(
      payloads()
        .slice(2)
        .filter((text) => text.startsWith("in")),
    ).toEqual(["in [1 2 3]", "in after", "in [8 7]", "in last"]);
  });

  test("a Blob above the cap by its size alone, in its place", async () => {
    await open();
    await converse("/hub?silent", []);
    await hooked.page.evaluate(
      ([handshake, size]) => {
        const { socket } = globalThis as unknown as { socket: WebSocket };
        socket.send(handshake);
        socket.send(new Blob([new Uint8Array(size)]));
        socket.send("after");
      },
      [HANDSHAKE, MAX_PAYLOAD_SIZE + 1] as const,
    );
    await payloadCount(3);
    expect(payloads()).toEqual([`out ${HANDSHAKE}`, "out too-large", "out after"]);
  });

  test("nothing of what a closing socket discards, and the close that the server gave", async () => {
    await open();
    await converse("/hub", [HANDSHAKE]);
    await hooked.page.evaluate(async () => {
      const { socket } = globalThis as unknown as { socket: WebSocket };
      const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
      socket.close(4001, "done");
      socket.send("too late");
      await closed;
    });
    await until("the close", () => types().includes("socket-closed"));
    expect(payloads()).toHaveLength(2);
    expect(hooked.events.at(-1)).toMatchObject({ code: 4001, reason: "done", wasClean: true });
  });

  test("from the next send on, where the hook came late", async () => {
    await open({ hook: "late" });
    await converse("/hub", [HANDSHAKE]);
    await hooked.install();
    await hooked.page.evaluate((ping) => {
      const { socket } = globalThis as unknown as { socket: WebSocket };
      socket.send(ping);
    }, PING);
    await payloadCount(2);
    expect(payloads()).toEqual([`out ${PING}`, `in ${PING}`]);
    expect(hooked.events[0]).toMatchObject({
      type: "socket-opening",
      url: `${server.origin.replace("http", "ws")}/hub`,
    });
    const session = createSession();
    for (const event of hooked.events) session.apply(event);
    expect(session.log[0]).toMatchObject({ happening: { kind: "joined-late" } });
  });
});

/** What other extensions and tools of pages make of WebSocket. */
const OTHERS: Readonly<Record<string, string>> = {
  "a Proxy": `window.WebSocket = new Proxy(window.WebSocket, {
    construct(target, args) { window.made = (window.made ?? 0) + 1; return new target(...args); },
  });`,
  "a subclass": `window.WebSocket = class extends window.WebSocket {
    constructor(...args) { super(...args); window.made = (window.made ?? 0) + 1; }
    send(data) { super.send(data); }
  };`,
  "a subclass without methods of its own": `window.WebSocket = class WebSocket extends window.WebSocket {
    constructor(...args) { super(...args); window.made = (window.made ?? 0) + 1; }
  };`,
  "a function that shares the prototype": `(() => {
    const Native = window.WebSocket;
    window.WebSocket = function WebSocket(url, protocols) {
      window.made = (window.made ?? 0) + 1;
      return protocols === undefined ? new Native(url) : new Native(url, protocols);
    };
    window.WebSocket.prototype = Native.prototype;
  })();`,
  "a wrapper of send on each socket": `(() => {
    const Native = window.WebSocket;
    window.WebSocket = function (...args) {
      window.made = (window.made ?? 0) + 1;
      const socket = new Native(...args);
      const { send } = socket;
      socket.send = (data) => send.call(socket, data);
      return socket;
    };
    window.WebSocket.prototype = Native.prototype;
  })();`,
};

describe.for(["before", "after"] as const)("another tool that came %s us", (when) => {
  test.for(Object.keys(OTHERS))("%s: both see the traffic, each payload once", async (name) => {
    await open({ [when]: OTHERS[name] });
    expect(await converse("/hub", [HANDSHAKE, PING])).toEqual([HANDSHAKE, PING]);
    await payloadCount(4);
    expect(payloads()).toEqual([`out ${HANDSHAKE}`, `in ${HANDSHAKE}`, `out ${PING}`, `in ${PING}`]);
    expect(types().filter((type) => type === "socket-opening")).toHaveLength(1);
    expect(await hooked.page.evaluate(() => (globalThis as unknown as { made: number }).made)).toBe(1);
    expect(hooked.complaints).toEqual([]);
  });
});

test("a tool that put something else in WebSocket's place costs the sockets, not the rest", async () => {
  await open({ before: `window.WebSocket = function WebSocket() { this.send = () => {}; };` });
  await hooked.page.evaluate(async () => {
    new WebSocket("ws://127.0.0.1/").send("x");
    await (await fetch("/redirected/negotiate?negotiateVersion=1", { method: "POST" })).text();
  });
  await until("the negotiate", () => types().includes("http-ended"));
  expect(hooked.complaints).toEqual([]);
});
