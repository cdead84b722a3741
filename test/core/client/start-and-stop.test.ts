import { describe, expect, test } from "vitest";
import { NEXT_STATES } from "../../../core/src/client/states.ts";
import { HubscopeError, type HubscopeErrorCode } from "../../../core/src/errors.ts";
import { settle } from "../../support/fake-clock.ts";
import { ACCEPTED, clientUnderTest, HUB_URL, rejection, type TestOptions } from "./client-under-test.ts";

describe("start", () => {
  test("goes through negotiate, opening and handshake to connected, with the public connection ID", async () => {
    const { client, states, connect } = clientUnderTest();
    await connect();
    expect(states).toEqual(["negotiating", "opening", "handshaking", "connected"]);
    expect(client.state).toEqual({ kind: "connected", connectionId: "public" });
  });

  test("negotiates by POST and connects with the connection token", async () => {
    const { http, sockets, connect } = clientUnderTest({ url: "https://host.test/hub?room=7#top" });
    await connect();
    const [request] = http.requests;
    expect(request?.method).toBe("POST");
    expect(request?.withCredentials).toBe(true);
    expect(request?.url.href).toBe("https://host.test/hub/negotiate?room=7&negotiateVersion=1");
    expect(sockets.last.url.href).toBe("wss://host.test/hub?room=7&id=secret");
  });

  test("sends the handshake as text and a ping at once after it, in both protocols", async () => {
    const json = clientUnderTest();
    expect((await json.connect()).sent).toEqual([
      '{"protocol":"json","version":1}\u001e',
      '{"type":6}\u001e',
    ]);
    const pack = clientUnderTest({ protocol: "messagepack" });
    expect((await pack.connect()).sent).toEqual([
      '{"protocol":"messagepack","version":1}\u001e',
      new Uint8Array([0x02, 0x91, 0x06]),
    ]);
  });

  test("takes a handshake response in a binary payload, with messages behind it", async () => {
    const { client, sockets, states } = clientUnderTest({ protocol: "messagepack" });
    const received: unknown[] = [];
    client.on("hi", (...args) => received.push(args));
    const started = client.start();
    await settle();
    sockets.last.open();
    const invocation = [0x0a, 0x95, 0x01, 0x80, 0xc0, 0xa2, 0x68, 0x69, 0x92, 0x01, 0x02];
    sockets.last.deliver(new Uint8Array([0x7b, 0x7d, 0x1e, ...invocation]));
    await started;
    await settle();
    expect(states.at(-1)).toBe("connected");
    expect(received).toEqual([[1, 2]]);
  });

  test("skips negotiate where it is told to, and has no connection ID", async () => {
    const { client, http, sockets, states, connect } = clientUnderTest({
      skipNegotiation: true,
      url: "ws://host.test/hub",
    });
    await connect();
    expect(http.requests).toEqual([]);
    expect(sockets.last.url.href).toBe("ws://host.test/hub");
    expect(states).toEqual(["opening", "handshaking", "connected"]);
    expect(client.state).toEqual({ kind: "connected" });
  });

  test("asks for an access token for negotiate and again for the socket", async () => {
    let asked = 0;
    const { http, sockets, connect } = clientUnderTest({
      accessToken: async () => `t${++asked}/+`,
      headers: { "X-Own": "1" },
    });
    await connect();
    expect(http.requests[0]?.headers).toEqual({
      "x-requested-with": "XMLHttpRequest",
      "x-own": "1",
      authorization: "Bearer t1/+",
    });
    expect(sockets.last.url.href).toBe("ws://host.test/hub?id=secret&access_token=t2%2F%2B");
  });

  test("follows a redirect with the token that comes with it, and drops the query of the old address", async () => {
    const { http, sockets, connect } = clientUnderTest({
      url: "http://host.test/hub?room=7",
      accessToken: () => "own",
      negotiate: ({ url }) =>
        url.host === "host.test"
          ? { text: JSON.stringify({ url: "https://other.test/client/?hub=chat", accessToken: "theirs" }) }
          : { text: JSON.stringify(ACCEPTED) },
    });
    await connect();
    expect(http.requests.map((request) => request.url.href)).toEqual([
      "http://host.test/hub/negotiate?room=7&negotiateVersion=1",
      "https://other.test/client/negotiate?hub=chat&negotiateVersion=1",
    ]);
    expect(http.requests[1]?.headers?.["authorization"]).toBe("Bearer theirs");
    expect(sockets.last.url.href).toBe("wss://other.test/client/?hub=chat&id=secret&access_token=theirs");
  });

  test("connects with the connection ID where the server speaks version 0 of negotiate", async () => {
    const { connectionToken, negotiateVersion, ...v0 } = ACCEPTED;
    const { sockets, connect } = clientUnderTest({ negotiate: () => ({ text: JSON.stringify(v0) }) });
    await connect();
    expect(sockets.last.url.searchParams.get("id")).toBe("public");
  });

  test("is refused while a start is under way, and does not disturb it", async () => {
    const { client, connect } = clientUnderTest();
    const connected = connect();
    expect(await rejection(client.start())).toEqual(
      new Error("start() was called on a client that is negotiating."),
    );
    await connected;
    expect(client.state.kind).toBe("connected");
  });

  test("rejects with the reason of an abort at every step, and leaves no timer and no open socket", async () => {
    for (const step of ["negotiating", "opening", "handshaking"]) {
      const { client, clock, sockets } = clientUnderTest(
        step === "negotiating" ? { negotiate: () => "silence" } : {},
      );
      const abort = new AbortController();
      const started = rejection(client.start(abort.signal));
      await settle();
      if (step === "handshaking") sockets.last.open();
      expect(client.state.kind).toBe(step);
      abort.abort(new Error(`changed my mind while ${step}`));
      expect(await started).toEqual(new Error(`changed my mind while ${step}`));
      await settle();
      expect(client.state).toEqual({ kind: "disconnected" });
      expect(clock.pending).toBe(0);
      expect(sockets.all.every((socket) => socket.closing !== undefined)).toBe(true);
    }
  });

  test("rejects with what the access token callback threw", async () => {
    const failing = () => Promise.reject(new Error("signed out"));
    const { client } = clientUnderTest({ accessToken: failing });
    expect(await rejection(client.start())).toEqual(new Error("signed out"));
    expect(client.state).toEqual({ kind: "disconnected" });
  });

  test("can be called again after a failure and after stop", async () => {
    let refuse = true;
    const under = clientUnderTest({
      negotiate: () => (refuse ? { status: 503 } : { text: JSON.stringify(ACCEPTED) }),
    });
    await rejection(under.client.start());
    refuse = false;
    await under.connect();
    await under.client.stop();
    await under.connect();
    expect(under.client.state.kind).toBe("connected");
  });
});

/** Each way in which start() can fail: the server it takes, and what is known afterwards. */
const FAILURES: readonly {
  readonly name: string;
  readonly code: HubscopeErrorCode;
  readonly text: string;
  readonly options?: TestOptions;
  readonly play?: (under: ReturnType<typeof clientUnderTest>) => void | Promise<void>;
  readonly facts?: HubscopeError["facts"];
}[] = [
  {
    name: "an address without a scheme",
    code: "not-a-url",
    text: "'/hub' is not an absolute http(s) or ws(s) URL (relative).",
    options: { url: "/hub" },
  },
  {
    name: "an address whose host was taken for a scheme",
    code: "not-a-url",
    text: "'localhost:5000/hub' is not an absolute http(s) or ws(s) URL (scheme).",
    options: { url: "localhost:5000/hub" },
  },
  {
    name: "a network error",
    code: "unreachable",
    text: "Negotiate with http://host.test/hub/negotiate got no answer: Failed to fetch",
    options: { negotiate: () => new TypeError("Failed to fetch") },
  },
  {
    name: "a server that never answers negotiate",
    code: "unreachable",
    text: "http://host.test did not answer within 100000 ms.",
    options: { negotiate: () => "silence" },
    play: ({ clock }) => clock.advance(100_000),
  },
  {
    name: "a status that is no success",
    code: "negotiate-refused",
    text: "The server answered negotiate at http://host.test/hub/negotiate with the HTTP status 404.",
    options: { negotiate: () => ({ status: 404, contentType: "", text: "" }) },
    facts: { status: 404, contentType: "", bodyStart: "" },
  },
  {
    name: "an HTTP redirect that turned the POST into a GET",
    code: "negotiate-refused",
    text: "The server answered negotiate at http://host.test/hub/negotiate with the HTTP status 405.",
    options: {
      negotiate: () => ({
        status: 405,
        contentType: "",
        redirectedTo: "https://host.test/hub/negotiate?negotiateVersion=1",
      }),
    },
    facts: { status: 405, contentType: "", bodyStart: "", redirectedTo: "https://host.test/hub/negotiate" },
  },
  {
    name: "a web page",
    code: "not-signalr",
    text: "What answered at http://host.test/hub/negotiate is not an ASP.NET Core SignalR hub.",
    options: { negotiate: () => ({ contentType: "text/html", text: "<!doctype html>" }) },
    facts: { status: 200, contentType: "text/html", bodyStart: "<!doctype html>", answered: "html" },
  },
  {
    name: "a success other than 200",
    code: "not-signalr",
    text: "What answered at http://host.test/hub/negotiate is not an ASP.NET Core SignalR hub.",
    options: { negotiate: () => ({ status: 201, text: JSON.stringify(ACCEPTED) }) },
  },
  {
    name: "a classic server",
    code: "not-signalr",
    text: "A classic ASP.NET SignalR server answered at http://host.test/hub/negotiate, not an ASP.NET Core SignalR hub.",
    options: { negotiate: () => ({ text: '{"ProtocolVersion":"1.5"}' }) },
    facts: {
      status: 200,
      contentType: "application/json",
      bodyStart: '{"ProtocolVersion":"1.5"}',
      answered: "classic",
    },
  },
  {
    name: "an error in the answer",
    code: "negotiate-error",
    text: "The server refused to negotiate: no seats left",
    options: { negotiate: () => ({ text: '{"error":"no seats left"}' }) },
    facts: { serverError: "no seats left" },
  },
  {
    name: "redirects without end",
    code: "protocol-violation",
    text: "The server redirected negotiate 100 times.",
    options: { negotiate: () => ({ text: JSON.stringify({ url: HUB_URL }) }) },
  },
  {
    name: "a redirect to nowhere",
    code: "protocol-violation",
    text: "The server redirected negotiate to an address that is no absolute http(s) URL (scheme).",
    options: { negotiate: () => ({ text: '{"url":"javascript:alert(1)"}' }) },
  },
  {
    name: "no WebSockets on offer",
    code: "no-common-transport",
    text: "The server offers no WebSockets that carry json; it offers LongPolling.",
    options: {
      negotiate: () => ({
        text: JSON.stringify({
          ...ACCEPTED,
          availableTransports: [{ transport: "LongPolling", transferFormats: ["Text"] }],
        }),
      }),
    },
    facts: { offered: ["LongPolling"] },
  },
  {
    name: "WebSockets that carry text only, for MessagePack",
    code: "no-common-transport",
    text: "The server offers no WebSockets that carry messagepack; it offers WebSockets.",
    options: {
      protocol: "messagepack",
      negotiate: () => ({
        text: JSON.stringify({
          ...ACCEPTED,
          availableTransports: [{ transport: "WebSockets", transferFormats: ["Text"] }],
        }),
      }),
    },
  },
  {
    name: "a socket that does not open",
    code: "transport-failed",
    text: "The WebSocket to http://host.test/hub could not be opened (close code 1006): Unexpected server response: 403.",
    play: ({ sockets }) => sockets.last.end(1006, { failure: "Unexpected server response: 403" }),
    facts: { closeCode: 1006, closeReason: "" },
  },
  {
    name: "a socket that neither opens nor fails",
    code: "transport-failed",
    text: "The WebSocket to http://host.test/hub did not open within 100000 ms.",
    play: ({ clock }) => clock.advance(100_000),
  },
  {
    name: "a handshake that the server rejects",
    code: "handshake-rejected",
    text: "The server rejected the handshake: The protocol 'json' is not supported.",
    play({ sockets }) {
      sockets.last.open();
      sockets.last.deliver(`{"error":"The protocol 'json' is not supported."}\u001e`);
    },
    facts: { serverError: "The protocol 'json' is not supported." },
  },
  {
    name: "a hub message in the place of the handshake response",
    code: "handshake-failed",
    text: "The first thing that the server sent is not a handshake response.",
    play({ sockets }) {
      sockets.last.open();
      sockets.last.deliver('{"type":6}\u001e');
    },
  },
  {
    name: "an echo server",
    code: "handshake-failed",
    text: "The first thing that the server sent is not a handshake response.",
    play({ sockets }) {
      sockets.last.open();
      sockets.last.deliver('{"protocol":"json","version":1}\u001e');
    },
  },
  {
    name: "no handshake response",
    code: "handshake-failed",
    text: "The server did not answer the handshake within 15000 ms.",
    async play({ sockets, clock }) {
      sockets.last.open();
      await clock.advance(15_000);
    },
  },
  {
    name: "an end before the handshake response",
    code: "handshake-failed",
    text: 'The connection ended before the handshake was answered (close code 1011, "crashed").',
    play({ sockets }) {
      sockets.last.open();
      sockets.last.end(1011, { reason: "crashed" });
    },
    facts: { closeCode: 1011, closeReason: "crashed" },
  },
  {
    name: "stop()",
    code: "stopped",
    text: "The client was stopped.",
    options: { negotiate: () => "silence" },
    play: ({ client }) => client.stop(),
  },
];

describe("start fails", () => {
  test.for(FAILURES)("on $name with $code", async ({ code, text, options, play, facts }) => {
    const under = clientUnderTest(options);
    const started = rejection(under.client.start());
    await settle();
    await play?.(under);
    const error = await started;
    expect(error).toBeInstanceOf(HubscopeError);
    expect(error).toMatchObject({ code, message: text, ...(facts === undefined ? {} : { facts }) });
    await settle();
    expect(under.client.state.kind).toBe("disconnected");
    if (code !== "stopped") expect(under.client.state).toEqual({ kind: "disconnected", error });
    expect(under.clock.pending).toBe(0);
  });
});

describe("stop", () => {
  test("sends Close, closes the socket, and resolves when it has closed", async () => {
    const { client, clock, states, connect, sent } = clientUnderTest();
    const socket = await connect();
    const stopped = client.stop();
    expect(client.state.kind).toBe("stopping");
    expect(client.stop()).toBe(stopped);
    await stopped;
    expect(sent()).toEqual([{ kind: "close" }]);
    expect(socket.closing).toEqual({ code: 1000, reason: undefined });
    expect(states.slice(-2)).toEqual(["stopping", "disconnected"]);
    expect(client.state).toEqual({ kind: "disconnected" });
    expect(clock.pending).toBe(0);
  });

  test("gives up on a server that does not answer the close", async () => {
    const { client, clock, connect } = clientUnderTest({ answerClose: false });
    await connect();
    const stopped = client.stop();
    await clock.advance(4_999);
    expect(client.state.kind).toBe("stopping");
    await clock.advance(1);
    await stopped;
    expect(client.state).toEqual({ kind: "disconnected" });
  });

  test("resolves at once while disconnected", async () => {
    const { client, states } = clientUnderTest();
    await client.stop();
    expect(states).toEqual([]);
  });

  test("ends a start that waits for its handshake", async () => {
    const { client, sockets, sent } = clientUnderTest();
    const started = rejection(client.start());
    await settle();
    sockets.last.open();
    await client.stop();
    expect(await started).toMatchObject({ code: "stopped" });
    expect(sent()).toEqual([]);
    expect(sockets.last.closing).toBeDefined();
    expect(client.state).toEqual({ kind: "disconnected" });
  });
});

describe("states", () => {
  test("every state can be left, and every state can be reached", () => {
    const reachable = new Set(Object.values(NEXT_STATES).flat());
    for (const [state, next] of Object.entries(NEXT_STATES)) {
      expect(next.length, state).toBeGreaterThan(0);
      expect(reachable, state).toContain(state);
    }
  });

  test("a listener that throws disturbs neither the client nor other listeners", async () => {
    const { client, connect, faults, states } = clientUnderTest();
    client.onState(() => {
      throw new Error("listener failed");
    });
    await connect();
    expect(states.at(-1)).toBe("connected");
    expect(faults).toHaveLength(4);
  });

  test("a listener is silent after its signal has aborted", async () => {
    const { client, connect } = clientUnderTest();
    const abort = new AbortController();
    const heard: string[] = [];
    client.onState((state) => {
      heard.push(state.kind);
      abort.abort();
    }, abort.signal);
    await connect();
    expect(heard).toEqual(["negotiating"]);
  });
});
