import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import { preview } from "../../../core/src/session/preview.ts";
import type { Session } from "../../../core/src/session/session.ts";
import type { Direction } from "../../../core/src/wire/payload.ts";
import { messagesOf } from "./expected-messages.ts";

function text(socket: string, direction: Direction, content: string): CaptureEvent {
  return { type: "socket-payload", at: 5, socket, direction, payload: { kind: "text", text: content } };
}

function opened(socket: string, url = `wss://host/${socket}`): readonly CaptureEvent[] {
  return [
    { type: "socket-opening", at: 1, socket, url },
    { type: "socket-opened", at: 2, socket, protocol: "" },
  ];
}

function closed(socket: string): CaptureEvent {
  return { type: "socket-closed", at: 9, socket, code: 1000, reason: "", wasClean: true };
}

function sessionOf(otherSockets: boolean, ...events: readonly CaptureEvent[]): Session {
  const session = createSession({ otherSockets });
  for (const event of events) session.apply(event);
  return session;
}

const IRIS = [
  ...opened("chat"),
  text("chat", "out", "iris-websocket-message:chat;0;hello"),
  text("chat", "in", 'iris-websocket-message:said;4;{"by":"Ann"}'),
  text("chat", "in", "no event at all"),
  closed("chat"),
];

const PLAIN = [
  ...opened("prices"),
  text("prices", "in", '{"price":1.5}\n'),
  text("prices", "out", "more"),
  {
    type: "socket-payload",
    at: 6,
    socket: "prices",
    direction: "in",
    payload: { kind: "binary", bytes: Uint8Array.of(1, 2) },
  },
  closed("prices"),
] as const;

describe("sockets that are not SignalR", () => {
  test("leave no trace unless they are asked for", () => {
    const session = sessionOf(false, ...IRIS, ...PLAIN);
    expect(session.connections).toEqual([]);
    expect(session.log).toEqual([]);
  });

  test("silent ones and those that never open are shown too, where all are wanted", () => {
    const silent = sessionOf(true, ...opened("quiet"), closed("quiet"));
    expect(silent.connections).toMatchObject([{ hubPath: "/quiet", state: { kind: "closed", code: 1000 } }]);
    expect(silent.log.map((entry) => entry.kind !== "message" && entry.happening.kind)).toEqual([
      "opened",
      "closed",
    ]);
    const [opening] = opened("away");
    if (opening === undefined) throw new Error("A socket is opened first.");
    const unopened = sessionOf(true, opening, {
      type: "socket-closed",
      at: 9,
      socket: "away",
      code: 1006,
      reason: "",
      wasClean: false,
    });
    expect(unopened.connections).toMatchObject([{ state: { kind: "closed", isUnopened: true } }]);
    expect(unopened.log).toMatchObject([{ isError: true, happening: { kind: "closed", isUnopened: true } }]);
  });

  test("iris: events with their names and values", () => {
    const session = sessionOf(true, ...IRIS);
    expect(session.connections).toMatchObject([
      {
        hubPath: "/chat",
        transport: "WebSockets",
        protocol: { name: "iris", guessed: true },
        state: { kind: "closed", code: 1000 },
        messagesOut: 1,
        messagesIn: 2,
      },
    ]);
    expect(messagesOf(session).map(({ record, target }) => [record.message.kind, target])).toEqual([
      ["iris-event", "chat"],
      ["iris-event", "said"],
      ["iris-native", undefined],
    ]);
    const shown = messagesOf(session).map(({ record }) =>
      preview(record)
        .map(({ text: part }) => part)
        .join(""),
    );
    expect(shown).toEqual(['"hello"', '{by: "Ann"}', '"no event at all"']);
  });

  test("no protocol: text, JSON and bytes, from the first payload on", () => {
    const session = sessionOf(true, ...PLAIN.slice(0, 3));
    expect(messagesOf(session)).toHaveLength(1);
    for (const event of PLAIN.slice(3)) session.apply(event);
    expect(session.connections).toMatchObject([{ protocol: { name: "plain" }, state: { kind: "closed" } }]);
    expect(messagesOf(session).map(({ record }) => record.message)).toMatchObject([
      { kind: "plain-json", value: { price: 1.5 }, endsWithNewline: true },
      { kind: "plain-text", text: "more" },
      { kind: "plain-binary", bytes: Uint8Array.of(1, 2) },
    ]);
  });

  test("SignalR is still SignalR beside them", () => {
    const session = sessionOf(
      true,
      ...opened("hub"),
      text("hub", "out", '{"protocol":"js'),
      text("hub", "out", 'on","version":1}\u001e'),
      text("hub", "in", "{}\u001e"),
      ...PLAIN,
      ...opened("classic", "wss://host/signalr/connect?transport=webSockets&connectionToken=abc"),
      text("classic", "in", '{"C":"d-1,2","S":1,"M":[]}'),
    );
    expect(session.connections.map(({ protocol }) => protocol?.name)).toEqual(["json", "plain", "classic"]);
  });

  test("one whose opening was not seen is looked at for longer, and shown when it closes", () => {
    const session = sessionOf(true, text("late", "in", "one"), text("late", "in", "two"));
    expect(session.connections).toEqual([]);
    session.apply(closed("late"));
    expect(session.connections).toMatchObject([{ protocol: { name: "plain" }, state: { kind: "closed" } }]);
    expect(messagesOf(session)).toHaveLength(2);
  });

  test("a negotiated token makes a socket SignalR's even if it speaks strangely", () => {
    const session = sessionOf(
      true,
      ...opened("odd", "wss://host/hub?id=token"),
      text("odd", "in", "strange"),
      {
        type: "http-request",
        at: 3,
        exchange: "n",
        method: "POST",
        url: "https://host/hub/negotiate?negotiateVersion=1",
      },
      { type: "http-response", at: 4, exchange: "n", status: 200 },
      {
        type: "http-response-body",
        at: 4,
        exchange: "n",
        payload: {
          kind: "text",
          text: '{"negotiateVersion":1,"connectionId":"i","connectionToken":"token","availableTransports":[]}',
        },
      },
      { type: "http-ended", at: 5, exchange: "n" },
    );
    expect(session.connections).toMatchObject([{ connectionToken: "token", sockets: ["odd"] }]);
    expect(session.connections[0]?.protocol).toBeUndefined();
  });
});

describe("event streams that are not SignalR's", () => {
  const request = (exchange: string, url = "https://host/news?topic=1"): CaptureEvent => ({
    type: "http-request",
    at: 1,
    exchange,
    method: "GET",
    url,
    headers: { accept: "text/event-stream" },
  });
  const answer = (exchange: string, status = 200): CaptureEvent => ({
    type: "http-response",
    at: 3,
    exchange,
    status,
    headers: { "content-type": "text/event-stream; charset=utf-8" },
  });
  const body = (exchange: string, content: string): CaptureEvent => ({
    type: "http-response-body",
    at: 5,
    exchange,
    payload: { kind: "text", text: content },
  });
  const ended = (
    exchange: string,
    more: { readonly error?: string; readonly cancelled?: true } = {},
  ): CaptureEvent => ({
    type: "http-ended",
    at: 9,
    exchange,
    ...more,
  });
  const happenings = (session: Session) =>
    session.log.flatMap((entry) => (entry.kind === "connection" ? [entry.happening.kind] : []));

  test("leave no trace unless they are asked for", () => {
    const session = sessionOf(false, request("e"), answer("e"), body("e", "data: 1\n\n"), ended("e"));
    expect(session.connections).toEqual([]);
    expect(session.log).toEqual([]);
  });

  test("show each event under its name, however the stream is cut", () => {
    const session = sessionOf(
      true,
      request("e"),
      answer("e"),
      body("e", 'data: {"price":1.5}\n\nevent: ti'),
      body("e", "ck\ndata: two\ndata: lines\n\n: only a comment\n\n"),
      ended("e", { cancelled: true }),
    );
    expect(session.connections).toMatchObject([
      {
        hubPath: "/news",
        transport: "ServerSentEvents",
        protocol: { name: "plain", guessed: false },
        state: { kind: "ended", how: "stream-closed" },
        messagesIn: 2,
      },
    ]);
    expect(messagesOf(session).map(({ record, target }) => [target, record.message])).toEqual([
      [undefined, { kind: "plain-json", value: { price: 1.5 }, endsWithNewline: false }],
      ["tick", { kind: "plain-text", text: "two\nlines" }],
    ]);
    expect(happenings(session)).toEqual(["opened", "ended"]);
    const [id = ""] = session.connections.map((one) => one.id);
    expect(session.redecode(id, "json")).toBe(false);
  });

  test("are one connection where the browser asks again, and two where both are open", () => {
    const again = sessionOf(
      true,
      request("e"),
      answer("e"),
      body("e", "data: 1\n\n"),
      ended("e", { error: "gone" }),
      request("f"),
      answer("f"),
      body("f", "data: 2\n\n"),
    );
    expect(again.connections).toMatchObject([{ state: { kind: "connected" }, messagesIn: 2 }]);
    expect(happenings(again)).toEqual(["opened", "ended", "opened"]);
    const both = sessionOf(true, request("e"), answer("e"), request("f"), answer("f"));
    expect(both.connections).toHaveLength(2);
  });

  test("that are refused, or are no event streams, say so", () => {
    const session = sessionOf(true, request("e"), answer("e", 503), ended("e"));
    expect(session.connections).toMatchObject([{ state: { kind: "ended", how: "refused", status: 503 } }]);
    const unanswered = sessionOf(true, request("e"), ended("e", { error: "The browser could not connect." }));
    expect(unanswered.connections).toMatchObject([{ state: { kind: "ended", how: "stream-broken" } }]);
  });

  test("end with their document", () => {
    const first = request("e");
    const session = sessionOf(
      true,
      { ...first, origin: { documentUrl: "https://host/", document: "d" } } as CaptureEvent,
      answer("e"),
      { type: "document-ended", at: 7, document: "d" },
      body("e", "data: late\n\n"),
    );
    expect(session.connections).toMatchObject([{ state: { kind: "left" }, messagesIn: 0 }]);
  });

  test("of SignalR stay SignalR's", () => {
    const session = sessionOf(
      true,
      {
        type: "http-request",
        at: 0,
        exchange: "n",
        method: "POST",
        url: "https://host/hub/negotiate?negotiateVersion=1",
      },
      { type: "http-response", at: 0, exchange: "n", status: 200 },
      {
        type: "http-response-body",
        at: 0,
        exchange: "n",
        payload: {
          kind: "text",
          text: '{"negotiateVersion":1,"connectionId":"c","connectionToken":"tok","availableTransports":[]}',
        },
      },
      { type: "http-ended", at: 0, exchange: "n" },
      request("e", "https://host/hub?id=tok"),
      answer("e"),
      body("e", "data: {}\u001e\n\n"),
    );
    expect(session.connections).toHaveLength(1);
    expect(messagesOf(session).map(({ record }) => record.message.kind)).toEqual(["handshake-response"]);
  });
});
