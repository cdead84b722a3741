import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createHubClient } from "../../../core/src/client/create-hub-client.ts";
import { createFakeClock, settle } from "../../support/fake-clock.ts";
import { createFakeHttp } from "../../support/fake-http.ts";
import { createFakeSockets } from "../../support/fake-socket.ts";
import { ACCEPTED, clientUnderTest, HUB_URL, rejection } from "./client-under-test.ts";

describe("report", () => {
  test("says all that the client sees and does, in wire order", async () => {
    const { client, clock, connect, events, sockets } = clientUnderTest({ accessToken: () => "t1" });
    const start = clock.now();
    await connect();
    await clock.advance(7);
    void client.invoke("Add", [1]).catch(() => undefined);
    sockets.last.deliver('{"type":3,"invocationId":"0","result":2}\u001e');
    await client.stop();
    expect(events.map(({ type, at }) => [type, at - start])).toEqual([
      ["http-request", 0],
      ["http-response", 0],
      ["http-response-body", 0],
      ["http-ended", 0],
      ["socket-opening", 0],
      ["socket-opened", 0],
      ["socket-payload", 0],
      ["socket-payload", 0],
      ["socket-payload", 0],
      ["socket-payload", 7],
      ["socket-payload", 7],
      ["socket-payload", 7],
      ["socket-closed", 7],
    ]);
    expect(payloadsOf(events)).toEqual([
      ["out", '{"protocol":"json","version":1}\u001e'],
      ["in", "{}\u001e"],
      ["out", '{"type":6}\u001e'],
      ["out", '{"type":1,"invocationId":"0","target":"Add","arguments":[1]}\u001e'],
      ["in", '{"type":3,"invocationId":"0","result":2}\u001e'],
      ["out", '{"type":7}\u001e'],
    ]);
    const request = events.find((event) => event.type === "http-request");
    expect(request).toMatchObject({
      method: "POST",
      url: "http://host.test/hub/negotiate?negotiateVersion=1",
      headers: { authorization: "Bearer t1" },
    });
    const body = events.find((event) => event.type === "http-response-body");
    expect(body?.payload).toEqual({ kind: "text", text: JSON.stringify(ACCEPTED) });
    const opening = events.find((event) => event.type === "socket-opening");
    expect(opening?.url).toBe("ws://host.test/hub?id=secret&access_token=t1");
  });

  test("copies binary payloads: later changes do not reach the report", async () => {
    const { events, sockets, connect } = clientUnderTest({ protocol: "messagepack" });
    await connect();
    const bytes = new Uint8Array([0x02, 0x91, 0x06]);
    sockets.last.deliver(bytes);
    bytes.fill(0);
    expect(payloadsOf(events).at(-1)).toEqual(["in", new Uint8Array([0x02, 0x91, 0x06])]);
  });

  test("a negotiate that fails ends with the platform's text", async () => {
    const { client, events } = clientUnderTest({ negotiate: () => new TypeError("Failed to fetch") });
    await rejection(client.start());
    expect(events.map((event) => event.type)).toEqual(["http-request", "http-ended"]);
    expect(events.at(-1)).toMatchObject({ error: "Failed to fetch" });
  });

  test("a socket that does not open has failed and closed, also where the platform throws", async () => {
    const refused = clientUnderTest();
    const started = rejection(refused.client.start());
    await settle();
    refused.sockets.last.end(1006);
    await started;
    const { events, client } = throwingClient();
    expect(await rejection(client.start())).toMatchObject({
      code: "transport-failed",
      message: "The WebSocket to http://host.test/hub could not be opened: blocked by policy.",
    });
    for (const reported of [refused.events, events]) {
      expect(reported.map((event) => event.type).slice(-3)).toEqual([
        "socket-opening",
        "socket-failed",
        "socket-closed",
      ]);
    }
  });

  test("ids are unique within a client and over clients, and belong together", async () => {
    const first = clientUnderTest();
    const second = clientUnderTest();
    await first.connect();
    await first.client.stop();
    await first.connect();
    await second.connect();
    const ids = (events: readonly CaptureEvent[]) =>
      new Set(
        events.flatMap((event) =>
          "socket" in event ? [event.socket] : "exchange" in event ? [event.exchange] : [],
        ),
      );
    expect(ids(first.events).size).toBe(4);
    expect(ids(second.events).size).toBe(2);
    expect(new Set([...ids(first.events), ...ids(second.events)]).size).toBe(6);
  });

  test("one that throws does not disturb the client", async () => {
    const faults: unknown[] = [];
    const sockets = createFakeSockets();
    const client = createHubClient({
      url: HUB_URL,
      protocol: "json",
      skipNegotiation: true,
      ports: { clock: createFakeClock(), openSocket: sockets.openSocket },
      report() {
        throw new Error("the report failed");
      },
      onFault(error) {
        faults.push(error);
        throw new Error("and so did its report");
      },
    });
    const started = client.start();
    await settle();
    sockets.last.open();
    sockets.last.deliver("{}\u001e");
    await started;
    expect(client.state.kind).toBe("connected");
    expect(faults.length).toBeGreaterThan(3);
  });
});

function throwingClient(): {
  readonly client: ReturnType<typeof createHubClient>;
  readonly events: CaptureEvent[];
} {
  const events: CaptureEvent[] = [];
  const openSocket = () => {
    throw new Error("blocked by policy");
  };
  const { sendHttp } = createFakeHttp(() => ({ text: JSON.stringify(ACCEPTED) }));
  const client = createHubClient({
    url: HUB_URL,
    protocol: "json",
    ports: { clock: createFakeClock(), openSocket, sendHttp },
    report: (event) => events.push(event),
  });
  return { client, events };
}

function payloadsOf(events: readonly CaptureEvent[]): readonly (readonly [string, string | Uint8Array])[] {
  return events.flatMap((event) => {
    if (event.type !== "socket-payload" || event.payload.kind === "omitted") return [];
    return [
      [event.direction, event.payload.kind === "text" ? event.payload.text : event.payload.bytes] as const,
    ];
  });
}
