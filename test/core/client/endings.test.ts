import { describe, expect, test } from "vitest";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import { settle } from "../../support/fake-clock.ts";
import { clientUnderTest, rejection } from "./client-under-test.ts";

describe("the end of a connection", () => {
  test("without a Close message is connection-lost, with the close code", async () => {
    const { client, connect, clock, sockets } = clientUnderTest();
    await connect();
    sockets.last.end(1006);
    await settle();
    expect(client.state).toMatchObject({
      kind: "disconnected",
      error: { code: "connection-lost", facts: { closeCode: 1006, closeReason: "" } },
    });
    expect(clock.pending).toBe(0);
  });

  test("by a Close message is closed-by-server, with the server's words and whether to reconnect", async () => {
    const cases = [
      [{ kind: "close" }, { allowReconnect: false }, "The server closed the connection."],
      [
        { kind: "close", error: "Connection closed with an error.", allowReconnect: true },
        { allowReconnect: true, serverError: "Connection closed with an error." },
        "The server closed the connection with an error: Connection closed with an error.",
      ],
    ] as const;
    for (const [close, facts, message] of cases) {
      const { client, connect, serve, sockets } = clientUnderTest();
      await connect();
      await serve(close);
      expect(client.state).toMatchObject({
        kind: "disconnected",
        error: { code: "closed-by-server", message, facts },
      });
      expect(sockets.last.closing).toBeDefined();
    }
  });

  test("fails every invocation and every stream with the same error, items first", async () => {
    const { client, connect, serve } = clientUnderTest();
    await connect();
    const call = rejection(client.invoke("Slow", []));
    const iterator = client.stream("Count", [])[Symbol.asyncIterator]();
    await serve({ kind: "stream-item", invocationId: "1", item: "kept" }, { kind: "close", error: "bye" });
    expect(await call).toMatchObject({ code: "closed-by-server" });
    expect(await iterator.next()).toEqual({ done: false, value: "kept" });
    expect(await rejection(iterator.next())).toBe(await call);
  });

  test("by stop() fails what is pending with stopped", async () => {
    const { client, connect } = clientUnderTest();
    await connect();
    const call = rejection(client.invoke("Slow", []));
    await client.stop();
    expect(await call).toMatchObject({ code: "stopped" });
  });

  test("ends the payload: what stands behind a Close message is not heard", async () => {
    const { client, connect, sockets } = clientUnderTest();
    const calls: unknown[] = [];
    client.on("late", () => void calls.push("late"));
    const socket = await connect();
    socket.deliver('{"type":7}\u001e{"type":1,"target":"late","arguments":[]}\u001e');
    sockets.last.deliver('{"type":1,"target":"late","arguments":[]}\u001e');
    await settle();
    expect(calls).toEqual([]);
  });
});

describe("liveness", () => {
  test("a ping goes out after 15 seconds of own silence, and sending puts it off", async () => {
    const { client, clock, connect, serve, sockets } = clientUnderTest();
    await connect();
    const pings = () => sockets.last.sent.filter((payload) => payload === '{"type":6}\u001e').length;
    expect(pings()).toBe(1);
    await clock.advance(14_000);
    await client.send("Log", []);
    await serve({ kind: "ping" });
    await clock.advance(14_999);
    expect(pings()).toBe(1);
    await clock.advance(1);
    expect(pings()).toBe(2);
  });

  test("a connection on which the server is silent for 30 seconds is given up", async () => {
    const { client, clock, connect, serve, sockets } = clientUnderTest();
    await connect();
    await clock.advance(29_999);
    await serve({ kind: "ping" });
    await clock.advance(29_999);
    expect(client.state.kind).toBe("connected");
    await clock.advance(1);
    expect(client.state).toMatchObject({
      kind: "disconnected",
      error: { code: "server-timeout", message: "The server sent nothing for 30000 ms." },
    });
    expect(sockets.last.closing).toBeDefined();
    expect(clock.pending).toBe(0);
  });

  test("both times can be set, to never as well", async () => {
    const { client, clock, connect, sockets } = clientUnderTest({
      serverTimeout: Number.POSITIVE_INFINITY,
      keepAliveInterval: 1_000,
    });
    await connect();
    await clock.advance(600_500);
    expect(client.state.kind).toBe("connected");
    expect(sockets.last.sent.filter((payload) => payload === '{"type":6}\u001e')).toHaveLength(601);
  });
});

describe("a hostile server", () => {
  const nonsense: readonly HubMessage[] = [
    { kind: "completion", invocationId: "no such", outcome: { kind: "void" } },
    { kind: "stream-item", invocationId: "no such", item: 1 },
    { kind: "cancel-invocation", invocationId: "0" },
    { kind: "stream-invocation", invocationId: "0", target: "x", arguments: [] },
    { kind: "ack", sequenceId: 99 },
    { kind: "sequence", sequenceId: 99 },
    { kind: "invocation", target: "__proto__", arguments: [] },
    { kind: "invocation", target: "constructor", arguments: [] },
  ];

  test.each(["json", "messagepack"] as const)(
    "messages without meaning are ignored (%s)",
    async (protocol) => {
      const { client, connect, serve, faults } = clientUnderTest({ protocol });
      await connect();
      await serve(...nonsense);
      expect(client.state.kind).toBe("connected");
      expect(faults).toEqual([]);
    },
  );

  test("unknown message types are ignored", async () => {
    const { client, connect, sockets } = clientUnderTest();
    await connect();
    sockets.last.deliver('{"type":99,"what":"ever"}\u001e');
    expect(client.state.kind).toBe("connected");
  });

  test.each([
    ["json", "not json\u001e"],
    ["json", "[]\u001e"],
    ["json", new Uint8Array([0xff, 0xfe, 0x1e])],
    ["messagepack", new Uint8Array([0x01, 0xc1])],
    ["messagepack", new Uint8Array([0xff, 0xff, 0xff, 0xff, 0xff])],
    ["messagepack", "text"],
  ] as const)(
    "what is no %s message ends the connection with protocol-violation: %j",
    async (protocol, payload) => {
      const { client, clock, connect, sockets } = clientUnderTest({ protocol });
      await connect();
      const call = rejection(client.invoke("Slow", []));
      sockets.last.deliver(typeof payload === "string" ? payload : new Uint8Array(payload));
      expect(await call).toMatchObject({ code: "protocol-violation" });
      await settle();
      expect(client.state).toMatchObject({ kind: "disconnected", error: { code: "protocol-violation" } });
      expect(clock.pending).toBe(0);
    },
  );

  test("a record without end is cut off at 256 MiB", async () => {
    const { client, connect, sockets } = clientUnderTest();
    await connect();
    const piece = "x".repeat(32 * 1024 * 1024);
    for (let index = 0; index < 8; index++) sockets.last.deliver(piece);
    expect(client.state.kind).toBe("connected");
    sockets.last.deliver("x");
    expect(client.state).toMatchObject({ kind: "disconnected", error: { code: "protocol-violation" } });
  });

  test.each(["json", "messagepack"] as const)(
    "random bytes neither throw nor hang (%s)",
    async (protocol) => {
      const random = randomBytes(20_261_121);
      for (let round = 0; round < 300; round++) {
        const { client, clock, connect, sockets } = clientUnderTest({ protocol });
        if (round % 3 === 0) {
          const started = rejection(client.start());
          await settle();
          sockets.last.open();
          for (let payload = 0; payload < 5; payload++) sockets.last.deliver(random());
          sockets.last.end(1006);
          await started;
        } else {
          await connect();
          const call = client.invoke("Any", []).catch(() => undefined);
          const stream = client
            .stream("Any", [])
            [Symbol.asyncIterator]()
            .next()
            .catch(() => undefined);
          for (let payload = 0; payload < 10; payload++)
            sockets.last.deliver(round % 2 === 0 ? asText(random()) : random());
          sockets.last.end(1006);
          await Promise.all([call, stream]);
        }
        await settle();
        expect(client.state.kind).toBe("disconnected");
        expect(clock.pending).toBe(0);
      }
    },
  );

  test("a server that says everything twice is not heard after the end", async () => {
    const { client, connect, sockets, states } = clientUnderTest();
    const socket = await connect();
    socket.open();
    socket.deliver("{}\u001e");
    expect(states.filter((state) => state === "connected")).toHaveLength(1);
    sockets.last.end(1000);
    await settle();
    expect(client.state.kind).toBe("disconnected");
  });
});

/** The same bytes in every run. */
function randomBytes(seed: number): () => Uint8Array<ArrayBuffer> {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  return () => Uint8Array.from({ length: next() % 48 }, next);
}

function asText(bytes: Uint8Array): string {
  return `${String.fromCharCode(...bytes)}\u001e`;
}
