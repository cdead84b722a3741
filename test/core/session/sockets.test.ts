import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { LogEntry } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { conversation } from "../../support/conversation.ts";
import { messagesOf } from "./expected-messages.ts";

function sessionOf(...events: readonly CaptureEvent[]): Session {
  const session = createSession();
  for (const event of events) session.apply(event);
  return session;
}

function kinds(session: Session): readonly string[] {
  return session.log.map((entry: LogEntry) =>
    entry.kind === "message" ? entry.record.message.kind : entry.happening.kind,
  );
}

function text(socket: string, direction: "out" | "in", content: string): CaptureEvent {
  return { type: "socket-payload", at: 5, socket, direction, payload: { kind: "text", text: content } };
}

function opening(socket: string, url: string): CaptureEvent {
  return { type: "socket-opening", at: 1, socket, url };
}

const HANDSHAKE = '{"protocol":"json","version":1}\u001e';
const PING = '{"type":6}\u001e';

describe("a socket that is not SignalR", () => {
  test("leaves no trace, however much it says", () => {
    const events: CaptureEvent[] = [opening("x", "wss://host/graphql?id=7")];
    events.push({ type: "socket-opened", at: 2, socket: "x", protocol: "graphql-ws" });
    for (let i = 0; i < 50; i++)
      events.push(text("x", i % 2 === 0 ? "out" : "in", `{"type":"next","id":"${i}"}`));
    events.push({
      type: "socket-payload",
      at: 9,
      socket: "x",
      direction: "in",
      payload: { kind: "binary", bytes: Uint8Array.of(1, 2, 3) },
    });
    events.push({ type: "socket-closed", at: 10, socket: "x", code: 1000, reason: "", wasClean: true });
    const session = sessionOf(...events);
    expect(session.connections).toEqual([]);
    expect(session.log).toEqual([]);
  });

  test("is not looked at again once it is known", () => {
    const session = sessionOf(opening("x", "wss://host/other"));
    for (let i = 0; i < 20; i++) session.apply(text("x", "in", "hello"));
    session.apply(text("x", "in", PING));
    expect(session.connections).toEqual([]);
  });
});

describe("a socket without a negotiate", () => {
  test("counts from its handshake on, with the time of its opening", () => {
    const session = sessionOf(
      opening("a", "wss://host/hub?id=7&tenant=x&access_token=secret"),
      { type: "socket-opened", at: 3, socket: "a", protocol: "" },
      text("a", "out", HANDSHAKE),
      text("a", "in", "{}\u001e"),
    );
    expect(kinds(session)).toEqual(["opened", "handshake-request", "handshake-response"]);
    expect(session.log[0]).toMatchObject({ at: 3, happening: { duration: 2 } });
    expect(session.connections).toMatchObject([
      {
        hubPath: "/hub",
        url: "https://host/hub?id=7&tenant=x",
        startedAt: 1,
        state: { kind: "connected" },
        protocol: { name: "json", version: 1, guessed: false },
      },
    ]);
  });

  test("may have its handshake cut over several payloads", () => {
    const session = sessionOf(opening("a", "wss://host/hub"));
    for (const unit of HANDSHAKE) session.apply(text("a", "out", unit));
    session.apply(text("a", "in", "{}\u001e"));
    // Up to eight payloads are held; a handshake in more pieces than that is not SignalR's doing.
    expect(session.connections).toHaveLength(0);
    const inTwo = sessionOf(opening("a", "wss://host/hub"), text("a", "out", HANDSHAKE.slice(0, 10)));
    inTwo.apply(text("a", "out", HANDSHAKE.slice(10)));
    inTwo.apply(text("a", "in", "{}\u001e"));
    expect(kinds(inTwo)).toEqual(["handshake-request", "handshake-response"]);
  });

  test("that shares the id parameter of another is a connection of its own", () => {
    const events = ["a", "b"].flatMap((socket) => [
      opening(socket, "wss://host/hub?id=7"),
      text(socket, "out", HANDSHAKE),
      text(socket, "in", "{}\u001e"),
    ]);
    expect(sessionOf(...events).connections).toHaveLength(2);
  });

  test("goes on where another broke, if its first record is a Sequence message", () => {
    const session = sessionOf(
      opening("a", "wss://host/hub?id=tok"),
      text("a", "out", HANDSHAKE.replace("1", "2")),
      text("a", "in", "{}\u001e"),
      text("a", "out", '{"type":1,"invocationId":"1","target":"Slow","arguments":[]}\u001e'),
      { type: "socket-closed", at: 6, socket: "a", code: 1006, reason: "", wasClean: false },
      opening("b", "wss://host/hub?id=tok"),
      text("b", "in", '{"type":9,"sequenceId":1}\u001e{"type":3,"invocationId":"1","result":1}\u001e'),
    );
    expect(session.connections).toMatchObject([{ sockets: ["a", "b"], state: { kind: "connected" } }]);
    expect(kinds(session)).toContain("resumed");
    const completion = messagesOf(session).at(-1);
    expect(session.invocation(completion?.invocation ?? 0)?.state.kind).toBe("completed");
  });
});

describe("a socket that never opens", () => {
  const attempt = (
    socket: string,
    url: string,
    more: { readonly act?: "refused" } = {},
  ): readonly CaptureEvent[] => [
    opening(socket, url),
    { type: "socket-failed", at: 3, socket },
    { type: "socket-closed", at: 4, socket, code: 1006, reason: "", wasClean: false, ...more },
  ];

  test("is an error of its own where its address speaks of a hub", () => {
    const session = sessionOf(...attempt("a", "wss://host/hubs/chat?access_token=secret"));
    expect(session.connections).toMatchObject([
      {
        hubPath: "/hubs/chat",
        url: "https://host/hubs/chat",
        transport: "WebSockets",
        state: { kind: "closed", code: 1006, isUnopened: true },
        errors: 1,
      },
    ]);
    expect(session.log).toMatchObject([
      { at: 4, isError: true, happening: { kind: "closed", socket: "a", code: 1006, isUnopened: true } },
    ]);
  });

  test("says so where Hubscope had it fail, whatever its address", () => {
    const session = sessionOf(...attempt("a", "wss://host/live", { act: "refused" }));
    expect(session.connections[0]?.state).toMatchObject({ isUnopened: true, act: "refused" });
    expect(session.log).toMatchObject([{ happening: { kind: "closed", act: "refused" } }]);
  });

  test("counts where the same address was a hub's before, and is one connection however often it is tried", () => {
    const url = "wss://host/live";
    const session = sessionOf(
      opening("a", url),
      text("a", "out", HANDSHAKE),
      text("a", "in", "{}\u001e"),
      { type: "socket-closed", at: 6, socket: "a", code: 1006, reason: "", wasClean: false },
      ...attempt("b", url),
      ...attempt("c", url),
      ...attempt("d", url),
    );
    expect(session.connections.map(({ sockets }) => sockets)).toEqual([["a"], ["b", "c", "d"]]);
    expect(kinds(session).slice(-3)).toEqual(["closed", "closed", "closed"]);
    // The one that gets through is another connection, as every socket without a token is.
    for (const event of [opening("e", url), text("e", "out", HANDSHAKE), text("e", "in", "{}\u001e")])
      session.apply(event);
    expect(session.connections.map(({ state }) => state.kind)).toEqual(["closed", "closed", "connected"]);
    for (const event of attempt("f", url)) session.apply(event);
    expect(session.connections).toHaveLength(4);
  });

  test("is nobody's otherwise", () => {
    expect(sessionOf(...attempt("a", "wss://host/hmr")).connections).toEqual([]);
    const opened: CaptureEvent = { type: "socket-opened", at: 2, socket: "a", protocol: "" };
    const [first, , last] = attempt("a", "wss://host/hub");
    if (first === undefined || last === undefined) throw new Error("An attempt has three events.");
    expect(sessionOf(first, opened, last).connections).toEqual([]);
  });

  test("that was negotiated is said to have failed the same way", () => {
    const session = sessionOf(
      ...conversation("0ms negotiate /hub token tok"),
      ...attempt("a", "ws://host.test/hub?id=tok"),
    );
    expect(session.connections.at(-1)?.state).toMatchObject({ kind: "closed", isUnopened: true });
  });
});

describe("a socket joined late", () => {
  test("is shown as such, with a protocol that is guessed", () => {
    const session = sessionOf(
      text("a", "in", PING),
      text("a", "out", '{"type":1,"target":"Say","arguments":[]}\u001e'),
    );
    expect(kinds(session)).toEqual(["joined-late", "ping", "invocation"]);
    expect(session.connections).toMatchObject([
      { hubPath: "", state: { kind: "connected" }, protocol: { name: "json", guessed: true } },
    ]);
  });

  test("is recognised in MessagePack too", () => {
    const payload = { kind: "binary", bytes: Uint8Array.of(2, 0x91, 6) } as const;
    const session = sessionOf({ type: "socket-payload", at: 1, socket: "a", direction: "in", payload });
    expect(kinds(session)).toEqual(["joined-late", "ping"]);
    expect(session.connections[0]?.protocol?.name).toBe("messagepack");
  });

  test("keeps what came before it was recognised", () => {
    const session = sessionOf(text("a", "in", 'ments":[1]}\u001e'), text("a", "in", PING));
    expect(kinds(session)).toEqual(["joined-late", "undecodable", "ping"]);
  });
});

describe("a negotiated socket", () => {
  test("is SignalR before it says anything", () => {
    const session = sessionOf(
      ...conversation("0ms negotiate /chat token abc"),
      opening("a", "ws://host.test/chat?id=abc"),
    );
    expect(session.connections).toMatchObject([
      { state: { kind: "opening" }, sockets: ["a"], transport: "WebSockets" },
    ]);
  });

  test("may have a token that is written unencoded, and an id of the page's own", () => {
    const session = sessionOf(
      ...conversation("0ms negotiate /chat token a+b/c== "),
      opening("a", "ws://host.test/chat?id=7&id=a+b/c=="),
    );
    expect(session.connections[0]?.sockets).toEqual(["a"]);
  });

  test("that does not open closes the connection", () => {
    const session = sessionOf(
      ...conversation("0ms negotiate /chat token abc"),
      opening("a", "ws://host.test/chat?id=abc"),
      { type: "socket-failed", at: 2, socket: "a" },
      { type: "socket-closed", at: 2, socket: "a", code: 1006, reason: "", wasClean: false },
    );
    expect(session.connections[0]?.state).toMatchObject({ kind: "closed", code: 1006 });
    expect(session.log.at(-1)).toMatchObject({ isError: true, happening: { kind: "closed" } });
  });

  test.for([
    ["before the socket says anything", 1],
    ["after the handshake", 3],
  ] as const)("may be seen before the answer of its negotiate: %s", ([, after]) => {
    const [request, ...answer] = conversation("0ms negotiate /chat token abc");
    const socket = [
      opening("a", "ws://host.test/chat?id=abc"),
      text("a", "out", HANDSHAKE),
      text("a", "in", "{}\u001e"),
    ];
    if (request === undefined) throw new Error("no request");
    const session = sessionOf(request, ...socket.slice(0, after), ...answer, ...socket.slice(after));
    expect(session.connections).toMatchObject([
      {
        connectionToken: "abc",
        connectionId: "id-of-abc",
        sockets: ["a"],
        state: { kind: "connected" },
        hubPath: "/chat",
      },
    ]);
    expect(kinds(session)).toContain("negotiate");
    expect(new Set(session.log.map((entry) => entry.kind !== "source" && entry.connection)).size).toBe(1);
  });
});

describe("negotiate", () => {
  const post = (exchange: string, url: string): CaptureEvent => ({
    type: "http-request",
    at: 1,
    exchange,
    method: "POST",
    url,
  });
  const answer = (exchange: string, body: string, status = 200): readonly CaptureEvent[] => [
    { type: "http-response", at: 2, exchange, status },
    { type: "http-response-body", at: 3, exchange, payload: { kind: "text", text: body } },
    { type: "http-ended", at: 4, exchange },
  ];

  test("another product's endpoint of that name leaves no trace", () => {
    const session = sessionOf(post("x", "https://host/api/negotiate"), ...answer("x", '{"sdp":"…"}'));
    expect(session.connections).toEqual([]);
    expect(session.log).toEqual([]);
  });

  test.for([
    ["<!doctype html>", 200, "A web page answered, not a SignalR hub"],
    ['{"error":"no"}', 200, "no"],
    ['{"ProtocolVersion":"1.5"}', 200, "An ASP.NET SignalR server of the .NET Framework answered"],
    ["", 401, "HTTP status 401"],
    ["", 200, "The answer was empty"],
  ] as const)("%s with status %i fails", ([body, status, reason]) => {
    const session = sessionOf(
      post("x", "https://host/hub/negotiate?negotiateVersion=1"),
      ...answer("x", body, status),
    );
    expect(session.connections).toMatchObject([{ state: { kind: "negotiate-failed", reason, status } }]);
    expect(session.log).toMatchObject([{ isError: true, happening: { duration: 3 } }]);
  });

  test("a network error fails without a status", () => {
    const session = sessionOf(post("x", "https://host/hub/negotiate?negotiateVersion=1"), {
      type: "http-ended",
      at: 2,
      exchange: "x",
      error: "Failed to fetch",
    });
    expect(session.connections[0]?.state).toEqual({ kind: "negotiate-failed", reason: "Failed to fetch" });
  });

  test("a redirect and the negotiate that follows it are one connection, with the page's own hub", () => {
    const session = sessionOf(
      post("x", "https://host/hub/negotiate?negotiateVersion=1"),
      ...answer("x", '{"url":"https://service/client/?hub=chat","accessToken":"t"}'),
      post("y", "https://service/client/negotiate?hub=chat&negotiateVersion=1"),
      ...answer(
        "y",
        '{"negotiateVersion":1,"connectionId":"c","connectionToken":"tok","availableTransports":[]}',
      ),
      opening("a", "wss://service/client/?hub=chat&id=tok&access_token=t"),
    );
    expect(session.connections).toMatchObject([
      { hubPath: "/hub", url: "https://host/hub", connectionToken: "tok", sockets: ["a"] },
    ]);
    expect(kinds(session)).toEqual(["negotiate", "negotiate"]);
  });

  test("a body in pieces that cut a character is read whole", () => {
    const bytes = new TextEncoder().encode('{"error":"Grüße"}');
    const piece = (from: number, to: number): CaptureEvent => ({
      type: "http-response-body",
      at: 3,
      exchange: "x",
      payload: { kind: "binary", bytes: bytes.subarray(from, to) },
    });
    const session = sessionOf(
      post("x", "https://host/hub/negotiate?negotiateVersion=1"),
      { type: "http-response", at: 2, exchange: "x", status: 200 },
      piece(0, 13),
      piece(13, bytes.length),
      { type: "http-ended", at: 4, exchange: "x" },
    );
    expect(session.connections[0]?.state).toMatchObject({ reason: "Grüße" });
  });

  test("other exchanges pass by", () => {
    const session = sessionOf(
      { type: "http-request", at: 1, exchange: "x", method: "GET", url: "https://host/hub?id=tok" },
      ...answer("x", "data: {}"),
      {
        type: "http-request",
        at: 1,
        exchange: "y",
        method: "OPTIONS",
        url: "https://host/hub/negotiate?negotiateVersion=1",
      },
      ...answer("y", ""),
    );
    expect(session.log).toEqual([]);
  });
});

describe("the source", () => {
  test("what was dropped and where the page went is in the log", () => {
    const session = sessionOf(
      { type: "events-dropped", at: 1, count: 5, bytes: 100, reason: "buffer-full", limit: "2,000 events" },
      { type: "page-navigated", at: 2, url: "https://host/next" },
    );
    expect(session.log).toMatchObject([
      { number: 1, isError: true, happening: { kind: "dropped", count: 5, limit: "2,000 events" } },
      { number: 2, isError: false, happening: { kind: "navigated", url: "https://host/next" } },
    ]);
  });

  test("an omitted payload is an entry that is no error", () => {
    const session = sessionOf(
      ...conversation("0ms negotiate /chat token abc\nopen /chat?id=abc\n-> handshake json 1\n<- handshake"),
      {
        type: "socket-payload",
        at: 5,
        socket: "a",
        direction: "in",
        payload: { kind: "omitted", reason: "too-large", size: 5_000_000 },
      },
    );
    expect(session.log.at(-1)).toMatchObject({ size: 5_000_000, isError: false });
  });

  test("a record that the end of its socket cuts off is kept and red", () => {
    const session = sessionOf(
      ...conversation("0ms negotiate /chat token abc\nopen /chat?id=abc\n-> handshake json 1\n<- handshake"),
      text("a", "in", '{"type":1,"targ'),
      { type: "socket-closed", at: 6, socket: "a", code: 1006, reason: "", wasClean: false },
    );
    expect(messagesOf(session).at(-1)).toMatchObject({
      isError: true,
      record: { message: { kind: "undecodable" }, issues: [{ code: "incomplete-at-close" }] },
    });
  });
});
