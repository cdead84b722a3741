import { describe, expect, test } from "vitest";
import type { CaptureEvent, PayloadAct } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { MessageEntry } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { conversation } from "../../support/conversation.ts";
import { messagesOf } from "./expected-messages.ts";

const CONNECTED = `
  0ms negotiate /chat token abc
  0ms open /chat?id=abc
  0ms -> handshake json 1
  0ms <- handshake
`;

/** A conversation in which the payloads at some places (negative: from the end) are ours or were met. */
function sessionOf(drawing: string, acts: Readonly<Record<number, PayloadAct>>, before = CONNECTED): Session {
  const session = createSession();
  const events = conversation(before + drawing);
  const payloads = events.filter(({ type }) => type === "socket-payload");
  for (const event of events) {
    const place = payloads.indexOf(event) - payloads.length;
    const act = acts[place];
    session.apply(act === undefined ? event : ({ ...event, act } as CaptureEvent));
  }
  return session;
}

function last(session: Session): MessageEntry {
  const entry = messagesOf(session).at(-1);
  if (entry === undefined) return expect.fail("no message");
  return entry;
}

function invocationOf(session: Session, { invocation }: MessageEntry) {
  return invocation === undefined ? undefined : session.invocation(invocation);
}

describe("messages that Hubscope acted on", () => {
  test("are marked, and no others", () => {
    const session = sessionOf(
      `
      1ms -> send Save(1)
      2ms <- send Saved(1)
      3ms <- send Saved(2)
    `,
      { [-3]: "sent", [-2]: "simulated" },
    );
    expect(
      messagesOf(session)
        .slice(-3)
        .map(({ act }) => act),
    ).toEqual(["sent", "simulated", undefined]);
    expect(last(session)).not.toHaveProperty("act");
  });

  test("an invocation of ours is paired with its reply", () => {
    const session = sessionOf(
      `
      1ms -> invoke hubscope-1 Add(1, 2)
      5ms <- complete hubscope-1 result 3
    `,
      { [-2]: "sent" },
    );
    expect(invocationOf(session, last(session))).toMatchObject({ state: { kind: "completed" }, latency: 4 });
  });

  test("a dropped reply leaves its invocation open, and stands with it", () => {
    const drawing = `
      1ms -> invoke 1 Add(1, 2)
      5ms <- complete 1 result 3
    `;
    const session = sessionOf(drawing, { [-1]: "dropped" });
    const reply = last(session);
    expect(reply.record.message).toMatchObject({ kind: "completion", outcome: { value: 3 } });
    expect(invocationOf(session, reply)).toMatchObject({
      state: { kind: "open" },
      entries: [reply.number - 1, reply.number],
    });
    expect(reply.target).toBe("Add");
    const delivered = sessionOf(drawing, {});
    expect(invocationOf(delivered, last(delivered))).toMatchObject({ state: { kind: "completed" } });
  });

  test("a dropped item is not counted, a dropped cancel cancels nothing", () => {
    const session = sessionOf(
      `
      1ms -> stream 1 Count()
      2ms <- item 1 1
      3ms <- item 1 2
      4ms -> cancel 1
    `,
      { [-2]: "dropped", [-1]: "dropped" },
    );
    const stream = invocationOf(session, last(session));
    expect(stream).toMatchObject({ items: 1, state: { kind: "open" } });
    expect(stream?.entries).toHaveLength(4);
  });

  test("a dropped call waits for its answer, as its caller does", () => {
    const session = sessionOf("1ms -> invoke 1 Add(1, 2)\n", { [-1]: "dropped" });
    expect(invocationOf(session, last(session))).toMatchObject({ target: "Add", state: { kind: "open" } });
  });

  test("a dropped Close does not end the connection's talk, and what follows is delivered", () => {
    const session = sessionOf(
      `
      1ms <- close
      2ms -> send Save(1)
    `,
      { [-2]: "dropped", [-1]: "sent" },
    );
    // The server has closed all the same: nothing is read any more.
    expect(last(session).undelivered).toBe("after-close");
    const simulated = sessionOf(
      `
      1ms <- close
      2ms -> send Save(1)
    `,
      { [-2]: "simulated" },
    );
    expect(last(simulated).undelivered).toBeUndefined();
  });

  test("keep their marks when the connection is decoded anew", () => {
    const session = sessionOf("1ms <- send Saved(1)\n2ms <- send Saved(2)\n", { [-2]: "dropped" });
    const [connection] = session.connections;
    expect(session.redecode(connection?.id ?? "", "json")).toBe(true);
    expect(
      messagesOf(session)
        .slice(-2)
        .map(({ act }) => act),
    ).toEqual(["dropped", undefined]);
  });

  test("what we put in has no number under stateful reconnect, and shifts none", () => {
    const session = sessionOf(
      `
      1ms -> send A(1)
      2ms -> send B(1)
      3ms -> send C(1)
    `,
      { [-2]: "sent" },
      `
      0ms negotiate /chat token abc stateful
      0ms open /chat?id=abc
      0ms -> handshake json 2
      0ms <- handshake
    `,
    );
    expect(
      messagesOf(session)
        .slice(-3)
        .map(({ sequence }) => sequence),
    ).toEqual([1, undefined, 2]);
  });

  test("over classic SignalR a dropped result answers nothing", () => {
    const session = createSession();
    const socket = "s";
    const url =
      "ws://h/signalr/connect?transport=webSockets&clientProtocol=2.1&connectionToken=abc&connectionData=%5B%7B%22name%22%3A%22chat%22%7D%5D";
    const say = (direction: "in" | "out", text: string, act?: PayloadAct): void =>
      session.apply({
        type: "socket-payload",
        at: 1,
        socket,
        direction,
        payload: { kind: "text", text },
        ...(act !== undefined && { act }),
      });
    session.apply({ type: "socket-opening", at: 0, socket, url });
    session.apply({ type: "socket-opened", at: 0, socket, protocol: "" });
    say("in", '{"C":"d-1","S":1,"M":[]}');
    say("out", '{"H":"chat","M":"Add","A":[1],"I":0}');
    say("in", '{"I":"0","R":1}', "dropped");
    const call = messagesOf(session).find(({ direction }) => direction === "out");
    expect(last(session).act).toBe("dropped");
    expect(call === undefined ? undefined : invocationOf(session, call)).toMatchObject({
      target: "chat.Add",
      state: { kind: "open" },
    });
  });
});
