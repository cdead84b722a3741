import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { conversation } from "../../support/conversation.ts";

/** As a page hook reports it: with the document that each socket and exchange belongs to. */
function inDocument(document: string, events: readonly CaptureEvent[]): readonly CaptureEvent[] {
  const origin = { documentUrl: "http://host.test/", frame: "top", document } as const;
  return events.map((event) =>
    event.type === "socket-opening" || event.type === "http-request" ? { ...event, origin } : event,
  );
}

function sessionOf(...events: readonly CaptureEvent[]): Session {
  const session = createSession();
  for (const event of events) session.apply(event);
  return session;
}

const CONNECTED = conversation(`
  0ms a: open /chat
  1ms -> handshake json 1
  2ms <- handshake
  3ms -> invoke 1 Add(1, 2)`);

const ended = (document: string, at = 10): CaptureEvent => ({ type: "document-ended", at, document });

describe("a document that ends", () => {
  test("leaves its connection, with what it was owed lost, and no error", () => {
    const session = sessionOf(...inDocument("d1", CONNECTED), ended("d1"));
    const [connection] = session.connections;
    expect(connection?.state).toEqual({ kind: "left" });
    expect(connection?.errors).toBe(0);
    expect(session.log.at(-1)).toMatchObject({ at: 10, happening: { kind: "left" }, isError: false });
    expect(session.invocation(1)?.state).toEqual({ kind: "lost" });
  });

  test("is still there where only its recording has ended: the connection says so, and nothing is an error", () => {
    const session = sessionOf(...inDocument("d1", CONNECTED), {
      type: "document-ended",
      at: 10,
      document: "d1",
      isUnrecorded: true,
    });
    expect(session.connections[0]?.state).toEqual({ kind: "left", isUnrecorded: true });
    expect(session.connections[0]?.errors).toBe(0);
    expect(session.log.at(-1)).toMatchObject({ happening: { kind: "left", isUnrecorded: true } });
  });

  test("may leave what outlives it, such as a service worker's connection: out of sight, and no error", () => {
    const session = sessionOf(...inDocument("d1", CONNECTED), {
      type: "document-ended",
      at: 10,
      document: "d1",
      isOutOfSight: true,
    });
    expect(session.connections[0]?.state).toEqual({ kind: "left", isOutOfSight: true });
    expect(session.connections[0]?.errors).toBe(0);
    expect(session.log.at(-1)).toMatchObject({ happening: { kind: "left", isOutOfSight: true } });
  });

  test("ends nothing of another document, and nothing of a source that names none", () => {
    const session = sessionOf(...inDocument("d1", CONNECTED), ended("d2"));
    expect(session.connections[0]?.state.kind).toBe("connected");
    const unnamed = sessionOf(...CONNECTED, ended("d1"));
    expect(unnamed.connections[0]?.state.kind).toBe("connected");
  });

  test("says nothing more of a connection that was closed before", () => {
    const events = [...CONNECTED, ...conversation("5ms a: closed 1000")];
    const session = sessionOf(...inDocument("d1", events), ended("d1"));
    expect(session.connections[0]?.state).toMatchObject({ kind: "closed", code: 1000 });
    expect(session.log.at(-1)).toMatchObject({ happening: { kind: "closed" } });
  });

  test("is heard once, and what comes late of its sockets brings nothing back", () => {
    const session = sessionOf(...inDocument("d1", CONNECTED), ended("d1"));
    const { length } = session.log;
    session.apply(ended("d1", 11));
    for (const event of conversation("12ms a: <- complete 1 result 3\n13ms closed 1006"))
      session.apply(event);
    expect(session.log.length).toBe(length);
    expect(session.connections[0]?.state).toEqual({ kind: "left" });
  });

  test("leaves a negotiate that was never answered, and long polling between two polls", () => {
    const [request, ...answer] = inDocument(
      "d1",
      conversation("0ms negotiate /chat token abc\n1ms a: open /chat?id=abc"),
    ).filter(({ type }) => type.startsWith("http-"));
    if (request === undefined) throw new Error("The drawing has no request.");
    expect(sessionOf(request, ended("d1")).connections[0]?.state.kind).toBe("left");
    const poll: CaptureEvent = {
      type: "http-request",
      at: 2,
      exchange: "poll-1",
      method: "GET",
      url: "http://host.test/chat?id=abc",
    };
    const session = sessionOf(request, ...answer, poll, ended("d1"));
    expect(session.connections[0]?.state.kind).toBe("left");
    session.apply({ type: "http-ended", at: 20, exchange: "poll-1", error: "aborted" });
    expect(session.connections[0]?.state.kind).toBe("left");
  });

  test("is cleared with what has ended", () => {
    const session = sessionOf(...inDocument("d1", CONNECTED), ended("d1"));
    session.clear();
    expect(session.connections).toEqual([]);
    expect(session.log).toEqual([]);
  });

  test("stays left when its payloads are decoded anew", () => {
    const session = sessionOf(...inDocument("d1", CONNECTED), ended("d1"));
    const id = session.connections[0]?.id ?? "";
    expect(session.redecode(id, "messagepack")).toBe(true);
    expect(session.redecode(id, "json")).toBe(true);
    expect(session.connections[0]?.state).toEqual({ kind: "left" });
    expect(session.log.at(-1)).toMatchObject({ happening: { kind: "left" } });
  });

  test("leaves classic connections, over sockets and over HTTP", () => {
    const url =
      "http://host.test/signalr/connect?transport=serverSentEvents&connectionToken=t1&connectionData=";
    const over = (events: readonly CaptureEvent[]) =>
      sessionOf(...inDocument("d1", events), ended("d1")).connections.map(({ state }) => state.kind);
    expect(
      over([
        { type: "http-request", at: 1, exchange: "x", method: "GET", url },
        { type: "http-response", at: 2, exchange: "x", status: 200 },
      ]),
    ).toEqual(["left"]);
    const socketUrl =
      "ws://host.test/signalr/connect?transport=webSockets&connectionToken=t2&connectionData=";
    expect(
      over([
        { type: "socket-opening", at: 1, socket: "s", url: socketUrl },
        { type: "socket-opened", at: 2, socket: "s", protocol: "" },
      ]),
    ).toEqual(["left"]);
  });
});
