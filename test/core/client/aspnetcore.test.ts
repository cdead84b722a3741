import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { browserDiagnosisPorts } from "../../../core/src/client/browser-ports.ts";
import { createHubClient } from "../../../core/src/client/create-hub-client.ts";
import { type Attempt, diagnose } from "../../../core/src/client/diagnose.ts";
import type { HubClient, HubClientOptions } from "../../../core/src/client/hub-client.ts";
import { JsonNumber, Timestamp } from "../../../core/src/wire/hub-message.ts";
import {
  type AspNetCoreServer,
  dotNetSkipReason,
  startAspNetCoreServer,
} from "../../support/aspnetcore-server.ts";
import { until } from "../../support/until.ts";
import { openWsSocket } from "../../support/ws-socket.ts";
import { rejection } from "./client-under-test.ts";

const skip = dotNetSkipReason();
const title = `the live client and the real ASP.NET Core server${skip === undefined ? "" : ` (skipped: ${skip})`}`;

describe.skipIf(skip !== undefined)(title, () => {
  let server: AspNetCoreServer;
  const clients: HubClient[] = [];

  beforeAll(async () => {
    server = await startAspNetCoreServer();
  }, 400_000);
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.stop()));
    await server?.stop();
  });

  function clientOf(path: string, options: Partial<HubClientOptions> = {}): HubClient {
    const ports = { openSocket: openWsSocket };
    const client = createHubClient({ url: `${server.url}${path}`, protocol: "json", ports, ...options });
    clients.push(client);
    return client;
  }

  async function connected(path: string, options: Partial<HubClientOptions> = {}): Promise<HubClient> {
    const client = clientOf(path, options);
    await client.start();
    return client;
  }

  async function tokenFor(user: string): Promise<string> {
    const answer = await fetch(`${server.url}/token?user=${user}`);
    return ((await answer.json()) as { accessToken: string }).accessToken;
  }

  describe.each(["json", "messagepack"] as const)("%s", (protocol) => {
    let client: HubClient;
    const isJson = protocol === "json";
    /** Objects keep the case of C# in MessagePack and have camelCase in JSON. */
    const named = (name: string) => (isJson ? name : `${name.charAt(0).toUpperCase()}${name.slice(1)}`);

    beforeAll(async () => {
      client = await connected("/hubs/calls", { protocol });
    });

    test("knows its connection ID", async () => {
      const who = (await client.invoke("WhoAmI", [])) as Record<string, unknown>;
      expect(client.state).toEqual({ kind: "connected", connectionId: who[named("connectionId")] });
    });

    test("void methods answer null, and value methods their value", async () => {
      expect(await client.invoke("Nothing", [])).toBeNull();
      expect(await client.invoke("NothingAsync", [])).toBeNull();
      expect(await client.invoke("NothingValueTask", [])).toBeNull();
      expect(await client.invoke("NullString", [])).toBeNull();
      expect(await client.invoke("Add", [40, 2])).toBe(42);
      expect(await client.invoke("addASYNC", [40, 2])).toBe(42);
      expect(await client.invoke("Renamed.Method", ["x"])).toBe("renamed x");
      expect(await client.invoke("Slow", [30])).toBe(30);
    });

    test("64-bit integers keep every digit", async () => {
      const big = await client.invoke("BigLong", []);
      const huge = await client.invoke("BigULong", []);
      expect(digits(big)).toBe("9007199254740993");
      expect(digits(huge)).toBe("18446744073709551615");
      expect(digits(await client.invoke("EchoLong", [big]))).toBe("9007199254740993");
      expect(digits(await client.invoke("EchoULong", [huge]))).toBe("18446744073709551615");
    });

    test("every kind of value comes back as it was sent", async () => {
      const same: readonly (readonly [string, unknown])[] = [
        ["EchoInt", -2147483648],
        ["EchoLong", 9007199254740991],
        ["EchoDouble", 0.1],
        ["EchoFloat", 1.5],
        ["EchoString", "é日本語😀\u001e\u0000"],
        ["EchoString", null],
        ["EchoBool", true],
        ["EchoNullable", null],
        ["EchoAny", "anything"],
        ["EchoGuid", "00112233-4455-6677-8899-aabbccddeeff"],
        ["EchoDictionary", { one: 1, two: 2 }],
        ["EchoList", [1, 2, 3]],
        ["EchoEnum", isJson ? 4 : "Friday"],
        ["EchoDecimal", isJson ? 12.5 : "12.5"],
        ["EchoBytes", isJson ? "AAECA/8=" : new Uint8Array([0, 1, 2, 3, 255])],
        ["EchoDateTime", isJson ? "2024-01-02T03:04:05Z" : new Timestamp(1_704_164_645, 0)],
        ["EchoDateTimeOffset", isJson ? "2024-01-02T03:04:05+02:00" : [new Timestamp(1_704_164_645, 0), 120]],
      ];
      for (const [target, value] of same) {
        expect(await client.invoke(target, [value]), `${target} ${JSON.stringify(value)}`).toEqual(value);
      }
      const order = await client.invoke("CurrentOrder", []);
      expect(order).toMatchObject({ [named("id")]: 42, [named("customer")]: "Customer 42" });
      expect(await client.invoke("EchoOrder", [order])).toEqual(order);
    });

    test("errors come with the server's text", async () => {
      const text = async (target: string, ...args: unknown[]) =>
        ((await rejection(client.invoke(target, args))) as Error).message;
      expect(await text("ThrowHubException", "for you")).toBe(
        "An unexpected error occurred invoking 'ThrowHubException' on the server. HubException: for you",
      );
      expect(await text("ThrowException", "detail")).toContain("InvalidOperationException: detail");
      expect(await text("ThrowLater", 5)).toContain("later failure");
      expect(await text("Missing")).toContain("HubException: Method does not exist.");
      expect(await text("Add", 1)).toContain("Invocation provides 1 argument(s) but target expects 2.");
      expect(await text("Add", "one", "two")).toContain("Error binding argument");
      expect(await text("Secret")).toBe("Failed to invoke 'Secret' because user is unauthorized");
      expect(await text("Count", 1, 0)).toBe(
        "The client attempted to invoke the streaming 'Count' method with a non-streaming invocation.",
      );
      const strict = await connected("/hubs/strict", { protocol });
      expect(await rejection(strict.invoke("ThrowException", ["secret"]))).toMatchObject({
        code: "invocation-failed",
        message: "An unexpected error occurred invoking 'ThrowException' on the server.",
      });
    });

    test("streams end, fail after their items, and are cancelled by leaving or by a signal", async () => {
      for (const target of ["Count", "CountChannel"]) {
        expect(await collect(client.stream(target, [5, 0]))).toEqual([0, 1, 2, 3, 4]);
      }
      expect(await collect(client.stream("Orders", [2]))).toMatchObject([
        { [named("id")]: 1 },
        { [named("id")]: 2 },
      ]);
      for (const target of ["FailAfter", "FailAfterChannel"]) {
        const items: unknown[] = [];
        const failed = await rejection(
          (async () => {
            for await (const item of client.stream(target, [3])) items.push(item);
          })(),
        );
        expect(items).toEqual([0, 1, 2]);
        expect(failed).toMatchObject({
          code: "invocation-failed",
          message:
            "An error occurred on the server while streaming results. HubException: the stream failed after 3 items",
        });
      }
      for await (const item of client.stream("Forever", [`left ${protocol}`, 1])) if (item === 2) break;
      expect(await client.invoke("WasCancelled", [`left ${protocol}`, 5_000])).toBe(true);
      const abort = new AbortController();
      const aborted = rejection(
        (async () => {
          const { signal } = abort;
          for await (const item of client.stream("ForeverChannel", [`aborted ${protocol}`, 1], { signal })) {
            if (item === 1) abort.abort(new Error("enough"));
          }
        })(),
      );
      expect(await aborted).toEqual(new Error("enough"));
      expect(await client.invoke("WasCancelled", [`aborted ${protocol}`, 5_000])).toBe(true);
    });

    test("uploads: one, two at once, beside arguments, of bytes, and answered by a stream", async () => {
      expect(await client.invoke("Sum", [], { uploads: [values(1, 2, 3)] })).toBe(6);
      expect(await client.invoke("SumChannel", [], { uploads: [values(1, 2, 3)] })).toBe(6);
      expect(await client.invoke("SumTwo", [], { uploads: [values(5, 6), values(1, 2)] })).toBe(8);
      expect(await client.invoke("Join", ["-", 10], { uploads: [values("a", "b")] })).toBe("a-b");
      const bytes = isJson ? "AAEC" : new Uint8Array([0, 1, 2]);
      expect(await client.invoke("UploadedBytes", [], { uploads: [values(bytes, bytes)] })).toBe(6);
      expect(await collect(client.stream("Doubled", [], { uploads: [values(1, 2)] }))).toEqual([2, 4]);
      async function* failing(): AsyncGenerator<number> {
        yield 1;
        throw new Error("file unreadable");
      }
      expect(await rejection(client.invoke("Sum", [], { uploads: [failing()] }))).toMatchObject({
        message: expect.stringContaining("file unreadable"),
      });
    });

    test("an upload that the server does not read to its end is told to end", async () => {
      let given = 0;
      let ended = false;
      async function* endless(): AsyncGenerator<string> {
        try {
          for (;;) {
            await new Promise((resolve) => setTimeout(resolve, 1));
            yield `word${given++}`;
          }
        } finally {
          ended = true;
        }
      }
      expect(await client.invoke("Join", [" ", 2], { uploads: [endless()] })).toBe("word0 word1");
      await until("the source to end", () => ended);
    });

    test("client results: a value, an object, no method, an error", async () => {
      const method = new AbortController();
      expect(await rejection(client.invoke("AskCaller", ["how?"]))).toMatchObject({
        message: expect.stringContaining("Client didn't provide a result."),
      });
      client.on("Answer", async (question) => `[${String(question)}] well`, method.signal);
      client.on("Square", (value) => Number(value) ** 2, method.signal);
      client.on("Check", (order) => order, method.signal);
      expect(await client.invoke("AskCaller", ["how?"])).toBe("how? [how?] well");
      expect(await client.invoke("AskNumber", [12])).toBe(144);
      expect(await client.invoke("AskOrder", [7])).toMatchObject({ [named("id")]: 7 });
      method.abort();
      client.on("Answer", () => {
        throw new Error("no idea");
      });
      expect(await rejection(client.invoke("AskCaller", ["how?"]))).toMatchObject({
        message: expect.stringContaining("HubException: Error: no idea"),
      });
    });

    test("messages to all, to the caller, to groups and to users arrive with their arguments", async () => {
      const heard: unknown[][] = [];
      const listen = new AbortController();
      for (const target of ["Said", "SaidToGroup", "SaidToUser", "Number", "Shapes"]) {
        client.on(target, (...args) => void heard.push([target, ...args]), listen.signal);
      }
      const me = client.state.kind === "connected" ? client.state.connectionId : undefined;
      await client.invoke("Say", ["to all"]);
      await client.invoke("SayToCaller", ["to me"]);
      await client.invoke("SayToOthers", ["not to me"]);
      await client.invoke("JoinGroup", [`room ${protocol}`]);
      await client.invoke("SayToGroup", [`room ${protocol}`, "to the room"]);
      await client.invoke("LeaveGroup", [`room ${protocol}`]);
      await client.invoke("SayToGroup", [`room ${protocol}`, "to an empty room"]);
      await client.invoke("PushNumbers", [3]);
      await client.invoke("PushShapes", []);
      await until("the last message", () => heard.length >= 11);
      listen.abort();
      expect(heard.slice(0, 8)).toEqual([
        ["Said", me, "to all"],
        ["Said", me, "to me"],
        ["SaidToGroup", `room ${protocol}`, me, "to the room"],
        ["Number", 0],
        ["Number", 1],
        ["Number", 2],
        ["Shapes"],
        ["Shapes", null],
      ]);
      expect(heard.slice(8).map((call) => call.length - 1)).toEqual([2, 3, 5]);
      expect(digits(heard[10]?.[2])).toBe("9007199254740993");
    });

    test("sends are executed", async () => {
      const heard = new Promise((resolve) => client.on("Said", (_, text) => resolve(text)));
      await client.send("SayToCaller", ["sent"]);
      expect(await heard).toBe("sent");
    });

    test("payloads of 1 KB to 1 MB go both ways", async () => {
      for (const size of [1_024, 32_768, 1_048_576]) {
        expect(await client.invoke("TextLength", ["é".repeat(size / 2)])).toBe(size / 2);
        expect(await client.invoke("Text", [size])).toBe("x".repeat(size));
      }
    });

    test("a message over the server's limit ends the connection by a Close that allows to reconnect", async () => {
      const strict = await connected("/hubs/strict", { protocol });
      expect(await rejection(strict.invoke("TextLength", ["x".repeat(33_000)]))).toMatchObject({
        code: "closed-by-server",
        facts: { serverError: "Connection closed with an error.", allowReconnect: true },
      });
    });

    test("a connection that the server aborts ends without leave to reconnect", async () => {
      const aborted = await connected("/hubs/calls", { protocol });
      expect(await rejection(aborted.invoke("Abort", []))).toMatchObject({
        code: "closed-by-server",
        facts: { allowReconnect: false },
      });
    });

    test("a connection that is cut without a close frame is lost", async () => {
      const cut = await connected("/hubs/calls", { protocol });
      const call = rejection(cut.invoke("Slow", [60_000]));
      const { connectionId } = cut.state as { connectionId: string };
      await fetch(`${server.url}/control/connections/${connectionId}/cut`, { method: "POST" });
      expect(await call).toMatchObject({ code: "connection-lost", facts: { closeCode: 1006 } });
    });

    test("a hub that refuses connections closes right after the handshake", async () => {
      const refused = await connected("/hubs/refusing", { protocol });
      await until("the close", () => refused.state.kind === "disconnected");
      expect(refused.state).toMatchObject({
        error: { code: "closed-by-server", facts: { allowReconnect: false } },
      });
    });

    test("a token opens a hub behind authentication, with and without negotiate", async () => {
      const accessToken = () => tokenFor("ada");
      for (const skipNegotiation of [false, true]) {
        const secure = await connected("/hubs/secure", { protocol, accessToken, skipNegotiation });
        expect(await secure.invoke("Secret", [])).toBe("for ada only");
      }
    });

    test("stop ends the connection on the server as well", async () => {
      const stopped = await connected("/hubs/calls", { protocol });
      const { connectionId } = stopped.state as { connectionId: string };
      await stopped.stop();
      expect(stopped.state).toEqual({ kind: "disconnected" });
      await until("the server to forget it", async () => {
        const live = (await (await fetch(`${server.url}/control/connections`)).json()) as {
          connectionId: string;
        }[];
        return live.every((connection) => connection.connectionId !== connectionId);
      });
    });
  });

  test("the pings of both sides keep a connection open", async () => {
    const events: CaptureEvent[] = [];
    const quick = await connected("/hubs/quick", {
      serverTimeout: 3_500,
      keepAliveInterval: 500,
      report: (event) => events.push(event),
    });
    const pings = (direction: "in" | "out") =>
      events.filter(
        (event) =>
          event.type === "socket-payload" &&
          event.direction === direction &&
          JSON.stringify(event.payload).includes("6}"),
      ).length;
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await until("pings of both sides", () => pings("in") >= 3 && pings("out") >= 4);
    expect(quick.state.kind).toBe("connected");
  });

  test("a server that is silent longer than the server timeout is given up", async () => {
    const impatient = await connected("/hubs/calls", { serverTimeout: 700 });
    expect(await rejection(impatient.invoke("Slow", [5_000]))).toMatchObject({ code: "server-timeout" });
  });

  describe("what goes wrong is told apart", () => {
    async function diagnosisOf(path: string, options: Partial<HubClientOptions> = {}): Promise<unknown> {
      const error = await rejection(clientOf(path, options).start());
      const attempt: Attempt = { url: `${server.url}${path}`, ...options };
      return diagnose(error, attempt, browserDiagnosisPorts);
    }

    test("a path without a hub", async () => {
      expect(await diagnosisOf("/hubs/nowhere")).toEqual({ kind: "not-found", path: "/hubs/nowhere" });
      expect(await diagnosisOf("/hubs/nowhere", { skipNegotiation: true })).toEqual({
        kind: "not-found",
        path: "/hubs/nowhere",
      });
    });

    test("a hub that asks for a token", async () => {
      const refused = { kind: "unauthorised", status: 401, tokenGiven: false };
      expect(await diagnosisOf("/hubs/secure")).toEqual({ ...refused, at: "negotiate" });
      expect(await diagnosisOf("/hubs/secure", { skipNegotiation: true })).toEqual({
        ...refused,
        at: "transport",
      });
      expect(await diagnosisOf("/hubs/secure", { accessToken: () => "wrong" })).toEqual({
        ...refused,
        at: "negotiate",
        tokenGiven: true,
      });
    });

    test("a web page, and a path that takes no POST", async () => {
      expect(await diagnosisOf("/calls.html")).toMatchObject({
        kind: expect.stringMatching(/not-found|refused/),
      });
    });

    test("a hub without WebSockets", async () => {
      expect(await diagnosisOf("/hubs/sse-only")).toMatchObject({ kind: "unsupported-transport" });
      expect(await diagnosisOf("/hubs/polling-only", { protocol: "messagepack" })).toEqual({
        kind: "unsupported-transport",
        offered: ["LongPolling"],
      });
    });

    test("a server that is busy", async () => {
      await fetch(`${server.url}/control/refuse-negotiates?count=1&status=503`, { method: "POST" });
      expect(await diagnosisOf("/hubs/calls")).toEqual({ kind: "server-error", status: 503 });
    });

    test("a port on which nothing listens", async () => {
      const url = "http://127.0.0.1:9/hub";
      const error = await rejection(clientOf("", { url }).start());
      expect(await diagnose(error, { url }, browserDiagnosisPorts)).toEqual({
        kind: "unreachable",
        origin: "http://127.0.0.1:9",
      });
    });
  });
});

/** The digits of an integer, whatever carries it. */
function digits(value: unknown): string {
  return value instanceof JsonNumber ? value.source : String(value);
}

async function collect(source: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of source) items.push(item);
  return items;
}

async function* values(...items: readonly unknown[]): AsyncGenerator<unknown> {
  yield* items;
}
