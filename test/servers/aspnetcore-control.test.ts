import type { HubConnection } from "@microsoft/signalr";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import {
  type AspNetCoreServer,
  dotNetSkipReason,
  startAspNetCoreServer,
} from "../support/aspnetcore-server.ts";
import { until } from "../support/until.ts";
import { officialClient } from "./official-client.ts";

interface LiveConnection {
  readonly connectionId: string;
  readonly hub: string;
  readonly transport: string;
  readonly user: string | null;
}

const BUILD_AND_START_MS = 400_000;
const HANDSHAKE = '{"protocol":"json","version":1}\u001e';

describe.skipIf(dotNetSkipReason() !== undefined)("the control endpoint of the ASP.NET Core server", () => {
  let server: AspNetCoreServer;
  const opened: HubConnection[] = [];
  beforeAll(async () => {
    server = await startAspNetCoreServer();
  }, BUILD_AND_START_MS);
  afterAll(() => server?.stop());
  afterEach(async () => {
    await post("/control/reset");
    for (const connection of opened.splice(0)) await connection.stop();
    // What one test leaves would be cut or counted in the next.
    await until("an empty list", async () => (await connections()).length === 0);
  });

  function post(path: string, body?: unknown): Promise<Response> {
    const headers = { "content-type": "application/json" };
    const init = body === undefined ? {} : { headers, body: JSON.stringify(body) };
    return fetch(`${server.url}${path}`, { method: "POST", ...init });
  }

  async function connections(): Promise<LiveConnection[]> {
    return (await (await fetch(`${server.url}/control/connections`)).json()) as LiveConnection[];
  }

  async function connect(path = "/hubs/calls"): Promise<HubConnection> {
    const connection = officialClient(`${server.url}${path}`).build();
    await connection.start();
    opened.push(connection);
    return connection;
  }

  test("a cut is seen as close code 1006, by a connection with and without negotiate", async () => {
    const negotiated = await (await post("/hubs/calls/negotiate?negotiateVersion=1")).json();
    const { connectionToken } = negotiated as { connectionToken: string };
    for (const query of [`?id=${connectionToken}`, ""]) {
      const socket = new WebSocket(`${server.url.replace("http", "ws")}/hubs/calls${query}`);
      const closed = new Promise<number>((resolve) => socket.once("close", resolve));
      await new Promise((resolve) => socket.once("open", resolve));
      socket.send(HANDSHAKE);
      await new Promise((resolve) => socket.once("message", resolve));
      const live = await until("the connection in the list", async () => (await connections())[0]);
      expect((await post(`/control/connections/${live.connectionId}/cut`)).status).toBe(200);
      expect(await closed).toBe(1006);
      await until("an empty list", async () => (await connections()).length === 0);
    }
  });

  test("the official client reports a cut and, when asked to, reconnects with a new connection", async () => {
    const connection = officialClient(`${server.url}/hubs/calls`).withAutomaticReconnect([0]).build();
    const reason = new Promise<Error | undefined>((resolve) => connection.onreconnecting(resolve));
    const again = new Promise<string | undefined>((resolve) => connection.onreconnected(resolve));
    await connection.start();
    opened.push(connection);
    const before = connection.connectionId;
    expect(await (await post("/control/cut")).json()).toEqual({ cut: 1 });
    expect((await reason)?.message).toContain("1006");
    expect(await again).not.toBe(before);
    expect(await connection.invoke("Add", 1, 2)).toBe(3);
  });

  test("a cut of an unknown connection is a 404", async () => {
    expect((await post("/control/connections/nobody/cut")).status).toBe(404);
  });

  test("the list names hub, transport and user of a live connection, and forgets it", async () => {
    const connection = await connect("/hubs/calls?user=grace");
    expect(await connections()).toMatchObject([
      { connectionId: connection.connectionId, hub: "/hubs/calls", transport: "WebSockets", user: "grace" },
    ]);
    await connection.stop();
    await until("an empty list", async () => (await connections()).length === 0);
  });

  test("the next two negotiates are refused with the given status, the third is not", async () => {
    await post("/control/refuse-negotiates?count=2&status=502");
    for (const _ of [1, 2]) {
      await expect(connect()).rejects.toThrow("Status code '502'");
    }
    expect(await (await connect()).invoke("Add", 1, 1)).toBe(2);
  });

  test("negotiates and answers are delayed", async () => {
    await post("/control/delay?negotiateMs=150&answerMs=120");
    const began = performance.now();
    const connection = await connect();
    const connected = performance.now();
    await connection.invoke("Nothing");
    // .NET counts a delay with a clock that is up to 10 ms behind.
    expect(connected - began).toBeGreaterThanOrEqual(139);
    expect(performance.now() - connected).toBeGreaterThanOrEqual(109);
  });

  test("a reset takes back what was ordered", async () => {
    await post("/control/refuse-negotiates?count=5");
    await post("/control/delay?negotiateMs=60000&answerMs=60000");
    expect(await (await post("/control/reset")).json()).toEqual({
      refuseNegotiates: { count: 0, status: 503 },
      delay: { negotiateMs: 0, answerMs: 0 },
    });
    await (await connect()).invoke("Nothing");
  });

  test("messages are sent from outside to all, to a group, to a user and to one connection", async () => {
    const ada = await connect("/hubs/calls?user=ada");
    const grace = await connect("/hubs/calls?user=grace");
    const heard: string[] = [];
    ada.on("News", (...args: unknown[]) => heard.push(`ada ${JSON.stringify(args)}`));
    grace.on("News", (...args: unknown[]) => heard.push(`grace ${JSON.stringify(args)}`));
    await ada.invoke("JoinGroup", "readers");

    await post("/control/send?target=News&group=readers", ["group"]);
    await post("/control/send?target=News&user=grace", ["user", { deep: [1, null] }]);
    await post(`/control/send?target=News&connectionId=${ada.connectionId}`, []);
    await post("/control/send?target=News", [1.5]);
    await until("five messages", () => heard.length === 5);

    expect(heard.filter((line) => line.startsWith("ada"))).toEqual(['ada ["group"]', "ada []", "ada [1.5]"]);
    expect(heard.filter((line) => line.startsWith("grace"))).toEqual([
      'grace ["user",{"deep":[1,null]}]',
      "grace [1.5]",
    ]);
    expect((await post("/control/send?target=News&hub=/hubs/none", [])).status).toBe(404);
    expect((await post("/control/send?target=News", { not: "a list" })).status).toBe(400);
  });
});
