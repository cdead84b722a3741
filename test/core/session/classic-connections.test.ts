import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import { redactText } from "../../../core/src/session/redaction.ts";
import { relatedEntries } from "../../../core/src/session/related-entries.ts";
import type { Session } from "../../../core/src/session/session.ts";
import type { Direction } from "../../../core/src/wire/payload.ts";
import { readRecording } from "../../support/recording.ts";
import { messagesOf } from "./expected-messages.ts";

function eventsOf(name: string): readonly CaptureEvent[] {
  const file = new URL(`../../captures/classic/${name}.ndjson`, import.meta.url);
  return readRecording(readFileSync(file, "utf8")).map(({ event }) => event);
}

function replayed(name: string): Session {
  return sessionOf(...eventsOf(name));
}

function sessionOf(...events: readonly CaptureEvent[]): Session {
  const session = createSession();
  for (const event of events) session.apply(event);
  return session;
}

function happenings(session: Session): readonly string[] {
  return session.log.flatMap((entry) => {
    if (entry.kind !== "connection") return [];
    const { happening } = entry;
    return [happening.kind === "request" ? `${happening.action} ${happening.status}` : happening.kind];
  });
}

function text(socket: string, at: number, direction: Direction, content: string): CaptureEvent {
  return { type: "socket-payload", at, socket, direction, payload: { kind: "text", text: content } };
}

const HUBS = `&connectionData=${encodeURIComponent('[{"name":"hub"}]')}`;
const URL_OF_SOCKET = `wss://host/signalr/connect?transport=webSockets&clientProtocol=2.1&connectionToken=abc%2B${HUBS}`;

describe("the state of a classic connection", () => {
  test("goes from negotiate to connected, and to its end by abort", () => {
    const session = createSession();
    const states: string[] = [];
    for (const event of eventsOf("hello-ws")) {
      session.apply(event);
      const state = session.connections[0]?.state.kind ?? "";
      if (states.at(-1) !== state) states.push(state);
    }
    expect(states.slice(0, 5)).toEqual(["negotiating", "negotiated", "opening", "handshaking", "connected"]);
    expect(session.connections[0]?.state).toMatchObject({ kind: "ended", how: "deleted" });
    expect(happenings(session)).toEqual(
      expect.arrayContaining(["negotiate", "opened", "start 200", "abort 200"]),
    );
  });

  test.for(["ws", "sse", "ff", "lp"])("calls-%s: all goes well, and nothing is red", (transport) => {
    expect(replayed(`calls-${transport}`).connections).toMatchObject([
      { errors: 0, state: { kind: "ended", how: "deleted" } },
    ]);
  });

  test("a call without a receive channel opens none", () => {
    const [connection] = replayed("raw-one-shot").connections;
    expect(connection?.state).toEqual({ kind: "negotiated" });
    expect(connection?.transport).toBeUndefined();
  });

  test("a refused start is a failed connection", () => {
    expect(replayed("refused-ws").connections[0]?.state).toEqual({
      kind: "handshake-failed",
      error: "The start request was answered with HTTP status 500",
    });
  });

  test("a broken link is a connection that may come back, and its calls by that socket are lost", () => {
    const session = replayed("reconnect-in-vain-ws");
    expect(session.connections).toHaveLength(1);
    expect(session.connections[0]?.state).toEqual({ kind: "reconnecting" });
  });

  test.for(["reconnect-ws", "reconnect-lp"])(
    "%s: it comes back with its token, as the same connection",
    (name) => {
      const session = createSession();
      const states = new Set<string>();
      for (const event of eventsOf(name)) {
        session.apply(event);
        states.add(session.connections[0]?.state.kind ?? "");
      }
      expect(session.connections).toHaveLength(1);
      expect(states).toContain("reconnecting");
      expect(happenings(session).filter((kind) => kind === "reconnected")).toHaveLength(1);
    },
  );

  test("a transport that fails is followed by another on the same connection", () => {
    const session = replayed("auto-no-websockets");
    expect(session.connections).toMatchObject([{ transport: "ServerSentEvents", sockets: ["socket-1"] }]);
    expect(happenings(session).slice(0, 3)).toEqual(["negotiate", "closed", "opened"]);
  });
});

describe("calls", () => {
  test("the latency of a call runs to the body of its own send request", () => {
    const session = replayed("calls-lp");
    const call = messagesOf(session).find(({ record }) => record.message.kind === "hub-call");
    const reply = messagesOf(session).find(({ record }) => record.message.kind === "hub-result");
    const invocation = session.invocation(call?.invocation ?? 0);
    expect(invocation).toMatchObject({ kind: "call", direction: "out", state: { kind: "completed" } });
    expect(invocation?.latency).toBe((reply?.at ?? 0) - (call?.at ?? 0));
    expect(call?.target).toMatch(/^wirehub\./i);
    expect(reply?.target).toBe(call?.target);
  });

  test("progress is items of its call", () => {
    const session = replayed("progress-state-sse");
    const counts = session.log.flatMap((entry) =>
      entry.kind === "message" && entry.record.message.kind === "hub-call"
        ? [session.invocation(entry.invocation ?? 0)?.items ?? 0]
        : [],
    );
    expect(counts.some((count) => count > 1)).toBe(true);
    const told = messagesOf(session).filter(
      ({ record: { message } }) =>
        message.kind === "envelope" && message.messages.some(({ kind }) => kind === "progress"),
    );
    for (const entry of told) {
      const related = relatedEntries(session, entry);
      expect(related?.items).toContain(entry.number);
      expect(related?.opening).toBeLessThan(entry.number);
    }
  });

  test("one envelope may carry many calls of the server", () => {
    const session = sessionOf(
      { type: "socket-opening", at: 1, socket: "a", url: URL_OF_SOCKET },
      text(
        "a",
        2,
        "in",
        '{"C":"d-1,2","M":[{"H":"Hub","M":"a","A":[1]},{"H":"Hub","M":"b","A":[2]},{"H":"Hub","M":"a","A":[3]}]}',
      ),
    );
    const [entry] = messagesOf(session);
    expect(entry?.target).toBe("Hub.a, Hub.b");
    expect(entry?.invocations?.map((number) => session.invocation(number)?.target)).toEqual([
      "Hub.a",
      "Hub.b",
      "Hub.a",
    ]);
    expect(entry?.invocation).toBe(entry?.invocations?.[0]);
  });

  test("an ID is unique within one socket: another socket's reply does not answer it", () => {
    const session = sessionOf(
      { type: "socket-opening", at: 1, socket: "a", url: URL_OF_SOCKET },
      text("a", 2, "out", '{"H":"hub","M":"Slow","A":[],"I":0}'),
      { type: "socket-closed", at: 3, socket: "a", code: 1006, reason: "", wasClean: false },
      { type: "socket-opening", at: 4, socket: "b", url: URL_OF_SOCKET.replace("connect", "reconnect") },
      { type: "socket-opened", at: 5, socket: "b", protocol: "" },
      text("b", 6, "in", '{"R":1,"I":"0"}'),
    );
    expect(session.connections).toHaveLength(1);
    const [call, reply] = messagesOf(session);
    expect(session.invocation(call?.invocation ?? 0)?.state).toEqual({ kind: "lost" });
    expect(reply?.invocation).toBeUndefined();
  });

  test("a send request that the server refuses is marked, and its call is lost", () => {
    const session = sessionOf(
      {
        type: "http-request",
        at: 1,
        exchange: "s",
        method: "POST",
        url: `https://host/signalr/send?transport=longPolling&connectionToken=abc${HUBS}`,
        headers: { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" },
        body: { kind: "text", text: `data=${encodeURIComponent('{"H":"hub","M":"Say","A":["a b"],"I":0}')}` },
      },
      { type: "http-response", at: 2, exchange: "s", status: 500 },
      { type: "http-ended", at: 3, exchange: "s" },
    );
    const [call] = messagesOf(session);
    expect(call).toMatchObject({ target: "hub.Say", undelivered: "refused" });
    expect(session.invocation(call?.invocation ?? 0)?.state).toEqual({ kind: "lost" });
    expect(happenings(session)).toEqual(["send 500"]);
    expect(session.connections[0]?.errors).toBe(1);
  });
});

describe("a send request that is answered with nothing", () => {
  const query = `transport=serverSentEvents&connectionToken=abc${HUBS}`;
  const sent = (exchange: string, at: number, call: string): readonly CaptureEvent[] => [
    {
      type: "http-request",
      at,
      exchange,
      method: "POST",
      url: `https://host/signalr/send?${query}`,
      body: { kind: "text", text: `data=${encodeURIComponent(call)}` },
    },
    { type: "http-response", at, exchange, status: 200 },
    { type: "http-ended", at, exchange },
  ];
  const STREAM: readonly CaptureEvent[] = [
    {
      type: "http-request",
      at: 0,
      exchange: "stream",
      method: "GET",
      url: `https://host/signalr/connect?${query}`,
    },
    { type: "http-response", at: 0, exchange: "stream", status: 200 },
  ];
  const said = (at: number, data: string): CaptureEvent => ({
    type: "http-response-body",
    at,
    exchange: "stream",
    payload: { kind: "text", text: `data: ${data}\n\n` },
  });

  test("leaves its call open: the reply comes by the channel that receives, by its ID", () => {
    const session = sessionOf(
      ...STREAM,
      said(1, '{"C":"d-1","S":1,"M":[]}'),
      ...sent("a", 2, '{"H":"hub","M":"First","A":[],"I":0}'),
      ...sent("b", 2, '{"H":"hub","M":"Second","A":[],"I":"hubscope-1"}'),
      said(5, '{"R":2,"I":"hubscope-1"}'),
      said(6, '{"R":3,"I":"hubscope-1"}'),
    );
    const [, first, second, reply, stray] = messagesOf(session);
    expect(session.invocation(first?.invocation ?? 0)?.state).toEqual({ kind: "open" });
    expect(session.invocation(second?.invocation ?? 0)).toMatchObject({
      state: { kind: "completed", completion: reply?.number },
      latency: 3,
    });
    expect(reply?.target).toBe("hub.Second");
    expect(stray?.invocation).toBeUndefined();
  });

  test("loses what nobody could answer: a call without an ID, and each when the connection ends", () => {
    const session = sessionOf(
      ...STREAM,
      ...sent("a", 2, '{"H":"hub","M":"Nameless","A":[]}'),
      ...sent("b", 2, '{"H":"hub","M":"Named","A":[],"I":0}'),
    );
    const [nameless, named] = messagesOf(session);
    const stateOf = (of: typeof named) => session.invocation(of?.invocation ?? 0)?.state.kind;
    expect([stateOf(nameless), stateOf(named)]).toEqual(["lost", "open"]);
    const abort = { exchange: "x", at: 9 };
    session.apply({
      type: "http-request",
      method: "POST",
      url: `https://host/signalr/abort?${query}`,
      ...abort,
    });
    session.apply({ type: "http-response", status: 200, ...abort });
    expect(stateOf(named)).toBe("lost");
  });
});

describe("a classic socket joined late", () => {
  test("is known by its messages where its URL was not seen, with a protocol that is guessed", () => {
    const session = sessionOf(text("a", 1, "in", '{"C":"d-1,2","M":[{"H":"Hub","M":"tick","A":[]}]}'));
    expect(session.connections).toMatchObject([
      { protocol: { name: "classic", guessed: true }, state: { kind: "connected" } },
    ]);
    expect(happenings(session)).toEqual(["joined-late"]);
    expect(messagesOf(session)[0]?.target).toBe("Hub.tick");
  });

  test("a socket whose URL was seen is classic only if an envelope says so", () => {
    const opening: CaptureEvent = { type: "socket-opening", at: 1, socket: "a", url: "wss://host/app" };
    expect(sessionOf(opening, text("a", 2, "in", '{"I":"0","R":1}')).connections).toEqual([]);
    expect(sessionOf(opening, text("a", 2, "out", '{"H":"x","M":"y"}')).connections).toEqual([]);
    const session = sessionOf(opening, text("a", 2, "in", '{"C":"d-0,1","S":1,"M":[]}'));
    expect(session.connections).toMatchObject([{ protocol: { name: "classic", guessed: true } }]);
    expect(happenings(session)).toEqual(["opened"]);
  });

  test("is known by its URL before it says anything", () => {
    const session = sessionOf({ type: "socket-opening", at: 1, socket: "a", url: URL_OF_SOCKET });
    expect(session.connections).toMatchObject([
      { hubPath: "/signalr", url: "https://host/signalr", protocol: { name: "classic", guessed: false } },
    ]);
  });
});

describe("broken input", () => {
  test("an event stream and a poll that end within a message keep what came", () => {
    const receive = (exchange: string, transport: string, body: string): readonly CaptureEvent[] => [
      {
        type: "http-request",
        at: 1,
        exchange,
        method: "GET",
        url: `https://host/signalr/connect?transport=${transport}&connectionToken=abc`,
      },
      { type: "http-response", at: 2, exchange, status: 200 },
      { type: "http-response-body", at: 3, exchange, payload: { kind: "text", text: body } },
      { type: "http-ended", at: 4, exchange, error: "cut off" },
    ];
    const session = sessionOf(
      ...receive("a", "serverSentEvents", 'data: initialized\n\ndata: {"C":"d'),
      ...receive("b", "longPolling", '   {"C":"d'),
      ...receive("c", "foreverFrame", '<script>r(c, {"C'),
    );
    const cut = messagesOf(session).filter(({ record }) =>
      record.issues.some(({ code }) => code === "incomplete-at-close"),
    );
    expect(cut).toHaveLength(3);
    expect(cut.every(({ isError }) => isError)).toBe(true);
  });

  test("events in any order and number never throw", () => {
    const names = ["two-connections", "reconnect-ws", "jsonp", "raw-http-errors", "push-ff"];
    for (const name of names) {
      const events = eventsOf(name);
      for (const part of [
        events.toReversed(),
        [...events, ...events],
        events.filter((_, index) => index % 3 !== 0),
      ]) {
        const session = sessionOf(...part);
        for (const { id } of session.connections) session.redecode(id, "json");
        expect(session.log.map(({ number }) => number)).toEqual(
          session.log.map((_, index) => session.firstNumber + index),
        );
      }
    }
  });
});

test("what came over HTTP cannot be decoded otherwise; what came over a socket can, and back", () => {
  const overHttp = replayed("calls-lp");
  const before = overHttp.log.slice();
  expect(overHttp.redecode(overHttp.connections[0]?.id ?? "", "json")).toBe(false);
  expect(overHttp.log).toEqual(before);
  const session = replayed("calls-ws");
  const kinds = () => messagesOf(session).map(({ record, target }) => `${record.message.kind} ${target}`);
  const first = kinds();
  const id = session.connections[0]?.id ?? "";
  expect(session.redecode(id, "plain")).toBe(true);
  expect(kinds().every((kind) => kind === "plain-json undefined")).toBe(true);
  expect(session.redecode(id, "classic")).toBe(true);
  expect(kinds()).toEqual(first);
  expect(session.connection(id)?.protocol).toMatchObject({
    name: "classic",
    resolvedVersion: "2.0",
    chosen: true,
  });
  const states = messagesOf(session).flatMap(
    ({ invocation }) => session.invocation(invocation ?? 0)?.state.kind ?? [],
  );
  expect(states).toContain("completed");
  expect(states).not.toContain("open");
});

test("a groups token is a secret", () => {
  const token = "9o0eTVBPHX7Ul3+Q1FRIF8UIZqSnGV0r8fso6d4lbajAEoiu4aHMGmqJ==";
  expect(redactText(`{"C":"d-1,2","G":"${token}","M":[]}`)).toBe('{"C":"d-1,2","G":"•••","M":[]}');
});
