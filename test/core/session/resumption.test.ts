import { describe, expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { codecFor } from "../../../core/src/wire/codecs.ts";
import { encodeHandshakeRequest, encodeHandshakeResponse } from "../../../core/src/wire/handshake.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import type { Direction, Payload } from "../../../core/src/wire/payload.ts";
import { messagesOf } from "./expected-messages.ts";

const PROTOCOLS = ["json", "messagepack"] as const;

function payloadOf(protocol: (typeof PROTOCOLS)[number], message: HubMessage): Payload {
  const encoded = codecFor(protocol).encode(message);
  return typeof encoded === "string"
    ? { kind: "text", text: encoded }
    : { kind: "binary", bytes: encoded.slice() };
}

function say(session: Session, socket: string, direction: Direction, payload: Payload): void {
  session.apply({ type: "socket-payload", at: 5, socket, direction, payload });
}

const SEQUENCE: HubMessage = { kind: "sequence", sequenceId: 3 };
const CALL: HubMessage = { kind: "invocation", invocationId: "1", target: "Slow", arguments: [] };
const ANSWER: HubMessage = { kind: "completion", invocationId: "1", outcome: { kind: "result", value: 42 } };

describe.for(PROTOCOLS)("%s: a socket whose first record is a Sequence message", (protocol) => {
  test("goes on where the one with its id broke, though no negotiate was seen", () => {
    const session = createSession();
    const url = "wss://host/hub?id=token";
    const handshake = encodeHandshakeRequest({ protocol, version: 2 });
    session.apply({ type: "socket-opening", at: 1, socket: "a", url });
    session.apply({ type: "socket-opened", at: 2, socket: "a", protocol: "" });
    say(session, "a", "out", { kind: "text", text: handshake });
    say(session, "a", "in", { kind: "text", text: encodeHandshakeResponse({}) });
    say(session, "a", "out", payloadOf(protocol, CALL));
    session.apply({ type: "socket-closed", at: 6, socket: "a", code: 1006, reason: "", wasClean: false });
    expect(session.connections[0]?.state).toEqual({ kind: "interrupted", code: 1006 });
    session.apply({ type: "socket-opening", at: 7, socket: "b", url });
    session.apply({ type: "socket-opened", at: 8, socket: "b", protocol: "" });
    say(session, "b", "out", payloadOf(protocol, { kind: "sequence", sequenceId: 1 }));
    say(session, "b", "out", payloadOf(protocol, CALL));
    say(session, "b", "in", payloadOf(protocol, { kind: "sequence", sequenceId: 1 }));
    say(session, "b", "in", payloadOf(protocol, ANSWER));
    expect(session.connections).toHaveLength(1);
    expect(session.connections[0]).toMatchObject({
      sockets: ["a", "b"],
      protocol: { name: protocol, version: 2, guessed: false },
      state: { kind: "connected" },
    });
    const calls = messagesOf(session).filter(({ record }) => record.message.kind === "invocation");
    expect(calls.map(({ resend, sequence }) => [resend, sequence])).toEqual([
      [false, 1],
      [true, 1],
    ]);
    expect(calls[1]?.invocation).toBe(calls[0]?.invocation);
    expect(session.invocation(calls[0]?.invocation ?? 0)?.state.kind).toBe("completed");
  });

  test("is a connection of its own where nothing before it was seen, with the numbers that it says", () => {
    const session = createSession();
    session.apply({ type: "socket-opening", at: 1, socket: "b", url: "wss://host/hub?id=token" });
    session.apply({ type: "socket-opened", at: 2, socket: "b", protocol: "" });
    say(session, "b", "out", payloadOf(protocol, SEQUENCE));
    say(session, "b", "out", payloadOf(protocol, CALL));
    say(session, "b", "in", payloadOf(protocol, { kind: "sequence", sequenceId: 9 }));
    say(session, "b", "in", payloadOf(protocol, ANSWER));
    expect(session.connections[0]).toMatchObject({
      protocol: { name: protocol, guessed: true },
      statefulReconnect: true,
    });
    expect(messagesOf(session).map(({ sequence }) => sequence)).toEqual([undefined, 3, undefined, 9]);
    expect(
      session.log.some((entry) => entry.kind === "connection" && entry.happening.kind === "joined-late"),
    ).toBe(true);
  });
});
