import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { codecFor } from "../../../core/src/wire/codecs.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import type { Direction, Payload } from "../../../core/src/wire/payload.ts";
import { messagesOf, recording, recordings } from "./expected-messages.ts";

/** All that a session says, with numbers of entries counted from its first and invocations told apart by order. */
function told(session: Session): unknown {
  const first = session.firstNumber;
  const invocations = new Map<number, number>();
  const ordinal = (number: number | undefined): number | undefined => {
    if (number === undefined) return undefined;
    if (!invocations.has(number)) invocations.set(number, invocations.size + 1);
    return invocations.get(number);
  };
  const entries = session.log.map((entry) => {
    const number = entry.number - first;
    if (entry.kind !== "message") return { ...entry, number };
    const { direction, raw, size, message, issues } = entry.record;
    return {
      ...entry,
      number,
      invocation: ordinal(entry.invocation),
      record: { direction, raw, size, message, issues },
    };
  });
  return {
    entries,
    connections: session.connections.map(({ protocol: _, ...view }) => view),
    invocations: [...invocations].map(([number, shown]) => {
      const invocation = session.invocation(number);
      const state = invocation?.state;
      return {
        ...invocation,
        number: shown,
        entries: invocation?.entries.map((entry) => entry - first),
        state:
          state !== undefined && "completion" in state
            ? { ...state, completion: (state.completion ?? 0) - first }
            : state,
      };
    }),
  };
}

function apply(session: Session, events: readonly CaptureEvent[]): void {
  for (const event of events) session.apply(event);
}

function payloadOf(protocol: "json" | "messagepack", message: HubMessage): Payload {
  const encoded = codecFor(protocol).encode(message);
  return typeof encoded === "string"
    ? { kind: "text", text: encoded }
    : { kind: "binary", bytes: encoded.slice() };
}

function payload(socket: string, at: number, direction: Direction, content: Payload): CaptureEvent {
  return { type: "socket-payload", at, socket, direction, payload: content };
}

const CALL: HubMessage = { kind: "invocation", invocationId: "1", target: "Add", arguments: [1, 2] };
const ANSWER: HubMessage = { kind: "completion", invocationId: "1", outcome: { kind: "result", value: 3 } };
const HANDSHAKE: Payload = { kind: "text", text: '{"protocol":"acme","version":1}\u001e' };
const ACCEPTED: Payload = { kind: "text", text: "{}\u001e" };

/** A protocol that we do not know by name, and MessagePack in fact; between its messages those of another. */
function unknownProtocol(): Session {
  const session = createSession();
  apply(session, [
    { type: "socket-opening", at: 1, socket: "a", url: "wss://host/a" },
    { type: "socket-opened", at: 2, socket: "a", protocol: "" },
    payload("a", 3, "out", HANDSHAKE),
    payload("a", 4, "in", ACCEPTED),
    { type: "socket-opening", at: 5, socket: "b", url: "wss://host/b" },
    payload("b", 6, "out", { kind: "text", text: '{"protocol":"json","version":1}\u001e' }),
    payload("b", 7, "in", ACCEPTED),
    payload("b", 8, "out", payloadOf("json", CALL)),
    payload("a", 9, "out", payloadOf("messagepack", CALL)),
    payload("b", 10, "in", payloadOf("json", ANSWER)),
    payload("a", 11, "in", payloadOf("messagepack", ANSWER)),
  ]);
  return session;
}

describe("a protocol that the user corrects", () => {
  test.for(recordings.map(({ name }) => name))(
    "%s: the protocol that it has anyway changes nothing",
    (name) => {
      const session = createSession();
      apply(
        session,
        recording(name).events.map(({ event }) => event),
      );
      const before = told(session);
      for (const { id, protocol } of session.connections) {
        if (protocol === undefined) continue;
        const next = session.firstNumber + session.log.length;
        expect(session.redecode(id, protocol.name)).toBe(true);
        expect(session.firstNumber).toBe(next);
      }
      expect(told(session)).toEqual(before);
    },
  );

  test("decodes what was not decodable, in its place, and pairs it", () => {
    const session = unknownProtocol();
    const [a, b] = session.connections;
    const kinds = () =>
      messagesOf(session).map(({ connection, record }) => `${connection} ${record.message.kind}`);
    expect(kinds().slice(-4)).toEqual([
      `${b?.id} invocation`,
      `${a?.id} undecodable`,
      `${b?.id} completion`,
      `${a?.id} undecodable`,
    ]);
    const others = () => session.log.filter((entry) => entry.kind !== "source" && entry.connection === b?.id);
    const othersBefore = others().map(({ number: _, ...entry }) => entry);
    expect(session.redecode(a?.id ?? "", "messagepack")).toBe(true);
    expect(kinds().slice(-4)).toEqual([
      `${b?.id} invocation`,
      `${a?.id} invocation`,
      `${b?.id} completion`,
      `${a?.id} completion`,
    ]);
    expect(others().map(({ number: _, ...entry }) => entry)).toEqual(othersBefore);
    expect(session.connection(b?.id ?? "")).toEqual(b);
    expect(session.connection(a?.id ?? "")).toMatchObject({
      protocol: { name: "messagepack", guessed: false, chosen: true },
      errors: 0,
      messagesOut: 2,
      messagesIn: 2,
    });
    for (const entry of messagesOf(session).filter(({ target }) => target === "Add")) {
      const invocation = session.invocation(entry.invocation ?? 0);
      expect(invocation).toMatchObject({ target: "Add", state: { kind: "completed" }, latency: 2 });
      expect(invocation?.entries).toContain(entry.number);
      expect(session.entry(entry.number)).toBe(entry);
    }
    expect(session.log.map(({ number }) => number)).toEqual(
      session.log.map((_, index) => session.firstNumber + index),
    );
  });

  test("holds for what follows, also for what had begun before", () => {
    const session = unknownProtocol();
    const id = session.connections[0]?.id ?? "";
    const bytes = codecFor("messagepack").encode({ ...CALL, invocationId: "2" });
    if (typeof bytes === "string") throw new Error("MessagePack is binary");
    session.apply(payload("a", 12, "out", { kind: "binary", bytes: bytes.slice(0, 4) }));
    session.redecode(id, "messagepack");
    session.apply(payload("a", 13, "out", { kind: "binary", bytes: bytes.slice(4) }));
    session.apply(payload("a", 14, "in", payloadOf("messagepack", { ...ANSWER, invocationId: "2" })));
    const last = messagesOf(session).at(-1);
    expect(session.invocation(last?.invocation ?? 0)).toMatchObject({
      state: { kind: "completed" },
      startedAt: 13,
    });
    session.apply({ type: "socket-closed", at: 15, socket: "a", code: 1000, reason: "", wasClean: true });
    expect(session.connection(id)?.state.kind).toBe("closed");
    expect(session.connection(id)?.errors).toBe(0);
  });

  test("can be changed again and back, and the session says what it said", () => {
    const session = unknownProtocol();
    const id = session.connections[0]?.id ?? "";
    session.redecode(id, "messagepack");
    const once = told(session);
    // As JSON the bytes are a record that has not ended: it shows when the socket closes.
    const counts = { json: 2, plain: 4, classic: 4, iris: 4, blazorpack: 4 };
    for (const protocol of ["json", "plain", "classic", "iris", "blazorpack"] as const) {
      expect(session.redecode(id, protocol)).toBe(true);
      expect(session.connection(id)?.protocol?.name).toBe(protocol);
      const own = messagesOf(session).filter(({ connection }) => connection === id);
      expect(own, protocol).toHaveLength(counts[protocol]);
    }
    session.redecode(id, "messagepack");
    expect(told(session)).toEqual(once);
  });

  test("answers no for a connection that is not known, and changes nothing", () => {
    const session = unknownProtocol();
    const { revision, firstNumber } = session;
    expect(session.redecode("c99", "json")).toBe(false);
    expect([session.revision, session.firstNumber]).toEqual([revision, firstNumber]);
  });

  test("hub messages over HTTP are of a hub protocol: nothing else is taken", () => {
    const session = createSession();
    apply(
      session,
      recording("calls-lp-json").events.map(({ event }) => event),
    );
    const id = session.connections[0]?.id ?? "";
    for (const protocol of ["classic", "iris", "plain"] as const)
      expect(session.redecode(id, protocol)).toBe(false);
    expect(session.redecode(id, "messagepack")).toBe(true);
  });

  test("a payload of which some entries are forgotten brings back the others only", () => {
    for (const each of [1, 3, 7, 30]) {
      const session = createSession({ entries: 40 });
      const next = payloadOf("json", CALL);
      const text = next.kind === "text" ? next.text : "";
      const whole = Array.from({ length: 210 }, (_, index) => text.replace('"1"', `"${index}"`)).join("");
      const size = Math.ceil(whole.length / Math.ceil(210 / each));
      for (const socket of ["a", "b"]) {
        apply(session, [
          { type: "socket-opening", at: 1, socket, url: `wss://host/${socket}` },
          payload(socket, 3, "out", { kind: "text", text: '{"protocol":"json","version":1}\u001e' }),
          payload(socket, 4, "in", ACCEPTED),
        ]);
      }
      // Borders anywhere, also within records.
      for (let from = 0; from < whole.length; from += size)
        for (const socket of ["a", "b"])
          session.apply(payload(socket, 5, "out", { kind: "text", text: whole.slice(from, from + size) }));
      const before = told(session);
      const ids = session.connections.map(({ id }) => id);
      for (const id of [...ids, ...ids, ...ids.toReversed()]) {
        session.redecode(id, "json");
        expect(told(session), `${each} at a time`).toEqual(before);
      }
    }
  });

  test("forgets payloads with the entries that they brought", () => {
    const session = createSession({ entries: 40 });
    apply(session, [
      { type: "socket-opening", at: 1, socket: "a", url: "wss://host/a" },
      payload("a", 3, "out", HANDSHAKE),
      payload("a", 4, "in", ACCEPTED),
    ]);
    for (let i = 0; i < 500; i++)
      session.apply(payload("a", 5 + i, "out", payloadOf("messagepack", { ...CALL, invocationId: `${i}` })));
    const id = session.connections[0]?.id ?? "";
    const known = messagesOf(session).length;
    session.redecode(id, "messagepack");
    expect(messagesOf(session)).toHaveLength(known);
    expect(messagesOf(session).every(({ target }) => target === "Add")).toBe(true);
    expect(session.connection(id)).toMatchObject({ messagesOut: 501, messagesIn: 1 });
    session.clear();
    session.redecode(id, "json");
    expect(session.log).toEqual([]);
    expect(session.connection(id)).toMatchObject({ messagesOut: 0, messagesIn: 0, errors: 0 });
  });
});
