import { describe, expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { Invocation, MessageEntry } from "../../../core/src/session/model.ts";
import { relatedEntries } from "../../../core/src/session/related-entries.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { conversation } from "../../support/conversation.ts";
import { messagesOf } from "./expected-messages.ts";

const CONNECTED = `
  0ms negotiate /chat token abc
  0ms open /chat?id=abc
  0ms -> handshake json 1
  0ms <- handshake
`;

function sessionOf(drawing: string, before = CONNECTED): Session {
  const session = createSession();
  for (const event of conversation(before + drawing)) session.apply(event);
  return session;
}

/** The invocations in the order in which they opened. */
function invocationsOf(session: Session): readonly Invocation[] {
  const numbers = messagesOf(session).flatMap(({ invocation }) => invocation ?? []);
  return [...new Set(numbers)].sort((a, b) => a - b).flatMap((number) => session.invocation(number) ?? []);
}

/** One line per invocation: target, state, items, the messages that belong to it. */
function summary(session: Session): readonly string[] {
  return invocationsOf(session).map((invocation) => {
    const kinds = invocation.entries.map((number) => kindOf(session.entry(number)));
    return `${invocation.target} ${invocation.state.kind} ${invocation.items} items: ${kinds.join(", ")}`;
  });
}

function kindOf(entry: ReturnType<Session["entry"]>): string {
  return entry?.kind === "message" ? entry.record.message.kind : "?";
}

function alone(session: Session): readonly string[] {
  return messagesOf(session)
    .filter(({ invocation, record }) => invocation === undefined && "invocationId" in record.message)
    .map(kindOf);
}

describe("calls", () => {
  test("a completion answers the call with its id, and its latency is the time between them", () => {
    const session = sessionOf(`
      10ms -> invoke 1 Add(1, 2)
      12ms -> invoke 2 Divide(1, 0)
      15ms <- complete 2 error "by zero"
      19ms <- complete 1 result 3
    `);
    expect(summary(session)).toEqual([
      "Add completed 0 items: invocation, completion",
      "Divide failed 0 items: invocation, completion",
    ]);
    expect(invocationsOf(session).map(({ latency }) => latency)).toEqual([9, 3]);
    expect(invocationsOf(session)[1]?.state).toMatchObject({ error: "by zero" });
  });

  test("a send waits for nothing", () => {
    const session = sessionOf(`
      -> send Say("x")
      <- complete 1 void
    `);
    expect(invocationsOf(session)).toMatchObject([{ kind: "send", target: "Say", state: { kind: "sent" } }]);
    expect(alone(session)).toEqual(["completion"]);
  });

  test("an empty id is none", () => {
    const session = sessionOf('-> raw {"type":1,"invocationId":"","target":"Say","arguments":[]}');
    expect(invocationsOf(session)).toMatchObject([{ kind: "send", state: { kind: "sent" } }]);
  });

  test("an id may be used again after its completion", () => {
    const session = sessionOf(`
      -> invoke 1 First()
      <- complete 1 void
      -> invoke 1 Second()
      <- complete 1 result 2
    `);
    expect(summary(session)).toEqual([
      "First completed 0 items: invocation, completion",
      "Second completed 0 items: invocation, completion",
    ]);
  });

  test("two calls alive with one id are completed in order", () => {
    const session = sessionOf(`
      1ms -> invoke 1 First()
      2ms -> invoke 1 Second()
      5ms <- complete 1 result 1
      9ms <- complete 1 error "no"
      9ms <- complete 1 void
    `);
    expect(invocationsOf(session)).toMatchObject([
      { target: "First", latency: 4, state: { kind: "completed" } },
      { target: "Second", latency: 7, state: { kind: "failed" } },
    ]);
    expect(alone(session)).toEqual(["completion"]);
  });

  test("a completion that nobody asked for stands alone", () => {
    const session = sessionOf('<- complete 7 error "what"');
    expect(invocationsOf(session)).toEqual([]);
    expect(messagesOf(session).at(-1)).toMatchObject({ isError: true });
    expect(messagesOf(session).at(-1)).not.toHaveProperty("target");
  });

  test("what is open when the connection ends is lost", () => {
    const session = sessionOf(`
      -> invoke 1 Slow()
      -> send Say()
      <- invoke s1 Ask()
      closed 1000
    `);
    expect(invocationsOf(session).map(({ state }) => state.kind)).toEqual(["lost", "sent", "lost"]);
  });

  test("an id means nothing on another connection", () => {
    const session = sessionOf(`
      -> invoke 1 First()
      1ms negotiate /chat token def
      b: open /chat?id=def
      -> handshake json 1
      <- handshake
      <- complete 1 result 1
      a: <- complete 1 void
    `);
    expect(summary(session)).toEqual(["First completed 0 items: invocation, completion"]);
    expect(alone(session)).toEqual(["completion"]);
  });
});

describe("client results", () => {
  test("the client answers the server's call in the server's own id space", () => {
    const session = sessionOf(`
      1ms -> invoke 1 Fight()
      2ms <- invoke 1 Ask("ready?")
      5ms -> complete 1 result true
      7ms <- complete 1 result "won"
    `);
    expect(invocationsOf(session)).toMatchObject([
      { direction: "out", target: "Fight", latency: 6 },
      { direction: "in", target: "Ask", latency: 3 },
    ]);
  });

  test("a result never ends an upload that happens to have the same id", () => {
    const session = sessionOf(`
      -> invoke 1 Sum() uploads 5
      <- invoke 5 Ask()
      -> item 5 1
      -> complete 5 result "answer"
      -> complete 5 void
      <- complete 1 result 1
    `);
    expect(summary(session)).toEqual([
      "Sum completed 0 items: invocation, stream-item, completion, completion",
      "Ask completed 0 items: invocation, completion",
    ]);
  });
});

describe("streams", () => {
  test("items come in order, the first one has its own latency", () => {
    const session = sessionOf(`
      10ms -> stream 1 Count(2)
      13ms <- item 1 0
      15ms <- item 1 1
      16ms <- complete 1 void
    `);
    expect(summary(session)).toEqual([
      "Count completed 2 items: stream-invocation, stream-item, stream-item, completion",
    ]);
    expect(invocationsOf(session)[0]).toMatchObject({ firstItemAfter: 3, latency: 6 });
  });

  test("a cancelled stream stays cancelled when the server ends it", () => {
    const session = sessionOf(`
      -> stream 1 Count(9)
      <- item 1 0
      -> cancel 1
      <- item 1 1
      <- complete 1 void
    `);
    expect(summary(session)).toEqual([
      "Count cancelled 2 items: stream-invocation, stream-item, cancel-invocation, stream-item, completion",
    ]);
    expect(invocationsOf(session)[0]?.state).toHaveProperty("completion");
  });

  test("a stream that fails after items keeps them", () => {
    const session = sessionOf(`
      -> stream 1 Count(9)
      <- item 1 0
      <- complete 1 error "midway"
    `);
    expect(summary(session)).toEqual(["Count failed 1 items: stream-invocation, stream-item, completion"]);
  });

  test("a second stream with an id that is open is refused, and the first goes on", () => {
    const session = sessionOf(`
      -> stream 1 First()
      -> stream 1 Second()
      <- complete 1 error "in use"
      <- item 1 0
      <- complete 1 void
    `);
    expect(summary(session)).toEqual([
      "First completed 1 items: stream-invocation, stream-item, completion",
      "Second failed 0 items: stream-invocation, completion",
    ]);
  });

  test("a plain call that ignores its cancel completes", () => {
    const session = sessionOf(`
      -> invoke 1 Slow()
      -> cancel 1
      <- complete 1 result 80
    `);
    expect(invocationsOf(session)[0]?.state.kind).toBe("completed");
  });
});

describe("uploads", () => {
  test("items and ends of uploads belong to the invocation that named the stream ids", () => {
    const session = sessionOf(`
      -> invoke 1 Sum() uploads 2 3
      -> item 2 10
      -> item 3 20
      -> complete 2 void
      -> complete 3 error "gave up"
      <- complete 1 result 30
    `);
    expect(summary(session)).toEqual([
      "Sum completed 0 items: invocation, stream-item, stream-item, completion, completion, completion",
    ]);
    expect(messagesOf(session).filter(({ target }) => target === "Sum")).toHaveLength(6);
  });

  test("items that follow the result still belong to the call", () => {
    const session = sessionOf(`
      -> invoke 1 Sum() uploads 2
      <- complete 1 error "too much"
      -> item 2 10
      -> complete 2 void
    `);
    expect(summary(session)).toEqual(["Sum failed 0 items: invocation, completion, stream-item, completion"]);
  });

  test("both directions of one stream are kept apart", () => {
    const session = sessionOf(`
      -> stream 1 Double() uploads 2
      -> item 2 5
      <- item 1 10
      -> complete 2 void
      <- complete 1 void
    `);
    expect(invocationsOf(session)).toMatchObject([{ items: 1, state: { kind: "completed" } }]);
  });
});

describe("stateful reconnect", () => {
  const STATEFUL = `
    0ms negotiate /chat token abc stateful
    0ms a: open /chat?id=abc
    -> handshake json 2
    <- handshake
  `;

  test("a call survives the socket, and a copy of a message is marked and not counted again", () => {
    const session = sessionOf(
      `
        1ms -> invoke 1 Slow()
        1ms -> stream 2 Count(2)
        2ms <- item 2 0
        3ms closed 1006
        4ms b: open /chat?id=abc
        4ms <- sequence 1
        4ms <- item 2 0
        4ms -> sequence 1
        4ms -> invoke 1 Slow()
        4ms -> stream 2 Count(2)
        5ms <- complete 1 result 1
        6ms <- item 2 1
        7ms <- complete 2 void
      `,
      STATEFUL,
    );
    expect(session.connections).toHaveLength(1);
    expect(summary(session)).toEqual([
      "Slow completed 0 items: invocation, completion",
      "Count completed 2 items: stream-invocation, stream-item, stream-item, completion",
    ]);
    const copies = messagesOf(session).filter(({ resend }) => resend);
    expect(copies.map(({ target, sequence }) => `${target} ${sequence}`)).toEqual([
      "Count 1",
      "Slow 1",
      "Count 2",
    ]);
    expect(copies.every(({ invocation }) => invocation !== undefined)).toBe(true);
  });

  test("while no socket goes on, the connection is interrupted and its calls are open", () => {
    const session = sessionOf("-> invoke 1 Slow()\nclosed 1006", STATEFUL);
    expect(session.connections[0]?.state).toEqual({ kind: "interrupted", code: 1006 });
    expect(invocationsOf(session)[0]?.state.kind).toBe("open");
  });

  test("a socket that cannot be opened again ends it", () => {
    const session = sessionOf("-> invoke 1 Slow()\nclosed 1006", STATEFUL);
    session.apply({ type: "socket-opening", at: 9, socket: "b", url: "ws://host.test/chat?id=abc" });
    session.apply({ type: "socket-failed", at: 9, socket: "b" });
    session.apply({ type: "socket-closed", at: 9, socket: "b", code: 1006, reason: "", wasClean: false });
    expect(session.connections[0]?.state.kind).toBe("closed");
    expect(invocationsOf(session)[0]?.state.kind).toBe("lost");
  });

  test("acknowledged messages leave later numbers as they are", () => {
    const session = sessionOf(
      `
        -> invoke 1 A()
        <- ack 1
        -> invoke 2 B()
        closed 1006
        b: open /chat?id=abc
        -> sequence 2
        -> invoke 2 B()
        -> invoke 3 C()
      `,
      STATEFUL,
    );
    const numbers = messagesOf(session).flatMap(({ sequence, resend }) =>
      sequence === undefined ? [] : `${sequence}${resend ? " again" : ""}`,
    );
    expect(numbers).toEqual(["1", "2", "2 again", "3"]);
  });

  test("a close message ends the connection, although its socket breaks", () => {
    const session = sessionOf("<- close\nclosed 1006", STATEFUL);
    expect(session.connections[0]?.state.kind).toBe("closed");
  });

  test("without the grant a Sequence message is a message like any other", () => {
    const session = sessionOf("-> invoke 1 A()\n-> sequence 1\n-> invoke 2 B()");
    expect(messagesOf(session).every(({ resend, sequence }) => !resend && sequence === undefined)).toBe(true);
  });
});

describe("relatedEntries", () => {
  test("says opening, items, cancel and completion of an entry's invocation", () => {
    const session = sessionOf(`
      -> stream 1 Double() uploads 2
      -> item 2 5
      <- item 1 10
      -> cancel 1
      <- complete 1 void
      <- ping
    `);
    const [opening, upload, item, cancel, completion, ping] = messagesOf(session).slice(2) as MessageEntry[];
    expect(item && relatedEntries(session, item)).toMatchObject({
      opening: opening?.number,
      items: [upload?.number, item?.number],
      cancel: cancel?.number,
      completion: completion?.number,
    });
    expect(ping && relatedEntries(session, ping)).toBeUndefined();
  });
});
