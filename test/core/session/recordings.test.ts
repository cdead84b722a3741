import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { Connection } from "../../../core/src/session/model.ts";
import { exchangeIdOf, socketIdOf } from "../../support/recording.ts";
import {
  applyNumbered,
  asExpected,
  type ExpectedConnection,
  type ExpectedMessage,
  messagesOf,
  ownFields,
  recording,
  recordings,
} from "./expected-messages.ts";

test("there are recordings over every transport", () => {
  expect(recordings.length).toBeGreaterThanOrEqual(56);
  expect(recordings.flatMap(({ expected }) => expected.messages).length).toBeGreaterThan(2000);
});

/** Where a record is refused by receivers, our reading of its faulty field may differ from the other decoder's. */
const FAULTY_FIELDS: Readonly<Record<string, readonly string[]>> = {
  "fatal-json-arguments-not-array": ["args"],
  "fatal-json-null-invocation-id": ["invocationId"],
};

function isOfRecordedProtocol({ protocol }: ExpectedConnection): boolean {
  return protocol === "json" || protocol === "messagepack";
}

describe.each(recordings)("$name", ({ name, events, expected }) => {
  const session = createSession();
  const lines = applyNumbered(session, events);
  const messages = messagesOf(session);
  /** Failed negotiates are connections to us; the recordings list them apart. */
  const connections = session.connections.filter(({ state }) => state.kind !== "negotiate-failed");

  test("its messages are those of the expected file, in order, value for value", () => {
    const faulty = new Set(FAULTY_FIELDS[name] ?? []);
    const withoutFaulty = (refused: boolean, fields: Readonly<Record<string, unknown>>) =>
      Object.fromEntries(Object.entries(fields).filter(([field]) => !refused || !faulty.has(field)));
    expect(
      messages.map((entry, index) =>
        withoutFaulty(expected.messages[index]?.["refused"] !== undefined, asExpected(entry)),
      ),
    ).toEqual(
      expected.messages.map((message) => withoutFaulty(message["refused"] !== undefined, ownFields(message))),
    );
  });

  test("each message is complete with the expected event, on the expected carrier and connection", () => {
    const place = ({ conn, event, socket, exchange }: ExpectedMessage) => ({
      conn,
      carrier:
        socket === undefined
          ? { exchange: exchangeIdOf(Number(exchange)) }
          : { socket: socketIdOf(Number(socket)) },
      event,
    });
    expect(
      messages.map((entry) => ({
        conn: connections.findIndex(({ id }) => id === entry.connection),
        carrier: entry.carrier,
        event: lines.get(entry.number),
      })),
    ).toEqual(expected.messages.map(place));
  });

  test("what the server refused is marked, and what it took is not", () => {
    const refused = expected.messages.map((message) => message["refused"] !== undefined);
    const failed = expected.messages.map((message) => message["error"] !== undefined);
    expect(messages.map(({ isError }) => isError)).toEqual(
      refused.map((isRefused, index) => isRefused || failed[index]),
    );
  });

  test("its connections are those of the expected file", () => {
    const recorded = (connection: ExpectedConnection) => ({
      hubPath: connection.hubPath,
      transport: connection.transport ?? undefined,
      protocol: isOfRecordedProtocol(connection) ? connection.protocol : undefined,
      version: isOfRecordedProtocol(connection) ? connection.protocolVersion : undefined,
      connectionId: connection.connectionId ?? undefined,
      connectionToken: connection.connectionToken ?? connection.connectionId ?? undefined,
      statefulReconnect: connection.useStatefulReconnect,
      sockets: connection.sockets.map(socketIdOf),
    });
    const seen = (connection: Connection) => ({
      hubPath: connection.hubPath,
      transport: connection.transport,
      protocol: connection.protocol?.name,
      version: connection.protocol?.version,
      connectionId: connection.connectionId,
      connectionToken: connection.connectionToken,
      statefulReconnect: connection.statefulReconnect,
      sockets: connection.sockets.filter((id) =>
        messages.some(({ carrier }) => "socket" in carrier && carrier.socket === id),
      ),
    });
    expect(connections.map(seen)).toEqual(expected.connections.map(recorded));
    for (const { protocol } of connections) expect(protocol?.guessed ?? false).toBe(false);
  });

  test("every message belongs to the invocation that the expected file pairs it with", () => {
    expect(messages.map(({ target }) => target)).toEqual(expectedTargets(expected.messages));
  });

  test("no call that was answered is left open", () => {
    for (const entry of messages) {
      if (entry.record.message.kind !== "completion" || entry.invocation === undefined) continue;
      const invocation = session.invocation(entry.invocation);
      // "sent": an upload to a call that wanted no answer ends with a completion too.
      expect(["completed", "failed", "cancelled", "lost", "open", "sent"], invocation?.target).toContain(
        invocation?.state.kind,
      );
      if (entry.resend) continue;
      expect(invocation?.entries).toContain(entry.number);
    }
  });

  test("counts are those of the messages", () => {
    const sum = (of: (connection: Connection) => number) =>
      connections.reduce((total, c) => total + of(c), 0);
    expect(sum((c) => c.messagesOut + c.messagesIn)).toBe(messages.length);
    expect(sum((c) => c.bytesOut + c.bytesIn)).toBe(messages.reduce((total, { size }) => total + size, 0));
  });
});

/**
 * Targets by an own, simpler reading of the expected file: an id means the latest invocation of the other side that
 * has it, until it was answered as often as it was used; from the client it may be a stream ID.
 */
function expectedTargets(messages: readonly ExpectedMessage[]): readonly (string | undefined)[] {
  const named = new Map<string, { readonly target: string; open: number }>();
  const uploads = new Map<string, string>();
  return messages.map((message) => {
    const { conn, dir, typeName } = message;
    const id = message["invocationId"];
    const target = message["target"];
    const isCopy = message["resend"] === true;
    if (typeof target === "string") {
      const key = `${conn} ${dir} ${id}`;
      if (!isCopy && typeof id === "string")
        named.set(key, { target, open: (named.get(key)?.open ?? 0) + 1 });
      for (const stream of (message["streamIds"] as readonly string[] | undefined) ?? []) {
        uploads.set(`${conn} ${stream}`, target);
      }
      return target;
    }
    if (typeof id !== "string") return undefined;
    const isCancel = typeName === "CancelInvocation";
    const upload = dir === "out" && !isCancel ? uploads.get(`${conn} ${id}`) : undefined;
    if (upload !== undefined) return upload;
    const caller = isCancel ? dir : dir === "out" ? "in" : "out";
    const asked = named.get(`${conn} ${caller} ${id}`);
    if (asked === undefined || (asked.open === 0 && !isCopy)) return undefined;
    if (typeName === "Completion" && !isCopy) asked.open--;
    return asked.target;
  });
}

describe("what carries the bytes does not matter", () => {
  test.for(recordings)("$name, cut elsewhere", ({ name, events, expected }) => {
    const session = createSession();
    const next = randomCuts(events.length);
    for (const { event } of events) for (const piece of recut(event, next)) session.apply(piece);
    const faulty = FAULTY_FIELDS[name] ?? [];
    const sound = (fields: Readonly<Record<string, unknown>>) =>
      Object.fromEntries(Object.entries(fields).filter(([field]) => !faulty.includes(field)));
    expect(messagesOf(session).map((entry) => sound(asExpected(entry)))).toEqual(
      expected.messages.map((message) => sound(ownFields(message))),
    );
  });

  /** The same cuts in every run. */
  function randomCuts(seed: number): (limit: number) => number {
    let state = seed;
    return (limit) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return 1 + (state % limit);
    };
  }

  function recut(event: CaptureEvent, next: (limit: number) => number): readonly CaptureEvent[] {
    if (event.type !== "http-response-body" && event.type !== "socket-payload") return [event];
    const { payload } = event;
    if (payload.kind === "omitted") return [event];
    // A WebSocket carries no half of a character.
    const units = payload.kind === "text" ? [...payload.text] : payload.bytes;
    const pieces: CaptureEvent[] = [];
    for (let at = 0; at < units.length; ) {
      const end = Math.min(units.length, at + next(Math.ceil(units.length / 3)));
      const piece =
        payload.kind === "text"
          ? ({ kind: "text", text: (units as string[]).slice(at, end).join("") } as const)
          : ({ kind: "binary", bytes: payload.bytes.slice(at, end) } as const);
      pieces.push({ ...event, payload: piece });
      at = end;
    }
    return pieces.length === 0 ? [event] : pieces;
  }
});

describe("stateful reconnect", () => {
  test.for(["stateful-ws-json", "stateful-ws-msgpack"])("%s is one connection over four sockets", (name) => {
    const session = createSession();
    applyNumbered(session, recording(name).events);
    expect(session.connections).toHaveLength(1);
    expect(session.connections[0]?.sockets).toHaveLength(4);
    const resumes = session.log.flatMap((entry) =>
      entry.kind === "connection" && entry.happening.kind === "resumed" ? [entry.happening.ordinal] : [],
    );
    expect(resumes).toEqual([1, 2, 3]);
  });

  test("copies are counted neither as items nor as calls", () => {
    const session = createSession();
    applyNumbered(session, recording("stateful-ws-json").events);
    const stream = messagesOf(session).find(({ target }) => target === "Count");
    const invocation = session.invocation(stream?.invocation ?? 0);
    expect(invocation).toMatchObject({ kind: "stream", items: 24, state: { kind: "completed" } });
    const calls = messagesOf(session).filter(
      ({ resend, record }) => !resend && record.message.kind === "invocation" && record.direction === "out",
    );
    expect(new Set(calls.map(({ invocation: number }) => number)).size).toBe(calls.length);
  });
});

describe("connections that fail", () => {
  test("automatic reconnect gives new connections, and what was asked on the old one is lost", () => {
    const session = createSession();
    applyNumbered(session, recording("auto-reconnect-ws-json").events);
    const slow = messagesOf(session).find(({ target }) => target === "Slow");
    expect(session.invocation(slow?.invocation ?? 0)?.state).toEqual({ kind: "lost" });
    expect(session.connections[0]?.state).toEqual({
      kind: "closed",
      code: 1006,
      reason: "",
      wasClean: false,
    });
  });

  test("a hub path that does not exist is a failed negotiate with its status", () => {
    const session = createSession();
    applyNumbered(session, recording("unknown-hub-path").events);
    expect(session.connections[0]).toMatchObject({
      hubPath: "/nowhere",
      state: { kind: "negotiate-failed", status: 404 },
    });
    expect(session.log[0]).toMatchObject({ kind: "connection", isError: true });
  });

  test("a server that is gone is a failed negotiate without a status", () => {
    const session = createSession();
    applyNumbered(session, recording("shutdown-ws-json").events);
    expect(session.connections.slice(1).map(({ state }) => state)).toEqual([
      { kind: "negotiate-failed", reason: "The exchange was cut off" },
      { kind: "negotiate-failed", reason: "The exchange was cut off" },
    ]);
  });

  test("a protocol that the server does not know is a failed handshake", () => {
    const session = createSession();
    applyNumbered(session, recording("handshake-unknown-protocol").events);
    expect(session.connections[0]?.state).toEqual({
      kind: "handshake-failed",
      error: "The protocol 'xml' is not supported.",
    });
  });

  test("a close with an error is told by the connection", () => {
    const session = createSession();
    applyNumbered(session, recording("oversize-ws-json").events);
    expect(session.connections[0]?.state).toMatchObject({
      kind: "closed",
      code: 1000,
      error: "Connection closed with an error.",
    });
  });
});
