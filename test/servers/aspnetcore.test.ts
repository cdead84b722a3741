import * as signalR from "@microsoft/signalr";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AspNetCoreServer,
  dotNetSkipReason,
  startAspNetCoreServer,
} from "../support/aspnetcore-server.ts";
import { type CallReport, runAllCalls } from "./aspnetcore/wwwroot/all-calls.js";
import { ECHO, expectedCalls } from "./expected-calls.ts";
import { officialClient, type Protocol } from "./official-client.ts";

const BUILD_AND_START_MS = 400_000;
/** Not in the pages' list: it ends the connection; the official client cannot call it. */
const NOT_CALLED = ["Abort", "SumTwo"];

describe.skipIf(dotNetSkipReason() !== undefined)("the calls of the ASP.NET Core server", () => {
  let server: AspNetCoreServer;
  beforeAll(async () => {
    server = await startAspNetCoreServer();
  }, BUILD_AND_START_MS);
  afterAll(() => server?.stop());

  async function reportOf(
    protocol: Protocol,
  ): Promise<{ report: CallReport[]; connectionId: string | null }> {
    const connection = officialClient(`${server.url}/hubs/calls?user=ada`, { protocol }).build();
    await connection.start();
    const connectionId = connection.connectionId;
    const report = await runAllCalls({ connection, signalR, protocol });
    await connection.stop();
    return { report, connectionId };
  }

  test.for(["json", "messagepack"] as const)(
    "every call over %s is answered as ASP.NET Core does",
    async (protocol) => {
      const { report, connectionId } = await reportOf(protocol);
      const calls = report.filter((entry) => entry.kind !== "received");
      const expected = expectedCalls(protocol);

      expect(calls.map((entry) => entry.target)).toEqual(expected.map((entry) => entry.target));
      calls.forEach((entry, index) => {
        const outcome = concrete(expected[index]?.outcome, { entry, protocol, connectionId });
        expect(entry.outcome, `${index}: ${entry.target} ${JSON.stringify(entry.arguments)}`).toEqual(
          outcome,
        );
      });
    },
  );

  test.for(["json", "messagepack"] as const)("the server calls the client over %s", async (protocol) => {
    const { report, connectionId } = await reportOf(protocol);
    const received = report.filter((entry) => entry.kind === "received");
    const heard = (target: string) =>
      received.filter((entry) => entry.target === target).map((entry) => entry.arguments);

    expect(heard("Said").map(([from, text]) => `${from}: ${text}`)).toEqual([
      "ada: to me",
      "ada: to this one",
      "ada: to all",
      "ada: unanswered",
    ]);
    expect(heard("SaidToGroup")).toEqual([[`group of ${connectionId}`, "ada", "to us"]]);
    expect(heard("SaidToUser")).toEqual([["ada", "ada", "to Ada"]]);
    expect(heard("Number")).toEqual([[0], [1], [2], [3], [4]]);
    expect(heard("Shapes").map((args) => args.length)).toEqual([0, 1, 2, 3, 5]);
    expect(heard("Answer")).toEqual([["why"], ["throw"], ["nothing"], ["who"], ["silence"]]);
  });

  test("the pages' list calls every method of the hub", async () => {
    const about = (await (await fetch(`${server.url}/control/about`)).json()) as { methods: string[] };
    const called = new Set(expectedCalls("json").map((entry) => entry.target));
    expect(about.methods.length).toBeGreaterThan(60);
    expect(about.methods.filter((method) => !called.has(method))).toEqual(NOT_CALLED);
  });

  test("a call of Abort ends the connection and forbids to reconnect", async () => {
    const connection = officialClient(`${server.url}/hubs/calls`).withAutomaticReconnect().build();
    const closed = new Promise<Error | undefined>((resolve) => connection.onclose(resolve));
    await connection.start();
    await connection.send("Abort");
    expect(await closed).toBeUndefined();
  });

  test.for([
    ["Server-Sent Events", "/hubs/sse-only"],
    ["long polling", "/hubs/polling-only"],
  ] as const)("a hub for %s alone is there", async ([, path]) => {
    const connection = officialClient(`${server.url}${path}`).build();
    await connection.start();
    expect(await connection.invoke("Add", 40, 2)).toBe(42);
    await connection.stop();
  });

  test.for([
    "calls.html",
    "flood.html",
    "blank.html",
    "vendor/signalr.js",
    "vendor/signalr-protocol-msgpack.js",
  ])("/%s is served", async (path) => {
    const response = await fetch(`${server.url}/${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(path.endsWith(".js") ? /javascript/ : /html/);
  });
});

/** The expected outcome with its placeholders filled in. */
function concrete(
  outcome: unknown,
  { entry, protocol, connectionId }: { entry: CallReport; protocol: Protocol; connectionId: string | null },
): unknown {
  if (typeof outcome !== "object" || outcome === null || !("value" in outcome)) return outcome;
  const { value } = outcome;
  if (value === ECHO) return { ...outcome, value: entry.arguments[0] };
  if (typeof value !== "object" || value === null) return outcome;
  if ("who" in value) {
    const who =
      protocol === "json" ? { connectionId, user: "ada" } : { ConnectionId: connectionId, User: "ada" };
    return { ...outcome, value: who };
  }
  if ("text" in value) return { ...outcome, value: ofLength(Number(value.text), "x", "$text") };
  if ("bytes" in value) return { ...outcome, value: countingBytes(Number(value.bytes), protocol) };
  return outcome;
}

function ofLength(length: number, letter: string, name: "$text" | "$bytes"): unknown {
  return length <= 4096 ? letter.repeat(length) : { [name]: length, start: letter.repeat(32) };
}

function countingBytes(length: number, protocol: Protocol): unknown {
  const base64 = Buffer.from(Uint8Array.from({ length }, (_, index) => index)).toString("base64");
  if (protocol === "messagepack") {
    return length > 4096 ? { $bytes: length, start: base64.slice(0, 32) } : { $bytes: base64 };
  }
  return base64.length > 4096 ? { $text: base64.length, start: base64.slice(0, 32) } : base64;
}
