import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { totals } from "../../../core/src/session/totals.ts";
import { conversation } from "../../support/conversation.ts";
import { asExpected, messagesOf, recording, recordings } from "./expected-messages.ts";

const CONNECTED = conversation(`
  0ms negotiate /chat token abc
  open /chat?id=abc
  -> handshake json 1
  <- handshake
`);

function sessionOf(events: readonly CaptureEvent[], session = createSession()): Session {
  for (const event of events) session.apply(event);
  return session;
}

function snapshot(session: Session): unknown {
  const invocations = messagesOf(session).map(({ invocation }) => session.invocation(invocation ?? 0));
  return structuredClone({
    connections: session.connections,
    log: session.log.map((entry) =>
      entry.kind === "message" ? { ...entry, record: asExpected(entry) } : entry,
    ),
    invocations,
  });
}

function* traffic(count: number): Generator<CaptureEvent> {
  yield* CONNECTED;
  for (let i = 0; i < count / 2; i++) {
    const at = i;
    const call = `{"type":1,"invocationId":"${i}","target":"Quote","arguments":["MSFT",${i}]}\u001e`;
    const answer = `{"type":3,"invocationId":"${i}","result":{"price":${i},"symbol":"MSFT"}}\u001e`;
    yield {
      type: "socket-payload",
      at,
      socket: "a",
      direction: "out",
      payload: { kind: "text", text: call },
    };
    yield {
      type: "socket-payload",
      at: at + 1,
      socket: "a",
      direction: "in",
      payload: { kind: "text", text: answer },
    };
  }
}

describe("a session", () => {
  test("is a fold: the same events give the same session", () => {
    for (const { events } of recordings) {
      const plain = events.map(({ event }) => event);
      expect(snapshot(sessionOf(plain))).toEqual(snapshot(sessionOf(plain)));
    }
  });

  test("does not depend on how WebSocket payloads divide the records", () => {
    const names = [
      "raw-json-shapes",
      "raw-msgpack-shapes",
      "streams-ws-json",
      "streams-ws-msgpack",
      "stateful-ws-msgpack",
    ];
    for (const name of names) {
      const events = recording(name).events.map(({ event }) => event);
      const expected = messagesOf(sessionOf(events)).map(asExpected);
      fc.assert(
        fc.property(fc.infiniteStream(fc.nat({ max: 40 })), (cuts) => {
          const cut = events.flatMap((event) => divided(event, cuts));
          const inDirection = (session: Session, direction: "out" | "in") =>
            messagesOf(session)
              .filter((entry) => entry.direction === direction)
              .map(asExpected);
          const session = sessionOf(cut);
          expect(messagesOf(session)).toHaveLength(expected.length);
          expect(inDirection(session, "in")).toEqual(expected.filter(({ dir }) => dir === "in"));
          expect(inDirection(session, "out")).toEqual(expected.filter(({ dir }) => dir === "out"));
        }),
        { numRuns: 20 },
      );
    }
  });

  test("never throws, in whatever order events come and however often", () => {
    const pool = [
      "stateful-ws-json",
      "two-connections",
      "auto-reconnect-ws-json",
      "fatal-msgpack-nil-headers",
    ].flatMap((name) => recording(name).events.map(({ event }) => event));
    fc.assert(
      fc.property(fc.array(fc.nat({ max: pool.length - 1 }), { maxLength: 200 }), (order) => {
        const session = createSession({ entries: 50 });
        for (const index of order) {
          const event = pool[index];
          if (event !== undefined) session.apply(event);
          expect(session.log.length).toBeLessThanOrEqual(50);
        }
        const seen = new Set(session.connections.map(({ id }) => id));
        for (const entry of session.log) {
          if (entry.kind !== "source") expect(seen.has(entry.connection)).toBe(true);
          expect(session.entry(entry.number)).toBe(entry);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("never throws on payloads of any content", () => {
    const payload = fc.oneof(
      fc.string({ unit: "binary" }).map((text) => ({ kind: "text", text }) as const),
      fc.uint8Array().map((bytes) => ({ kind: "binary", bytes }) as const),
      fc
        .constantFrom(
          '{"type":9,"sequenceId":1e999}\u001e',
          '{"type":8,"sequenceId":-1}\u001e',
          '{"type":9,"sequenceId":9007199254740993}\u001e',
        )
        .map((text) => ({ kind: "text", text }) as const),
    );
    const before = conversation(
      "0ms negotiate /chat token abc stateful\nopen /chat?id=abc\n-> handshake json 2\n<- handshake",
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom("out", "in"), payload)), (payloads) => {
        const session = sessionOf(before);
        for (const [direction, content] of payloads) {
          session.apply({ type: "socket-payload", at: 1, socket: "a", direction, payload: content });
        }
        session.apply({ type: "socket-closed", at: 2, socket: "a", code: 1006, reason: "", wasClean: false });
      }),
    );
  });

  test("ignores late events of a socket that is gone", () => {
    const session = sessionOf([...CONNECTED, ...conversation("9ms closed 1000")]);
    const { revision } = session;
    const before = snapshot(session);
    sessionOf(conversation("9ms closed 1006\n<- ping\nopen /chat?id=abc"), session);
    expect(snapshot(session)).toEqual(before);
    expect(session.revision).toBeGreaterThan(revision);
  });

  test("replaces what changes and leaves what was read before as it was", () => {
    const session = sessionOf(CONNECTED);
    const [before] = session.connections;
    sessionOf(conversation("-> ping"), session);
    expect(before?.messagesOut).toBe(1);
    expect(session.connections[0]?.messagesOut).toBe(2);
    expect(session.connection(before?.id ?? "")).toBe(session.connections[0]);
  });
});

/** The same payload in pieces; WebSocket opcodes stay. */
function divided(event: CaptureEvent, cuts: Iterator<number>): readonly CaptureEvent[] {
  if (event.type !== "socket-payload" || event.payload.kind === "omitted") return [event];
  const { payload } = event;
  const whole = payload.kind === "text" ? payload.text : payload.bytes;
  // A handshake, and the Sequence message that begins a resumed socket, come in one piece.
  const isText = typeof whole === "string";
  if (isText ? /"protocol"|^\{\}|"type":9/.test(whole) : whole[0] === 0x7b || whole[2] === 9) return [event];
  const pieces: CaptureEvent[] = [];
  let from = 0;
  while (from < whole.length) {
    const to = Math.min(whole.length, from + 1 + Number(cuts.next().value));
    const piece = isText
      ? ({ kind: "text", text: whole.slice(from, to) } as const)
      : ({ kind: "binary", bytes: whole.subarray(from, to) } as const);
    pieces.push({ ...event, payload: piece });
    from = to;
  }
  return pieces;
}

describe("limits", () => {
  test("an omitted payload counts for what the log holds of it, not for what passed", () => {
    const events = [...traffic(10)];
    const payload = events.findLast((event) => event.type === "socket-payload");
    if (payload?.type !== "socket-payload") return expect.fail("the traffic has no payload");
    const omitted = { kind: "omitted", reason: "too-large", size: 100_000_000 } as const;
    const session = sessionOf(
      [...events, { ...payload, payload: omitted }],
      createSession({ bytes: 1_000_000 }),
    );
    expect(session.forgotten.entries).toBe(0);
    expect(session.log.at(-1)).toMatchObject({ kind: "message", size: 100_000_000 });
    return undefined;
  });

  test("100,000 messages stay within the limits", () => {
    const session = sessionOf([...traffic(100_000)], createSession({ entries: 20_000 }));
    expect(session.log.length).toBeLessThanOrEqual(20_000);
    expect(session.log.length).toBeGreaterThan(15_000);
    expect(session.log[0]?.number).toBe(session.firstNumber);
    expect(session.forgotten.entries).toBe(session.firstNumber - 1);
    expect(session.entry(session.firstNumber - 1)).toBeUndefined();
    expect(session.entry(session.firstNumber)).toBe(session.log[0]);
    expect(totals(session)).toMatchObject({ connections: 1, messages: 100_002 });
    const kept = session.log.reduce((sum, entry) => sum + (entry.kind === "message" ? entry.size : 0), 0);
    const negotiate = totals(session).bytes - kept - session.forgotten.bytes;
    expect(negotiate, "the negotiate answer is counted too").toBeLessThan(0);
  });

  test("bytes are a limit of their own", () => {
    const session = sessionOf([...traffic(2000)], createSession({ bytes: 10_000 }));
    const kept = session.log.reduce((sum, entry) => sum + (entry.kind === "message" ? entry.size : 0), 0);
    expect(kept).toBeLessThanOrEqual(10_000);
    expect(kept).toBeGreaterThan(8000);
  });

  test("an entry that is larger than the limit is kept until the next one comes", () => {
    const session = sessionOf(CONNECTED, createSession({ bytes: 100 }));
    sessionOf(conversation(`<- send Say("${"x".repeat(500)}")`), session);
    expect(session.log).toHaveLength(1);
    sessionOf(conversation("<- ping"), session);
    expect(session.log).toHaveLength(1);
    expect(messagesOf(session)[0]?.record.message.kind).toBe("ping");
  });

  test("an invocation goes with its last entry, but not while it is open", () => {
    const session = createSession({ entries: 40 });
    const [...events] = conversation("-> stream 1 Ticker()\n-> invoke 2 Add()\n<- complete 2 void");
    sessionOf([...CONNECTED, ...events], session);
    for (let i = 0; i < 1000; i++) sessionOf(conversation(`<- item 1 ${i}`), session);
    expect(session.invocation(1)).toMatchObject({ target: "Ticker", items: 1000, state: { kind: "open" } });
    expect(session.invocation(1)?.entries.length).toBeLessThanOrEqual(40);
    expect(session.invocation(1)?.entries[0]).toBe(session.firstNumber);
    expect(session.invocation(2)).toBeUndefined();
  });

  test("a connection that has ended leaves with its last entry", () => {
    const session = createSession({ entries: 100 });
    for (let i = 0; i < 200; i++) {
      sessionOf(
        conversation(
          `negotiate /chat token t${i}\ns${i}: open /chat?id=t${i}\n-> handshake json 1\n<- handshake\nclosed 1006`,
        ),
        session,
      );
    }
    expect(session.connections.length).toBeLessThanOrEqual(25);
    expect(session.connections.at(-1)).toMatchObject({ connectionToken: "t199" });
  });
});

describe("clear", () => {
  test("keeps what is alive: connections, decoding and open invocations", () => {
    const session = sessionOf(CONNECTED);
    sessionOf(conversation("-> invoke 1 Slow()"), session);
    session.apply({
      type: "socket-payload",
      at: 1,
      socket: "a",
      direction: "in",
      payload: { kind: "text", text: '{"type":3,"invo' },
    });
    const next = session.firstNumber + session.log.length;
    session.clear();
    expect(session.log).toEqual([]);
    expect(session.firstNumber).toBe(next);
    expect(totals(session)).toEqual({ connections: 1, messages: 0, bytes: 0, errors: 0 });
    session.apply({
      type: "socket-payload",
      at: 5,
      socket: "a",
      direction: "in",
      payload: { kind: "text", text: 'cationId":"1","result":2}\u001e' },
    });
    expect(messagesOf(session)).toMatchObject([
      { number: next, target: "Slow", record: { message: { kind: "completion" } } },
    ]);
    expect(session.invocation(messagesOf(session)[0]?.invocation ?? 0)).toMatchObject({
      latency: 5,
      entries: [next],
    });
  });

  test("drops connections that have ended and counts nothing as forgotten", () => {
    const session = sessionOf([...CONNECTED, ...conversation("closed 1000")]);
    const { revision } = session;
    session.clear();
    expect(session.connections).toEqual([]);
    expect(session.forgotten).toEqual({ entries: 0, bytes: 0 });
    expect(session.revision).toBeGreaterThan(revision);
  });

  test("a connection that was interrupted may still be resumed", () => {
    const session = sessionOf(
      conversation(
        "negotiate /chat token abc stateful\nopen /chat?id=abc\n-> handshake json 2\n<- handshake\nclosed 1006",
      ),
    );
    session.clear();
    sessionOf(conversation("b: open /chat?id=abc\n<- sequence 1"), session);
    expect(session.connections).toMatchObject([{ sockets: ["a", "b"], state: { kind: "connected" } }]);
  });
});
