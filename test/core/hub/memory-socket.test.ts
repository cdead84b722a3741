import { describe, expect, test } from "vitest";
import { createHubClient } from "../../../core/src/client/create-hub-client.ts";
import type { HubClient } from "../../../core/src/client/hub-client.ts";
import type { Hub } from "../../../core/src/hub/hub.ts";
import { openSocketTo } from "../../../core/src/hub/memory-socket.ts";
import type { SocketEvent } from "../../../core/src/ports/socket.ts";
import type { HubProtocolName } from "../../../core/src/wire/hub-codec.ts";
import { settle } from "../../support/fake-clock.ts";
import { createCallsHub } from "./calls-hub.ts";
import { CALLS } from "./conversation-of-calls.ts";

const PROTOCOLS = ["json", "messagepack"] as const;

function clientOf(hub: Hub, protocol: HubProtocolName): HubClient {
  return createHubClient({
    url: "http://memory.test/hub",
    protocol,
    skipNegotiation: true,
    ports: { openSocket: openSocketTo(hub) },
  });
}

describe.each(PROTOCOLS)("our client and our hub in memory (%s)", (protocol) => {
  test.for(Object.entries(CALLS))("%s", async ([, play]) => {
    const { hub, seen } = createCallsHub();
    const client = clientOf(hub, protocol);
    // The other client speaks the other protocol: a broadcast must reach both.
    const other = clientOf(hub, protocol === "json" ? "messagepack" : "json");
    await Promise.all([client.start(), other.start()]);
    expect(hub.connections).toBe(2);
    await play(client, other, seen);
    await Promise.all([client.stop(), other.stop()]);
    expect(hub.connections).toBe(0);
    expect(seen.disconnected).toHaveLength(2);
  });

  test("a thousand calls at once are answered each with its own result", async () => {
    const { hub } = createCallsHub();
    const client = clientOf(hub, protocol);
    await client.start();
    const calls = Array.from({ length: 1_000 }, (_, index) => client.invoke("Add", [index, 1]));
    expect(await Promise.all(calls)).toEqual(calls.map((_, index) => index + 1));
    await client.stop();
  });

  test("hub.stop() ends every client, which may reconnect", async () => {
    const { hub } = createCallsHub();
    const client = clientOf(hub, protocol);
    await client.start();
    hub.stop();
    await settle();
    expect(client.state).toMatchObject({
      error: { code: "closed-by-server", facts: { allowReconnect: true } },
    });
    await client.start();
    await client.stop();
  });
});

describe("a memory socket", () => {
  test("delivers nothing during a call, and closed once and last", async () => {
    const { hub } = createCallsHub();
    const events: SocketEvent[] = [];
    const socket = openSocketTo(hub)(new URL("ws://memory.test"), (event) => events.push(event));
    expect(events).toEqual([]);
    expect(() => socket.send("too early")).toThrow("The socket is not open.");
    await settle();
    socket.send('{"protocol":"json","version":1}\u001e{"type":6}\u001e');
    expect(events).toEqual([{ type: "open", protocol: "" }]);
    await settle();
    socket.close(3000, "enough");
    socket.close(3001);
    expect(() => socket.send("too late")).toThrow("The socket is not open.");
    await settle();
    expect(events.slice(1)).toEqual([
      { type: "payload", payload: "{}\u001e" },
      { type: "closed", code: 3000, reason: "enough", wasClean: true },
    ]);
    expect(hub.connections).toBe(0);
  });

  test("fails where it is closed before it opened, as a WebSocket does", async () => {
    const { hub } = createCallsHub();
    const events: SocketEvent[] = [];
    openSocketTo(hub)(new URL("ws://memory.test"), (event) => events.push(event)).close();
    await settle();
    expect(events).toEqual([{ type: "closed", code: 1006, reason: "", wasClean: false, failure: "" }]);
  });
});
