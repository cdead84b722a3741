import { expect } from "vitest";
import type { HubClient } from "../../../core/src/client/hub-client.ts";
import { rejection } from "../client/client-under-test.ts";
import type { Seen } from "./calls-hub.ts";

/** Every shape of call, whatever lies between the two clients and the hub. */
export const CALLS: Readonly<
  Record<string, (client: HubClient, other: HubClient, seen: Seen) => Promise<void>>
> = {
  async "results of every kind come back"(client) {
    expect(await client.invoke("Add", [40, 2])).toBe(42);
    expect(await client.invoke("add", [40, 2])).toBe(42);
    expect(await client.invoke("Nothing", [])).toBeNull();
    for (const value of [null, true, 0, -1.5, "", "é😀\u001e", [1, [2]], { a: { b: null } }]) {
      expect(await client.invoke("Echo", [value])).toEqual(value);
    }
  },
  async "a HubMethodError comes with its text, another error without"(client, _other, seen) {
    expect(await rejection(client.invoke("FailWithText", ["no such room"]))).toMatchObject({
      code: "invocation-failed",
      message:
        "An unexpected error occurred invoking 'FailWithText' on the server. HubException: no such room",
    });
    expect(await rejection(client.invoke("FailSecretly", []))).toMatchObject({
      message: "An unexpected error occurred invoking 'FailSecretly' on the server.",
    });
    expect(seen.faults.map(String)).toContain("RangeError: the password is 1234");
    expect(await rejection(client.invoke("Unsendable", []))).toMatchObject({
      message: "An unexpected error occurred invoking 'Unsendable' on the server.",
    });
  },
  async "an unknown method is refused in the words of ASP.NET Core"(client) {
    for (const target of ["Missing", "constructor", "__proto__"]) {
      expect(await rejection(client.invoke(target, []))).toMatchObject({
        message: `Failed to invoke '${target}' due to an error on the server. HubException: Method does not exist.`,
      });
    }
  },
  async "a send that fails is not answered, and one that succeeds is executed"(client) {
    await client.send("FailSecretly", []);
    await client.send("Missing", []);
    const said = nextCall(client, "Said");
    await client.send("SayToMe", ["sent"]);
    expect(await said).toEqual(["sent"]);
  },
  async "streams end, fail after their items, and may come from a promise"(client) {
    expect(await collect(client.stream("Count", [3]))).toEqual([0, 1, 2]);
    expect(await collect(client.stream("CountLater", [2]))).toEqual([0, 1]);
    const items: unknown[] = [];
    const failed = await rejection(
      (async () => {
        for await (const item of client.stream("FailAfter", [2])) items.push(item);
      })(),
    );
    expect(items).toEqual([0, 1]);
    expect(failed).toMatchObject({
      message: "An error occurred on the server while streaming results. HubException: the stream failed",
    });
  },
  async "a stream of five thousand items keeps their order"(client) {
    const items = await collect(client.stream("Count", [5_000]));
    expect(items).toEqual(Array.from({ length: 5_000 }, (_, item) => item));
  },
  async "leaving a stream cancels it on the server"(client, _other, seen) {
    for await (const item of client.stream("Forever", ["left"])) {
      expect(item).toBe("started");
      break;
    }
    // The answer to a later call comes after the cancel was received.
    await client.invoke("Nothing", []);
    expect(seen.cancelled).toContain("left");
  },
  async "a call of the wrong kind is refused in the words of ASP.NET Core"(client) {
    expect(await rejection(client.invoke("Count", [1]))).toMatchObject({
      message: "The client attempted to invoke the streaming 'Count' method with a non-streaming invocation.",
    });
    expect(await rejection(collect(client.stream("Add", [1, 2])))).toMatchObject({
      message: "The client attempted to invoke the non-streaming 'Add' method with a streaming invocation.",
    });
  },
  async "uploads arrive, one, two at once, and in both directions"(client) {
    expect(await client.invoke("Sum", [], { uploads: [values(1, 2, 3)] })).toBe(6);
    expect(await client.invoke("SumTwo", [], { uploads: [values(1, 2), values(10, 20)] })).toEqual([3, 30]);
    expect(await collect(client.stream("Doubled", [], { uploads: [values(1, 2, 3)] }))).toEqual([2, 4, 6]);
    expect(await client.invoke("First", [], { uploads: [values("a", "b", "c")] })).toBe("a");
  },
  async "an upload that fails reaches the method as its text"(client) {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error("file unreadable");
    }
    expect(await rejection(client.invoke("Sum", [], { uploads: [failing()] }))).toMatchObject({
      message: "An unexpected error occurred invoking 'Sum' on the server. HubException: file unreadable",
    });
  },
  async "the client answers when the method asks"(client) {
    const method = new AbortController();
    expect(await rejection(client.invoke("AskSquare", [12]))).toMatchObject({
      message:
        "An unexpected error occurred invoking 'AskSquare' on the server. HubException: Client didn't provide a result.",
    });
    client.on("Square", (value) => Number(value) ** 2, method.signal);
    expect(await client.invoke("AskSquare", [12])).toBe("the square is 144");
    method.abort();
    client.on("Square", () => {
      throw new Error("cannot count");
    });
    expect(await rejection(client.invoke("AskSquare", [12]))).toMatchObject({
      message:
        "An unexpected error occurred invoking 'AskSquare' on the server. HubException: Error: cannot count",
    });
  },
  async "messages go to all, to others, and to a group"(client, other) {
    const heard: (readonly [string, unknown])[] = [];
    const done = new AbortController();
    client.on("Said", (text) => void heard.push(["client", text]), done.signal);
    other.on("Said", (text) => void heard.push(["other", text]), done.signal);
    await client.invoke("SayToOthers", ["others"]);
    await client.invoke("JoinRoom", ["tea"]);
    await other.invoke("SayToRoom", ["tea", "in the room"]);
    await client.invoke("LeaveRoom", ["tea"]);
    await other.invoke("SayToRoom", ["tea", "nobody hears this"]);
    await client.invoke("SayToAll", ["all"]);
    await other.invoke("Nothing", []);
    await client.invoke("Nothing", []);
    done.abort();
    expect(heard.filter(([who]) => who === "client")).toEqual([
      ["client", "in the room"],
      ["client", "all"],
    ]);
    expect(heard.filter(([who]) => who === "other")).toEqual([
      ["other", "others"],
      ["other", "all"],
    ]);
  },
  async "the hub can end a connection, which the other one survives"(client, other) {
    expect(await rejection(client.invoke("Abort", []))).toMatchObject({
      code: "closed-by-server",
      facts: { allowReconnect: false },
    });
    expect(await other.invoke("Add", [1, 1])).toBe(2);
  },
};

export async function collect(source: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of source) items.push(item);
  return items;
}

export async function* values(...items: readonly unknown[]): AsyncGenerator<unknown> {
  yield* items;
}

function nextCall(client: HubClient, target: string): Promise<readonly unknown[]> {
  return new Promise((resolve) => {
    const once = new AbortController();
    client.on(
      target,
      (...args) => {
        once.abort();
        resolve(args);
      },
      once.signal,
    );
  });
}
