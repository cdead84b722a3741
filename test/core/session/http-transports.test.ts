import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { MessageEntry } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";

const HUB = "http://127.0.0.1:5000/hub";
const URL_OF_CONNECTION = `${HUB}?id=token`;
const HANDSHAKE = '{"protocol":"json","version":1}\u001e';

let at = 0;

function sessionOf(...events: readonly CaptureEvent[]): Session {
  const session = createSession();
  for (const event of events) session.apply(event);
  return session;
}

function exchange(
  name: string,
  method: string,
  url: string,
  { body, accept }: { readonly body?: string; readonly accept?: string } = {},
): CaptureEvent {
  return {
    type: "http-request",
    at: ++at,
    exchange: name,
    method,
    url,
    ...(accept !== undefined && { headers: { accept } }),
    ...(body !== undefined && { body: { kind: "text", text: body } as const }),
  };
}

function answer(name: string, status: number, body?: string, contentType = "text/plain"): CaptureEvent[] {
  const response: CaptureEvent = {
    type: "http-response",
    at: ++at,
    exchange: name,
    status,
    headers: { "content-type": contentType },
  };
  return body === undefined ? [response] : [response, piece(name, body)];
}

function piece(name: string, text: string): CaptureEvent {
  return { type: "http-response-body", at: ++at, exchange: name, payload: { kind: "text", text } };
}

function ended(name: string, error?: string): CaptureEvent {
  return { type: "http-ended", at: ++at, exchange: name, ...(error !== undefined && { error }) };
}

function negotiated(): CaptureEvent[] {
  const body = JSON.stringify({
    negotiateVersion: 1,
    connectionId: "c",
    connectionToken: "token",
    availableTransports: [{ transport: "LongPolling", transferFormats: ["Text", "Binary"] }],
  });
  return [
    exchange("n", "POST", `${HUB}/negotiate?negotiateVersion=1`),
    ...answer("n", 200, body, "application/json"),
    ended("n"),
  ];
}

/** Negotiate, the first poll that answers at once, the handshake and its answer on the second. */
function polling(): CaptureEvent[] {
  return [
    ...negotiated(),
    exchange("p1", "GET", `${URL_OF_CONNECTION}&_=1`),
    ...answer("p1", 200),
    ended("p1"),
    exchange("p2", "GET", `${URL_OF_CONNECTION}&_=2`),
    exchange("s1", "POST", URL_OF_CONNECTION, { body: HANDSHAKE }),
    ...answer("s1", 200),
    ended("s1"),
    ...answer("p2", 200, "{}\u001e"),
    ended("p2"),
  ];
}

function streaming(): CaptureEvent[] {
  return [
    ...negotiated(),
    exchange("e", "GET", URL_OF_CONNECTION, { accept: "text/event-stream" }),
    ...answer("e", 200, ":\r\n", "text/event-stream"),
    exchange("s1", "POST", URL_OF_CONNECTION, { body: HANDSHAKE }),
    ...answer("s1", 200),
    ended("s1"),
    piece("e", "data: {}\u001e\r\n\r\n"),
  ];
}

function messages(session: Session): readonly MessageEntry[] {
  return session.log.filter((entry) => entry.kind === "message");
}

function happenings(session: Session): readonly unknown[] {
  return session.log.flatMap((entry) => (entry.kind === "connection" ? [entry.happening] : []));
}

const CALL = '{"type":1,"invocationId":"1","target":"Add","arguments":[1,2]}\u001e';

describe("long polling", () => {
  test("is one connection over many exchanges, open from its first poll", () => {
    const session = sessionOf(...polling());
    expect(session.connections).toHaveLength(1);
    expect(session.connections[0]).toMatchObject({
      transport: "LongPolling",
      hubPath: "/hub",
      protocol: { name: "json", version: 1, guessed: false },
      state: { kind: "connected" },
    });
    expect(happenings(session)).toContainEqual({
      kind: "opened",
      carrier: { exchange: "p1" },
      duration: expect.any(Number),
    });
  });

  test("a call is paired with its completion on a poll", () => {
    const session = sessionOf(
      ...polling(),
      exchange("p3", "GET", `${URL_OF_CONNECTION}&_=3`),
      exchange("s2", "POST", URL_OF_CONNECTION, { body: CALL }),
      ...answer("s2", 200),
      ended("s2"),
      ...answer("p3", 200, '{"type":3,"invocationId":"1","result":3}\u001e'),
      ended("p3"),
    );
    const [call, completion] = messages(session).slice(-2);
    expect(completion).toMatchObject({ target: "Add", carrier: { exchange: "p3" } });
    expect(completion?.invocation).toBe(call?.invocation);
  });

  test("a record cut over two polls is put together", () => {
    const session = sessionOf(
      ...polling(),
      exchange("p3", "GET", URL_OF_CONNECTION),
      ...answer("p3", 200, '{"type":1,"target":"No'),
      ended("p3"),
      exchange("p4", "GET", URL_OF_CONNECTION),
      ...answer("p4", 200, 'tify","arguments":[]}\u001e'),
    );
    expect(messages(session).at(-1)).toMatchObject({ target: "Notify", carrier: { exchange: "p4" } });
  });

  test("204 ends the connection, and what was asked is lost", () => {
    const session = sessionOf(
      ...polling(),
      exchange("s2", "POST", URL_OF_CONNECTION, { body: CALL }),
      exchange("p3", "GET", URL_OF_CONNECTION),
      ...answer("p3", 204),
    );
    expect(session.connections[0]?.state).toEqual({ kind: "ended", how: "poll-over", status: 204 });
    expect(session.invocation(1)?.state).toEqual({ kind: "lost" });
  });

  test("204 for a poll that another has replaced ends nothing", () => {
    const session = sessionOf(
      ...polling(),
      exchange("p3", "GET", URL_OF_CONNECTION),
      exchange("p4", "GET", URL_OF_CONNECTION),
      ...answer("p3", 204),
      ended("p3"),
    );
    expect(session.connections[0]?.state.kind).toBe("connected");
  });

  test("a client that stops aborts its poll and deletes: that is no error", () => {
    const session = sessionOf(
      ...polling(),
      exchange("p3", "GET", URL_OF_CONNECTION),
      ended("p3", "aborted"),
      exchange("d", "DELETE", URL_OF_CONNECTION),
      ...answer("d", 202),
      ended("d"),
    );
    expect(session.connections[0]?.state).toEqual({ kind: "ended", how: "deleted", status: 202 });
    expect(session.log.some(({ isError }) => isError)).toBe(false);
  });

  test("a poll that breaks ends the connection only until another is sent", () => {
    const broken = [...polling(), exchange("p3", "GET", URL_OF_CONNECTION), ended("p3", "timeout")];
    expect(sessionOf(...broken).connections[0]?.state).toEqual({ kind: "ended", how: "poll-broken" });
    const polled = sessionOf(...broken, exchange("p4", "GET", URL_OF_CONNECTION));
    expect(polled.connections[0]?.state.kind).toBe("connected");
  });

  test("a poll that Hubscope cut ends the connection, and says whose doing that was", () => {
    const cut: CaptureEvent[] = [
      ...polling(),
      exchange("p3", "GET", URL_OF_CONNECTION),
      { type: "http-ended", at: 9_000, exchange: "p3", error: "Hubscope cut the connection.", act: "cut" },
    ];
    const session = sessionOf(...cut);
    expect(session.connections[0]?.state).toEqual({ kind: "ended", how: "poll-broken", act: "cut" });
    expect(session.log.at(-1)).toMatchObject({
      happening: { kind: "ended", how: "poll-broken", act: "cut" },
    });
  });

  test("a refused poll is an error with its status", () => {
    const session = sessionOf(
      ...polling(),
      exchange("p3", "GET", URL_OF_CONNECTION),
      ...answer("p3", 404, "No Connection with that ID"),
    );
    expect(session.connections[0]?.state).toEqual({ kind: "ended", how: "refused", status: 404 });
    expect(session.log.at(-1)?.isError).toBe(true);
  });
});

describe("Server-Sent Events", () => {
  test("are told by the accept header, and open with the answer", () => {
    const session = sessionOf(...streaming());
    expect(session.connections[0]).toMatchObject({
      transport: "ServerSentEvents",
      state: { kind: "connected" },
    });
  });

  test("are told by the content type where the source sees no request headers", () => {
    const withoutHeaders = streaming().map((event) => {
      if (event.type !== "http-request") return event;
      const { headers: _, ...others } = event;
      return others;
    });
    expect(sessionOf(...withoutHeaders).connections[0]?.transport).toBe("ServerSentEvents");
  });

  test("a stream that ends ends the connection; one that is cut off is an error and keeps what had arrived", () => {
    const over = sessionOf(...streaming(), ended("e"));
    expect(over.connections[0]?.state).toEqual({ kind: "ended", how: "stream-ended" });
    const cut = sessionOf(...streaming(), piece("e", 'data: {"type":1,"tar'), ended("e", "network error"));
    expect(cut.connections[0]?.state).toEqual({ kind: "ended", how: "stream-broken" });
    const last = messages(cut).at(-1);
    expect(last?.record.issues.map(({ code }) => code)).toContain("incomplete-at-close");
    expect(last?.record.raw).toEqual({ kind: "text", text: 'data: {"type":1,"tar' });
  });

  test("a stream that the client closes is no error", () => {
    const session = sessionOf(...streaming(), {
      type: "http-ended",
      at: ++at,
      exchange: "e",
      cancelled: true,
    });
    expect(session.connections[0]?.state).toMatchObject({ kind: "ended", how: "stream-closed" });
    expect(session.connections[0]?.errors).toBe(0);
  });

  test("a close message gives the end its error", () => {
    const session = sessionOf(
      ...streaming(),
      piece("e", 'data: {"type":7,"error":"Connection closed with an error."}\u001e\r\n\r\n'),
      ended("e"),
    );
    expect(session.connections[0]?.state).toEqual({
      kind: "ended",
      how: "stream-ended",
      error: "Connection closed with an error.",
    });
  });
});

describe("what the server never read", () => {
  test("is a send that was refused", () => {
    const session = sessionOf(
      ...polling(),
      exchange("s2", "POST", URL_OF_CONNECTION, { body: CALL }),
      ...answer("s2", 404, "No Connection with that ID"),
      ended("s2"),
    );
    expect(messages(session).at(-1)?.undelivered).toBe("refused");
  });

  test("is what comes behind a message of unknown type, until something behind it is answered", () => {
    const stalled = [
      ...polling(),
      exchange("s2", "POST", URL_OF_CONNECTION, { body: `{"type":99}\u001e${CALL}` }),
    ];
    expect(messages(sessionOf(...stalled)).at(-1)?.undelivered).toBe("stalled");
    const answered = sessionOf(
      ...stalled,
      exchange("p3", "GET", URL_OF_CONNECTION),
      ...answer("p3", 200, '{"type":3,"invocationId":"1","result":3}\u001e'),
    );
    expect(messages(answered).some(({ undelivered }) => undelivered !== undefined)).toBe(false);
  });

  test("is a message over the default limit to which the server closes with an error", () => {
    const large = CALL.replace("[1,2]", JSON.stringify(["x".repeat(40_000)]));
    const close = (error: string) => [
      exchange("p3", "GET", URL_OF_CONNECTION),
      ...answer("p3", 200, `{"type":7${error}}\u001e`),
    ];
    const send = exchange("s2", "POST", URL_OF_CONNECTION, { body: large });
    const closed = sessionOf(...polling(), send, ...close(',"error":"Connection closed with an error."'));
    expect(messages(closed).at(-2)?.undelivered).toBe("too-large");
    const left = sessionOf(...polling(), send, ...close(""));
    expect(messages(left).at(-2)?.undelivered).toBeUndefined();
  });
});

describe("a page that is left", () => {
  const origin = { documentUrl: "http://127.0.0.1:5000/", frame: "top", document: "d" } as const;
  const inDocument = (events: readonly CaptureEvent[]): CaptureEvent[] =>
    events.map((event) => (event.type === "http-request" ? { ...event, origin } : event));
  const goes = (after: number): CaptureEvent => ({ type: "document-ended", at: at + after, document: "d" });
  const lastKinds = (session: Session) =>
    session.log.slice(-2).map((entry) => (entry.kind === "connection" ? entry.happening.kind : entry.kind));

  test("broke its poll just before: that is how the page went, and the log has a row for it", () => {
    const session = sessionOf(...inDocument(polling()), exchange("p9", "GET", URL_OF_CONNECTION));
    session.apply(ended("p9", "Failed to fetch"));
    session.apply(goes(5));
    expect(session.connections[0]?.state).toEqual({ kind: "left" });
    expect(lastKinds(session).at(-1)).toBe("left");
    expect(session.connections[0]?.errors).toBe(0);
  });

  test("ended its stream just before", () => {
    const session = sessionOf(...inDocument(streaming()), ended("e"), goes(5));
    expect(session.connections[0]?.state).toEqual({ kind: "left" });
    expect(lastKinds(session)).toEqual(["ended", "left"]);
  });

  test("a stream that ended long before, or that the client closed, had ended for itself", () => {
    const early = sessionOf(...inDocument(streaming()), ended("e"), goes(2_000));
    expect(early.connections[0]?.state).toMatchObject({ kind: "ended", how: "stream-ended" });
    const own = sessionOf(
      ...inDocument(streaming()),
      { type: "http-ended", at: ++at, exchange: "e", cancelled: true },
      goes(5),
    );
    expect(own.connections[0]?.state).toMatchObject({ kind: "ended", how: "stream-closed" });
  });

  test("a stream that the user cut stays cut", () => {
    const cut: CaptureEvent = { type: "http-ended", at: ++at, exchange: "e", error: "cut", act: "cut" };
    const session = sessionOf(...inDocument(streaming()), cut, goes(5));
    expect(session.connections[0]?.state).toMatchObject({ kind: "ended", how: "stream-broken" });
    expect(session.log.at(-1)).toMatchObject({ happening: { kind: "ended", act: "cut" } });
  });
});

test("a preflight is neither a negotiate nor a send", () => {
  const session = sessionOf(
    exchange("o1", "OPTIONS", `${HUB}/negotiate?negotiateVersion=1`),
    ...answer("o1", 204),
    ended("o1"),
    ...polling(),
    exchange("o2", "OPTIONS", URL_OF_CONNECTION),
    ...answer("o2", 204),
    ended("o2"),
  );
  expect(session.connections).toHaveLength(1);
  expect(session.connections[0]?.state.kind).toBe("connected");
});

test("a token that two negotiates name makes two connections", () => {
  const session = sessionOf(...polling(), exchange("d", "DELETE", URL_OF_CONNECTION), ...answer("d", 202));
  const again = negotiated().map((event) => ("exchange" in event ? { ...event, exchange: "again" } : event));
  for (const event of again) session.apply(event);
  expect(session.connections.map(({ state }) => state.kind)).toEqual(["ended", "negotiated"]);
});

test("an exchange without a negotiated token is not SignalR's", () => {
  const session = sessionOf(
    exchange("x", "GET", "http://127.0.0.1:5000/feed?id=7", { accept: "text/event-stream" }),
    ...answer("x", 200, "data: {}\u001e\r\n\r\n", "text/event-stream"),
    exchange("y", "POST", "http://127.0.0.1:5000/feed?id=7", { body: HANDSHAKE }),
  );
  expect(session.connections).toEqual([]);
  expect(session.log).toEqual([]);
});
