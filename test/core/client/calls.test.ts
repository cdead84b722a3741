import { describe, expect, test } from "vitest";
import { settle } from "../../support/fake-clock.ts";
import { clientUnderTest, rejection } from "./client-under-test.ts";

describe("invoke", () => {
  test("sends an invocation with a decimal ID and resolves with the result", async () => {
    const { client, connect, serve, sent } = clientUnderTest();
    await connect();
    const sum = client.invoke("Add", [1, 2]);
    const product = client.invoke("Multiply", [3, 4], { headers: { trace: "abc" } });
    expect(sent()).toEqual([
      { kind: "invocation", invocationId: "0", target: "Add", arguments: [1, 2] },
      {
        kind: "invocation",
        headers: { trace: "abc" },
        invocationId: "1",
        target: "Multiply",
        arguments: [3, 4],
      },
    ]);
    await serve(
      { kind: "completion", invocationId: "1", outcome: { kind: "result", value: 12 } },
      { kind: "completion", invocationId: "0", outcome: { kind: "result", value: 3 } },
    );
    expect(await Promise.all([sum, product])).toEqual([3, 12]);
  });

  test("tells a result that is null from no result", async () => {
    const { client, connect, serve } = clientUnderTest();
    await connect();
    const both = Promise.all([client.invoke("A", []), client.invoke("B", [])]);
    await serve(
      { kind: "completion", invocationId: "0", outcome: { kind: "result", value: null } },
      { kind: "completion", invocationId: "1", outcome: { kind: "void" } },
    );
    expect(await both).toEqual([null, undefined]);
  });

  test("rejects with the server's text where the completion is an error", async () => {
    const { client, connect, serve } = clientUnderTest();
    await connect();
    const failed = rejection(client.invoke("Fail", []));
    await serve({
      kind: "completion",
      invocationId: "0",
      outcome: { kind: "error", message: "no such user" },
    });
    expect(await failed).toMatchObject({
      code: "invocation-failed",
      message: "no such user",
      facts: { serverError: "no such user" },
    });
  });

  test("rejects with not-connected before start, and after stop", async () => {
    const { client, connect } = clientUnderTest();
    expect(await rejection(client.invoke("Add", []))).toMatchObject({ code: "not-connected" });
    await connect();
    await client.stop();
    expect(await rejection(client.invoke("Add", []))).toMatchObject({ code: "not-connected" });
    expect(await rejection(client.send("Add", []))).toMatchObject({ code: "not-connected" });
  });

  test("an abort only stops the waiting; the completion that comes later is ignored", async () => {
    const { client, connect, serve, sent } = clientUnderTest();
    await connect();
    const abort = new AbortController();
    const waiting = rejection(client.invoke("Slow", [], { signal: abort.signal }));
    abort.abort(new Error("enough"));
    expect(await waiting).toEqual(new Error("enough"));
    await serve({ kind: "completion", invocationId: "0", outcome: { kind: "void" } });
    expect(sent()).toHaveLength(1);
    expect(client.state.kind).toBe("connected");
  });

  test("sends nothing where the signal had aborted before", async () => {
    const { client, connect, sent } = clientUnderTest();
    await connect();
    const signal = AbortSignal.abort(new Error("too late"));
    expect(await rejection(client.invoke("Add", [], { signal }))).toEqual(new Error("too late"));
    expect(sent()).toEqual([]);
  });

  test("rejects with a TypeError where the protocol cannot carry an argument, and the connection lives on", async () => {
    const { client, connect, sent } = clientUnderTest();
    await connect();
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(await rejection(client.invoke("Add", [cycle]))).toBeInstanceOf(TypeError);
    expect(await rejection(client.send("Add", [cycle]))).toBeInstanceOf(TypeError);
    expect(sent()).toEqual([]);
    expect(client.state.kind).toBe("connected");
  });

  test("a stream item in the place of the completion is a protocol violation of that invocation only", async () => {
    const { client, connect, serve } = clientUnderTest();
    await connect();
    const wrong = rejection(client.invoke("Add", []));
    const right = client.invoke("Add", []);
    await serve(
      { kind: "stream-item", invocationId: "0", item: 1 },
      { kind: "completion", invocationId: "0", outcome: { kind: "void" } },
      { kind: "completion", invocationId: "1", outcome: { kind: "result", value: 2 } },
    );
    expect(await wrong).toMatchObject({ code: "protocol-violation" });
    expect(await right).toBe(2);
  });
});

describe("send", () => {
  test("sends an invocation without an ID and resolves at once", async () => {
    const { client, connect, sent } = clientUnderTest();
    await connect();
    await client.send("Log", ["text"]);
    expect(sent()).toEqual([{ kind: "invocation", target: "Log", arguments: ["text"] }]);
  });
});

describe("stream", () => {
  test("yields every item and ends with the completion", async () => {
    const { client, connect, serve, sent } = clientUnderTest();
    await connect();
    const items = collect(client.stream("Count", [2]));
    await settle();
    expect(sent()).toEqual([
      { kind: "stream-invocation", invocationId: "0", target: "Count", arguments: [2] },
    ]);
    await serve(
      { kind: "stream-item", invocationId: "0", item: 0 },
      { kind: "stream-item", invocationId: "0", item: null },
      { kind: "completion", invocationId: "0", outcome: { kind: "void" } },
    );
    expect(await items).toEqual([0, null]);
    expect(sent()).toEqual([]);
  });

  test("yields the items that came before an error, then throws it", async () => {
    const { client, connect, serve } = clientUnderTest();
    await connect();
    const iterator = client.stream("Count", [])[Symbol.asyncIterator]();
    await serve(
      { kind: "stream-item", invocationId: "0", item: 1 },
      { kind: "stream-item", invocationId: "0", item: 2 },
      { kind: "completion", invocationId: "0", outcome: { kind: "error", message: "stream broke" } },
    );
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    expect(await iterator.next()).toEqual({ done: false, value: 2 });
    expect(await rejection(iterator.next())).toMatchObject({
      code: "invocation-failed",
      message: "stream broke",
    });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test("leaving the loop sends one CancelInvocation, and what comes later is ignored", async () => {
    const { client, connect, serve, sent } = clientUnderTest();
    await connect();
    const left = (async () => {
      for await (const item of client.stream("Count", [])) return item;
      return "nothing";
    })();
    await settle();
    await serve({ kind: "stream-item", invocationId: "0", item: "first" });
    expect(await left).toBe("first");
    expect(sent().slice(1)).toEqual([{ kind: "cancel-invocation", invocationId: "0" }]);
    await serve(
      { kind: "stream-item", invocationId: "0", item: "second" },
      { kind: "completion", invocationId: "0", outcome: { kind: "void" } },
    );
    expect(sent()).toEqual([]);
  });

  test("an abort sends one CancelInvocation and throws its reason, whatever is still unread", async () => {
    const { client, connect, serve, sent } = clientUnderTest();
    await connect();
    const abort = new AbortController();
    const iterator = client.stream("Count", [], { signal: abort.signal })[Symbol.asyncIterator]();
    await serve({ kind: "stream-item", invocationId: "0", item: 1 });
    abort.abort(new Error("enough"));
    expect(await rejection(iterator.next())).toEqual(new Error("enough"));
    await iterator.return?.();
    expect(sent().slice(1)).toEqual([{ kind: "cancel-invocation", invocationId: "0" }]);
  });

  test("leaving after the end sends nothing", async () => {
    const { client, connect, serve, sent } = clientUnderTest();
    await connect();
    const iterator = client.stream("Count", [])[Symbol.asyncIterator]();
    await serve({ kind: "completion", invocationId: "0", outcome: { kind: "void" } });
    await iterator.return?.();
    expect(sent().slice(1)).toEqual([]);
  });

  test("each loop is an invocation of its own", async () => {
    const { client, connect, sent } = clientUnderTest();
    await connect();
    const stream = client.stream("Count", []);
    stream[Symbol.asyncIterator]();
    stream[Symbol.asyncIterator]();
    expect(sent().map((message) => "invocationId" in message && message.invocationId)).toEqual(["0", "1"]);
  });

  test("throws not-connected where there is no connection", async () => {
    const { client } = clientUnderTest();
    expect(await rejection(collect(client.stream("Count", [])))).toMatchObject({ code: "not-connected" });
  });
});

describe("uploads", () => {
  test("stream IDs share the counter; every value is an item, and the end is a completion", async () => {
    const { client, connect, serve, sent } = clientUnderTest();
    await connect();
    const sum = client.invoke("Sum", ["x"], { uploads: [values(1, 2), values("a")] });
    await settle();
    const [invocation, ...rest] = sent();
    expect(invocation).toEqual({
      kind: "invocation",
      invocationId: "2",
      target: "Sum",
      arguments: ["x"],
      streamIds: ["0", "1"],
    });
    const of = (id: string) =>
      rest.filter((message) => "invocationId" in message && message.invocationId === id);
    expect(of("0")).toEqual([
      { kind: "stream-item", invocationId: "0", item: 1 },
      { kind: "stream-item", invocationId: "0", item: 2 },
      { kind: "completion", invocationId: "0", outcome: { kind: "void" } },
    ]);
    expect(of("1")).toEqual([
      { kind: "stream-item", invocationId: "1", item: "a" },
      { kind: "completion", invocationId: "1", outcome: { kind: "void" } },
    ]);
    await serve({ kind: "completion", invocationId: "2", outcome: { kind: "result", value: 3 } });
    expect(await sum).toBe(3);
  });

  test("a source that throws is completed with its text", async () => {
    const { client, connect, sent } = clientUnderTest();
    await connect();
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error("file unreadable");
    }
    await client.send("Upload", [], { uploads: [failing()] });
    await settle();
    expect(sent().slice(1)).toEqual([
      { kind: "stream-item", invocationId: "0", item: 1 },
      { kind: "completion", invocationId: "0", outcome: { kind: "error", message: "file unreadable" } },
    ]);
  });

  test("a source that throws just as its invocation ends says nothing more", async () => {
    const { client, connect, sent, sockets } = clientUnderTest();
    await connect();
    let fail: (error: Error) => void = () => undefined;
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise((_, reject) => (fail = reject)) }),
    };
    const abort = new AbortController();
    const call = client
      .stream("Upload", [], { uploads: [source], signal: abort.signal })
      [Symbol.asyncIterator]();
    await settle();
    fail(new Error("too late"));
    sockets.last.deliver('{"type":3,"invocationId":"1"}\u001e');
    await call.next();
    await settle();
    expect(sent().map((message) => message.kind)).toEqual(["stream-invocation"]);
  });

  test("a value that cannot be sent completes the upload with an error", async () => {
    const { client, connect, sent } = clientUnderTest();
    await connect();
    const cycle: unknown[] = [];
    cycle.push(cycle);
    await client.send("Upload", [], { uploads: [values(cycle)] });
    await settle();
    expect(sent().slice(1)).toMatchObject([
      { kind: "completion", invocationId: "0", outcome: { kind: "error" } },
    ]);
  });

  for (const [what, end] of [
    ["the invocation has ended", "completion"],
    ["the caller has aborted", "abort"],
    ["the connection has gone", "loss"],
    ["stop() was called", "stop"],
  ] as const) {
    test(`a source that still runs is told to end when ${what}, and nothing more is sent`, async () => {
      const under = clientUnderTest();
      await under.connect();
      const { source, ended } = endlessSource();
      const abort = new AbortController();
      const answered = under.client
        .invoke("Upload", [], { uploads: [source], signal: abort.signal })
        .catch(() => undefined);
      await settle();
      if (end === "completion") {
        await under.serve({ kind: "completion", invocationId: "1", outcome: { kind: "void" } });
      } else if (end === "abort") abort.abort();
      else if (end === "loss") under.sockets.last.end(1006);
      else await under.client.stop();
      await answered;
      await settle();
      expect(ended()).toBe(1);
      expect(under.sent().filter((message) => message.kind === "completion")).toEqual([]);
    });
  }
});

describe("client methods", () => {
  test("are called with the arguments, whatever the case of the target", async () => {
    const { client, connect, serve, sent } = clientUnderTest();
    const calls: unknown[] = [];
    client.on("onMessage", (...args) => void calls.push(args));
    await connect();
    await serve({ kind: "invocation", target: "ONMESSAGE", arguments: ["a", 1] });
    expect(calls).toEqual([["a", 1]]);
    expect(sent()).toEqual([]);
  });

  test("what they return answers a client result, null included", async () => {
    const { client, connect, serve, sent } = clientUnderTest();
    client.on("Square", async (value) => Number(value) ** 2);
    client.on("Nothing", () => null);
    await connect();
    await serve({ kind: "invocation", invocationId: "s1", target: "square", arguments: [12] });
    await serve({ kind: "invocation", invocationId: "s2", target: "nothing", arguments: [] });
    expect(sent()).toEqual([
      { kind: "completion", invocationId: "s1", outcome: { kind: "result", value: 144 } },
      { kind: "completion", invocationId: "s2", outcome: { kind: "result", value: null } },
    ]);
  });

  test("no method, or one that returns nothing, answers a client result with an error", async () => {
    const { client, connect, serve, sent } = clientUnderTest();
    client.on("Silent", () => undefined);
    await connect();
    await serve(
      { kind: "invocation", invocationId: "s1", target: "Missing", arguments: [] },
      { kind: "invocation", invocationId: "s2", target: "Silent", arguments: [] },
    );
    const outcome = { kind: "error", message: "Client didn't provide a result." };
    expect(sent()).toEqual([
      { kind: "completion", invocationId: "s1", outcome },
      { kind: "completion", invocationId: "s2", outcome },
    ]);
  });

  test("one that throws answers with its error as the official client words it", async () => {
    const { client, connect, serve, sent, faults } = clientUnderTest();
    client.on("Fail", () => {
      throw new RangeError("oops");
    });
    await connect();
    await serve({ kind: "invocation", invocationId: "s1", target: "Fail", arguments: [] });
    await serve({ kind: "invocation", target: "Fail", arguments: [] });
    expect(sent()).toEqual([
      { kind: "completion", invocationId: "s1", outcome: { kind: "error", message: "RangeError: oops" } },
    ]);
    expect(faults).toHaveLength(2);
  });

  test("a result that cannot be sent is answered with an error", async () => {
    const { client, connect, serve, sent, faults } = clientUnderTest();
    const cycle: unknown[] = [];
    cycle.push(cycle);
    client.on("Cycle", () => cycle);
    await connect();
    await serve({ kind: "invocation", invocationId: "s1", target: "Cycle", arguments: [] });
    expect(sent()).toMatchObject([{ kind: "completion", invocationId: "s1", outcome: { kind: "error" } }]);
    expect(faults).toHaveLength(1);
  });

  test("the newest method of a target counts, until its signal aborts", async () => {
    const { client, connect, serve } = clientUnderTest();
    const calls: string[] = [];
    const first = new AbortController();
    const second = new AbortController();
    client.on("say", () => void calls.push("first"), first.signal);
    client.on("say", () => void calls.push("second"), second.signal);
    await connect();
    const say = { kind: "invocation", target: "say", arguments: [] } as const;
    first.abort();
    await serve(say);
    second.abort();
    await serve(say);
    expect(calls).toEqual(["second"]);
  });

  test("one that answers after the connection has gone answers nobody", async () => {
    const { client, connect, serve, sockets, faults } = clientUnderTest();
    let answer: (value: number) => void = () => undefined;
    client.on("Slow", () => new Promise((resolve) => (answer = resolve)));
    await connect();
    await serve({ kind: "invocation", invocationId: "s1", target: "Slow", arguments: [] });
    sockets.last.end(1006);
    answer(1);
    await settle();
    expect(faults).toEqual([]);
  });
});

async function collect(source: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of source) items.push(item);
  return items;
}

async function* values(...items: readonly unknown[]): AsyncGenerator<unknown> {
  yield* items;
}

/** One value, then silence. */
function endlessSource(): { readonly source: AsyncIterable<number>; readonly ended: () => number } {
  let ended = 0;
  let given = false;
  const iterator: AsyncIterator<number> = {
    next() {
      if (given) return new Promise(() => undefined);
      given = true;
      return Promise.resolve({ done: false, value: 1 });
    },
    async return() {
      ended += 1;
      return { done: true, value: undefined };
    },
  };
  return { source: { [Symbol.asyncIterator]: () => iterator }, ended: () => ended };
}
